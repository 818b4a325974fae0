#pragma once

#include "core/engine/engine_snapshot.h"
#include "gui/bridge/run_rates.h"

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace streamwright {

/// The nodes of a run as a table: rates, shares and latencies, each a column that can be sorted by. Rows
/// change in place on every tick; the model is reset only when another topology runs. Thread: GUI.
class NodeTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, In, Out, Errors, Drops, Queue, Busy, WaitIn, WaitOut, P50, P99, ColumnCount };
    enum Role { SortRole = Qt::UserRole, NodeIdRole, SeverityRole, CategoryRole };
    enum Severity { Plain, Warning, Error };

    explicit NodeTableModel(QObject* parent = nullptr);

    /// Takes the newest figures. `titles` and `categories` follow the order of the snapshot's nodes.
    void update(const EngineSnapshot& snapshot, const RunRates& rates, const Topology& topology);
    void clear();

    [[nodiscard]] QString nodeId(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString id;
        QString title;
        int category = 0;
        NodeRates rates;
        double queueShare = -1; ///< below 0: no queue
        bool isSource = false;
        bool isSink = false;
        bool isBottleneck = false;
    };
    [[nodiscard]] double number(const Row& row, int column) const;
    [[nodiscard]] QString text(const Row& row, int column) const;
    [[nodiscard]] Severity severity(const Row& row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace streamwright
