#include "core/cel/value_json.h"

#include "core/base/base64.h"
#include "core/cel/time_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace streamwright::cel {
namespace {

constexpr std::int64_t kUnlimited = INT64_MAX;

bool append(std::string& out, const Value& value, Arena& arena, Budget& budget);

bool appendList(std::string& out, const Value& list, Arena& arena, Budget& budget)
{
    out += '[';
    bool first = true;
    for (const Value& item : itemsOf(list, arena, budget)) {
        out += first ? "" : ",";
        first = false;
        if (!append(out, item, arena, budget)) {
            return false;
        }
    }
    out += ']';
    return !budget.exhausted();
}

bool appendMap(std::string& out, const Value& map, Arena& arena, Budget& budget)
{
    out += '{';
    bool first = true;
    for (const MapEntry& entry : entriesOf(map, arena, budget)) {
        out += first ? "" : ",";
        first = false;
        appendJsonKey(out, entry.key);
        out += ':';
        if (!append(out, entry.value, arena, budget)) {
            return false;
        }
    }
    out += '}';
    return !budget.exhausted();
}

bool append(std::string& out, const Value& value, Arena& arena, Budget& budget)
{
    if (!budget.take(1)) {
        return false;
    }
    switch (value.kind) {
    case Kind::Null: out += "null"; return true;
    case Kind::Bool: out += value.isTrue() ? "true" : "false"; return true;
    case Kind::Int: out += std::to_string(value.integer); return true;
    case Kind::Uint: out += std::to_string(value.unsignedInteger); return true;
    case Kind::Double:
        if (value.form == Form::JsonText) {
            out += value.text(); // nobody computed with it: it keeps its text
            return true;
        }
        if (!std::isfinite(value.real())) {
            return false;
        }
        out += makeJsonDouble(value.real(), arena).text;
        return true;
    case Kind::String: appendJsonString(out, value.text()); break;
    case Kind::Bytes:
        out += '"';
        appendBase64(out, value.text());
        out += '"';
        break;
    case Kind::Timestamp: out += '"' + timestampText(value.integer, value.size) + '"'; return true;
    case Kind::Duration: out += '"' + durationText(value.integer) + '"'; return true;
    case Kind::Type: appendJsonString(out, typeName(value.typeKind())); return true;
    case Kind::Optional:
        if (value.items != nullptr) {
            return append(out, *value.items, arena, budget);
        }
        out += "null";
        return true;
    case Kind::List:
    case Kind::Map:
        if (value.form == Form::JsonText) {
            out += value.text();
            return budget.take(value.size / 64U);
        }
        if (value.form == Form::JsonIndexed) {
            const std::string_view text = wholeNode(*value.indexed, arena).text;
            out += text;
            return budget.take(text.size() / 64U);
        }
        return value.kind == Kind::List ? appendList(out, value, arena, budget)
                                        : appendMap(out, value, arena, budget);
    case Kind::Error:
    case Kind::Dyn: return false;
    }
    return budget.take(value.size / 64U);
}

void appendTyped(std::string& out, const Value& value, Arena& arena, Budget& budget);

void appendTypedEntries(std::string& out, const Value& value, Arena& arena, Budget& budget)
{
    out += '[';
    bool first = true;
    if (value.isList()) {
        for (const Value& item : itemsOf(value, arena, budget)) {
            out += first ? "" : ", ";
            first = false;
            appendTyped(out, item, arena, budget);
        }
    } else {
        for (const MapEntry& entry : entriesOf(value, arena, budget)) {
            out += first ? "[" : ", [";
            first = false;
            appendTyped(out, entry.key, arena, budget);
            out += ", ";
            appendTyped(out, entry.value, arena, budget);
            out += ']';
        }
    }
    out += ']';
}

void appendTyped(std::string& out, const Value& value, Arena& arena, Budget& budget)
{
    out += "{\"type\": \"";
    out += typeName(value.kind);
    out += "\", \"value\": ";
    switch (value.kind) {
    case Kind::Int: out += '"' + std::to_string(value.integer) + '"'; break;
    case Kind::Uint: out += '"' + std::to_string(value.unsignedInteger) + '"'; break;
    case Kind::Double: out += '"' + doubleText(value.real()) + '"'; break;
    case Kind::List:
    case Kind::Map: appendTypedEntries(out, value, arena, budget); break;
    case Kind::Optional:
        if (value.items != nullptr) {
            appendTyped(out, *value.items, arena, budget);
        } else {
            out += "null";
        }
        break;
    default: (void)append(out, value, arena, budget); break;
    }
    out += '}';
}

} // namespace

std::optional<JsonNode> toJsonNode(const Value& value, Arena& arena, Budget& budget)
{
    switch (value.kind) {
    case Kind::Null: return makeJsonNull();
    case Kind::Bool: return makeJsonBool(value.isTrue());
    case Kind::Int: return makeJsonInt(value.integer, arena);
    case Kind::Double:
        if (value.form == Form::JsonText) {
            return JsonNode{.text = value.text(), .type = JsonType::Double};
        }
        return std::isfinite(value.real()) ? std::optional(makeJsonDouble(value.real(), arena))
                                           : std::nullopt;
    case Kind::String:
        if (!budget.take(value.size / 64U)) {
            return std::nullopt;
        }
        return makeJsonString(value.text(), arena);
    default: break;
    }
    std::string text;
    if (!append(text, value, arena, budget)) {
        return std::nullopt;
    }
    return jsonNodeOf(arena.copy(text));
}

std::optional<JsonNode> toJsonNode(const Value& value, Arena& arena)
{
    Budget budget{kUnlimited};
    return toJsonNode(value, arena, budget);
}

void appendJsonKey(std::string& out, const Value& key)
{
    switch (key.kind) {
    case Kind::Bool: out += key.isTrue() ? "\"true\"" : "\"false\""; break;
    case Kind::Int: out += '"' + std::to_string(key.integer) + '"'; break;
    case Kind::Uint: out += '"' + std::to_string(key.unsignedInteger) + '"'; break;
    default: appendJsonString(out, key.text()); break;
    }
}

std::string toTypedJson(const Value& value, Arena& arena)
{
    Budget budget{kUnlimited};
    std::string out;
    appendTyped(out, value, arena, budget);
    return out;
}

std::string doubleText(double number)
{
    if (std::isnan(number)) {
        return "NaN";
    }
    if (std::isinf(number)) {
        return number > 0 ? "Infinity" : "-Infinity";
    }
    const double size = std::abs(number);
    const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                   plain ? std::chars_format::fixed : std::chars_format::scientific)
                         .ptr;
    return {text.data(), end};
}

} // namespace streamwright::cel
