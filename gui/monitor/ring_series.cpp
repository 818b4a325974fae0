#include "gui/monitor/ring_series.h"

#include <algorithm>
#include <cmath>

namespace streamwright {
namespace {

constexpr double kShrinkAfterS = 10;

} // namespace

void RingSeries::add(double seconds, double value)
{
    m_samples[m_next] = {seconds, value};
    m_next = (m_next + 1) % m_samples.size();
    m_count = std::min(m_count + 1, m_samples.size());
}

const RingSeries::Sample& RingSeries::at(std::size_t index) const
{
    return m_samples[(m_next + m_samples.size() - m_count + index) % m_samples.size()];
}

double RingSeries::last() const
{
    return m_count == 0 ? 0 : at(m_count - 1).value;
}

std::size_t RingSeries::firstAfter(double seconds) const
{
    std::size_t low = 0;
    std::size_t high = m_count;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (at(middle).seconds < seconds) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

RingSeries::Peak RingSeries::peak(double now, double span) const
{
    Peak best;
    for (std::size_t i = firstAfter(now - span); i < m_count; ++i) {
        if (at(i).value >= best.value) {
            best = {at(i).value, now - at(i).seconds};
        }
    }
    return best;
}

QList<QPointF> RingSeries::window(double now, double span, int columns) const
{
    const std::size_t first = firstAfter(now - span);
    const std::size_t count = m_count - first;
    QList<QPointF> points;
    if (columns <= 0 || count <= static_cast<std::size_t>(columns)) {
        points.reserve(static_cast<qsizetype>(count));
        for (std::size_t i = first; i < m_count; ++i) {
            points.append({at(i).seconds - now, at(i).value});
        }
        return points;
    }
    // Two points a column: its smallest and largest value, in the order of time.
    const std::size_t buckets = std::max<std::size_t>(1, static_cast<std::size_t>(columns) / 2);
    points.reserve(static_cast<qsizetype>(buckets * 2));
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const std::size_t begin = first + count * bucket / buckets;
        const std::size_t end = first + count * (bucket + 1) / buckets;
        std::size_t low = begin;
        std::size_t high = begin;
        for (std::size_t i = begin; i < end; ++i) {
            low = at(i).value < at(low).value ? i : low;
            high = at(i).value > at(high).value ? i : high;
        }
        for (const std::size_t i : {std::min(low, high), std::max(low, high)}) {
            points.append({at(i).seconds - now, at(i).value});
        }
    }
    return points;
}

double niceCeiling(double value)
{
    if (value <= 0) {
        return 1;
    }
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0, 10.0}) {
        if (value <= step * power * (1 + 1e-9)) {
            return step * power;
        }
    }
    return 10 * power;
}

double AxisScale::update(double largest, double nowSeconds)
{
    const double wanted = std::max(m_least, niceCeiling(largest));
    if (wanted >= m_top) {
        m_top = wanted;
        m_smallSince = -1;
    } else if (m_smallSince < 0) {
        m_smallSince = nowSeconds;
    } else if (nowSeconds - m_smallSince >= kShrinkAfterS) {
        m_top = wanted;
        m_smallSince = -1;
    }
    return m_top;
}

} // namespace streamwright
