#pragma once

#include "core/node/node_type.h"

#include <QHash>
#include <QString>
#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace streamwright {

class FieldEditor;

/// A form drawn from field specs and nothing else: label, editor, what is wrong with it; advanced fields
/// folded away. A dot beside the label says that the value is not the default; a click on it goes back there.
/// The form adds no rule: visibility, defaults and problems come with the states. Thread: GUI.
class ConfigForm final : public QWidget {
    Q_OBJECT

public:
    explicit ConfigForm(QWidget* parent = nullptr);

    /// Shows `states` in their order. Where the same fields were shown before, the widgets stay, with the
    /// focus and what is being typed. `mixed`: keys whose values differ between several selected nodes.
    void show(const std::vector<FieldState>& states, const std::vector<std::string>& mixed = {});
    /// Puts the focus into a field, given by its key or a path into it ("outputs[1].type").
    void focusField(const QString& path);
    void focusFirst();
    [[nodiscard]] FieldEditor* editorOf(const QString& key) const;
    /// The problem shown under a field; empty: none.
    [[nodiscard]] QString problemOf(const QString& key) const;

Q_SIGNALS:
    /// While typing: to validate, not to store.
    void fieldEdited(const QString& key, const streamwright::Json& value);
    void fieldCommitted(const QString& key, const streamwright::Json& value);
    /// Back to the default: the key is removed.
    void fieldReset(const QString& key);

private:
    struct Row {
        QString key;
        QWidget* box = nullptr;
        QLabel* label = nullptr;
        QToolButton* dot = nullptr;
        FieldEditor* editor = nullptr;
        QLabel* problem = nullptr;
        bool advanced = false;
        bool visible = true;
    };
    void build(const std::vector<FieldState>& states);
    Row makeRow(const FieldSpec& spec);
    void showAdvanced(bool shown);
    void applyTheme();

    QVBoxLayout* m_layout;
    QToolButton* m_advancedButton = nullptr;
    bool m_advancedShown = false;
    std::vector<Row> m_rows;
};

/// The most important sentence of a field's diagnostics, with its hint; empty where there are none.
[[nodiscard]] QString problemText(const Diagnostics& diagnostics);

} // namespace streamwright
