#include "core/record/json_value.h"
#include "core/record/record_line.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace streamwright {
namespace {

std::string lineOf(const Origin& origin)
{
    std::string line;
    appendRecordLine(line, restoredFrom(origin, nullptr));
    return line;
}

TEST(RecordLine, ShowsJsonAsItIs)
{
    const std::array<Header, 2> headers{Header{"a", "1"}, Header{"b", NullableBytes()}};
    const Origin origin{.topic = "orders",
                        .partition = 2,
                        .offset = 7,
                        .key = "k",
                        .value = R"({"n": 1.0})",
                        .headers = headers,
                        .timestampMs = 1'700'000'000'000,
                        .format = ValueFormat::Bytes};

    EXPECT_EQ(lineOf(origin),
              R"({"topic": "orders", "partition": 2, "offset": 7, "timestamp": 1700000000000, )"
              R"("key": "k", "value": {"n": 1.0}, "headers": [["a", "1"], ["b", null]]})"
              "\n");
}

TEST(RecordLine, GivesBackWhatItWrote)
{
    const std::array<Header, 1> headers{Header{"h", "\xff"}};
    for (const std::string& value :
         {std::string(R"({"n": 1.0})"), std::string("text"), std::string(R"("quoted")"),
          std::string("\xff\x00z", 3), std::string()}) {
        const Origin origin{.topic = "orders",
                            .partition = 2,
                            .offset = 7,
                            .key = "\xfe",
                            .value = value,
                            .headers = headers,
                            .timestampMs = 5,
                            .format = ValueFormat::Bytes};
        const auto read = parseRecordLine(lineOf(origin));
        ASSERT_TRUE(read) << lineOf(origin);
        EXPECT_EQ(read->value, value);
        EXPECT_EQ(read->key, "\xfe");
        EXPECT_EQ(read->topic, "orders");
        EXPECT_EQ(read->timestampMs, 5);
        ASSERT_EQ(read->headers.size(), 1U);
        EXPECT_EQ(read->headers[0].second, "\xff");
    }
    EXPECT_EQ(parseRecordLine(lineOf(Origin{.topic = "t"}))->value, std::nullopt);
}

TEST(RecordLine, TakesALineThatNamesLittle)
{
    const auto read = parseRecordLine(R"({"value": {"a": 1}})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->value, R"({"a": 1})");
    EXPECT_EQ(read->key, std::nullopt);
    EXPECT_EQ(read->partition, -1);
}

TEST(RecordLine, RefusesWhatIsNoRecord)
{
    for (const char* line : {"", "[]", "{", R"({"key": 5})", R"({"headers": [["a"]]})"}) {
        EXPECT_FALSE(parseRecordLine(line)) << line;
    }
}

} // namespace
} // namespace streamwright
