#include "core/nodes/sinks/line_template.h"

#include "core/base/diagnostic.h"
#include "core/base/time_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace streamwright {
namespace {

constexpr std::string_view kValuePrefix = "value.";
constexpr std::string_view kHeadersPrefix = "headers.";

/// A JSON value as people read it: a string without quotes.
void appendNode(std::string& out, const JsonNode& node, Arena& arena)
{
    out += node.type == JsonType::String ? decodeString(node, arena) : node.text;
}

void appendValue(std::string& out, const RecordValue& value, Arena& arena)
{
    if (value.json == nullptr) {
        out += isNull(value.bytes) ? "null" : value.bytes;
    } else {
        appendNode(out, wholeNode(*value.json, arena), arena);
    }
}

/// Replaces the line ends from `start` on.
void keepOnOneLine(std::string& out, std::size_t start)
{
    if (out.find_first_of("\r\n", start) == std::string::npos) {
        return;
    }
    std::string tail;
    for (std::size_t i = start; i < out.size(); ++i) {
        if (out[i] == '\n') {
            tail += "\\n";
        } else if (out[i] == '\r') {
            tail += "\\r";
        } else {
            tail += out[i];
        }
    }
    out.replace(start, std::string::npos, tail);
}

} // namespace

LineTemplate::Piece LineTemplate::parsePlaceholder(std::string_view name, std::string& problem)
{
    static constexpr std::array<std::pair<std::string_view, Kind>, 11> kNames{{
        {"value", Kind::Value},
        {"key", Kind::Key},
        {"timestamp", Kind::Timestamp},
        {"topic", Kind::Topic},
        {"partition", Kind::Partition},
        {"offset", Kind::Offset},
        {"error.code", Kind::ErrorCode},
        {"error.message", Kind::ErrorMessage},
        {"error.detail", Kind::ErrorDetail},
        {"error.node", Kind::ErrorNode},
        {"error.stage", Kind::ErrorStage},
    }};
    const auto* const known =
        std::find_if(kNames.begin(), kNames.end(), [name](const auto& entry) { return entry.first == name; });
    if (known != kNames.end()) {
        return {.kind = known->second};
    }
    if (name.substr(0, kHeadersPrefix.size()) == kHeadersPrefix) {
        return {.kind = Kind::Header, .text = std::string(name.substr(kHeadersPrefix.size()))};
    }
    if (name.substr(0, kValuePrefix.size()) == kValuePrefix) {
        std::string reason;
        if (auto path = JsonPath::parse(name.substr(kValuePrefix.size()), &reason)) {
            return {.kind = Kind::Field, .path = std::move(*path)};
        }
        problem = quoted(name) + " names no field: " + reason;
        return {};
    }
    std::vector<std::string> names;
    for (const auto& [text, kind] : kNames) {
        names.emplace_back(text);
    }
    const std::string near = nearest(name, names);
    problem =
        "\"{" + std::string(name) + "}\" is not known. " +
        (near.empty()
             ? std::string("There are {value}, {value.FIELD}, {key}, {headers.NAME}, {timestamp}, {topic}, "
                           "{partition}, {offset} and {error.message}, .code, .detail, .node, .stage.")
             : "Did you mean {" + near + "}?");
    return {};
}

LineTemplate LineTemplate::parse(std::string_view text, std::string& problem)
{
    LineTemplate result;
    std::string literal;
    const auto endLiteral = [&] {
        if (!literal.empty()) {
            result.m_pieces.push_back({.kind = Kind::Literal, .text = std::move(literal)});
            literal.clear();
        }
    };
    for (std::size_t at = 0; at < text.size() && problem.empty(); ++at) {
        const bool doubled = at + 1 < text.size() && text[at + 1] == text[at];
        if ((text[at] == '{' || text[at] == '}') && doubled) {
            literal += text[at++];
        } else if (text[at] == '{') {
            const std::size_t close = text.find('}', at);
            if (close == std::string_view::npos) {
                problem =
                    "\"{\" is not closed by \"}\" in " + quoted(text) + ". A brace itself is written {{.";
                break;
            }
            endLiteral();
            result.m_pieces.push_back(parsePlaceholder(text.substr(at + 1, close - at - 1), problem));
            at = close;
        } else {
            literal += text[at];
        }
    }
    endLiteral();
    return result;
}

void LineTemplate::appendPiece(std::string& out, const Piece& piece, const Record& record, Arena& arena)
{
    const RecordError* const error = record.error;
    switch (piece.kind) {
    case Kind::Literal: out += piece.text; break;
    case Kind::Value: appendValue(out, record.value, arena); break;
    case Kind::Field:
        if (const auto node =
                record.value.json != nullptr ? piece.path.find(*record.value.json) : std::nullopt) {
            appendNode(out, *node, arena);
        }
        break;
    case Kind::Key: out += isNull(record.key) ? std::string_view("null") : record.key; break;
    case Kind::Timestamp: out += formatUtc(record.timestampMs); break;
    case Kind::Topic: out += record.origin->topic; break;
    case Kind::Partition: out += std::to_string(record.origin->partition); break;
    case Kind::Offset: out += std::to_string(record.origin->offset); break;
    case Kind::Header:
        for (auto header = record.headers.rbegin(); header != record.headers.rend(); ++header) {
            if (header->name == piece.text) {
                out += header->value;
                break;
            }
        }
        break;
    case Kind::ErrorCode: out += error != nullptr ? toString(error->code) : std::string_view(); break;
    case Kind::ErrorMessage: out += error != nullptr ? error->message : std::string_view(); break;
    case Kind::ErrorDetail: out += error != nullptr ? error->detail : std::string_view(); break;
    case Kind::ErrorNode: out += error != nullptr ? error->node : std::string_view(); break;
    case Kind::ErrorStage: out += error != nullptr ? toString(error->stage) : std::string_view(); break;
    }
}

void LineTemplate::append(std::string& out, const Record& record, Arena& arena) const
{
    const std::size_t start = out.size();
    for (const Piece& piece : m_pieces) {
        appendPiece(out, piece, record, arena);
    }
    keepOnOneLine(out, start);
    out += '\n';
}

} // namespace streamwright
