#include "gui/inspector/field_editor.h"

#include "gui/inspector/expression_edit.h"
#include "gui/inspector/table_edit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace streamwright {
namespace {

QHBoxLayout* bareLayout(QWidget* widget)
{
    auto* const layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    return layout;
}

/// One line of text: strings, numbers with their unit, secrets, paths.
class LineFieldEditor final : public FieldEditor {
public:
    LineFieldEditor(const FieldSpec& spec, QWidget* parent)
        : FieldEditor(spec, parent), m_line(new QLineEdit(this))
    {
        QHBoxLayout* const layout = bareLayout(this);
        layout->addWidget(m_line, 1);
        if (!spec.unit.empty()) {
            layout->addWidget(new QLabel(QString::fromStdString(spec.unit), this));
        }
        if (spec.editor == Editor::Regex || spec.editor == Editor::FieldPath) {
            m_line->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        }
        if (spec.secret) {
            m_line->setPlaceholderText(QStringLiteral("${secret:NAME}"));
        } else if (!spec.defaultValue.is_null()) {
            m_line->setPlaceholderText(textOfValue(spec.defaultValue));
        }
        if (spec.editor == Editor::FilePath) {
            auto* const browse = new QToolButton(this);
            browse->setText(tr("Browse…"));
            browse->setToolTip(tr("Choose a file"));
            layout->addWidget(browse);
            connect(browse, &QToolButton::clicked, this, &LineFieldEditor::browse);
        }
        connect(m_line, &QLineEdit::textEdited, this,
                [this](const QString& text) { Q_EMIT edited(valueOfText(this->spec(), text)); });
        connect(m_line, &QLineEdit::editingFinished, this, [this] {
            if (m_line->isModified()) {
                m_line->setModified(false);
                Q_EMIT committed(valueOfText(this->spec(), m_line->text()));
            }
        });
        setFocusProxy(m_line);
    }

    void setValue(const Json& value) override
    {
        const QString text = textOfValue(value);
        if (text != m_line->text() && !(m_line->hasFocus() && m_line->isModified())) {
            m_line->setText(text);
        }
    }
    void setMixed() override
    {
        m_line->clear();
        m_line->setPlaceholderText(tr("(several values)"));
    }
    void setRecommended(const QStringList& names) override
    {
        if (!names.isEmpty()) {
            auto* const completer = new QCompleter(names, m_line);
            completer->setCaseSensitivity(Qt::CaseInsensitive);
            m_line->setCompleter(completer);
        }
    }
    QWidget* focusTarget() override { return m_line; }

private:
    void browse()
    {
        auto* const dialog = new QFileDialog(this, tr("Choose a file"), m_line->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::AnyFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
            m_line->setText(file);
            Q_EMIT committed(valueOfText(spec(), file));
        });
        dialog->open();
    }

    QLineEdit* m_line;
};

/// A name out of a list that may be typed too: topics, connections, field paths.
class NameFieldEditor final : public FieldEditor {
public:
    NameFieldEditor(const FieldSpec& spec, QWidget* parent)
        : FieldEditor(spec, parent), m_box(new QComboBox(this))
    {
        bareLayout(this)->addWidget(m_box, 1);
        m_box->setEditable(true);
        m_box->setInsertPolicy(QComboBox::NoInsert);
        m_box->completer()->setCompletionMode(QCompleter::PopupCompletion);
        connect(m_box->lineEdit(), &QLineEdit::textEdited, this,
                [this](const QString& text) { Q_EMIT edited(valueOfText(this->spec(), text)); });
        connect(m_box->lineEdit(), &QLineEdit::editingFinished, this,
                [this] { commit(m_box->currentText()); });
        connect(m_box, &QComboBox::textActivated, this, &NameFieldEditor::commit);
        setFocusProxy(m_box);
    }

    void setValue(const Json& value) override
    {
        m_shown = textOfValue(value);
        if (!(m_box->lineEdit()->hasFocus() && m_box->lineEdit()->isModified())) {
            m_box->setEditText(m_shown);
        }
    }
    void setMixed() override
    {
        m_shown.clear();
        m_box->setEditText({});
        m_box->lineEdit()->setPlaceholderText(tr("(several values)"));
    }
    void setRecommended(const QStringList& names) override
    {
        QStringList present;
        for (int i = 0; i < m_box->count(); ++i) {
            present.append(m_box->itemText(i));
        }
        if (present != names) {
            const QSignalBlocker blocker(m_box);
            const QString text = m_box->currentText();
            m_box->clear();
            m_box->addItems(names);
            m_box->setEditText(text);
        }
    }
    QWidget* focusTarget() override { return m_box->lineEdit(); }

private:
    void commit(const QString& text)
    {
        if (text != m_shown) {
            m_shown = text;
            Q_EMIT committed(valueOfText(spec(), text));
        }
    }

    QComboBox* m_box;
    QString m_shown;
};

/// One of the spec's options.
class ChoiceFieldEditor final : public FieldEditor {
public:
    ChoiceFieldEditor(const FieldSpec& spec, QWidget* parent)
        : FieldEditor(spec, parent), m_box(new QComboBox(this))
    {
        bareLayout(this)->addWidget(m_box, 1);
        for (const EnumOption& option : spec.options) {
            m_box->addItem(QString::fromStdString(option.label.empty() ? option.value : option.label),
                           QString::fromStdString(option.value));
            m_box->setItemData(m_box->count() - 1, QString::fromStdString(option.doc), Qt::ToolTipRole);
        }
        connect(m_box, &QComboBox::activated, this, [this](int index) {
            Q_EMIT committed(Json(m_box->itemData(index).toString().toStdString()));
        });
        setFocusProxy(m_box);
    }

    void setValue(const Json& value) override
    {
        const QString text = textOfValue(value);
        const int index = m_box->findData(text);
        if (index < 0 && !text.isEmpty()) {
            m_box->setPlaceholderText(text); // a variable, or a word the spec does not know
        }
        m_box->setCurrentIndex(index);
    }
    void setMixed() override
    {
        m_box->setPlaceholderText(tr("(several values)"));
        m_box->setCurrentIndex(-1);
    }
    QWidget* focusTarget() override { return m_box; }

private:
    QComboBox* m_box;
};

class ToggleFieldEditor final : public FieldEditor {
public:
    ToggleFieldEditor(const FieldSpec& spec, QWidget* parent)
        : FieldEditor(spec, parent), m_box(new QCheckBox(QString::fromStdString(spec.label), this))
    {
        bareLayout(this)->addWidget(m_box, 1);
        connect(m_box, &QCheckBox::clicked, this, [this](bool checked) {
            m_box->setTristate(false);
            Q_EMIT committed(Json(checked));
        });
        setFocusProxy(m_box);
    }

    void setValue(const Json& value) override
    {
        m_box->setTristate(false);
        m_box->setChecked(value.is_boolean() && value.get<bool>());
    }
    void setMixed() override
    {
        m_box->setTristate(true);
        m_box->setCheckState(Qt::PartiallyChecked);
    }
    QWidget* focusTarget() override { return m_box; }

private:
    QCheckBox* m_box;
};

/// Text of several lines; also raw JSON for what has no editor of its own.
class TextFieldEditor final : public FieldEditor {
public:
    TextFieldEditor(const FieldSpec& spec, bool json, QWidget* parent)
        : FieldEditor(spec, parent), m_text(new QPlainTextEdit(this)), m_json(json)
    {
        bareLayout(this)->addWidget(m_text, 1);
        m_text->setFont(json ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : m_text->font());
        m_text->setTabChangesFocus(true);
        m_text->setMinimumHeight(m_text->fontMetrics().lineSpacing() * 4);
        m_text->installEventFilter(this);
        connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
            if (m_text->document()->isModified()) {
                Q_EMIT edited(current());
            }
        });
        setFocusProxy(m_text);
    }

    void setValue(const Json& value) override
    {
        const QString text =
            m_json && !value.is_null() ? QString::fromStdString(value.dump(2)) : textOfValue(value);
        if (text != m_text->toPlainText() && !(m_text->hasFocus() && m_text->document()->isModified())) {
            m_text->setPlainText(text);
            m_text->document()->setModified(false);
        }
    }
    void setMixed() override
    {
        m_text->clear();
        m_text->setPlaceholderText(tr("(several values)"));
    }
    QWidget* focusTarget() override { return m_text; }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == m_text && event->type() == QEvent::FocusOut && m_text->document()->isModified()) {
            m_text->document()->setModified(false);
            Q_EMIT committed(current());
        }
        return FieldEditor::eventFilter(watched, event);
    }

private:
    [[nodiscard]] Json current() const
    {
        const std::string text = m_text->toPlainText().toStdString();
        if (!m_json) {
            return Json(text);
        }
        Json parsed = Json::parse(text, nullptr, false);
        return parsed.is_discarded() ? Json(text)
                                     : parsed; // text that is no JSON is refused by the field's type
    }

    QPlainTextEdit* m_text;
    bool m_json;
};

/// A CEL expression: completion, and the error under its character.
class ExpressionFieldEditor final : public FieldEditor {
public:
    ExpressionFieldEditor(const FieldSpec& spec, QWidget* parent)
        : FieldEditor(spec, parent), m_edit(new ExpressionEdit(this))
    {
        bareLayout(this)->addWidget(m_edit, 1);
        connect(m_edit, &ExpressionEdit::edited, this,
                [this](const QString& text) { Q_EMIT edited(asValue(text)); });
        connect(m_edit, &ExpressionEdit::committed, this,
                [this](const QString& text) { Q_EMIT committed(asValue(text)); });
        setFocusProxy(m_edit);
    }

    void setValue(const Json& value) override { m_edit->setExpression(textOfValue(value)); }
    void setMixed() override
    {
        m_edit->setExpression({});
        m_edit->setPlaceholderText(tr("(several values)"));
    }
    void setRecommended(const QStringList& names) override { m_edit->setFieldNames(names); }
    void setErrorRange(int from, int length) override { m_edit->setErrorRange(from, length); }
    QWidget* focusTarget() override { return m_edit; }

private:
    static Json asValue(const QString& text) { return Json(text.toStdString()); }

    ExpressionEdit* m_edit;
};

/// Lists, lists of objects and maps: a small table with a row for each entry.
class TableFieldEditor final : public FieldEditor {
public:
    TableFieldEditor(const FieldSpec& spec, QWidget* parent)
        : FieldEditor(spec, parent), m_table(new TableEdit(spec, this))
    {
        bareLayout(this)->addWidget(m_table, 1);
        connect(m_table, &TableEdit::committed, this, &FieldEditor::committed);
        setFocusProxy(m_table);
    }

    void setValue(const Json& value) override { m_table->setValue(value); }
    void setMixed() override { m_table->setValue(Json()); }
    QWidget* focusTarget() override { return m_table; }

private:
    TableEdit* m_table;
};

} // namespace

QString textOfValue(const Json& value)
{
    if (value.is_null()) {
        return {};
    }
    if (value.is_string()) {
        return QString::fromStdString(value.get<std::string>());
    }
    return QString::fromStdString(value.dump());
}

Json valueOfText(const FieldSpec& spec, const QString& text)
{
    const QString trimmed = text.trimmed();
    bool ok = false;
    if (spec.type == FieldType::Int) {
        const qlonglong number = trimmed.toLongLong(&ok);
        if (ok) {
            return Json(static_cast<std::int64_t>(number));
        }
    }
    if (spec.type == FieldType::Double || spec.type == FieldType::Int) {
        const double number = trimmed.toDouble(&ok);
        if (ok && std::isfinite(number)) {
            return Json(number);
        }
    }
    return Json(text.toStdString());
}

FieldEditor* makeFieldEditor(const FieldSpec& spec, QWidget* parent)
{
    switch (spec.type) {
    case FieldType::Bool: return new ToggleFieldEditor(spec, parent);
    case FieldType::Enum: return new ChoiceFieldEditor(spec, parent);
    case FieldType::StringList:
    case FieldType::FieldList:
    case FieldType::ObjectList:
    case FieldType::Map: return new TableFieldEditor(spec, parent);
    case FieldType::Int:
    case FieldType::Double: return new LineFieldEditor(spec, parent);
    case FieldType::Object:
    case FieldType::Any: return new TextFieldEditor(spec, true, parent);
    case FieldType::String: break;
    }
    switch (spec.editor) {
    case Editor::CelExpression: return new ExpressionFieldEditor(spec, parent);
    case Editor::MultiLine: return new TextFieldEditor(spec, false, parent);
    case Editor::JsonText: return new TextFieldEditor(spec, false, parent);
    case Editor::Topic:
    case Editor::Connection:
    case Editor::FieldPath: return new NameFieldEditor(spec, parent);
    default: return new LineFieldEditor(spec, parent);
    }
}

} // namespace streamwright
