#include "gui/inspector/table_edit.h"

#include "gui/inspector/field_editor.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kRowHeight = 32; ///< a control of 28 and a little air
constexpr int kMostVisibleRows = 8;
constexpr int kRemoveWidth = 28;

/// The columns that a field's elements have.
std::vector<FieldSpec> columnsOf(const FieldSpec& spec)
{
    if (spec.type == FieldType::ObjectList && !spec.columns.empty()) {
        return spec.columns;
    }
    FieldSpec value;
    value.key = "value";
    value.label = spec.label;
    value.editor = spec.editor;
    if (spec.type == FieldType::Map) {
        FieldSpec key;
        key.key = "key";
        key.label = "Name";
        value.label = "Value";
        return {key, value};
    }
    if (spec.type == FieldType::FieldList) {
        value.label = "Field";
        FieldSpec from;
        from.key = "from";
        from.label = "Taken from";
        return {value, from};
    }
    return {value};
}

} // namespace

TableEdit::TableEdit(const FieldSpec& spec, QWidget* parent)
    : QWidget(parent), m_spec(spec), m_columns(columnsOf(spec)), m_table(new QTableWidget(this))
{
    const int columns = static_cast<int>(m_columns.size());
    m_table->setColumnCount(columns + 1);
    QStringList labels;
    for (const FieldSpec& column : m_columns) {
        labels.append(QString::fromStdString(column.label));
    }
    labels.append(QString());
    m_table->setHorizontalHeaderLabels(labels);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(columns, QHeaderView::Fixed);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setVisible(columns > 1);
    m_table->setColumnWidth(columns, kRemoveWidth);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setTabKeyNavigation(false);
    m_table->installEventFilter(this);
    m_table->setAccessibleName(QString::fromStdString(spec.label));
    connect(m_table, &QTableWidget::cellChanged, this, &TableEdit::commit);

    auto* const add = new QToolButton(this);
    add->setText(tr("Add"));
    add->setToolTip(tr("Add a row"));
    add->setAutoRaise(true);
    connect(add, &QToolButton::clicked, this, [this] {
        m_filling = true;
        addRow(std::vector<Json>(m_columns.size()));
        m_filling = false;
        fitHeight();
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->edit(m_table->model()->index(m_table->rowCount() - 1, 0));
    });

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_table);
    layout->addWidget(add, 0, Qt::AlignLeft);
    setFocusProxy(m_table);
    fitHeight();
}

void TableEdit::addRow(const std::vector<Json>& cells)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const int column = static_cast<int>(i);
        if (m_columns[i].type == FieldType::Enum) {
            auto* const box = new QComboBox(m_table);
            for (const EnumOption& option : m_columns[i].options) {
                box->addItem(QString::fromStdString(option.label.empty() ? option.value : option.label),
                             QString::fromStdString(option.value));
            }
            const QString text = textOfValue(cells[i].is_null() ? m_columns[i].defaultValue : cells[i]);
            box->setCurrentIndex(std::max(0, box->findData(text)));
            connect(box, &QComboBox::activated, this, &TableEdit::commit);
            m_table->setCellWidget(row, column, box);
        } else {
            m_table->setItem(row, column, new QTableWidgetItem(textOfValue(cells[i])));
        }
    }
    auto* const remove = new QToolButton(m_table);
    remove->setText(QStringLiteral("✕"));
    remove->setAutoRaise(true);
    remove->setToolTip(tr("Remove this row"));
    remove->setFocusPolicy(Qt::NoFocus);
    connect(remove, &QToolButton::clicked, this,
            [this, remove] { removeRow(m_table->indexAt(remove->pos()).row()); });
    m_table->setCellWidget(row, static_cast<int>(m_columns.size()), remove);
}

void TableEdit::removeRow(int row)
{
    if (row >= 0) {
        m_table->removeRow(row);
        fitHeight();
        commit();
    }
}

void TableEdit::moveRow(int row, int by)
{
    const int to = row + by;
    Json all = value();
    if (row < 0 || to < 0 || to >= m_table->rowCount() || !all.is_array()) {
        return;
    }
    std::swap(all[static_cast<std::size_t>(row)], all[static_cast<std::size_t>(to)]);
    setValue(all);
    m_table->setCurrentCell(to, 0);
    Q_EMIT committed(all);
}

void TableEdit::setValue(const Json& value)
{
    if (value == this->value()) {
        return;
    }
    m_filling = true;
    m_table->setRowCount(0);
    if (m_spec.type == FieldType::Map && value.is_object()) {
        for (const auto& [key, entry] : value.items()) {
            addRow({Json(key), entry});
        }
    } else if (value.is_array()) {
        for (const Json& entry : value) {
            if (m_spec.type == FieldType::ObjectList && entry.is_object()) {
                std::vector<Json> cells;
                for (const FieldSpec& column : m_columns) {
                    cells.push_back(entry.value(column.key, Json()));
                }
                addRow(cells);
            } else if (m_spec.type == FieldType::FieldList && entry.is_object() && entry.size() == 1) {
                addRow({Json(entry.begin().key()), entry.begin().value()});
            } else {
                std::vector<Json> cells(m_columns.size());
                cells[0] = entry;
                addRow(cells);
            }
        }
    }
    m_filling = false;
    fitHeight();
}

Json TableEdit::cellValue(int row, int column) const
{
    if (const auto* const box = qobject_cast<const QComboBox*>(m_table->cellWidget(row, column))) {
        return Json(box->currentData().toString().toStdString());
    }
    const QTableWidgetItem* const item = m_table->item(row, column);
    const QString text = item != nullptr ? item->text() : QString();
    return valueOfText(m_columns[static_cast<std::size_t>(column)], text);
}

Json TableEdit::value() const
{
    if (m_spec.type == FieldType::Map) {
        Json object = Json::object();
        for (int row = 0; row < m_table->rowCount(); ++row) {
            const std::string key = textOfValue(cellValue(row, 0)).toStdString();
            if (!key.empty()) {
                object[key] = cellValue(row, 1);
            }
        }
        return object;
    }
    Json list = Json::array();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (m_spec.type == FieldType::ObjectList) {
            Json entry = Json::object();
            for (std::size_t i = 0; i < m_columns.size(); ++i) {
                Json cell = cellValue(row, static_cast<int>(i));
                if (cell != Json("") || m_columns[i].required) {
                    entry[m_columns[i].key] = std::move(cell);
                }
            }
            list.push_back(std::move(entry));
        } else if (m_spec.type == FieldType::FieldList && textOfValue(cellValue(row, 1)) != QString()) {
            list.push_back(Json{{textOfValue(cellValue(row, 0)).toStdString(), cellValue(row, 1)}});
        } else {
            list.push_back(cellValue(row, 0));
        }
    }
    return list;
}

void TableEdit::fitHeight()
{
    const int rows = std::clamp(m_table->rowCount(), 1, kMostVisibleRows);
    const int header =
        m_columns.size() > 1 ? std::max(m_table->horizontalHeader()->sizeHint().height(), kRowHeight) : 0;
    m_table->setFixedHeight(header + rows * kRowHeight + 2 * m_table->frameWidth() + 2);
}

void TableEdit::commit()
{
    if (!m_filling) {
        Q_EMIT committed(value());
    }
}

bool TableEdit::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto* const key = static_cast<QKeyEvent*>(event);
        const bool alt = key->modifiers().testFlag(Qt::AltModifier);
        if (alt && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
            moveRow(m_table->currentRow(), key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Delete && m_table->currentRow() >= 0) {
            removeRow(m_table->currentRow());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace streamwright
