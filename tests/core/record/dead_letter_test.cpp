#include "core/record/dead_letter.h"
#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace streamwright {
namespace {

constexpr std::int64_t kFailedAt = 1'795'435'200'123; // 2026-11-23T12:00:00.123Z

/// A record that failed, with everything around it that it needs.
class FailedOrder {
public:
    FailedOrder()
    {
        m_origin = {.topic = "InputsTopic",
                    .partition = 0,
                    .offset = 41,
                    .key = "k41",
                    .timestampMs = 1'700'000'000'041,
                    .timestampType = TimestampType::Create,
                    .format = ValueFormat::Json};
        m_error = {.code = RecordErrorCode::OutOfRange, .message = "Too large.", .node = "parse"};
        value(R"({"id": 41, "price": 1.0})");
    }

    FailedOrder& value(std::string_view text)
    {
        JsonError problem;
        m_origin.value = text;
        m_origin.json =
            m_origin.format == ValueFormat::Json ? m_indexer.index(text, m_arena, problem) : nullptr;
        return *this;
    }
    FailedOrder& format(ValueFormat format)
    {
        m_origin.format = format;
        return *this;
    }

    Origin& origin() { return m_origin; }
    RecordError& error() { return m_error; }
    Arena& arena() { return m_arena; }
    Record record() { return restoredFrom(m_origin, &m_error); }
    std::string line()
    {
        std::string text;
        appendDeadLetterLine(text, record(), "purchase-requests", kFailedAt);
        return text;
    }
    /// What the line or the headers give back as the value.
    std::optional<std::string> valueReadBack()
    {
        const std::string text = line();
        const auto letter = parseDeadLetterLine(std::string_view(text).substr(0, text.size() - 1));
        EXPECT_TRUE(letter) << text;
        return letter ? letter->value : std::nullopt;
    }

private:
    Arena m_arena;
    JsonIndexer m_indexer;
    Origin m_origin;
    RecordError m_error;
};

TEST(DeadLetterLine, HasTheMembersInTheirOrder)
{
    FailedOrder order;
    const std::array<Header, 2> headers{Header{"source", "web"}, Header{kAttemptsHeader, "1"}};
    order.origin().headers = headers;
    order.origin().attempts = 1;

    EXPECT_EQ(
        order.line(),
        R"({"error": {"code": "out_of_range", "message": "Too large.", "node": "parse", "stage": "process", )"
        R"("pipeline": "purchase-requests", "topic": "InputsTopic", "partition": 0, "offset": 41, )"
        R"("attempts": 2, "failed_at": "2026-11-23T12:00:00.123Z"}, "key": "k41", )"
        R"("value": {"id": 41, "price": 1.0}, "headers": [["source", "web"]], "timestamp": 1700000000041})"
        "\n");
}

TEST(DeadLetterLine, PutsDetailAndPlaceBehindTheRest)
{
    FailedOrder order;
    order.error().detail = "\"x\" is not an int.";
    order.error().field = "content";
    order.error().from = 3;
    order.error().to = 4;

    EXPECT_NE(order.line().find(
                  R"(.123Z", "detail": "\"x\" is not an int.", "field": "content", "from": 3, "to": 4})"),
              std::string::npos);
}

TEST(DeadLetterLine, StaysOneLineWhenTheValueHasLineEnds)
{
    FailedOrder order;
    order.value("{\n  \"a\": \"b\\n\"\r\n}");

    EXPECT_NE(order.line().find(R"("value": {   "a": "b\n"  },)"), std::string::npos);
    EXPECT_EQ(order.line().find('\n'), order.line().size() - 1);
}

TEST(DeadLetterLine, KeepsWhatIsNotJsonAsTextAndWhatIsNotTextAsBase64)
{
    FailedOrder order;
    order.error().stage = Stage::Deserialize;
    order.value("{broken\n");
    EXPECT_NE(order.line().find(R"("value": "{broken\n", "headers")"), std::string::npos);
    order.value("\xff\xfe");
    EXPECT_NE(order.line().find(R"("value": "//4=", "value_encoding": "base64", "headers")"),
              std::string::npos);
    order.origin().key = "\xff";
    EXPECT_NE(order.line().find(R"("key": "/w==", "key_encoding": "base64", "value")"), std::string::npos);
}

TEST(DeadLetterLine, GivesEveryValueBackAsItWas)
{
    FailedOrder order;
    for (const char* json : {R"({"a": 1.0})", R"("text")", "12", "null"}) {
        if (std::string(json) != "null") {
            EXPECT_EQ(order.value(json).valueReadBack(), json);
        }
    }
    order.format(ValueFormat::Text);
    for (const char* text : {"plain", "two words", "{broken", R"("quoted")"}) {
        EXPECT_EQ(order.value(text).valueReadBack(), text);
    }
    EXPECT_EQ(order.format(ValueFormat::Bytes).value("\xff\n").valueReadBack(), "\xff\n");
    order.error().stage = Stage::Deserialize;
    EXPECT_EQ(order.format(ValueFormat::Json).value("{broken").valueReadBack(), "{broken");
    EXPECT_EQ(order.value(NullableBytes()).valueReadBack(), std::nullopt);
}

TEST(DeadLetterLine, CutsALongMessageBetweenCharacters)
{
    FailedOrder order;
    std::string message;
    for (int i = 0; i < 600; ++i) {
        message += "я";
    }
    order.error().message = message;
    const std::string text = order.line();
    const auto letter = parseDeadLetterLine(text);

    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->message, message.substr(0, 1024));
}

TEST(DeadLetterLine, RefusesWhatIsNoDeadLetter)
{
    for (const char* line :
         {"", "{", "[]", R"({"value": 1})", R"({"error": {}})", R"({"error": 1, "value": 1})",
          R"({"error": {}, "value": "?", "value_encoding": "base64"})"}) {
        EXPECT_FALSE(parseDeadLetterLine(line)) << line;
    }
}

std::vector<std::string> namesOf(HeadersView headers)
{
    std::vector<std::string> names;
    for (const Header& header : headers) {
        names.emplace_back(header.name);
    }
    return names;
}

TEST(DeadLetterHeaders, KeepTheRecordsOwnAndTellOfThisFailure)
{
    FailedOrder order;
    const std::array<Header, 2> own{Header{"source", "web"}, Header{"__streamwright.errors.code", "older"}};
    order.origin().headers = own;
    order.error().detail = "why";
    const HeadersView headers = deadLetterHeaders(order.record(), "purchase-requests", kFailedAt,
                                                  DeadLetterHeaderStyle::Streamwright, order.arena());

    Origin letterRecord = order.origin();
    letterRecord.headers = headers;
    const auto letter = readDeadLetter(letterRecord);
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->code, "out_of_range");
    EXPECT_EQ(letter->detail, "why");
    EXPECT_EQ(letter->topic, "InputsTopic");
    EXPECT_EQ(letter->offset, 41);
    EXPECT_EQ(letter->attempts, 1U);
    EXPECT_EQ(letter->failedAtMs, kFailedAt);
    EXPECT_EQ(letter->timestampMs, 1'700'000'000'041);
    EXPECT_EQ(letter->headers.size(), 1U);
    EXPECT_EQ(attemptsOf(headers), 1U);
}

TEST(DeadLetterHeaders, CanHaveTheNamesOfKafkaStreamsOrConnect)
{
    FailedOrder order;
    EXPECT_EQ(namesOf(deadLetterHeaders(order.record(), "p", kFailedAt, DeadLetterHeaderStyle::KafkaStreams,
                                        order.arena())),
              (std::vector<std::string>{"__streams.errors.exception", "__streams.errors.message",
                                        "__streams.errors.stacktrace", "__streams.errors.topic",
                                        "__streams.errors.partition", "__streams.errors.offset"}));
    EXPECT_EQ(namesOf(deadLetterHeaders(order.record(), "p", kFailedAt, DeadLetterHeaderStyle::KafkaConnect,
                                        order.arena()))
                  .front(),
              "__connect.errors.topic");
}

TEST(DeadLetterHeaders, AreTakenOffOnTheWayOut)
{
    Arena arena;
    const std::array<Header, 3> headers{Header{"a", "1"}, Header{"__streamwright.errors.code", "bad_json"},
                                        Header{"b", NullableBytes()}};
    EXPECT_EQ(namesOf(withoutErrorHeaders(headers, arena)), (std::vector<std::string>{"a", "b"}));
    const HeadersView clean = HeadersView(headers).first(1);
    EXPECT_EQ(withoutErrorHeaders(clean, arena).data(), clean.data());
}

TEST(DeadLetterHeaders, OfARecordThatNeverFailedTellNothing)
{
    const std::array<Header, 1> headers{Header{kAttemptsHeader, "2"}};
    Origin origin{.value = "1", .headers = headers};
    EXPECT_FALSE(readDeadLetter(origin));
    EXPECT_EQ(attemptsOf(headers), 2U);
    EXPECT_EQ(attemptsOf({}), 0U);
}

} // namespace
} // namespace streamwright
