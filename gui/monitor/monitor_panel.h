#pragma once

#include "gui/monitor/node_table_model.h"
#include "gui/monitor/ring_series.h"

#include <QWidget>

#include <memory>
#include <vector>

class QSortFilterProxyModel;
class QTableView;
class QTableWidget;
class QToolButton;
class QLabel;

namespace streamwright {

class ChartPanel;

/// The monitor: charts of throughput, dead letters, lag and latency over 1, 5 or 15 minutes, the table of
/// nodes and the lag by partition. Thread: GUI. Data goes on while it is hidden or paused; drawing does not.
class MonitorPanel final : public QWidget {
    Q_OBJECT

public:
    explicit MonitorPanel(QWidget* parent = nullptr);
    ~MonitorPanel() override;

    /// One tick of a run: at most 10 a second.
    void update(const EngineSnapshot& snapshot, const RunRates& rates, const Topology& topology);
    /// Another run begins: the lines start anew.
    void clear();

    /// Visible window in seconds: 60, 300 or 900.
    void setSpan(int seconds);
    [[nodiscard]] int span() const { return m_span; }
    void setPaused(bool paused);
    [[nodiscard]] bool isPaused() const { return m_paused; }

    /// Follows the selection of the canvas.
    void selectNode(const QString& nodeId);
    /// The visible window as comma-separated values, a line per second.
    [[nodiscard]] QString visibleDataAsCsv() const;

Q_SIGNALS:
    /// A row of the node table was chosen.
    void nodeActivated(const QString& nodeId);

private:
    struct Figures; ///< the rings
    void refreshCharts();
    void summarise();
    void applyTheme();
    void showPartitions(const EngineSnapshot& snapshot);
    void showDataTable(bool shown);
    void exportData();

    std::unique_ptr<Figures> m_figures;
    std::vector<ChartPanel*> m_charts;
    std::vector<QToolButton*> m_spanButtons;
    QToolButton* m_pauseButton = nullptr;
    QToolButton* m_tableButton = nullptr;
    QTableView* m_nodeTable = nullptr;
    QTableView* m_dataTable = nullptr;
    QWidget* m_chartGrid = nullptr;
    QTableWidget* m_partitions = nullptr;
    QLabel* m_partitionSummary = nullptr;
    NodeTableModel* m_nodes = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
    int m_span = 60;
    bool m_paused = false;
    double m_now = 0;
    std::size_t m_nextChart = 0;
};

} // namespace streamwright
