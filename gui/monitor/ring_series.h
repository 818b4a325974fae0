#pragma once

#include <QList>
#include <QPointF>

#include <cstddef>
#include <vector>

namespace streamwright {

/// The last values of one figure with their times: a fixed ring, so that a chart costs the same after a day
/// as after a minute. Plain value. Thread: GUI.
class RingSeries {
public:
    explicit RingSeries(std::size_t capacity) : m_samples(capacity) {}

    /// `seconds`: monotonic time; must not decrease.
    void add(double seconds, double value);
    void clear() { m_count = 0; }

    [[nodiscard]] bool isEmpty() const { return m_count == 0; }
    [[nodiscard]] double last() const;
    /// Largest value of the last `span` seconds before `now`, and how many seconds before it was.
    struct Peak {
        double value = 0;
        double secondsAgo = 0;
    };
    [[nodiscard]] Peak peak(double now, double span) const;

    /// Points of the last `span` seconds as (seconds ago as a negative number, value), oldest first; with
    /// more than `columns` of them only the smallest and largest of each column, so that no spike is lost.
    [[nodiscard]] QList<QPointF> window(double now, double span, int columns) const;

private:
    struct Sample {
        double seconds = 0;
        double value = 0;
    };
    [[nodiscard]] const Sample& at(std::size_t index) const; ///< 0 = oldest
    [[nodiscard]] std::size_t firstAfter(double seconds) const;

    std::vector<Sample> m_samples;
    std::size_t m_next = 0;
    std::size_t m_count = 0;
};

/// The top of a value axis: grows at once in steps of 1, 2 and 5 times a power of ten, shrinks only after the
/// values have been small for 10 s, so that the axis does not jump.
class AxisScale {
public:
    explicit AxisScale(double least) : m_least(least), m_top(least) {}
    /// Takes the largest visible value; the top to draw comes back.
    double update(double largest, double nowSeconds);
    [[nodiscard]] double top() const { return m_top; }

private:
    double m_least;
    double m_top;
    double m_smallSince = -1;
};

/// The smallest of 1, 2, 5 times a power of ten that is not less than `value`.
[[nodiscard]] double niceCeiling(double value);

} // namespace streamwright
