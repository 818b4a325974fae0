#include "gui/monitor/monitor_panel.h"

#include "gui/monitor/chart_panel.h"
#include "gui/style/figures.h"
#include "gui/style/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QFileDialog>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSaveFile>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTableWidget>
#include <QTime>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace streamwright {
namespace {

constexpr std::size_t kRingCapacity = 15 * 60 * 10 + 10; ///< 15 minutes at the fastest tick
constexpr double kNsPerSecond = 1e9;
constexpr int kTableStepSeconds = 1;
constexpr int kNodeRowHeight = 26;
constexpr int kNumberColumnWidth = 46;
constexpr int kNameColumnWidth = 134;
constexpr int kMostPartitionRows = 64;

/// Draws the words of a row in the colour of what they mean.
class NodeDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const int severity = index.data(NodeTableModel::SeverityRole).toInt();
        if (severity != NodeTableModel::Plain) {
            const QColor color = themed(severity == NodeTableModel::Error ? Role::Error : Role::Warning);
            option->palette.setColor(QPalette::Text, color);
            option->palette.setColor(QPalette::HighlightedText, color);
            option->font.setBold(true);
        }
    }
};

QToolButton* toolButton(const QString& text, const QString& tip, QWidget* parent)
{
    auto* const button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    return button;
}

} // namespace

struct MonitorPanel::Figures {
    RingSeries in{kRingCapacity};
    RingSeries out{kRingCapacity};
    RingSeries dead{kRingCapacity};
    RingSeries lag{kRingCapacity};
    RingSeries p50{kRingCapacity};
    RingSeries p99{kRingCapacity};

    [[nodiscard]] std::vector<RingSeries*> all() { return {&in, &out, &dead, &lag, &p50, &p99}; }
};

MonitorPanel::MonitorPanel(QWidget* parent)
    : QWidget(parent), m_figures(std::make_unique<Figures>()), m_nodes(new NodeTableModel(this)),
      m_sorted(new QSortFilterProxyModel(this))
{
    auto* const bar = new QHBoxLayout;
    bar->setContentsMargins(12, 4, 12, 4);
    auto* const group = new QButtonGroup(this);
    for (const int minutes : {1, 5, 15}) {
        QToolButton* const button =
            toolButton(tr("%1 min").arg(minutes), tr("Show the last %n minute(s)", "", minutes), this);
        button->setCheckable(true);
        button->setChecked(minutes == 1);
        group->addButton(button);
        bar->addWidget(button);
        m_spanButtons.push_back(button);
        connect(button, &QToolButton::clicked, this, [this, minutes] { setSpan(minutes * 60); });
    }
    m_pauseButton = toolButton(tr("Pause"), tr("Hold the picture; the figures go on"), this);
    m_pauseButton->setCheckable(true);
    connect(m_pauseButton, &QToolButton::toggled, this, &MonitorPanel::setPaused);
    m_tableButton = toolButton(tr("Show data as table"), tr("The same figures as rows of numbers"), this);
    m_tableButton->setCheckable(true);
    connect(m_tableButton, &QToolButton::toggled, this, &MonitorPanel::showDataTable);
    QToolButton* const exportButton =
        toolButton(tr("Export…"), tr("Save the visible window as CSV or as a picture"), this);
    connect(exportButton, &QToolButton::clicked, this, &MonitorPanel::exportData);
    bar->addWidget(m_pauseButton);
    bar->addStretch(1);
    bar->addWidget(m_tableButton);
    bar->addWidget(exportButton);

    const QString perSecond = tr("records per second");
    m_charts = {new ChartPanel(tr("Throughput"), perSecond,
                               {{tr("in"), &m_figures->in}, {tr("out"), &m_figures->out}}, 10, this),
                new ChartPanel(tr("Dead letters"), perSecond, {{tr("dead"), &m_figures->dead}}, 1, this),
                new ChartPanel(tr("Consumer lag"), tr("records, all partitions"),
                               {{tr("lag"), &m_figures->lag}}, 10, this),
                new ChartPanel(tr("Latency"), tr("milliseconds, end to end"),
                               {{tr("p99"), &m_figures->p99}, {tr("p50"), &m_figures->p50}}, 10, this)};
    m_chartGrid = new QWidget(this);
    auto* const grid = new QGridLayout(m_chartGrid);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(1);
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        grid->addWidget(m_charts[i], static_cast<int>(i / 2), static_cast<int>(i % 2));
    }

    m_dataTable = new QTableView(this);
    m_dataTable->setModel(new QStandardItemModel(m_dataTable));
    m_dataTable->verticalHeader()->hide();
    m_dataTable->setAccessibleName(tr("Figures of the visible window"));
    m_dataTable->hide();

    m_sorted->setSourceModel(m_nodes);
    m_sorted->setSortRole(NodeTableModel::SortRole);
    m_nodeTable = new QTableView(this);
    m_nodeTable->setModel(m_sorted);
    m_nodeTable->setItemDelegate(new NodeDelegate(m_nodeTable));
    m_nodeTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_nodeTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_nodeTable->setShowGrid(false);
    m_nodeTable->setWordWrap(false);
    m_nodeTable->setSortingEnabled(true);
    m_nodeTable->sortByColumn(-1, Qt::AscendingOrder);
    m_nodeTable->setAccessibleName(tr("Nodes"));
    m_nodeTable->verticalHeader()->hide();
    m_nodeTable->verticalHeader()->setDefaultSectionSize(kNodeRowHeight);
    QHeaderView* const header = m_nodeTable->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(NodeTableModel::Name, QHeaderView::Interactive);
    m_nodeTable->setColumnWidth(NodeTableModel::Name, kNameColumnWidth);
    header->setMinimumSectionSize(40);
    for (int column = NodeTableModel::In; column < NodeTableModel::ColumnCount; ++column) {
        m_nodeTable->setColumnWidth(column, kNumberColumnWidth);
    }
    connect(m_nodeTable, &QTableView::clicked, this, [this](const QModelIndex& index) {
        Q_EMIT nodeActivated(index.data(NodeTableModel::NodeIdRole).toString());
    });

    m_partitionSummary = new QLabel(this);
    m_partitions = new QTableWidget(0, 5, this);
    m_partitions->setHorizontalHeaderLabels({tr("Topic"), tr("Partition"), tr("Next"), tr("End"), tr("Lag")});
    m_partitions->verticalHeader()->hide();
    m_partitions->verticalHeader()->setDefaultSectionSize(24);
    m_partitions->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_partitions->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_partitions->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_partitions->setShowGrid(false);
    m_partitions->setAccessibleName(tr("Lag by partition"));
    auto* const lagTitle = new QLabel(tr("Lag by partition"), this);
    QFont bold = lagTitle->font();
    bold.setBold(true);
    lagTitle->setFont(bold);
    auto* const lagHead = new QHBoxLayout;
    lagHead->setContentsMargins(12, 8, 12, 4);
    lagHead->addWidget(lagTitle);
    lagHead->addStretch(1);
    lagHead->addWidget(m_partitionSummary);

    auto* const content = new QWidget(this);
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_chartGrid);
    column->addWidget(m_dataTable, 1);
    column->addWidget(m_nodeTable, 2);
    column->addLayout(lagHead);
    column->addWidget(m_partitions, 1);
    m_nodeTable->setMinimumHeight(7 * kNodeRowHeight);
    m_partitions->setMinimumHeight(4 * kNodeRowHeight);
    auto* const scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(scroll, 1);

    connect(&Theme::instance(), &Theme::changed, this, &MonitorPanel::applyTheme);
    applyTheme();
    summarise();
}

MonitorPanel::~MonitorPanel() = default;

void MonitorPanel::applyTheme()
{
    const std::vector<std::vector<Role>> lines{
        {Role::Source, Role::Sink}, {Role::Error}, {Role::Warning}, {Role::Accent, Role::Transform}};
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        ChartPanel::Colors colors{.background = themed(Role::Surface),
                                  .text = themed(Role::Text),
                                  .muted = themed(Role::Muted),
                                  .grid = themed(Role::Hairline),
                                  .lines = {}};
        for (const Role role : lines[i]) {
            colors.lines.push_back(themed(role));
        }
        m_charts[i]->setColors(colors);
    }
}

void MonitorPanel::update(const EngineSnapshot& snapshot, const RunRates& rates, const Topology& topology)
{
    m_now = static_cast<double>(snapshot.monotonicNs) / kNsPerSecond;
    m_figures->in.add(m_now, rates.inPerS);
    m_figures->out.add(m_now, rates.outPerS);
    m_figures->dead.add(m_now, rates.deadPerS);
    if (rates.lag >= 0) {
        m_figures->lag.add(m_now, static_cast<double>(rates.lag));
    }
    m_figures->p50.add(m_now, rates.p50Ms);
    m_figures->p99.add(m_now, rates.p99Ms);
    if (m_paused || !isVisible()) {
        return;
    }
    m_nodes->update(snapshot, rates, topology);
    showPartitions(snapshot);
    refreshCharts();
}

void MonitorPanel::refreshCharts()
{
    // One chart a tick, in turn: no tick pays for all four.
    m_charts[m_nextChart]->refresh(m_now);
    m_nextChart = (m_nextChart + 1) % m_charts.size();
    summarise();
}

void MonitorPanel::summarise()
{
    const auto at = [this](const RingSeries::Peak& peak) {
        return QTime::currentTime()
            .addSecs(-static_cast<int>(peak.secondsAgo))
            .toString(QStringLiteral("HH:mm"));
    };
    if (m_figures->in.isEmpty()) {
        for (ChartPanel* chart : m_charts) {
            chart->setSummary(tr("Run the pipeline to see its figures."));
        }
        return;
    }
    const RingSeries::Peak in = m_figures->in.peak(m_now, m_span);
    m_charts[0]->setSummary(tr("Now %1 in, %2 out; peak %3 at %4")
                                .arg(figures::rate(m_figures->in.last()),
                                     figures::rate(m_figures->out.last()), figures::rate(in.value), at(in)));
    const RingSeries::Peak dead = m_figures->dead.peak(m_now, m_span);
    m_charts[1]->setSummary(
        dead.value > 0 ? tr("Now %1; peak %2 at %3")
                             .arg(figures::rate(m_figures->dead.last()), figures::rate(dead.value), at(dead))
                       : tr("None in this window"));
    m_charts[2]->setSummary(m_figures->lag.isEmpty()
                                ? tr("Not known yet")
                                : tr("Now %1").arg(figures::count(std::llround(m_figures->lag.last()))));
    m_charts[3]->setSummary(
        tr("Now p50 %1 ms, p99 %2 ms")
            .arg(figures::milliseconds(m_figures->p50.last()), figures::milliseconds(m_figures->p99.last())));
}

void MonitorPanel::showPartitions(const EngineSnapshot& snapshot)
{
    const int rows = std::min<int>(static_cast<int>(snapshot.partitions.size()), kMostPartitionRows);
    m_partitions->setRowCount(rows);
    const auto set = [this](int row, int column, const QString& text, Role role) {
        QTableWidgetItem* item = m_partitions->item(row, column);
        if (item == nullptr) {
            item = new QTableWidgetItem;
            m_partitions->setItem(row, column, item);
            if (column > 0) {
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            }
        }
        item->setText(text);
        item->setForeground(themed(role));
    };
    const auto offset = [](std::int64_t value) {
        return value < 0 ? QStringLiteral("–") : figures::count(value);
    };
    for (int row = 0; row < rows; ++row) {
        const PartitionSnapshot& partition = snapshot.partitions[static_cast<std::size_t>(row)];
        const Role role = partition.stalled ? Role::Error : (partition.assigned ? Role::Text : Role::Muted);
        set(row, 0, QString::fromStdString(partition.topic), role);
        set(row, 1, QString::number(partition.partition), role);
        set(row, 2, offset(partition.next), role);
        set(row, 3, offset(partition.end), role);
        set(row, 4, offset(partition.lag), role);
        m_partitions->item(row, 0)->setToolTip(partition.stalled
                                                   ? tr("Stalled: there is lag, and no progress for 10 s. %1")
                                                         .arg(QString::fromStdString(partition.lastError))
                                                   : QString());
    }
    QString summary;
    for (const FlowSnapshot& flow : snapshot.flows) {
        if (!flow.group.empty()) {
            summary = tr("group %1").arg(QString::fromStdString(flow.group));
        }
    }
    m_partitionSummary->setText(summary);
}

void MonitorPanel::clear()
{
    for (RingSeries* series : m_figures->all()) {
        series->clear();
    }
    m_nodes->clear();
    m_partitions->setRowCount(0);
    for (ChartPanel* chart : m_charts) {
        chart->refresh(m_now);
    }
    summarise();
}

void MonitorPanel::setSpan(int seconds)
{
    m_span = seconds;
    const std::vector<int> spans{60, 300, 900};
    for (std::size_t i = 0; i < m_spanButtons.size(); ++i) {
        m_spanButtons[i]->setChecked(spans[i] == seconds);
    }
    for (ChartPanel* chart : m_charts) {
        chart->setSpan(seconds);
    }
    summarise();
    if (m_tableButton->isChecked()) {
        showDataTable(true);
    }
}

void MonitorPanel::setPaused(bool paused)
{
    m_paused = paused;
    m_pauseButton->setChecked(paused);
    m_pauseButton->setText(paused ? tr("Resume") : tr("Pause"));
    if (!paused) {
        for (ChartPanel* chart : m_charts) {
            chart->refresh(m_now);
        }
    }
}

void MonitorPanel::selectNode(const QString& nodeId)
{
    m_nodeTable->clearSelection();
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        if (m_sorted->index(row, 0).data(NodeTableModel::NodeIdRole).toString() == nodeId) {
            m_nodeTable->selectRow(row);
        }
    }
}

QString MonitorPanel::visibleDataAsCsv() const
{
    QString text = QStringLiteral("seconds_ago,in_per_s,out_per_s,dead_per_s,lag,p50_ms,p99_ms\n");
    const std::vector<const RingSeries*> series{&m_figures->in,  &m_figures->out, &m_figures->dead,
                                                &m_figures->lag, &m_figures->p50, &m_figures->p99};
    std::vector<QList<QPointF>> points;
    for (const RingSeries* one : series) {
        points.push_back(one->window(m_now, m_span, 0));
    }
    for (int second = m_span; second >= 0; second -= kTableStepSeconds) {
        QStringList cells{QString::number(second)};
        bool any = false;
        for (const QList<QPointF>& line : points) {
            // The last value of that second.
            const auto end = std::upper_bound(line.begin(), line.end(), -static_cast<double>(second) + 1,
                                              [](double t, const QPointF& point) { return t < point.x(); });
            const bool present = end != line.begin() && (end - 1)->x() >= -static_cast<double>(second);
            any = any || present;
            cells.append(present ? QString::number((end - 1)->y()) : QString());
        }
        if (any) {
            text += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
        }
    }
    return text;
}

void MonitorPanel::showDataTable(bool shown)
{
    m_tableButton->setChecked(shown);
    m_chartGrid->setVisible(!shown);
    m_dataTable->setVisible(shown);
    if (!shown) {
        return;
    }
    auto* const model = static_cast<QStandardItemModel*>(m_dataTable->model());
    model->clear();
    model->setHorizontalHeaderLabels({tr("Seconds ago"), tr("In per s"), tr("Out per s"), tr("Dead per s"),
                                      tr("Lag"), tr("p50 ms"), tr("p99 ms")});
    const QStringList lines = visibleDataAsCsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (qsizetype i = lines.size() - 1; i > 0; --i) {
        QList<QStandardItem*> row;
        for (const QString& cell : lines[i].split(QLatin1Char(','))) {
            auto* const item = new QStandardItem(cell);
            item->setEditable(false);
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            row.append(item);
        }
        model->appendRow(row);
    }
    m_dataTable->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
}

void MonitorPanel::exportData()
{
    auto* const dialog = new QFileDialog(this, tr("Export the visible window"), QString(),
                                         tr("Figures (*.csv);;Picture (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        if (file.endsWith(QStringLiteral(".png"))) {
            m_chartGrid->grab().save(file);
            return;
        }
        QSaveFile out(file);
        if (out.open(QIODevice::WriteOnly)) {
            out.write(visibleDataAsCsv().toUtf8());
            out.commit();
        }
    });
    dialog->open();
}

} // namespace streamwright
