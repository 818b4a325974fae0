#include "gui/app/action_registry.h"

#include "gui/style/icons.h"

#include <QSettings>

#include <algorithm>

namespace streamwright {
namespace {

constexpr char kTip[] = "sw_tip";
constexpr char kWhyNot[] = "sw_why_not";

QString plainText(const QAction& action)
{
    return action.text().remove(QLatin1Char('&'));
}

} // namespace

ActionRegistry::ActionRegistry(QObject* parent) : QObject(parent) {}

QAction* ActionRegistry::add(const QString& id, const QString& category, const QString& text,
                             const QString& tip, const QList<QKeySequence>& shortcuts,
                             const QString& iconName)
{
    auto* const action = new QAction(text, this);
    action->setObjectName(id);
    action->setShortcuts(shortcuts);
    action->setProperty(kTip, tip);
    if (!iconName.isEmpty()) {
        action->setIcon(icon(iconName));
    }
    m_entries.push_back({id, category, action, shortcuts});
    m_byId.insert(id, action);
    updateTip(*action);
    connect(action, &QAction::changed, this, [this, action] { updateTip(*action); });
    return action;
}

QAction* ActionRegistry::action(const QString& id) const
{
    return m_byId.value(id, nullptr);
}

void ActionRegistry::updateTip(QAction& action) const
{
    QString tip = action.property(kTip).toString();
    const QString why = whyDisabled(action);
    if (!why.isEmpty()) {
        tip = why;
    }
    if (!action.shortcut().isEmpty()) {
        tip += QStringLiteral(" (%1)").arg(action.shortcut().toString(QKeySequence::NativeText));
    }
    if (action.toolTip() != tip) {
        action.setToolTip(tip);
        action.setStatusTip(tip);
    }
}

void ActionRegistry::setEnabled(const QString& id, bool enabled, const QString& whyNot)
{
    QAction* const found = action(id);
    if (found == nullptr) {
        return;
    }
    found->setProperty(kWhyNot, enabled ? QString() : whyNot);
    found->setEnabled(enabled);
    updateTip(*found);
}

QString ActionRegistry::whyDisabled(const QAction& action)
{
    return action.isEnabled() ? QString() : action.property(kWhyNot).toString();
}

QAction* ActionRegistry::conflict(const QKeySequence& sequence, const QString& except) const
{
    for (const Entry& entry : m_entries) {
        if (entry.id != except && entry.action->shortcuts().contains(sequence)) {
            return entry.action;
        }
    }
    return nullptr;
}

void ActionRegistry::setShortcuts(const QString& id, const QList<QKeySequence>& shortcuts)
{
    if (QAction* const found = action(id)) {
        found->setShortcuts(shortcuts);
    }
}

void ActionRegistry::load(QSettings& settings)
{
    settings.beginGroup(QStringLiteral("shortcuts"));
    for (const QString& id : settings.childKeys()) {
        QList<QKeySequence> shortcuts;
        for (const QString& text : settings.value(id).toStringList()) {
            shortcuts.append(QKeySequence(text, QKeySequence::PortableText));
        }
        setShortcuts(id, shortcuts);
    }
    settings.endGroup();
}

void ActionRegistry::save(QSettings& settings) const
{
    settings.remove(QStringLiteral("shortcuts"));
    settings.beginGroup(QStringLiteral("shortcuts"));
    for (const Entry& entry : m_entries) {
        if (entry.action->shortcuts() == entry.defaults) {
            continue;
        }
        QStringList texts;
        for (const QKeySequence& sequence : entry.action->shortcuts()) {
            texts.append(sequence.toString(QKeySequence::PortableText));
        }
        settings.setValue(entry.id, texts);
    }
    settings.endGroup();
}

QString ActionRegistry::shortcutsMarkdown() const
{
    QString text = tr("| Action | Shortcut | What it does |") + QStringLiteral("\n|---|---|---|\n");
    QString category;
    for (const Entry& entry : m_entries) {
        if (entry.action->shortcuts().isEmpty()) {
            continue;
        }
        if (entry.category != category) {
            category = entry.category;
            text += QStringLiteral("| **%1** | | |\n").arg(category);
        }
        QStringList keys;
        for (const QKeySequence& sequence : entry.action->shortcuts()) {
            keys.append(QStringLiteral("`%1`").arg(sequence.toString(QKeySequence::PortableText)));
        }
        text += QStringLiteral("| %1 | %2 | %3 |\n")
                    .arg(plainText(*entry.action), keys.join(QStringLiteral(", ")),
                         entry.action->property(kTip).toString());
    }
    return text;
}

} // namespace streamwright
