#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;

namespace streamwright {

/// The search field over the canvas's corner. Thread: GUI.
class SearchBar final : public QFrame {
    Q_OBJECT

public:
    explicit SearchBar(QWidget* parent);
    void open();
    void setHits(int count, int current);

Q_SIGNALS:
    void queryChanged(const QString& query);
    void stepRequested(int step);
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QLineEdit* m_edit;
    QLabel* m_count;
};

} // namespace streamwright
