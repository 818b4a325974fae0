#pragma once

#include "gui/monitor/ring_series.h"

#include <QColor>
#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

class QLabel;

namespace streamwright {

/// One chart of the monitor: title, unit, lines over the last minutes, and a sentence below it that says the
/// same in words. The only file that knows Qt Charts (GPL-3.0). Thread: GUI. Lifecycle: child of the monitor.
///
/// Cost: one replace() per line and tick with a fixed axis of "seconds ago" (a moving axis recomputes every
/// point).
class ChartPanel final : public QWidget {
    Q_OBJECT

public:
    struct Line {
        QString name; ///< stands at the line's end, so that colour is never the only key
        const RingSeries* values = nullptr; ///< must outlive the panel
    };
    struct Colors {
        QColor background;
        QColor text;
        QColor muted;
        QColor grid;
        std::vector<QColor> lines;
    };

    ChartPanel(const QString& title, const QString& unit, std::vector<Line> lines, double leastTop,
               QWidget* parent = nullptr);
    ~ChartPanel() override;

    void setColors(const Colors& colors);
    /// Visible window in seconds: 60, 300 or 900.
    void setSpan(int seconds);
    /// Draws the state at `now` (the series' own time); does nothing while hidden but remember it.
    void refresh(double nowSeconds);
    void setSummary(const QString& text);

    [[nodiscard]] QString title() const { return m_title; }
    [[nodiscard]] const std::vector<Line>& lines() const { return m_lines; }
    [[nodiscard]] int span() const { return m_span; }

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Chart;
    void placeNames();
    void labelAxes();

    QString m_title;
    std::vector<Line> m_lines;
    AxisScale m_scale;
    int m_span = 60;
    double m_now = 0;
    double m_shownTop = -1;
    std::unique_ptr<Chart> m_chart;
    QLabel* m_titleLabel = nullptr;
    QLabel* m_unitLabel = nullptr;
    QLabel* m_summary = nullptr;
    Colors m_colors;
};

} // namespace streamwright
