#include "gui/inspector/inspector_panel.h"

#include "core/pipeline/settings.h"
#include "gui/inspector/config_form.h"
#include "gui/style/theme.h"

#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kPadding = 16;
constexpr int kHelpHeight = 170;

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

/// Those of `all` that belong to one field: its key, or a path into it.
Diagnostics problemsOf(const Diagnostics& all, const std::string& node, const std::string& key)
{
    Diagnostics mine;
    for (const Diagnostic& problem : all) {
        const bool inside = problem.field == key || problem.field.starts_with(key + '.') ||
                            problem.field.starts_with(key + '[');
        if (problem.node == node && inside) {
            mine.push_back(problem);
        }
    }
    return mine;
}

} // namespace

InspectorPanel::InspectorPanel(const NodeRegistry& registry, QWidget* parent)
    : QWidget(parent), m_registry(registry), m_title(new QLineEdit(this)), m_subtitle(new QLabel(this)),
      m_scroll(new QScrollArea(this)), m_form(new ConfigForm), m_description(new QPlainTextEdit),
      m_help(new QTextBrowser(this))
{
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setFrame(false);
    m_title->setAccessibleName(tr("Title"));
    m_title->setToolTip(tr("Click to rename (F2)"));
    m_description->setTabChangesFocus(true);
    m_description->setPlaceholderText(tr("Notes for whoever reads this pipeline next"));
    m_description->setAccessibleName(tr("Description"));
    m_description->setFixedHeight(m_description->fontMetrics().lineSpacing() * 3 + 12);
    m_help->setFrameShape(QFrame::NoFrame);
    m_help->setOpenExternalLinks(false);
    m_help->setFixedHeight(kHelpHeight);
    m_help->setAccessibleName(tr("Help"));

    auto* const head = new QVBoxLayout;
    head->setContentsMargins(kPadding, 12, kPadding, 8);
    head->setSpacing(0);
    head->addWidget(m_title);
    head->addWidget(m_subtitle);

    auto* const content = new QWidget;
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(kPadding, 4, kPadding, 12);
    column->setSpacing(8);
    column->addWidget(m_form);
    auto* const descriptionLabel = new QLabel(tr("Description"), content);
    descriptionLabel->setBuddy(m_description);
    column->addWidget(descriptionLabel);
    column->addWidget(m_description);
    column->addStretch(1);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_help);

    connect(m_title, &QLineEdit::editingFinished, this, [this] {
        if (!m_title->isModified()) {
            return;
        }
        m_title->setModified(false);
        if (m_selected.size() == 1) {
            Q_EMIT titleCommitted(m_selected.front(), m_title->text());
        } else if (m_selected.isEmpty()) {
            Q_EMIT nameCommitted(m_title->text());
        }
    });
    m_description->installEventFilter(this);
    connect(m_form, &ConfigForm::fieldEdited, this, &InspectorPanel::preview);
    connect(m_form, &ConfigForm::fieldCommitted, this, [this](const QString& key, const Json& value) {
        // An emptied field goes back to its default.
        std::optional<Json> stored = value == Json("") ? std::nullopt : std::optional<Json>(value);
        if (m_selected.isEmpty()) {
            Q_EMIT settingCommitted(key, stored);
        } else {
            Q_EMIT fieldCommitted(m_selected, key, stored);
        }
    });
    connect(m_form, &ConfigForm::fieldReset, this, [this](const QString& key) {
        if (m_selected.isEmpty()) {
            Q_EMIT settingCommitted(key, std::nullopt);
        } else {
            Q_EMIT fieldCommitted(m_selected, key, std::nullopt);
        }
    });
    connect(&Theme::instance(), &Theme::changed, this, &InspectorPanel::applyTheme);
    applyTheme();
}

LintContext InspectorPanel::lintContext() const
{
    LintContext context;
    for (const Connection& connection : m_pipeline.connections) {
        context.connections.push_back(connection.name);
    }
    return context;
}

std::vector<const Node*> InspectorPanel::shownNodes() const
{
    std::vector<const Node*> nodes;
    for (const QString& id : m_selected) {
        if (const Node* const node = m_pipeline.findNode(id.toStdString())) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

void InspectorPanel::show(const Pipeline& pipeline, const QStringList& selected, const Diagnostics& problems,
                          const Recommender& recommend)
{
    m_pipeline = pipeline;
    m_selected = selected;
    m_problems = problems;
    m_recommend = recommend;
    if (shownNodes().empty()) {
        m_selected.clear();
        showPipeline(problems);
    } else {
        showNodes(problems, recommend);
    }
}

void InspectorPanel::showNodes(const Diagnostics& problems, const Recommender& recommend)
{
    const std::vector<const Node*> nodes = shownNodes();
    const Node& first = *nodes.front();
    const NodeType* const type = m_registry.find(first.type);
    const bool single = nodes.size() == 1;
    m_title->setReadOnly(!single);
    if (!m_title->hasFocus() || !m_title->isModified()) {
        m_title->setText(single ? text(first.shownName())
                                : tr("%n nodes", "", static_cast<int>(nodes.size())));
    }
    m_description->setVisible(single);
    if (!m_description->hasFocus()) {
        m_description->setPlainText(text(first.description));
    }
    if (type == nullptr) {
        m_subtitle->setText(tr("Unknown type \"%1\"").arg(text(first.type)));
        m_form->show({});
        m_help->setMarkdown(
            tr("This version of Streamwright does not know the type. The node is kept as it is."));
        return;
    }
    m_subtitle->setText(single ? tr("%1 · id %2").arg(text(type->spec().label), text(first.id))
                               : tr("Common fields"));
    std::vector<FieldState> states = evaluateForm(*type, first.config, lintContext(), recommend);
    std::vector<std::string> mixed;
    for (const Node* const other : nodes) {
        std::erase_if(states, [&](const FieldState& state) {
            const NodeType* const otherType = m_registry.find(other->type);
            const FieldSpec* const same =
                otherType != nullptr ? otherType->spec().findField(state.spec->key) : nullptr;
            return same == nullptr || same->type != state.spec->type;
        });
    }
    for (FieldState& state : states) {
        const auto valueIn = [&](const Node& node) { return node.config.value(state.spec->key, Json()); };
        if (std::any_of(nodes.begin(), nodes.end(),
                        [&](const Node* node) { return valueIn(*node) != valueIn(first); })) {
            mixed.push_back(state.spec->key);
        }
        if (single) {
            // What compile() says of the field covers the form's own lint and knows the whole document.
            Diagnostics known = problemsOf(problems, first.id, state.spec->key);
            if (!known.empty()) {
                state.diagnostics = std::move(known);
            }
        }
    }
    m_form->show(states, mixed);
    QString help =
        QStringLiteral("**%1**\n\n%2\n\n").arg(text(type->spec().label), text(type->spec().summary));
    help += text(type->spec().description);
    for (const PortSpec& port : type->outputs(first.config)) {
        help += QStringLiteral("\n\n`%1` %2").arg(text(port.name), text(port.doc));
    }
    m_help->setMarkdown(help);
}

void InspectorPanel::showPipeline(const Diagnostics& problems)
{
    m_title->setReadOnly(false);
    if (!m_title->hasFocus() || !m_title->isModified()) {
        m_title->setText(text(m_pipeline.name));
    }
    m_subtitle->setText(tr("Pipeline settings"));
    m_description->setVisible(true);
    if (!m_description->hasFocus()) {
        m_description->setPlainText(text(m_pipeline.description));
    }
    std::vector<FieldState> states;
    for (const FieldSpec& spec : settingsFields()) {
        FieldState state;
        state.spec = &spec;
        state.isDefault = !m_pipeline.settings.is_object() || !m_pipeline.settings.contains(spec.key);
        state.value = state.isDefault ? spec.defaultValue : m_pipeline.settings[spec.key];
        state.diagnostics = problemsOf(problems, "", "settings." + spec.key);
        states.push_back(std::move(state));
    }
    m_form->show(states);
    m_help->setMarkdown(
        tr("**Pipeline**\n\nThese settings hold for the whole file, in the Studio and on a server. "
           "Select a node to see its own."));
}

void InspectorPanel::preview(const QString& key, const Json& value)
{
    // Live validation: the shown nodes as they would be, without touching the document.
    if (m_selected.size() != 1) {
        return;
    }
    Node* const node = m_pipeline.findNode(m_selected.front().toStdString());
    const NodeType* const type = node != nullptr ? m_registry.find(node->type) : nullptr;
    if (type != nullptr) {
        node->config[key.toStdString()] = value;
        m_form->show(evaluateForm(*type, node->config, lintContext(), m_recommend));
    }
}

void InspectorPanel::focusField(const QString& path)
{
    const QString prefix = QStringLiteral("settings.");
    m_form->focusField(path.startsWith(prefix) ? path.mid(prefix.size()) : path);
}

void InspectorPanel::focusFirstField()
{
    m_form->focusFirst();
}

void InspectorPanel::focusTitle()
{
    m_title->setFocus(Qt::OtherFocusReason);
    m_title->selectAll();
}

bool InspectorPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_description && event->type() == QEvent::FocusOut &&
        m_description->document()->isModified()) {
        m_description->document()->setModified(false);
        if (m_selected.size() == 1) {
            Q_EMIT nodeDescriptionCommitted(m_selected.front(), m_description->toPlainText());
        } else if (m_selected.isEmpty()) {
            Q_EMIT descriptionCommitted(m_description->toPlainText());
        }
    }
    return QWidget::eventFilter(watched, event);
}

void InspectorPanel::applyTheme()
{
    QPalette palette = m_subtitle->palette();
    palette.setColor(QPalette::WindowText, themed(Role::Muted));
    m_subtitle->setPalette(palette);
    QPalette help = m_help->palette();
    help.setColor(QPalette::Base, themed(Role::Surface));
    help.setColor(QPalette::Text, themed(Role::Muted));
    m_help->setPalette(help);
}

} // namespace streamwright
