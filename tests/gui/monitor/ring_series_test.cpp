#include "gui/monitor/ring_series.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(RingSeries, ForgetsTheOldestBeyondItsCapacity)
{
    RingSeries series(3);
    for (int i = 1; i <= 5; ++i) {
        series.add(i, i * 10);
    }
    const QList<QPointF> points = series.window(5, 100, 100);
    ASSERT_EQ(points.size(), 3);
    EXPECT_EQ(points.front(), QPointF(-2, 30));
    EXPECT_EQ(points.back(), QPointF(0, 50));
    EXPECT_EQ(series.last(), 50);
}

TEST(RingSeries, ShowsOnlyTheWindow)
{
    RingSeries series(100);
    for (int i = 0; i <= 60; ++i) {
        series.add(i, i);
    }
    EXPECT_EQ(series.window(60, 10, 100).size(), 11);
    EXPECT_EQ(series.peak(60, 10).value, 60);
    EXPECT_EQ(series.peak(60, 10).secondsAgo, 0);
}

TEST(RingSeries, LosesNoSpikeWhenItThinsOut)
{
    RingSeries series(10'000);
    for (int i = 0; i < 9'000; ++i) {
        series.add(i * 0.1, i == 4'321 ? 1'000 : 1);
    }
    const QList<QPointF> points = series.window(900, 900, 600);
    EXPECT_LE(points.size(), 600);
    double largest = 0;
    double before = -1e9;
    for (const QPointF& point : points) {
        largest = std::max(largest, point.y());
        EXPECT_GE(point.x(), before);
        before = point.x();
    }
    EXPECT_EQ(largest, 1'000);
}

TEST(AxisScale, GrowsAtOnceAndShrinksLate)
{
    AxisScale scale(10);
    EXPECT_EQ(scale.update(3, 0), 10);
    EXPECT_EQ(scale.update(1'300, 1), 2'000);
    EXPECT_EQ(scale.update(30, 2), 2'000);
    EXPECT_EQ(scale.update(30, 11), 2'000);
    EXPECT_EQ(scale.update(30, 12.5), 50);
}

TEST(AxisScale, EndsAtOneTwoOrFive)
{
    EXPECT_EQ(niceCeiling(0), 1);
    EXPECT_EQ(niceCeiling(1), 1);
    EXPECT_EQ(niceCeiling(1.1), 2);
    EXPECT_EQ(niceCeiling(4'900), 5'000);
    EXPECT_EQ(niceCeiling(5'001), 10'000);
    EXPECT_NEAR(niceCeiling(0.03), 0.05, 1e-12);
}

} // namespace
} // namespace streamwright
