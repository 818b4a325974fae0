#include "core/record/json_scanner.h"

#include "core/base/byte_block.h"
#include "core/base/utf8.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace streamwright {
namespace {

constexpr std::size_t kPrintableEnd = 0x7F;
using UnexpectedReason = std::array<char, 16>;

/// "unexpected 'x'" for every printable ASCII character: reasons are literals, nothing is built per record.
constexpr auto kUnexpected = [] {
    std::array<UnexpectedReason, kPrintableEnd> reasons{};
    constexpr std::string_view kBefore = "unexpected '";
    for (std::size_t c = ' '; c < kPrintableEnd; ++c) {
        std::size_t size = 0;
        for (const char letter : kBefore) {
            reasons[c][size++] = letter;
        }
        reasons[c][size++] = static_cast<char>(c);
        reasons[c][size++] = '\'';
        reasons[c][size] = '\0';
    }
    return reasons;
}();

constexpr std::uint8_t kNoHexDigit = 0xFF;
constexpr auto kHexDigits = [] {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoHexDigit);
    for (unsigned i = 0; i < 10; ++i) {
        digits['0' + i] = static_cast<std::uint8_t>(i);
    }
    for (unsigned i = 0; i < 6; ++i) {
        digits['a' + i] = static_cast<std::uint8_t>(10 + i);
        digits['A' + i] = static_cast<std::uint8_t>(10 + i);
    }
    return digits;
}();

/// Value of four hex digits; > 0xFFFF where one is none.
[[nodiscard]] std::uint32_t hex4(const char* at)
{
    const auto digit = [at](int i) { return std::uint32_t{kHexDigits[static_cast<unsigned char>(at[i])]}; };
    const std::uint32_t a = digit(0);
    const std::uint32_t b = digit(1);
    const std::uint32_t c = digit(2);
    const std::uint32_t d = digit(3);
    // kNoHexDigit has its upper four bits set: moved left they are out of range together.
    return (((a | b | c | d) & 0xF0U) << 16U) | (a << 12U) | (b << 8U) | (c << 4U) | d;
}

[[nodiscard]] bool isDigit(char c)
{
    return static_cast<unsigned char>(c - '0') < 10;
}

[[nodiscard]] bool isSimpleEscape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return true;
    default: return false;
    }
}

constexpr std::size_t kUnicodeEscapeBytes = 6; // \uXXXX

} // namespace

const char* JsonScanner::refuse(const char* at, const char* reason, JsonError::Code code)
{
    m_error = {.code = code, .offset = static_cast<std::size_t>(at - m_begin), .reason = reason};
    return nullptr;
}

const char* JsonScanner::refuseUnexpected(const char* at)
{
    if (at == m_end) {
        return refuse(at, "unexpected end");
    }
    const auto byte = static_cast<unsigned char>(*at);
    if (byte >= ' ' && byte < kPrintableEnd) {
        return refuse(at, kUnexpected[byte].data());
    }
    if (byte < ' ' || byte == kPrintableEnd) {
        return refuse(at, "unexpected control character");
    }
    if (static_cast<std::size_t>(m_end - at) >= 3 && std::memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        return refuse(at, "unexpected byte order mark");
    }
    return refuse(at, "unexpected character outside of a string");
}

JsonScanner::Scanned JsonScanner::string(const char* at)
{
    bool escaped = false;
    for (;;) {
        const ByteBlock block = ByteBlock::load(m_begin, at, m_end);
        const ByteBlock::Mask stops = block.stringStops();
        const std::size_t length =
            stops == 0 ? block.size() : static_cast<std::size_t>(std::countr_zero(stops));
        if ((block.nonAscii() & ByteBlock::low(length)) != 0) {
            const std::size_t whole = wholeUtf8(block, at, length);
            if (whole == 0) {
                return {refuse(at + validUtf8Prefix({at, static_cast<std::size_t>(m_end - at)}),
                               "invalid UTF-8")};
            }
            at += whole;
            if (whole != length) {
                continue;
            }
        } else {
            at += length;
        }
        if (stops == 0) {
            if (at == m_end) {
                return {refuse(at, "string without an end")};
            }
            continue;
        }
        if (*at == '"') {
            return {at + 1, JsonType::String, escaped};
        }
        if (*at != '\\') {
            return {refuse(at, "control character in a string")};
        }
        escaped = true;
        at = escapes(at);
        if (at == nullptr) {
            return {};
        }
    }
}

/// Escapes that follow one another; `at` is at the first backslash.
const char* JsonScanner::escapes(const char* at)
{
    while (at != m_end && *at == '\\') {
        if (m_end - at < 2) {
            return refuse(m_end, "string without an end");
        }
        if (at[1] == 'u') {
            at = unicodeEscape(at);
            if (at == nullptr) {
                return nullptr;
            }
        } else if (isSimpleEscape(at[1])) {
            at += 2;
        } else {
            return refuse(at, "unknown escape in a string");
        }
    }
    return at;
}

const char* JsonScanner::unicodeEscape(const char* at)
{
    const auto left = static_cast<std::size_t>(m_end - at);
    const std::uint32_t unit = left < kUnicodeEscapeBytes ? UINT32_MAX : hex4(at + 2);
    if (unit > 0xFFFF) {
        return refuse(at, "\\u without four hex digits");
    }
    if ((unit & 0xF800U) != 0xD800U) {
        return at + kUnicodeEscapeBytes;
    }
    const char* const low = at + kUnicodeEscapeBytes;
    const bool paired = unit < 0xDC00 && left >= 2 * kUnicodeEscapeBytes && low[0] == '\\' && low[1] == 'u' &&
                        (hex4(low + 2) & ~0x3FFU) == 0xDC00U;
    return paired ? low + kUnicodeEscapeBytes : refuse(at, "lone surrogate escape");
}

JsonScanner::Scanned JsonScanner::literal(const char* at, std::string_view word, JsonType type)
{
    if (static_cast<std::size_t>(m_end - at) < word.size() ||
        std::memcmp(at, word.data(), word.size()) != 0) {
        return {refuseUnexpected(at)};
    }
    return {at + word.size(), type};
}

const char* JsonScanner::skipDigits(const char* at) const
{
    while (at != m_end && isDigit(*at)) {
        ++at;
    }
    return at;
}

JsonScanner::Scanned JsonScanner::number(const char* at)
{
    const char* const start = at;
    const char* digits = *at == '-' ? at + 1 : at;
    JsonType type = JsonType::Int;
    at = skipDigits(digits);
    if (at == digits) {
        return {refuse(start, "minus without a number")};
    }
    if (*digits == '0' && at != digits + 1) {
        return {refuse(start, "number with a leading zero")};
    }
    if (at != m_end && *at == '.') {
        type = JsonType::Double;
        digits = at + 1;
        at = skipDigits(digits);
        if (at == digits) {
            return {refuse(start, "number without digits behind its point")};
        }
    }
    if (at != m_end && (*at == 'e' || *at == 'E')) {
        type = JsonType::Double;
        digits = at + 1;
        if (digits != m_end && (*digits == '+' || *digits == '-')) {
            ++digits;
        }
        at = skipDigits(digits);
        if (at == digits) {
            return {refuse(start, "number without digits in its exponent")};
        }
    }
    return {at, type};
}

JsonScanner::Scanned JsonScanner::scalar(const char* at)
{
    switch (*at) {
    case '"': return string(at + 1);
    case 't': return literal(at, "true", JsonType::True);
    case 'f': return literal(at, "false", JsonType::False);
    case 'n': return literal(at, "null", JsonType::Null);
    case '-': return number(at);
    default: return isDigit(*at) ? number(at) : Scanned{refuseUnexpected(at)};
    }
}

JsonScanner::Scanned JsonScanner::value(const char* at, int depth)
{
    if (at == m_end) {
        return {refuseUnexpected(at)};
    }
    if (*at == '{') {
        return {container(at, depth), JsonType::Object};
    }
    if (*at == '[') {
        return {container(at, depth), JsonType::Array};
    }
    return scalar(at);
}

const char* JsonScanner::colon(const char* at)
{
    at = skipSpace(at);
    if (at == m_end || *at != ':') {
        return refuseUnexpected(at);
    }
    return skipSpace(at + 1);
}

/// The containers that are open, innermost last, and what may come next in it.
class JsonScanner::Nesting {
public:
    enum class Expected : std::uint8_t { ValueOrEnd, Value, KeyOrEnd, Key, CommaOrEnd };

    explicit Nesting(int outerDepth) : m_outerDepth(outerDepth) {}

    [[nodiscard]] Expected expected() const { return m_expected; }
    [[nodiscard]] bool inObject() const { return m_inObject; }
    [[nodiscard]] bool isOpen() const { return m_open != 0; }
    [[nodiscard]] bool isFull() const { return m_outerDepth + m_open == kMaxJsonDepth; }
    [[nodiscard]] bool endsWith(char c) const
    {
        return c == (m_inObject ? '}' : ']') && m_expected != Expected::Value && m_expected != Expected::Key;
    }

    void expect(Expected expected) { m_expected = expected; }
    void open(bool object)
    {
        m_objects[static_cast<std::size_t>(m_open++)] = object;
        m_inObject = object;
        m_expected = object ? Expected::KeyOrEnd : Expected::ValueOrEnd;
    }
    void close()
    {
        --m_open;
        m_inObject = m_open != 0 && m_objects[static_cast<std::size_t>(m_open - 1)];
        m_expected = Expected::CommaOrEnd;
    }

private:
    int m_outerDepth;
    int m_open = 0;
    bool m_inObject = false;
    Expected m_expected = Expected::Value;
    std::array<bool, kMaxJsonDepth> m_objects; // up to m_open: those that are objects
};

/// An object or array and all within it; a loop with its own stack, for the depth is the sender's choice.
const char* JsonScanner::container(const char* at, int depth)
{
    Nesting nesting(depth);
    do {
        at = skipSpace(at);
        at = at == m_end ? refuseUnexpected(at) : step(at, nesting);
    } while (at != nullptr && nesting.isOpen());
    return at;
}

/// What stands at `at`: a bracket, a comma, a key with its colon, or a scalar.
const char* JsonScanner::step(const char* at, Nesting& nesting)
{
    using enum Nesting::Expected;
    const char c = *at;
    if (nesting.endsWith(c)) {
        nesting.close();
        return at + 1;
    }
    switch (nesting.expected()) {
    case CommaOrEnd:
        nesting.expect(nesting.inObject() ? Key : Value);
        return c == ',' ? at + 1 : refuseUnexpected(at);
    case KeyOrEnd:
    case Key: {
        nesting.expect(Value);
        const char* const behind = c == '"' ? string(at + 1).end : refuseUnexpected(at);
        return behind == nullptr ? nullptr : colon(behind);
    }
    case ValueOrEnd:
    case Value: break;
    }
    if (c != '{' && c != '[') {
        nesting.expect(CommaOrEnd);
        return scalar(at).end;
    }
    if (nesting.isFull()) {
        return refuse(at, "nested too deeply", JsonError::Code::TooDeep);
    }
    nesting.open(c == '{');
    return at + 1;
}

} // namespace streamwright
