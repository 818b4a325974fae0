#include "core/record/dead_letter.h"

#include "core/base/base64.h"
#include "core/base/time_text.h"
#include "core/base/utf8.h"
#include "core/record/json_value.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>

namespace streamwright {
namespace {

constexpr std::string_view kStreamsPrefix = "__streams.errors.";
constexpr std::string_view kConnectPrefix = "__connect.errors.";
constexpr std::string_view kBase64 = "base64";
constexpr std::string_view kText = "text";

bool startsWith(std::string_view text, std::string_view prefix)
{
    return text.substr(0, prefix.size()) == prefix;
}

bool isErrorHeader(const Header& header)
{
    return startsWith(header.name, kErrorHeaderPrefix);
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

/// Writes the members of a JSON object.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : m_out(out) { m_out += '{'; }

    void text(std::string_view key, std::string_view value)
    {
        name(key);
        appendJsonString(m_out, value);
    }
    void number(std::string_view key, std::int64_t value)
    {
        name(key);
        m_out += std::to_string(value);
    }
    /// Writes the key; the caller writes the value.
    void name(std::string_view key)
    {
        if (!m_first) {
            m_out += ", ";
        }
        m_first = false;
        appendJsonString(m_out, key);
        m_out += ": ";
    }
    void close() { m_out += '}'; }

private:
    std::string& m_out;
    bool m_first = true;
};

void appendError(std::string& out, const Failure& failure)
{
    const auto& [error, origin, pipeline, nowMs] = failure;
    ObjectWriter writer(out);
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

/// Text as a JSON string, null as null, other bytes as base64: true where it was that.
bool appendBytes(std::string& out, NullableBytes bytes)
{
    if (isNull(bytes)) {
        out += "null";
        return false;
    }
    if (isValidUtf8(bytes)) {
        appendJsonString(out, bytes);
        return false;
    }
    out += '"';
    appendBase64(out, bytes);
    out += '"';
    return true;
}

/// Validated JSON on one line: outside of strings a line end is only white space.
void appendOneLine(std::string& out, std::string_view json)
{
    const std::size_t start = out.size();
    out += json;
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
        [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

enum class Written : std::uint8_t { Json, Text, Base64 };

Written appendValue(std::string& out, const Origin& origin)
{
    if (isNull(origin.value) || origin.json != nullptr) {
        appendOneLine(out, isNull(origin.value) ? "null" : origin.value);
        return Written::Json;
    }
    Arena arena;
    JsonError problem;
    // A value that its source refused is not asked again: what is nested too deep is no use to a reader
    // either.
    if (origin.format != ValueFormat::Json && !origin.value.empty() &&
        JsonIndexer().index(origin.value, arena, problem) != nullptr) {
        appendOneLine(out, origin.value);
        return Written::Json;
    }
    return appendBytes(out, origin.value) ? Written::Base64 : Written::Text;
}

void appendHeaders(std::string& out, HeadersView headers)
{
    out += '[';
    bool first = true;
    for (const Header& header : headers) {
        if (isErrorHeader(header)) {
            continue;
        }
        out += first ? "[" : ", [";
        first = false;
        appendBytes(out, isValidUtf8(header.name) ? header.name : std::string_view("?"));
        out += ", ";
        if (appendBytes(out, header.value)) {
            out += ", \"base64\"";
        }
        out += ']';
    }
    out += ']';
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

// ---- reading back

/// Members of a JSON object by name.
class ObjectReader {
public:
    explicit ObjectReader(JsonNode object) : m_object(object) {}

    [[nodiscard]] std::optional<JsonNode> node(std::string_view name) const
    {
        return m_object.type == JsonType::Object ? findIn(m_object, name) : std::nullopt;
    }
    [[nodiscard]] std::string text(std::string_view name) const
    {
        const auto found = node(name);
        return found && found->type == JsonType::String ? std::string(decodeString(*found, m_arena))
                                                        : std::string();
    }
    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t otherwise) const
    {
        const auto found = node(name);
        return found && found->type == JsonType::Int ? asInt64(*found).value_or(otherwise) : otherwise;
    }
    [[nodiscard]] Arena& arena() const { return m_arena; }

private:
    JsonNode m_object;
    mutable Arena m_arena; // of decoded text, which the getters copy out of
};

Error badLine(std::string_view reason)
{
    return {Errc::ParseError, "The line is not a dead letter: " + std::string(reason) + '.'};
}

/// What appendBytes() wrote.
Result<std::optional<std::string>> readBytes(const JsonNode& node, bool base64, Arena& arena)
{
    if (node.type == JsonType::Null) {
        return std::optional<std::string>();
    }
    if (node.type != JsonType::String) {
        return badLine("a key or header is neither text nor null");
    }
    const std::string_view text = decodeString(node, arena);
    if (!base64) {
        return std::optional<std::string>(text);
    }
    std::optional<std::string> bytes = decodeBase64(text);
    if (!bytes) {
        return badLine("something marked as base64 is not");
    }
    return bytes;
}

Result<void> readHeaders(const ObjectReader& line, DeadLetter& letter)
{
    const auto list = line.node("headers");
    if (!list) {
        return {};
    }
    for (JsonCursor entries(*list); entries.next();) {
        std::vector<JsonNode> parts;
        for (JsonCursor entry(entries.value()); entry.next();) {
            parts.push_back(entry.value());
        }
        if (parts.size() < 2 || parts[0].type != JsonType::String) {
            return badLine("a header is not a pair of name and text");
        }
        auto value = readBytes(parts[1], parts.size() > 2, line.arena());
        if (!value) {
            return value.error();
        }
        letter.headers.emplace_back(decodeString(parts[0], line.arena()), std::move(*value));
    }
    return {};
}

/// A string is the text itself where its source could not read it as JSON, or where the line says so.
bool valueIsBareText(const DeadLetter& letter, const std::string& encoding)
{
    return encoding == kText || (encoding.empty() && letter.stage == toString(Stage::Deserialize));
}

Result<void> readValue(const ObjectReader& line, DeadLetter& letter)
{
    const auto value = line.node("value");
    if (!value) {
        return badLine("it has no \"value\"");
    }
    const std::string encoding = line.text("value_encoding");
    if (value->type == JsonType::String && (encoding == kBase64 || valueIsBareText(letter, encoding))) {
        auto bytes = readBytes(*value, encoding == kBase64, line.arena());
        if (!bytes) {
            return bytes.error();
        }
        letter.value = std::move(*bytes);
    } else if (value->type != JsonType::Null) {
        letter.value = std::string(value->text);
    }
    return {};
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

void appendDeadLetterLine(std::string& out, const Record& record, std::string_view pipelineName,
                          std::int64_t nowMs)
{
    const Failure failure = failureOf(record, pipelineName, nowMs);
    const Origin& origin = failure.origin;
    ObjectWriter line(out);
    line.name("error");
    appendError(out, failure);
    line.name("key");
    if (appendBytes(out, origin.key)) {
        line.text("key_encoding", kBase64);
    }
    line.name("value");
    const Written written = appendValue(out, origin);
    if (written == Written::Base64) {
        line.text("value_encoding", kBase64);
    } else if (written == Written::Text && failure.error.stage != Stage::Deserialize) {
        line.text("value_encoding", kText); // else "a" of a text source and "\"a\"" of JSON would look alike
    }
    line.name("headers");
    appendHeaders(out, origin.headers);
    line.name("timestamp");
    out += origin.timestampMs < 0 ? "null" : std::to_string(origin.timestampMs);
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
        if (!isErrorHeader(header)) {
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
    if (std::none_of(headers.begin(), headers.end(), isErrorHeader)) {
        return headers;
    }
    const std::span<Header> kept = arena.makeArray<Header>(headers.size());
    const auto end = std::copy_if(headers.begin(), headers.end(), kept.begin(),
                                  [](const Header& header) { return !isErrorHeader(header); });
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
    const ObjectReader whole(value->root);
    const auto errorNode = whole.node("error");
    if (!errorNode || errorNode->type != JsonType::Object) {
        return badLine("it has no \"error\"");
    }
    const ObjectReader error(*errorNode);
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
    if (const auto key = whole.node("key")) {
        auto bytes = readBytes(*key, whole.text("key_encoding") == kBase64, whole.arena());
        if (!bytes) {
            return bytes.error();
        }
        letter.key = std::move(*bytes);
    }
    if (const auto read = readValue(whole, letter); !read) {
        return read.error();
    }
    if (const auto read = readHeaders(whole, letter); !read) {
        return read.error();
    }
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
