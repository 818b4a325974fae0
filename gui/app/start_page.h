#pragma once

#include <QStringList>
#include <QWidget>

class QVBoxLayout;

namespace streamwright {

/// What an empty canvas offers: ways to begin and the recent files. One line and one button each, no tour.
/// Thread: GUI.
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

private:
    QVBoxLayout* m_recent;
};

} // namespace streamwright
