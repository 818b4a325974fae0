#include "core/nodes/builtin.h"
#include "tests/core/nodes/sink_driver.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

std::string printed(const char* config, const std::vector<std::string>& values, Millis between = Millis{0})
{
    SinkDriver sink(consoleSinkNodeType(), config, {});
    testing::internal::CaptureStdout();
    for (const std::string& value : values) {
        EXPECT_TRUE(sink.write({value}));
        sink.manualClock().advance(between);
    }
    return testing::internal::GetCapturedStdout();
}

TEST(ConsoleSink, PrintsRecordsAsLines)
{
    EXPECT_EQ(printed("{}", {"1.0"}),
              R"({"topic": "orders", "partition": 1, "offset": 0, "timestamp": 1700000000000, )"
              R"("key": "k", "value": 1.0, "headers": []})"
              "\n");
}

TEST(ConsoleSink, PrintsATable)
{
    EXPECT_EQ(printed(R"({"format": "table"})", {"[1]", "2"}),
              "TIME          PART      OFFSET  KEY                       VALUE\n"
              "22:13:20.000     1           0  k                         [1]\n"
              "22:13:20.000     1           1  k                         2\n");
}

TEST(ConsoleSink, ShowsNoMoreThanItMayAndCountsTheRest)
{
    const std::string text =
        printed(R"({"format": "table", "max_per_second": 2})", {"1", "2", "3", "4", "5"}, Millis{250});
    EXPECT_NE(text.find("  2\n"), std::string::npos);
    EXPECT_EQ(text.find("  3\n"), std::string::npos);
    EXPECT_NE(text.find("… 2 more not shown\n"), std::string::npos) << text;
    EXPECT_NE(text.find("  5\n"), std::string::npos);
}

} // namespace
} // namespace streamwright
