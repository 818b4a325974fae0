#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

#include <functional>
#include <vector>

class QSettings;

namespace streamwright {

/// Every action of the Studio, once: menus, tool bar, command palette and the page of shortcuts take it from
/// here. A disabled action says why in its tool tip. Shortcuts can be changed and are kept. Thread: GUI.
class ActionRegistry final : public QObject {
    Q_OBJECT

public:
    struct Entry {
        QString id;       ///< "node.bypass": settings and tests name it so
        QString category; ///< menu it stands in, translated
        QAction* action = nullptr;
        QList<QKeySequence> defaults;
    };

    explicit ActionRegistry(QObject* parent = nullptr);

    /// Makes an action. `text` may hold a mnemonic; `tip` is one sentence.
    QAction* add(const QString& id, const QString& category, const QString& text, const QString& tip,
                 const QList<QKeySequence>& shortcuts = {}, const QString& iconName = {});
    /// Nullptr for an unknown id.
    [[nodiscard]] QAction* action(const QString& id) const;
    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }

    /// Enables, or disables with the reason that its tool tip and the command palette then show.
    void setEnabled(const QString& id, bool enabled, const QString& whyNot = {});
    [[nodiscard]] static QString whyDisabled(const QAction& action);

    /// The action that has `sequence` already, other than `except`; nullptr where it is free.
    [[nodiscard]] QAction* conflict(const QKeySequence& sequence, const QString& except) const;
    void setShortcuts(const QString& id, const QList<QKeySequence>& shortcuts);
    void load(QSettings& settings);
    void save(QSettings& settings) const;

    /// All shortcuts as a Markdown table, for the manual.
    [[nodiscard]] QString shortcutsMarkdown() const;

private:
    void updateTip(QAction& action) const;

    std::vector<Entry> m_entries;
    QHash<QString, QAction*> m_byId;
};

} // namespace streamwright
