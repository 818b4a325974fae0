#pragma once

#include <QFrame>
#include <QString>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace streamwright {

/// A bar above the canvas that says one thing and offers ways on: unsaved changes found, the file changed on
/// disk, another instance runs. Never modal, never takes the focus; the last one shown stands at the top.
/// Thread: GUI.
class NoticeBar final : public QFrame {
    Q_OBJECT

public:
    enum class Tone { Note, Warning, Error };
    struct Choice {
        QString text;
        QString tip;
        std::function<void()> act; ///< the notice closes first
    };

    explicit NoticeBar(QWidget* parent = nullptr);

    /// `topic` identifies the notice: showing the same topic again replaces it.
    void showNotice(const QString& topic, Tone tone, const QString& text, std::vector<Choice> choices);
    void closeNotice(const QString& topic);
    [[nodiscard]] QString topic() const { return m_notices.empty() ? QString() : m_notices.back().topic; }
    [[nodiscard]] QString text() const;

private:
    struct Notice {
        QString topic;
        Tone tone = Tone::Note;
        QString text;
        std::vector<Choice> choices;
    };
    void rebuild();

    std::vector<Notice> m_notices;
    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

} // namespace streamwright
