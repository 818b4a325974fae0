#pragma once

#include <QFrame>
#include <QIcon>
#include <QString>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;
class QLabel;

namespace streamwright {

/// One line of a quick list.
struct QuickEntry {
    QString text;
    QString hint;   ///< at the right: a shortcut, a type
    QString whyNot; ///< not empty: shown greyed with this reason, cannot be chosen
    QIcon icon;
    int rank = 0; ///< among equal matches, higher first (recently used)
    std::function<void()> choose;
};

/// A list to type into, over the window: the command palette, go-to and the add menu are this with other
/// entries. Enter chooses, Esc leaves nothing behind. Not modal. Thread: GUI. Lifecycle: deletes itself when
/// closed.
class QuickList final : public QFrame {
    Q_OBJECT

public:
    QuickList(const QString& placeholder, std::vector<QuickEntry> entries, QWidget* parent);

    /// Opens below the top edge of `over`.
    void openOver(QWidget* over);
    /// Opens with its corner at a point of the screen.
    void openAt(const QPoint& global);

    void setFilter(const QString& text);
    [[nodiscard]] int visibleEntries() const;
    [[nodiscard]] QLineEdit* line() const { return m_line; }

Q_SIGNALS:
    void cancelled();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void fill();
    void choose();

    std::vector<QuickEntry> m_entries;
    QLineEdit* m_line;
    QListWidget* m_list;
    QLabel* m_nothing;
    bool m_chosen = false;
};

} // namespace streamwright
