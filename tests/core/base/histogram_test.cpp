#include "core/base/histogram.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(Histogram, GivesQuantilesWithinAnEighth)
{
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 100'000; ++value) {
        histogram.add(value);
    }
    EXPECT_NEAR(static_cast<double>(histogram.quantile(0.5)), 50'000.0, 50'000.0 / 8);
    EXPECT_NEAR(static_cast<double>(histogram.quantile(0.99)), 99'000.0, 99'000.0 / 8);
    EXPECT_EQ(Histogram{}.quantile(0.5), 0U);
}

TEST(Histogram, SubtractsAnEarlierCopy)
{
    Histogram histogram;
    histogram.add(5, 10);
    const Histogram earlier = histogram;
    histogram.add(1'000'000, 3);
    EXPECT_EQ(histogram.since(earlier).total(), 3U);
    EXPECT_GE(histogram.since(earlier).quantile(0.5), 1'000'000U);
}

TEST(Histogram, TakesTheGreatestValue)
{
    Histogram histogram;
    histogram.add(UINT64_MAX);
    EXPECT_EQ(histogram.quantile(1.0), UINT64_MAX);
}

} // namespace
} // namespace streamwright
