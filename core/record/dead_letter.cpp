#include "core/record/dead_letter.h"

#include "core/base/time_text.h"
#include "core/base/utf8.h"
#include "core/record/record_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>

namespace streamwright {
namespace {

constexpr std::string_view kStreamsPrefix = "__streams.errors.";
constexpr std::string_view kConnectPrefix = "__connect.errors.";

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

template <typename Number>
std::optional<Number> parseNumber(std::string_view text)
{
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc{} || at != end || text.empty()) {
        return std::nullopt;
    }
    return number;
}

/// What failed, all of it known.
struct Failure {
    const RecordError& error;
    const Origin& origin;
    std::string_view pipeline;
    std::int64_t nowMs;

    [[nodiscard]] std::string_view message() const { return cutUtf8(error.message, kMaxErrorMessageBytes); }
    [[nodiscard]] std::string_view detail() const { return cutUtf8(error.detail, kMaxErrorMessageBytes); }
    [[nodiscard]] std::uint32_t attempts() const { return origin.attempts + 1; }
};

Failure failureOf(const Record& record, std::string_view pipeline, std::int64_t nowMs)
{
    SW_ASSERT(record.error != nullptr && record.origin != nullptr,
              "only a record with an error is a dead letter");
    return {*record.error, *record.origin, pipeline, nowMs};
}

void appendError(std::string& out, const Failure& failure)
{
    const auto& [error, origin, pipeline, nowMs] = failure;
    LineWriter writer(out);
    writer.text("code", toString(error.code));
    writer.text("message", failure.message());
    writer.text("node", error.node);
    writer.text("stage", toString(error.stage));
    writer.text("pipeline", pipeline);
    writer.text("topic", origin.topic);
    writer.number("partition", origin.partition);
    writer.number("offset", origin.offset);
    writer.number("attempts", failure.attempts());
    writer.text("failed_at", formatUtc(nowMs));
    if (!error.detail.empty()) {
        writer.text("detail", failure.detail());
    }
    if (!error.field.empty()) {
        writer.text("field", error.field);
    }
    if (error.from >= 0) {
        writer.number("from", error.from);
        writer.number("to", error.to);
    }
    writer.close();
}

/// Collects headers of a failure in an arena's array.
class HeaderList {
public:
    HeaderList(std::span<Header> space, std::string_view prefix, Arena& arena)
        : m_space(space), m_prefix(prefix), m_arena(arena)
    {
    }

    void keep(const Header& header) { m_space[m_count++] = header; }
    void text(std::string_view name, std::string_view value)
    {
        m_name = m_prefix;
        m_name += name;
        m_space[m_count++] = {m_arena.copy(m_name), m_arena.copy(value)};
    }
    void number(std::string_view name, std::int64_t value) { text(name, std::to_string(value)); }
    [[nodiscard]] HeadersView view() const { return m_space.first(m_count); }

private:
    std::span<Header> m_space;
    std::string_view m_prefix;
    Arena& m_arena;
    std::size_t m_count = 0;
    std::string m_name;
};

constexpr std::size_t kMaxErrorHeaders = 16;

void addOwn(HeaderList& list, const Failure& failure)
{
    const auto& [error, origin, pipeline, nowMs] = failure;
    list.text("topic", origin.topic);
    list.number("partition", origin.partition);
    list.number("offset", origin.offset);
    list.number("timestamp", origin.timestampMs);
    list.text("pipeline", pipeline);
    list.text("node", error.node);
    list.text("stage", toString(error.stage));
    list.text("code", toString(error.code));
    list.text("message", failure.message());
    list.number("attempts", failure.attempts());
    list.text("failed_at", formatUtc(nowMs));
    if (!error.detail.empty()) {
        list.text("detail", failure.detail());
    }
    if (!error.field.empty()) {
        list.text("field", error.field);
    }
    if (error.from >= 0) {
        list.number("from", error.from);
        list.number("to", error.to);
    }
}

void addStreams(HeaderList& list, const Failure& failure)
{
    list.text("exception", toString(failure.error.code));
    list.text("message", failure.message());
    list.text("stacktrace", failure.error.node);
    list.text("topic", failure.origin.topic);
    list.number("partition", failure.origin.partition);
    list.number("offset", failure.origin.offset);
}

void addConnect(HeaderList& list, const Failure& failure)
{
    list.text("topic", failure.origin.topic);
    list.number("partition", failure.origin.partition);
    list.number("offset", failure.origin.offset);
    list.text("connector.name", failure.pipeline);
    list.text("task.id", failure.error.node);
    list.text("stage", toString(failure.error.stage));
    list.text("exception.class.name", toString(failure.error.code));
    list.text("exception.message", failure.message());
}

Error badLine(std::string_view reason)
{
    return {Errc::ParseError, "The line is not a dead letter: " + std::string(reason) + '.'};
}

void setFromHeader(DeadLetter& letter, std::string_view name, const std::string& value)
{
    const auto is = [&name](std::string_view own, std::string_view streams = {},
                            std::string_view connect = {}) {
        return name == own || (!streams.empty() && name == streams) || (!connect.empty() && name == connect);
    };
    if (is("code", "exception", "exception.class.name")) {
        letter.code = value;
    } else if (is("message", "message", "exception.message")) {
        letter.message = value;
    } else if (is("node", "stacktrace", "task.id")) {
        letter.node = value;
    } else if (is("pipeline", {}, "connector.name")) {
        letter.pipeline = value;
    } else if (name == "topic") {
        letter.topic = value;
    } else if (name == "partition") {
        letter.partition = parseNumber<std::int32_t>(value).value_or(-1);
    } else if (name == "offset") {
        letter.offset = parseNumber<std::int64_t>(value).value_or(-1);
    } else if (name == "timestamp") {
        letter.timestampMs = parseNumber<std::int64_t>(value).value_or(letter.timestampMs);
    } else if (name == "stage") {
        letter.stage = value;
    } else if (name == "attempts") {
        letter.attempts = parseNumber<std::uint32_t>(value).value_or(0);
    } else if (name == "failed_at") {
        letter.failedAtMs = parseRfc3339(value).value_or(-1);
    } else if (name == "detail") {
        letter.detail = value;
    } else if (name == "field") {
        letter.field = value;
    } else if (name == "from") {
        letter.from = parseNumber<std::int32_t>(value).value_or(-1);
    } else if (name == "to") {
        letter.to = parseNumber<std::int32_t>(value).value_or(-1);
    }
}

std::string_view errorPrefixOf(std::string_view name)
{
    for (const std::string_view prefix : {kErrorHeaderPrefix, kStreamsPrefix, kConnectPrefix}) {
        if (startsWith(name, prefix)) {
            return prefix;
        }
    }
    return {};
}

} // namespace

bool isErrorHeader(std::string_view name)
{
    return startsWith(name, kErrorHeaderPrefix);
}

void appendDeadLetterLine(std::string& out, const Record& record, std::string_view pipelineName,
                          std::int64_t nowMs)
{
    const Failure failure = failureOf(record, pipelineName, nowMs);
    const Origin& origin = failure.origin;
    LineWriter line(out);
    line.name("error");
    appendError(out, failure);
    line.bytes("key", origin.key);
    // A bare string is the text itself where the source could not read it; else it has to be told from JSON.
    line.value("value", {.format = origin.format, .bytes = origin.value, .json = origin.json},
               failure.error.stage != Stage::Deserialize);
    line.headers("headers", origin.headers);
    line.timestamp("timestamp", origin.timestampMs);
    line.close();
    out += '\n';
}

HeadersView deadLetterHeaders(const Record& record, std::string_view pipelineName, std::int64_t nowMs,
                              DeadLetterHeaderStyle style, Arena& arena)
{
    const Failure failure = failureOf(record, pipelineName, nowMs);
    const HeadersView own = failure.origin.headers;
    const std::span<Header> space = arena.makeArray<Header>(own.size() + kMaxErrorHeaders);
    const std::string_view prefix = style == DeadLetterHeaderStyle::Streamwright   ? kErrorHeaderPrefix
                                    : style == DeadLetterHeaderStyle::KafkaStreams ? kStreamsPrefix
                                                                                   : kConnectPrefix;
    HeaderList list(space, prefix, arena);
    for (const Header& header : own) {
        if (!isErrorHeader(header.name)) {
            list.keep(header);
        }
    }
    switch (style) {
    case DeadLetterHeaderStyle::Streamwright: addOwn(list, failure); break;
    case DeadLetterHeaderStyle::KafkaStreams: addStreams(list, failure); break;
    case DeadLetterHeaderStyle::KafkaConnect: addConnect(list, failure); break;
    }
    return list.view();
}

HeadersView withoutErrorHeaders(HeadersView headers, Arena& arena)
{
    if (std::none_of(headers.begin(), headers.end(),
                     [](const Header& header) { return isErrorHeader(header.name); })) {
        return headers;
    }
    const std::span<Header> kept = arena.makeArray<Header>(headers.size());
    const auto end = std::copy_if(headers.begin(), headers.end(), kept.begin(),
                                  [](const Header& header) { return !isErrorHeader(header.name); });
    return kept.first(static_cast<std::size_t>(end - kept.begin()));
}

std::uint32_t attemptsOf(HeadersView headers)
{
    for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
        if (header->name == kAttemptsHeader) {
            return parseNumber<std::uint32_t>(header->value).value_or(0);
        }
    }
    return 0;
}

Result<DeadLetter> parseDeadLetterLine(std::string_view line)
{
    Arena arena;
    JsonError problem;
    const JsonValue* const value = JsonIndexer().index(line, arena, problem);
    if (value == nullptr) {
        return badLine("at byte " + std::to_string(problem.offset) + ": " + problem.reason);
    }
    const LineFields whole(value->root);
    const auto errorNode = whole.node("error");
    if (!errorNode || errorNode->type != JsonType::Object || !whole.node("value")) {
        return badLine("it has no \"error\" or no \"value\"");
    }
    const LineFields error(*errorNode);
    DeadLetter letter;
    letter.code = error.text("code");
    letter.message = error.text("message");
    letter.node = error.text("node");
    letter.stage = error.text("stage");
    letter.pipeline = error.text("pipeline");
    letter.topic = error.text("topic");
    letter.partition = static_cast<std::int32_t>(error.number("partition", -1));
    letter.offset = error.number("offset", -1);
    letter.attempts = static_cast<std::uint32_t>(error.number("attempts", 0));
    letter.failedAtMs = parseRfc3339(error.text("failed_at")).value_or(-1);
    letter.detail = error.text("detail");
    letter.field = error.text("field");
    letter.from = static_cast<std::int32_t>(error.number("from", -1));
    letter.to = static_cast<std::int32_t>(error.number("to", -1));
    letter.timestampMs = whole.number("timestamp", -1);
    auto key = whole.bytes("key");
    auto body = whole.value("value", letter.stage == toString(Stage::Deserialize));
    auto headers = whole.headers("headers");
    if (!key || !body || !headers) {
        return !key ? key.error() : !body ? body.error() : headers.error();
    }
    letter.key = std::move(*key);
    letter.value = std::move(*body);
    letter.headers = std::move(*headers);
    return letter;
}

std::optional<DeadLetter> readDeadLetter(const Origin& record)
{
    const auto copied = [](NullableBytes bytes) {
        return isNull(bytes) ? std::nullopt : std::optional<std::string>(bytes);
    };
    DeadLetter letter;
    letter.timestampMs = record.timestampMs;
    letter.key = copied(record.key);
    letter.value = copied(record.value);
    bool found = false;
    for (const Header& header : record.headers) {
        const std::string_view prefix = errorPrefixOf(header.name);
        if (prefix.empty()) {
            letter.headers.emplace_back(header.name, copied(header.value));
        } else {
            found = found || header.name != kAttemptsHeader;
            setFromHeader(letter, header.name.substr(prefix.size()), std::string(header.value));
        }
    }
    return found ? std::optional<DeadLetter>(std::move(letter)) : std::nullopt;
}

} // namespace streamwright
