#include "core/cel/lexer.h"

#include "core/base/diagnostic.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace streamwright::cel {
namespace {

constexpr std::uint32_t kMaxCodePoint = 0x10FFFF;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isWord(char c)
{
    return isWordStart(c) || isDigit(c);
}

int hexDigit(char c)
{
    if (isDigit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool isQuotedNameCharacter(char c)
{
    return isWord(c) || c == '.' || c == '-' || c == '/' || c == ' ';
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : m_source(source) {}

    Tokens run()
    {
        while (!m_result.failed && skipBlank()) {
            m_start = m_at;
            next();
        }
        if (!m_result.failed) {
            m_start = m_at = m_source.size();
            add(TokenType::End);
        }
        return std::move(m_result);
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_source.size() ? m_source[m_at + ahead] : '\0';
    }

    void add(TokenType type, std::string value = {})
    {
        m_result.tokens.push_back(
            {type, m_source.substr(m_start, m_at - m_start), std::move(value), spanOf(m_start, m_at)});
    }

    static Span spanOf(std::size_t begin, std::size_t end)
    {
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
    }

    void fail(std::size_t begin, std::size_t end, std::string message, std::string hint = {})
    {
        m_result.failed = true;
        m_result.error = {std::move(message), std::move(hint), spanOf(begin, std::min(end, m_source.size()))};
    }

    /// False at the end of the text.
    bool skipBlank()
    {
        while (m_at < m_source.size()) {
            const char c = m_source[m_at];
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                ++m_at;
            } else if (c == '/' && peek(1) == '/') {
                while (m_at < m_source.size() && m_source[m_at] != '\n') {
                    ++m_at;
                }
            } else {
                return true;
            }
        }
        return false;
    }

    void next()
    {
        const char c = peek();
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            number();
        } else if (c == '"' || c == '\'') {
            string(false, false);
        } else if (isWordStart(c)) {
            word();
        } else if (c == '`') {
            quotedName();
        } else {
            punctuation();
        }
    }

    /// An identifier, or a string with a prefix of r and b.
    void word()
    {
        bool raw = false;
        bool bytes = false;
        std::size_t prefix = 0;
        for (; prefix < 2; ++prefix) {
            const char c = peek(prefix);
            if ((c == 'r' || c == 'R') && !raw) {
                raw = true;
            } else if ((c == 'b' || c == 'B') && !bytes) {
                bytes = true;
            } else {
                break;
            }
        }
        if (prefix > 0 && (peek(prefix) == '"' || peek(prefix) == '\'')) {
            m_at += prefix;
            string(raw, bytes);
            return;
        }
        while (isWord(peek())) {
            ++m_at;
        }
        add(TokenType::Identifier);
    }

    void quotedName()
    {
        const std::size_t close = m_source.find('`', m_at + 1);
        if (close == std::string_view::npos) {
            fail(m_at, m_source.size(), "The name in backticks has no end.", "Add the closing \"`\".");
            return;
        }
        const std::string_view name = m_source.substr(m_at + 1, close - m_at - 1);
        for (const char c : name) {
            if (!isQuotedNameCharacter(c)) {
                fail(m_at, close + 1, "A name in backticks holds letters, digits and _ . - / or a space.",
                     "Write value[\"name\"] for other names.");
                return;
            }
        }
        if (name.empty()) {
            fail(m_at, close + 1, "The name in backticks is empty.");
            return;
        }
        m_at = close + 1;
        add(TokenType::Quoted, std::string(name));
    }

    void number()
    {
        if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
            m_at += 2;
            const std::size_t digits = m_at;
            while (hexDigit(peek()) >= 0) {
                ++m_at;
            }
            finishNumber(m_at == digits ? TokenType::End : TokenType::Int);
            return;
        }
        while (isDigit(peek())) {
            ++m_at;
        }
        TokenType type = TokenType::Int;
        if (peek() == '.' && isDigit(peek(1))) {
            type = TokenType::Double;
            ++m_at;
            while (isDigit(peek())) {
                ++m_at;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (isDigit(peek(1 + sign))) {
                type = TokenType::Double;
                m_at += 1 + sign;
                while (isDigit(peek())) {
                    ++m_at;
                }
            }
        }
        finishNumber(type);
    }

    void finishNumber(TokenType type)
    {
        if (type == TokenType::Int && (peek() == 'u' || peek() == 'U')) {
            ++m_at;
            type = TokenType::Uint;
        }
        if (type == TokenType::End || isWord(peek())) {
            while (isWord(peek())) {
                ++m_at;
            }
            fail(m_start, m_at, quoted(m_source.substr(m_start, m_at - m_start)) + " is not a number.");
            return;
        }
        add(type);
    }

    void string(bool raw, bool bytes)
    {
        const char quote = peek();
        const bool triple = peek(1) == quote && peek(2) == quote;
        m_at += triple ? 3 : 1;
        std::string value;
        while (m_at < m_source.size()) {
            const char c = peek();
            if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
                m_at += triple ? 3 : 1;
                add(bytes ? TokenType::Bytes : TokenType::String, std::move(value));
                return;
            }
            if (!triple && (c == '\n' || c == '\r')) {
                break;
            }
            if (c == '\\' && !raw) {
                if (!escape(value, bytes)) {
                    return;
                }
            } else {
                value += c;
                ++m_at;
            }
        }
        fail(m_start, m_at, bytes ? "The bytes literal has no end." : "The string has no end.",
             std::string("Add the closing ") + (triple ? std::string(3, quote) : std::string(1, quote)) +
                 (triple ? "." : ", or write \\n for a line end inside the text."));
    }

    bool escape(std::string& value, bool bytes)
    {
        static constexpr std::array<std::pair<char, char>, 12> kSimple{{{'a', '\a'},
                                                                        {'b', '\b'},
                                                                        {'f', '\f'},
                                                                        {'n', '\n'},
                                                                        {'r', '\r'},
                                                                        {'t', '\t'},
                                                                        {'v', '\v'},
                                                                        {'\\', '\\'},
                                                                        {'?', '?'},
                                                                        {'"', '"'},
                                                                        {'\'', '\''},
                                                                        {'`', '`'}}};
        const char c = peek(1);
        for (const auto& [name, meaning] : kSimple) {
            if (c == name) {
                value += meaning;
                m_at += 2;
                return true;
            }
        }
        if (c >= '0' && c <= '3') {
            return numericEscape(value, bytes, 1, 3, 8);
        }
        if (c == 'x' || c == 'X') {
            return numericEscape(value, bytes, 2, 2, 16);
        }
        if (!bytes && (c == 'u' || c == 'U')) {
            return numericEscape(value, bytes, 2, c == 'u' ? 4 : 8, 16);
        }
        fail(m_at, m_at + 2, "Unknown escape " + quoted(m_source.substr(m_at, 2)) + " in the text.",
             "Write \\\\ for a backslash, or r\"...\" for text without escapes.");
        return false;
    }

    bool numericEscape(std::string& value, bool bytes, std::size_t skip, std::size_t digits, int base)
    {
        std::uint32_t code = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            const int digit = hexDigit(peek(skip + i));
            if (digit < 0 || digit >= base) {
                fail(m_at, m_at + skip + i + 1,
                     "The escape " + quoted(m_source.substr(m_at, 2)) + " wants " + std::to_string(digits) +
                         (base == 8 ? " octal" : " hexadecimal") + " digits.");
                return false;
            }
            code = code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
        }
        if (bytes) {
            value += static_cast<char>(code);
        } else if (code > kMaxCodePoint || (code >= 0xD800 && code <= 0xDFFF)) {
            fail(m_at, m_at + skip + digits,
                 quoted(m_source.substr(m_at, skip + digits)) + " is not a Unicode character.");
            return false;
        } else {
            appendUtf8(value, code);
        }
        m_at += skip + digits;
        return true;
    }

    void punctuation()
    {
        static constexpr std::array<std::string_view, 24> kOperators{
            "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/",
            "%",  "!",  "?",  ":",  "(",  ")",  "[", "]", "{", "}", ",", "."};
        const std::string_view rest = m_source.substr(m_at);
        for (const std::string_view op : kOperators) {
            if (rest.starts_with(op)) {
                m_at += op.size();
                add(TokenType::Operator);
                return;
            }
        }
        unknown(rest);
    }

    void unknown(std::string_view rest)
    {
        std::size_t length = 1;
        while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xC0U) == 0x80U) {
            ++length;
        }
        std::string hint;
        switch (rest.front()) {
        case '=':
            hint = rest.starts_with("=>")   ? "Write \">=\" for \"not less\"."
                   : rest.starts_with("=<") ? "Write \"<=\" for \"not greater\"."
                                            : "Write \"==\" to compare.";
            break;
        case '&': hint = "Write \"&&\" for \"and\"."; break;
        case '|': hint = "Write \"||\" for \"or\"."; break;
        case '$': hint = "Write the field as value.name."; break;
        case ';': hint = "An expression ends without a semicolon."; break;
        case '#': hint = "A comment begins with \"//\"."; break;
        default: break;
        }
        fail(m_at, m_at + length, "Unexpected character " + quoted(rest.substr(0, length)) + ".", hint);
    }

    std::string_view m_source;
    std::size_t m_at = 0;
    std::size_t m_start = 0;
    Tokens m_result;
};

} // namespace

Tokens tokenize(std::string_view source)
{
    if (source.size() > kMaxExpressionBytes) {
        Tokens refused;
        refused.failed = true;
        refused.error = {"The expression has " + std::to_string(source.size()) +
                             " bytes, more than the limit of " + std::to_string(kMaxExpressionBytes) + ".",
                         "Split it over several nodes.",
                         {}};
        return refused;
    }
    if (!isValidUtf8(source)) {
        Tokens refused;
        refused.failed = true;
        refused.error = {"The expression is not valid UTF-8.", {}, {}};
        return refused;
    }
    return Lexer(source).run();
}

} // namespace streamwright::cel
