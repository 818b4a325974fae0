#pragma once

#include "core/node/json.h"
#include "core/node/spec.h"

#include <QWidget>

class QTableWidget;

namespace streamwright {

/// Edits a list of strings, a list of objects or a map as rows of a small table; Add below, a cross in each
/// row, Alt+Up and Alt+Down move a row. Every change commits the whole value. Thread: GUI.
class TableEdit final : public QWidget {
    Q_OBJECT

public:
    TableEdit(const FieldSpec& spec, QWidget* parent);

    void setValue(const Json& value);
    [[nodiscard]] Json value() const;

Q_SIGNALS:
    void committed(const streamwright::Json& value);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addRow(const std::vector<Json>& cells);
    void removeRow(int row);
    void moveRow(int row, int by);
    void fitHeight();
    void commit();
    [[nodiscard]] Json cellValue(int row, int column) const;

    FieldSpec m_spec;
    std::vector<FieldSpec> m_columns;
    QTableWidget* m_table;
    bool m_filling = false;
};

} // namespace streamwright
