#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QToolButton;

namespace streamwright {

/// "Deleted 3 nodes – Undo": says for a moment what was done, and takes it back. Thread: GUI.
class Toast final : public QFrame {
    Q_OBJECT

public:
    explicit Toast(QWidget* parent);
    void show(const QString& text, bool offersUndo);
    void place();

Q_SIGNALS:
    void undoClicked();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_text;
    QToolButton* m_undo;
    QTimer m_end;
};

} // namespace streamwright
