#pragma once

#include "core/node/node_type.h"

#include <QString>
#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>

namespace streamwright {

/// Edits the value of one config field. Which widget it is follows from the field's type and editor hint
/// alone; a pair that nobody knows becomes raw JSON. Holds no truth: it shows what setValue() says and tells
/// what the user does. Thread: GUI.
class FieldEditor : public QWidget {
    Q_OBJECT

public:
    explicit FieldEditor(const FieldSpec& spec, QWidget* parent) : QWidget(parent), m_spec(spec) {}

    /// Shows `value` (null: nothing configured and no default) unless the user is just editing the same
    /// value.
    virtual void setValue(const Json& value) = 0;
    /// Several nodes are selected and differ here.
    virtual void setMixed() = 0;
    /// Names to choose from or complete with.
    virtual void setRecommended(const QStringList& names) { Q_UNUSED(names) }
    /// Marks characters `from`, `length` of the text as wrong; length 0 ends that.
    virtual void setErrorRange(int from, int length)
    {
        Q_UNUSED(from)
        Q_UNUSED(length)
    }
    /// The widget that takes the focus when a problem leads here.
    [[nodiscard]] virtual QWidget* focusTarget() = 0;

    [[nodiscard]] const FieldSpec& spec() const { return m_spec; }

Q_SIGNALS:
    /// While typing: the value as it would be; for live validation.
    void edited(const streamwright::Json& value);
    /// The user has finished (focus left, Enter, a choice made): to be written into the document.
    void committed(const streamwright::Json& value);

private:
    FieldSpec m_spec; // a copy: the form outlives the node type's selection
};

/// The editor for a field; never null.
[[nodiscard]] FieldEditor* makeFieldEditor(const FieldSpec& spec, QWidget* parent);

/// A value as text and back, by the field's type: a number that is not one (`${PORT}`) stays text.
[[nodiscard]] QString textOfValue(const Json& value);
[[nodiscard]] Json valueOfText(const FieldSpec& spec, const QString& text);

} // namespace streamwright
