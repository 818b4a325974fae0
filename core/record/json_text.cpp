#include "core/record/json_text.h"

#include "core/base/assert.h"
#include "core/base/byte_block.h"
#include "core/base/utf8.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace streamwright {
namespace {

/// The character that an escape means, and how many bytes of the raw text it takes.
struct Unescaped {
    char32_t codePoint;
    std::size_t rawBytes;
};

[[nodiscard]] char32_t hex4(std::string_view digits)
{
    std::uint32_t number = 0;
    (void)std::from_chars(digits.data(), digits.data() + 4, number, 16);
    return number;
}

/// `raw` begins with a backslash and is valid. A surrogate without its other half, which a validated text
/// never has, gives itself.
[[nodiscard]] Unescaped unescape(std::string_view raw)
{
    switch (raw[1]) {
    case 'b': return {U'\b', 2};
    case 'f': return {U'\f', 2};
    case 'n': return {U'\n', 2};
    case 'r': return {U'\r', 2};
    case 't': return {U'\t', 2};
    case 'u': break;
    default: return {static_cast<unsigned char>(raw[1]), 2};
    }
    const char32_t unit = hex4(raw.substr(2));
    if ((unit & 0xFC00U) != 0xD800U || raw.size() < 12 || raw[6] != '\\' || raw[7] != 'u') {
        return {unit, 6};
    }
    const char32_t low = hex4(raw.substr(8));
    return {0x10000U + ((unit & 0x3FFU) << 10U) + (low & 0x3FFU), 12};
}

/// A code point in UTF-8, on the stack.
struct Utf8 {
    std::array<char, 4> bytes;
    std::size_t size = 0;

    explicit Utf8(char32_t codePoint)
    {
        std::string text; // four bytes: never more than a string holds within itself
        appendUtf8(text, codePoint);
        size = text.copy(bytes.data(), bytes.size());
    }
    [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
};

/// `raw` unescaped at `to`, which has room for as many bytes; the number of bytes written. An escape is never
/// shorter than what it means.
[[nodiscard]] std::size_t unescapeTo(char* to, std::string_view raw)
{
    char* at = to;
    while (!raw.empty()) {
        const std::size_t plain = std::min(raw.find('\\'), raw.size());
        std::memcpy(at, raw.data(), plain);
        at += plain;
        raw.remove_prefix(plain);
        if (!raw.empty()) {
            const Unescaped next = unescape(raw);
            at += Utf8(next.codePoint).view().copy(at, 4);
            raw.remove_prefix(next.rawBytes);
        }
    }
    return static_cast<std::size_t>(at - to);
}

[[nodiscard]] std::string_view decode(std::string_view raw, Arena& arena)
{
    char* const text = static_cast<char*>(arena.allocate(raw.size(), 1));
    return {text, unescapeTo(text, raw)};
}

/// How `c`, which may not stand as it is, is written in a JSON string.
struct Escape {
    std::array<char, 6> bytes;
    std::size_t size;
};

[[nodiscard]] Escape escapeOf(char c)
{
    switch (c) {
    case '"': return {{'\\', '"'}, 2};
    case '\\': return {{'\\', '\\'}, 2};
    case '\b': return {{'\\', 'b'}, 2};
    case '\f': return {{'\\', 'f'}, 2};
    case '\n': return {{'\\', 'n'}, 2};
    case '\r': return {{'\\', 'r'}, 2};
    case '\t': return {{'\\', 't'}, 2};
    default: break;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {{'\\', 'u', '0', '0', kDigits[byte >> 4U], kDigits[byte & 0xFU]}, 6};
}

/// Calls `put` with pieces that together are the quoted text.
template <typename Put>
void writeJsonString(std::string_view text, Put put)
{
    put("\"");
    const char* at = text.data();
    const char* const end = at + text.size();
    const char* plain = at; // what is still to be written as it is begins here
    while (at != end) {
        const ByteBlock block = ByteBlock::load(text.data(), at, end);
        const ByteBlock::Mask stops = block.stringStops();
        if (stops == 0) {
            at += block.size();
            continue;
        }
        at += std::countr_zero(stops);
        put({plain, static_cast<std::size_t>(at - plain)});
        const Escape escape = escapeOf(*at);
        put({escape.bytes.data(), escape.size});
        plain = ++at;
    }
    put({plain, static_cast<std::size_t>(end - plain)});
    put("\"");
}

template <typename Number>
[[nodiscard]] std::optional<Number> asInteger(const JsonNode& number)
{
    if (number.type != JsonType::Int) {
        return std::nullopt;
    }
    const char* const end = number.text.data() + number.text.size();
    Number value = 0;
    const std::from_chars_result read = std::from_chars(number.text.data(), end, value);
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

/// Whether the magnitude of a number that no double holds is too large, rather than too small.
[[nodiscard]] bool isHuge(std::string_view number)
{
    const std::size_t exponentAt = std::min(number.find_first_of("eE"), number.size());
    const std::string_view mantissa = number.substr(0, exponentAt);
    const std::size_t firstDigit = mantissa.find_first_of("123456789");
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    long long exponent = 0;
    if (exponentAt != number.size()) {
        std::string_view digits = number.substr(exponentAt + 1);
        digits.remove_prefix(digits.front() == '+' ? 1 : 0);
        if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc()) {
            return digits.front() != '-'; // an exponent beyond 64 bits outweighs any mantissa
        }
    }
    return exponent + static_cast<long long>(point) - static_cast<long long>(firstDigit) > 0;
}

template <typename Number>
[[nodiscard]] JsonNode makeInteger(Number number, Arena& arena)
{
    constexpr std::size_t kDigits = std::numeric_limits<std::uint64_t>::digits10 + 2; // and a sign
    char* const text = static_cast<char*>(arena.allocate(kDigits, 1));
    const char* const end = std::to_chars(text, text + kDigits, number).ptr;
    return {{text, static_cast<std::size_t>(end - text)}, JsonType::Int};
}

} // namespace

std::string_view toString(JsonType type)
{
    switch (type) {
    case JsonType::Null: return "null";
    case JsonType::False:
    case JsonType::True: return "bool";
    case JsonType::Int:
    case JsonType::Double: return "number";
    case JsonType::String: return "string";
    case JsonType::Array: return "array";
    case JsonType::Object: return "object";
    }
    return "null";
}

std::string_view decodeString(const JsonNode& string, Arena& arena)
{
    SW_ASSERT(string.type == JsonType::String, "only a string has text");
    const std::string_view raw = string.text.substr(1, string.text.size() - 2);
    return string.escaped ? decode(raw, arena) : raw;
}

std::string_view decodeKey(const JsonMember& member, Arena& arena)
{
    return member.keyEscaped ? decode(member.key, arena) : member.key;
}

void appendUnescaped(std::string& out, std::string_view raw)
{
    const std::size_t before = out.size();
    out.resize(before + raw.size());
    out.resize(before + unescapeTo(out.data() + before, raw));
}

bool unescapesTo(std::string_view raw, std::string_view text)
{
    while (!raw.empty()) {
        if (raw.front() != '\\') {
            if (text.empty() || text.front() != raw.front()) {
                return false;
            }
            raw.remove_prefix(1);
            text.remove_prefix(1);
            continue;
        }
        const Unescaped next = unescape(raw);
        const Utf8 character(next.codePoint);
        if (!text.starts_with(character.view())) {
            return false;
        }
        raw.remove_prefix(next.rawBytes);
        text.remove_prefix(character.size);
    }
    return text.empty();
}

void appendJsonString(std::string& out, std::string_view text)
{
    writeJsonString(text, [&out](std::string_view piece) { out.append(piece); });
}

JsonNode makeJsonString(std::string_view text, Arena& arena)
{
    std::size_t size = 0;
    std::size_t pieces = 0;
    writeJsonString(text, [&](std::string_view piece) {
        size += piece.size();
        ++pieces;
    });
    char* const bytes = static_cast<char*>(arena.allocate(size, 1));
    char* at = bytes;
    writeJsonString(text, [&at](std::string_view piece) { at += piece.copy(at, piece.size()); });
    constexpr std::size_t kPiecesWithoutEscape = 3; // quote, text, quote
    return {{bytes, size}, JsonType::String, pieces != kPiecesWithoutEscape};
}

JsonNode makeJsonInt(std::int64_t number, Arena& arena)
{
    return makeInteger(number, arena);
}

JsonNode makeJsonUint(std::uint64_t number, Arena& arena)
{
    return makeInteger(number, arena);
}

JsonNode makeJsonDouble(double number, Arena& arena)
{
    SW_ASSERT(std::isfinite(number), "JSON has no infinity and no NaN");
    constexpr std::size_t kLongest = 32; // "-2.2250738585072014e-308" and ".0"
    char* const text = static_cast<char*>(arena.allocate(kLongest, 1));
    char* end = std::to_chars(text, text + kLongest, number).ptr;
    const std::string_view written{text, static_cast<std::size_t>(end - text)};
    if (written.find_first_of(".e") == std::string_view::npos) {
        *end++ = '.';
        *end++ = '0';
    }
    return {{text, static_cast<std::size_t>(end - text)}, JsonType::Double};
}

JsonNode makeJsonBool(bool value)
{
    return value ? JsonNode{"true", JsonType::True} : JsonNode{"false", JsonType::False};
}

JsonNode makeJsonNull()
{
    return {"null", JsonType::Null};
}

std::optional<std::int64_t> asInt64(const JsonNode& number)
{
    return asInteger<std::int64_t>(number);
}

std::optional<std::uint64_t> asUint64(const JsonNode& number)
{
    return asInteger<std::uint64_t>(number);
}

double asDouble(const JsonNode& number)
{
    SW_ASSERT(number.isNumber(), "only a number reads as a double");
    const std::string_view text = number.text;
    double value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc::result_out_of_range) {
        value = isHuge(text) ? std::numeric_limits<double>::infinity() : 0.0;
        value = text.front() == '-' ? -value : value;
    }
    return value;
}

} // namespace streamwright
