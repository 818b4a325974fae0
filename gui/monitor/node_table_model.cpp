#include "gui/monitor/node_table_model.h"

#include "gui/style/figures.h"

#include <cmath>

namespace streamwright {
namespace {

constexpr double kQueueWarning = 0.61; ///< the second step of the queue bar
constexpr double kBusyWarning = 0.9;

} // namespace

NodeTableModel::NodeTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void NodeTableModel::update(const EngineSnapshot& snapshot, const RunRates& rates, const Topology& topology)
{
    std::vector<Row> rows;
    for (std::size_t i = 0; i < snapshot.nodes.size() && i < rates.nodes.size() && i < topology.nodes.size();
         ++i) {
        const PlannedNode& planned = topology.nodes[i];
        const NodeCategory category = planned.spec().category;
        rows.push_back({.id = QString::fromStdString(planned.id),
                        .title = QString::fromStdString(planned.title.empty() ? planned.id : planned.title),
                        .category = static_cast<int>(category),
                        .rates = rates.nodes[i],
                        .queueShare = snapshot.nodes[i].queueFill.value_or(-1),
                        .isSource = category == NodeCategory::Source,
                        .isSink = category == NodeCategory::Sink,
                        .isBottleneck = rates.bottleneck == i});
    }
    bool sameNodes = rows.size() == m_rows.size();
    for (std::size_t i = 0; sameNodes && i < rows.size(); ++i) {
        sameNodes = rows[i].id == m_rows[i].id;
    }
    if (!sameNodes) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
    }
}

void NodeTableModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

QString NodeTableModel::nodeId(int row) const
{
    return row >= 0 && static_cast<std::size_t>(row) < m_rows.size()
               ? m_rows[static_cast<std::size_t>(row)].id
               : QString();
}

int NodeTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NodeTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

double NodeTableModel::number(const Row& row, int column) const
{
    constexpr double kPercent = 100;
    switch (column) {
    case In: return row.isSource ? row.rates.outPerS : row.rates.inPerS;
    case Out: return row.isSink ? row.rates.inPerS - row.rates.errorsPerS : row.rates.outPerS;
    case Errors: return row.rates.errorsPerS;
    case Drops: return row.rates.droppedPerS;
    case Queue: return row.queueShare < 0 ? -1 : row.queueShare * kPercent;
    case Busy: return row.rates.busyShare * kPercent;
    case WaitIn: return row.rates.waitInputShare * kPercent;
    case WaitOut: return row.rates.waitOutputShare * kPercent;
    case P50: return row.isSink ? row.rates.p50Ms : -1;
    case P99: return row.isSink ? row.rates.p99Ms : -1;
    default: return 0;
    }
}

QString NodeTableModel::text(const Row& row, int column) const
{
    if (column == Name) {
        return row.title;
    }
    const double value = number(row, column);
    if (value < 0) {
        return QStringLiteral("–");
    }
    switch (column) {
    case In:
    case Out:
    case Errors:
    case Drops: return figures::rate(value);
    case P50:
    case P99: return figures::milliseconds(value);
    default: return QString::number(std::lround(value));
    }
}

NodeTableModel::Severity NodeTableModel::severity(const Row& row, int column) const
{
    if (column == Errors && row.rates.errorsPerS > 0) {
        return Error;
    }
    if (column == Queue && row.queueShare >= kQueueWarning) {
        return Warning;
    }
    if (column == Busy && (row.isBottleneck || row.rates.busyShare >= kBusyWarning)) {
        return Warning;
    }
    return Plain;
}

QVariant NodeTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || static_cast<std::size_t>(index.row()) >= m_rows.size()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Name ? QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter)
                                      : QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    case SortRole:
        return index.column() == Name ? QVariant(row.title) : QVariant(number(row, index.column()));
    case NodeIdRole: return row.id;
    case SeverityRole: return severity(row, index.column());
    case CategoryRole: return row.category;
    default: return {};
    }
}

QVariant NodeTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return section == Name ? QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter)
                               : QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Name: return tr("Node");
    case In: return tr("In\nper s");
    case Out: return tr("Out\nper s");
    case Errors: return tr("Error\nper s");
    case Drops: return tr("Drop\nper s");
    case Queue: return tr("Queue\n%");
    case Busy: return tr("Busy\n%");
    case WaitIn: return tr("Wait\nin %");
    case WaitOut: return tr("Wait\nout %");
    case P50: return tr("p50\nms");
    case P99: return tr("p99\nms");
    default: return {};
    }
}

} // namespace streamwright
