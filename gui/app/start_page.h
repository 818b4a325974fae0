#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace streamwright {

/// What an empty canvas offers: three ways to begin, the recent files, and a line on keys. No wizard, no
/// tour. Thread: GUI.
class StartPage final : public QWidget {
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);

    /// Missing ones are shown with a way to forget them.
    void setRecent(const QStringList& files);

Q_SIGNALS:
    void exampleRequested();
    void openRequested();
    void addNodeRequested();
    void fileRequested(const QString& path);
    void forgetRequested(const QString& path);
    void forgetAllRequested();
    void fileDropped(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* m_recentBox;
    QVBoxLayout* m_recent;
};

} // namespace streamwright
