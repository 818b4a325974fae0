#include "gui/monitor/chart_panel.h"

#include "gui/style/figures.h"

#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QGraphicsSimpleTextItem>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineSeries>
#include <QPen>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kColumns = 600; ///< points of a line at most
constexpr int kLeftMargin = 44;
constexpr int kRightMargin = 44; ///< for the names
constexpr int kTopMargin = 8;
constexpr int kBottomMargin = 22;
constexpr int kMinimumHeight = 190;

} // namespace

struct ChartPanel::Chart {
    QChart* chart = nullptr; // owned by the view
    QChartView* view = nullptr;
    QValueAxis* x = nullptr;
    QValueAxis* y = nullptr;
    std::vector<QLineSeries*> series;
    std::vector<QGraphicsSimpleTextItem*> names;
    std::vector<QGraphicsSimpleTextItem*> yLabels; ///< bottom, middle, top
    std::vector<QGraphicsSimpleTextItem*> xLabels; ///< left, middle, right
};

ChartPanel::ChartPanel(const QString& title, const QString& unit, std::vector<Line> lines, double leastTop,
                       QWidget* parent)
    : QWidget(parent), m_title(title), m_lines(std::move(lines)), m_scale(leastTop),
      m_chart(std::make_unique<Chart>())
{
    m_titleLabel = new QLabel(title, this);
    QFont bold = m_titleLabel->font();
    bold.setBold(true);
    m_titleLabel->setFont(bold);
    m_unitLabel = new QLabel(unit, this);
    m_summary = new QLabel(this);
    m_summary->setWordWrap(true);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    m_unitLabel->setFont(small);
    m_summary->setFont(small);

    m_chart->chart = new QChart;
    m_chart->chart->legend()->hide();
    m_chart->chart->setMargins(QMargins(0, 0, 0, 0));
    m_chart->chart->setBackgroundRoundness(0);
    m_chart->chart->setBackgroundVisible(false);
    m_chart->x = new QValueAxis;
    m_chart->y = new QValueAxis;
    m_chart->x->setRange(-m_span, 0);
    m_chart->y->setRange(0, leastTop);
    for (QValueAxis* axis : {m_chart->x, m_chart->y}) {
        // The labels are ours: Qt's cost an HTML layout per tick and cannot say "12.4k".
        axis->setLabelsVisible(false);
        axis->setTickCount(3);
        axis->setLineVisible(false);
    }
    m_chart->x->setGridLineVisible(false);
    m_chart->chart->addAxis(m_chart->x, Qt::AlignBottom);
    m_chart->chart->addAxis(m_chart->y, Qt::AlignLeft);
    for (const Line& line : m_lines) {
        auto* const series = new QLineSeries;
        series->setName(line.name.toHtmlEscaped());
        m_chart->chart->addSeries(series);
        series->attachAxis(m_chart->x);
        series->attachAxis(m_chart->y);
        m_chart->series.push_back(series);
    }
    m_chart->view = new QChartView(m_chart->chart, this);
    m_chart->view->setRenderHint(QPainter::Antialiasing);
    m_chart->view->setFrameShape(QFrame::NoFrame);
    m_chart->view->setMinimumHeight(kMinimumHeight - 60);
    m_chart->view->setFocusPolicy(Qt::NoFocus);
    m_chart->view->setAccessibleName(title);
    const auto label = [&](std::vector<QGraphicsSimpleTextItem*>& into, const QString& text) {
        auto* const item = new QGraphicsSimpleTextItem(text, m_chart->chart);
        item->setFont(small);
        into.push_back(item);
    };
    for (const Line& line : m_lines) {
        label(m_chart->names, line.name);
        QFont name = small;
        name.setBold(true);
        m_chart->names.back()->setFont(name);
    }
    for (int i = 0; i < 3; ++i) {
        label(m_chart->yLabels, {});
        label(m_chart->xLabels, {});
    }

    auto* const head = new QHBoxLayout;
    head->addWidget(m_titleLabel);
    head->addStretch(1);
    head->addWidget(m_unitLabel);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(m_chart->view, 1);
    layout->addWidget(m_summary);
    setMinimumHeight(kMinimumHeight);
    labelAxes();
}

ChartPanel::~ChartPanel() = default;

void ChartPanel::setColors(const Colors& colors)
{
    m_colors = colors;
    QPalette palette = this->palette();
    palette.setColor(QPalette::WindowText, colors.muted);
    m_unitLabel->setPalette(palette);
    m_summary->setPalette(palette);
    palette.setColor(QPalette::WindowText, colors.text);
    m_titleLabel->setPalette(palette);
    m_chart->view->setBackgroundBrush(colors.background);
    m_chart->y->setGridLineColor(colors.grid);
    for (std::size_t i = 0; i < m_chart->series.size(); ++i) {
        const QColor color = i < colors.lines.size() ? colors.lines[i] : colors.text;
        m_chart->series[i]->setPen(QPen(color, 1)); // wider or dashed pens cost a multiple
        m_chart->names[i]->setBrush(color);
    }
    for (QGraphicsSimpleTextItem* item : m_chart->yLabels) {
        item->setBrush(colors.muted);
    }
    for (QGraphicsSimpleTextItem* item : m_chart->xLabels) {
        item->setBrush(colors.muted);
    }
}

void ChartPanel::setSpan(int seconds)
{
    m_span = seconds;
    m_chart->x->setRange(-seconds, 0);
    labelAxes();
    refresh(m_now);
}

void ChartPanel::refresh(double nowSeconds)
{
    m_now = nowSeconds;
    if (!isVisible()) {
        return;
    }
    double largest = 0;
    for (const Line& line : m_lines) {
        largest = std::max(largest, line.values->peak(nowSeconds, m_span).value);
    }
    const double top = m_scale.update(largest, nowSeconds);
    if (top != m_shownTop) {
        m_shownTop = top;
        m_chart->y->setRange(0, top);
        labelAxes();
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        m_chart->series[i]->replace(m_lines[i].values->window(nowSeconds, m_span, kColumns));
    }
    placeNames();
}

void ChartPanel::setSummary(const QString& text)
{
    if (m_summary->text() != text) {
        m_summary->setText(text);
    }
}

void ChartPanel::labelAxes()
{
    const auto seconds = [](int value) {
        return value < 120 ? tr("−%1 s").arg(value) : tr("−%1 min").arg(value / 60);
    };
    m_chart->xLabels[0]->setText(seconds(m_span));
    m_chart->xLabels[1]->setText(
        m_span < 120
            ? QStringLiteral("−%1").arg(m_span / 2)
            : (m_span % 120 == 0 ? seconds(m_span / 2) : tr("−%1 min").arg(m_span / 120.0, 0, 'f', 1)));
    m_chart->xLabels[2]->setText(tr("now"));
    m_chart->yLabels[0]->setText(QStringLiteral("0"));
    m_chart->yLabels[1]->setText(figures::rate(m_scale.top() / 2));
    m_chart->yLabels[2]->setText(figures::rate(m_scale.top()));
    placeNames();
}

void ChartPanel::placeNames()
{
    const QRectF plot(kLeftMargin, kTopMargin,
                      std::max(10, m_chart->view->width() - kLeftMargin - kRightMargin),
                      std::max(10, m_chart->view->height() - kTopMargin - kBottomMargin));
    if (m_chart->chart->plotArea() != plot) {
        m_chart->chart->setPlotArea(plot);
        m_chart->chart->layout()->invalidate(); // else the grid keeps the former width
        m_chart->chart->layout()->activate();
    }
    for (int i = 0; i < 3; ++i) {
        QGraphicsSimpleTextItem* const y = m_chart->yLabels[static_cast<std::size_t>(i)];
        const QRectF yBox = y->boundingRect();
        y->setPos(plot.left() - yBox.width() - 6, plot.bottom() - plot.height() * i / 2 - yBox.height() / 2);
        QGraphicsSimpleTextItem* const x = m_chart->xLabels[static_cast<std::size_t>(i)];
        const double middle = plot.left() + plot.width() * i / 2;
        x->setPos(i == 0 ? plot.left()
                         : (i == 1 ? middle - x->boundingRect().width() / 2
                                   : plot.right() - x->boundingRect().width()),
                  plot.bottom() + 4);
    }
    // Names at the height of their line's end, pushed apart where lines end close to each other.
    std::vector<std::pair<double, QGraphicsSimpleTextItem*>> ends;
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const double share = m_scale.top() > 0 ? std::min(1.0, m_lines[i].values->last() / m_scale.top()) : 0;
        ends.emplace_back(plot.bottom() - share * plot.height(), m_chart->names[i]);
        m_chart->names[i]->setVisible(!m_lines[i].values->isEmpty());
    }
    std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    double free = -1e9;
    for (const auto& [y, item] : ends) {
        const double height = item->boundingRect().height();
        const double placed =
            std::clamp(std::max(y - height / 2, free), plot.top() - height / 2, plot.bottom() + height / 2);
        item->setPos(plot.right() + 6, placed);
        free = placed + height;
    }
}

void ChartPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh(m_now);
}

void ChartPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeNames();
}

} // namespace streamwright
