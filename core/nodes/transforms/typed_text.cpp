#include "core/nodes/transforms/typed_text.h"

#include "core/base/diagnostic.h"
#include "core/base/time_text.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace streamwright {
namespace {

constexpr std::string_view kAsciiSpace = " \t\n\r\v\f";
constexpr std::size_t kQuotedBytes = 80;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(kAsciiSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kAsciiSpace) - first + 1);
}

std::string_view withoutPlus(std::string_view text)
{
    return !text.empty() && text.front() == '+' ? text.substr(1) : text;
}

TypedValue good(JsonNode node)
{
    return {.node = node, .ok = true};
}

TypedValue bad(RecordErrorCode code, std::string_view text, std::string_view what, Arena& arena)
{
    const std::string_view shown = cutUtf8(text, kQuotedBytes);
    std::string reason = quoted(shown);
    reason += shown.size() < text.size() ? "… " : " ";
    return {.code = code, .reason = arena.copy(reason.append(what))};
}

TypedValue toInt(std::string_view text, Arena& arena)
{
    const std::string_view number = withoutPlus(text);
    const std::string_view digits =
        number.size() == text.size() && !number.empty() && number.front() == '-' ? number.substr(1) : number;
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), isDigit)) {
        return bad(RecordErrorCode::WrongType, text, "is not an int.", arena);
    }
    std::int64_t value = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec != std::errc{}) {
        return bad(RecordErrorCode::OutOfRange, text, "is beyond the range of an int (64 bits).", arena);
    }
    return good(makeJsonInt(value, arena));
}

/// JSON's number, front to back: [-] int [frac] [exp].
bool isJsonNumber(std::string_view text)
{
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t start = at;
        while (at < text.size() && isDigit(text[at])) {
            ++at;
        }
        return at - start;
    };
    const auto take = [&](std::string_view any) {
        const bool taken = at < text.size() && any.find(text[at]) != std::string_view::npos;
        at += taken ? 1 : 0;
        return taken;
    };
    take("-");
    const bool zero = at < text.size() && text[at] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) {
        return false;
    }
    if (take(".") && digits() == 0) {
        return false;
    }
    if (take("eE")) {
        take("+-");
        if (digits() == 0) {
            return false;
        }
    }
    return at == text.size();
}

TypedValue toDouble(std::string_view text, Arena& arena)
{
    const std::string_view number = withoutPlus(text);
    const bool twoSigns = number.size() != text.size() && !number.empty() && number.front() == '-';
    if (twoSigns || !isJsonNumber(number)) {
        return bad(RecordErrorCode::WrongType, text, "is not a double.", arena);
    }
    const JsonNode node{.text = number, .type = JsonType::Double};
    if (!std::isfinite(asDouble(node))) {
        return bad(RecordErrorCode::OutOfRange, text, "is beyond the range of a double.", arena);
    }
    if (number.find_first_of(".eE") != std::string_view::npos) {
        return good({.text = arena.copy(number), .type = JsonType::Double});
    }
    return good({.text = arena.copy(std::string(number) + ".0"), .type = JsonType::Double});
}

} // namespace

std::string_view toString(TextType type)
{
    switch (type) {
    case TextType::String: return "string";
    case TextType::Int: return "int";
    case TextType::Double: return "double";
    case TextType::Bool: return "bool";
    case TextType::Timestamp: return "timestamp";
    }
    return "string";
}

TypedValue typedValue(std::string_view text, TextType type, Arena& arena)
{
    switch (type) {
    case TextType::String: return good(makeJsonString(text, arena));
    case TextType::Int: return toInt(trimmed(text), arena);
    case TextType::Double: return toDouble(trimmed(text), arena);
    case TextType::Bool: {
        const std::string_view word = trimmed(text);
        if (word != "true" && word != "false") {
            return bad(RecordErrorCode::WrongType, word, "is not a bool (true or false).", arena);
        }
        return good(makeJsonBool(word == "true"));
    }
    case TextType::Timestamp: {
        const std::string_view time = trimmed(text);
        if (!parseRfc3339(time)) {
            return bad(RecordErrorCode::WrongType, time,
                       "is not a timestamp (RFC 3339, for example 2026-01-31T12:00:00Z).", arena);
        }
        return good(makeJsonString(time, arena));
    }
    }
    return {};
}

} // namespace streamwright
