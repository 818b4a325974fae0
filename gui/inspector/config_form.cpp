#include "gui/inspector/config_form.h"

#include "gui/inspector/field_editor.h"
#include "gui/style/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kFieldGap = 8;
constexpr int kLabelGap = 2;
constexpr int kDotSize = 16;

/// The key at the head of a config path: "outputs" of "outputs[1].type".
QString headOf(const QString& path)
{
    const qsizetype end =
        std::min({path.indexOf(QLatin1Char('.')) < 0 ? path.size() : path.indexOf(QLatin1Char('.')),
                  path.indexOf(QLatin1Char('[')) < 0 ? path.size() : path.indexOf(QLatin1Char('['))});
    return path.left(end);
}

void colour(QWidget* widget, Role role)
{
    QPalette palette = widget->palette();
    palette.setColor(QPalette::WindowText, themed(role));
    palette.setColor(QPalette::ButtonText, themed(role));
    widget->setPalette(palette);
}

} // namespace

QString problemText(const Diagnostics& diagnostics)
{
    const auto worst =
        std::max_element(diagnostics.begin(), diagnostics.end(),
                         [](const Diagnostic& a, const Diagnostic& b) { return a.severity < b.severity; });
    if (worst == diagnostics.end()) {
        return {};
    }
    QString text = QString::fromStdString(worst->message);
    if (!worst->hint.empty()) {
        text += QLatin1Char(' ') + QString::fromStdString(worst->hint);
    }
    return text;
}

ConfigForm::ConfigForm(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(kFieldGap);
    connect(&Theme::instance(), &Theme::changed, this, &ConfigForm::applyTheme);
}

ConfigForm::Row ConfigForm::makeRow(const FieldSpec& spec)
{
    Row row;
    row.key = QString::fromStdString(spec.key);
    row.advanced = spec.advanced;
    row.box = new QWidget(this);
    auto* const column = new QVBoxLayout(row.box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kLabelGap);

    row.label = new QLabel(QString::fromStdString(spec.label), row.box);
    row.label->setToolTip(QString::fromStdString(spec.doc));
    row.dot = new QToolButton(row.box);
    row.dot->setText(QStringLiteral("•"));
    row.dot->setAutoRaise(true);
    row.dot->setFixedSize(kDotSize, kDotSize);
    row.dot->setToolTip(tr("Not the default. Click to go back to it."));
    row.dot->setAccessibleName(tr("Reset %1 to its default").arg(QString::fromStdString(spec.label)));
    auto* const head = new QHBoxLayout;
    head->setSpacing(0);
    head->addWidget(row.label);
    head->addWidget(row.dot);
    head->addStretch(1);
    column->addLayout(head);

    row.editor = makeFieldEditor(spec, row.box);
    row.editor->setToolTip(QString::fromStdString(spec.doc));
    row.editor->focusTarget()->setAccessibleName(QString::fromStdString(spec.label));
    row.editor->focusTarget()->setAccessibleDescription(QString::fromStdString(spec.doc));
    row.label->setBuddy(row.editor->focusTarget());
    row.label->setVisible(spec.type != FieldType::Bool); // a check box carries its own
    column->addWidget(row.editor);

    row.problem = new QLabel(row.box);
    row.problem->setWordWrap(true);
    row.problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row.problem->hide();
    column->addWidget(row.problem);

    connect(row.dot, &QToolButton::clicked, this, [this, key = row.key] { Q_EMIT fieldReset(key); });
    connect(row.editor, &FieldEditor::edited, this,
            [this, key = row.key](const Json& value) { Q_EMIT fieldEdited(key, value); });
    connect(row.editor, &FieldEditor::committed, this,
            [this, key = row.key](const Json& value) { Q_EMIT fieldCommitted(key, value); });
    return row;
}

void ConfigForm::build(const std::vector<FieldState>& states)
{
    for (const Row& row : m_rows) {
        delete row.box;
    }
    m_rows.clear();
    delete m_advancedButton;
    m_advancedButton = nullptr;
    const bool anyAdvanced = std::any_of(states.begin(), states.end(),
                                         [](const FieldState& state) { return state.spec->advanced; });
    for (const bool advanced : {false, true}) {
        if (advanced && anyAdvanced) {
            m_advancedButton = new QToolButton(this);
            m_advancedButton->setText(tr("More settings"));
            m_advancedButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            m_advancedButton->setAutoRaise(true);
            m_advancedButton->setCheckable(true);
            connect(m_advancedButton, &QToolButton::toggled, this, &ConfigForm::showAdvanced);
            m_layout->addWidget(m_advancedButton);
        }
        for (const FieldState& state : states) {
            if (state.spec->advanced == advanced) {
                m_rows.push_back(makeRow(*state.spec));
                m_layout->addWidget(m_rows.back().box);
            }
        }
    }
    applyTheme();
}

void ConfigForm::show(const std::vector<FieldState>& states, const std::vector<std::string>& mixed)
{
    bool same = states.size() == m_rows.size();
    for (const FieldState& state : states) {
        const FieldEditor* const editor = editorOf(QString::fromStdString(state.spec->key));
        same = same && editor != nullptr && editor->spec().label == state.spec->label &&
               editor->spec().type == state.spec->type &&
               editor->spec().options.size() == state.spec->options.size();
    }
    if (!same) {
        build(states);
    }
    for (const FieldState& state : states) {
        const QString key = QString::fromStdString(state.spec->key);
        const auto row =
            std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.key == key; });
        QStringList recommended;
        for (const std::string& name : state.recommended) {
            recommended.append(QString::fromStdString(name));
        }
        row->editor->setRecommended(recommended);
        if (std::find(mixed.begin(), mixed.end(), state.spec->key) != mixed.end()) {
            row->editor->setMixed();
        } else {
            row->editor->setValue(state.value);
        }
        row->dot->setVisible(!state.isDefault);
        row->visible = state.visible;
        const QString problem = problemText(state.diagnostics);
        row->problem->setText(problem);
        row->problem->setVisible(!problem.isEmpty());
        const auto placed = std::find_if(state.diagnostics.begin(), state.diagnostics.end(),
                                         [](const Diagnostic& d) { return d.fieldOffset >= 0; });
        row->editor->setErrorRange(placed != state.diagnostics.end() ? placed->fieldOffset : 0,
                                   placed != state.diagnostics.end() ? std::max(1, placed->fieldLength) : 0);
        colour(row->problem, hasErrors(state.diagnostics) ? Role::Error : Role::Warning);
        // A problem is never folded away.
        row->box->setVisible(row->visible && (!row->advanced || m_advancedShown || !problem.isEmpty()));
    }
}

void ConfigForm::showAdvanced(bool shown)
{
    m_advancedShown = shown;
    m_advancedButton->setText(shown ? tr("Fewer settings") : tr("More settings"));
    for (const Row& row : m_rows) {
        if (row.advanced) {
            row.box->setVisible(row.visible && (shown || !row.problem->text().isEmpty()));
        }
    }
}

void ConfigForm::focusField(const QString& path)
{
    const QString key = headOf(path);
    for (const Row& row : m_rows) {
        if (row.key == key) {
            if (row.advanced && m_advancedButton != nullptr) {
                m_advancedButton->setChecked(true);
            }
            row.editor->focusTarget()->setFocus(Qt::OtherFocusReason);
        }
    }
}

void ConfigForm::focusFirst()
{
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [](const Row& r) { return r.box->isVisible(); });
    if (row != m_rows.end()) {
        row->editor->focusTarget()->setFocus(Qt::OtherFocusReason);
    }
}

FieldEditor* ConfigForm::editorOf(const QString& key) const
{
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.key == key; });
    return row == m_rows.end() ? nullptr : row->editor;
}

QString ConfigForm::problemOf(const QString& key) const
{
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.key == key; });
    return row == m_rows.end() ? QString() : row->problem->text();
}

void ConfigForm::applyTheme()
{
    for (const Row& row : m_rows) {
        colour(row.label, Role::Muted);
        colour(row.dot, Role::Accent);
    }
    if (m_advancedButton != nullptr) {
        colour(m_advancedButton, Role::Accent);
    }
}

} // namespace streamwright
