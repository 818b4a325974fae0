#include "core/base/time_text.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(TimeText, WritesUtcWithMilliseconds)
{
    EXPECT_EQ(formatUtc(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(formatUtc(1'700'000'000'041), "2023-11-14T22:13:20.041Z");
    EXPECT_EQ(formatUtc(-1), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(formatUtcDate(1'700'000'000'041), "2023-11-14");
}

TEST(TimeText, ReadsEveryFormOfTheStandard)
{
    EXPECT_EQ(parseRfc3339("2023-11-14T22:13:20.041Z"), 1'700'000'000'041);
    EXPECT_EQ(parseRfc3339("2023-11-15T01:13:20.0419+03:00"), 1'700'000'000'041);
    EXPECT_EQ(parseRfc3339("2023-11-14t22:13:20z"), 1'700'000'000'000);
    EXPECT_EQ(parseRfc3339("1969-12-31T23:59:59.999Z"), -1);
    EXPECT_EQ(parseRfc3339("1990-12-31T23:59:60Z"), 662'688'000'000);
}

TEST(TimeText, RefusesWhatIsNoTime)
{
    for (const char* text :
         {"", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14 22:13:20Z", "2023-02-29T00:00:00Z",
          "2023-11-14T24:00:00Z", "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20Z ",
          "2023-11-14T22:13:20+3:00", "2023-11-14T22:13:20+24:00"}) {
        EXPECT_EQ(parseRfc3339(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace streamwright
