#include "core/record/record_text.h"

#include "core/base/base64.h"
#include "core/base/utf8.h"
#include "core/record/dead_letter.h"

#include <algorithm>
#include <cstddef>

namespace streamwright {
namespace {

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

/// Outside of strings a line end is only white space.
void keepOnOneLine(std::string& out, std::size_t start)
{
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
        [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

LineEncoding appendValue(std::string& out, const RecordValue& value)
{
    const std::size_t start = out.size();
    if (value.json != nullptr) {
        appendJson(out, *value.json);
        keepOnOneLine(out, start);
        return LineEncoding::Json;
    }
    if (isNull(value.bytes) || (value.format == ValueFormat::Json && value.bytes.empty())) {
        out += "null";
        return LineEncoding::Json;
    }
    Arena arena;
    JsonError problem;
    // A value that its source refused is not asked again: what is nested too deep is no use to a reader
    // either.
    if (value.format != ValueFormat::Json && JsonIndexer().index(value.bytes, arena, problem) != nullptr) {
        out += value.bytes;
        keepOnOneLine(out, start);
        return LineEncoding::Json;
    }
    return appendBytes(out, value.bytes) ? LineEncoding::Base64 : LineEncoding::Text;
}

Error badLine(std::string_view reason)
{
    return {Errc::ParseError, "The line cannot be read: " + std::string(reason) + '.'};
}

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

std::string encodingKey(std::string_view name)
{
    return std::string(name) + "_encoding";
}

} // namespace

void appendValueLine(std::string& out, const RecordValue& value)
{
    appendValue(out, value);
    out += '\n';
}

void LineWriter::name(std::string_view key)
{
    if (!m_first) {
        m_out += ", ";
    }
    m_first = false;
    appendJsonString(m_out, key);
    m_out += ": ";
}

void LineWriter::text(std::string_view key, std::string_view value)
{
    name(key);
    appendJsonString(m_out, value);
}

void LineWriter::number(std::string_view key, std::int64_t value)
{
    name(key);
    m_out += std::to_string(value);
}

void LineWriter::bytes(std::string_view key, NullableBytes value)
{
    name(key);
    if (appendBytes(m_out, value)) {
        text(encodingKey(key), kBase64Encoding);
    }
}

void LineWriter::value(std::string_view key, const RecordValue& value, bool markText)
{
    name(key);
    const LineEncoding written = appendValue(m_out, value);
    if (written == LineEncoding::Base64) {
        text(encodingKey(key), kBase64Encoding);
    } else if (written == LineEncoding::Text && markText) {
        text(encodingKey(key), kTextEncoding);
    }
}

void LineWriter::headers(std::string_view key, HeadersView headers)
{
    name(key);
    m_out += '[';
    bool first = true;
    for (const Header& header : headers) {
        if (isErrorHeader(header.name)) {
            continue;
        }
        m_out += first ? "[" : ", [";
        first = false;
        appendBytes(m_out, isValidUtf8(header.name) ? header.name : std::string_view("?"));
        m_out += ", ";
        if (appendBytes(m_out, header.value)) {
            m_out += ", \"base64\"";
        }
        m_out += ']';
    }
    m_out += ']';
}

void LineWriter::timestamp(std::string_view key, std::int64_t timestampMs)
{
    name(key);
    m_out += timestampMs < 0 ? "null" : std::to_string(timestampMs);
}

std::optional<JsonNode> LineFields::node(std::string_view name) const
{
    return m_object.type == JsonType::Object ? findIn(m_object, name) : std::nullopt;
}

std::string LineFields::text(std::string_view name) const
{
    const auto found = node(name);
    return found && found->type == JsonType::String ? std::string(decodeString(*found, m_arena))
                                                    : std::string();
}

std::int64_t LineFields::number(std::string_view name, std::int64_t otherwise) const
{
    const auto found = node(name);
    return found && found->type == JsonType::Int ? asInt64(*found).value_or(otherwise) : otherwise;
}

Result<std::optional<std::string>> LineFields::bytes(std::string_view name) const
{
    const auto found = node(name);
    if (!found) {
        return std::optional<std::string>();
    }
    return readBytes(*found, text(encodingKey(name)) == kBase64Encoding, m_arena);
}

Result<std::optional<std::string>> LineFields::value(std::string_view name, bool bareText) const
{
    const auto found = node(name);
    if (!found || found->type == JsonType::Null) {
        return std::optional<std::string>();
    }
    const std::string encoding = text(encodingKey(name));
    const bool isText = encoding == kTextEncoding || (encoding.empty() && bareText);
    if (found->type == JsonType::String && (encoding == kBase64Encoding || isText)) {
        return readBytes(*found, encoding == kBase64Encoding, m_arena);
    }
    return std::optional<std::string>(found->text);
}

Result<std::vector<std::pair<std::string, std::optional<std::string>>>>
LineFields::headers(std::string_view name) const
{
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    const auto list = node(name);
    if (!list) {
        return headers;
    }
    for (JsonCursor entries(*list); entries.next();) {
        std::vector<JsonNode> parts;
        for (JsonCursor entry(entries.value()); entry.next();) {
            parts.push_back(entry.value());
        }
        if (parts.size() < 2 || parts[0].type != JsonType::String) {
            return badLine("a header is not a pair of name and text");
        }
        auto value = readBytes(parts[1], parts.size() > 2, m_arena);
        if (!value) {
            return value.error();
        }
        headers.emplace_back(decodeString(parts[0], m_arena), std::move(*value));
    }
    return headers;
}

} // namespace streamwright
