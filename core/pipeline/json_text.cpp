#include "core/pipeline/json_text.h"

#include "core/base/utf8.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <tuple>

namespace streamwright {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void appendUtf8(std::string& out, std::uint32_t code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

/// Recursive descent over the text of one document. After the first fault every level returns what it has.
class Reader {
public:
    Reader(std::string_view text, JsonText& out) : m_text(text), m_out(out) {}

    void read()
    {
        if (m_text.starts_with(kByteOrderMark)) {
            m_at = kByteOrderMark.size();
            m_countedTo = m_at;
        }
        skipSpace();
        if (m_at == m_text.size()) {
            m_at = m_countedTo;
            fail("The file is empty.");
            return;
        }
        m_out.value = readValue(0);
        if (m_failed) {
            return;
        }
        skipSpace();
        if (m_at != m_text.size()) {
            fail("Unexpected " + here() + " after the end of the document.");
            return;
        }
        m_out.complete = true;
    }

private:
    std::pair<int, int> position(std::size_t at)
    {
        // Values come in the order of the text, so the counters only move on.
        for (; m_countedTo < at; ++m_countedTo) {
            if (m_text[m_countedTo] == '\n') {
                ++m_line;
                m_column = 1;
            } else if ((static_cast<unsigned char>(m_text[m_countedTo]) & 0xC0U) != 0x80U) {
                ++m_column;
            }
        }
        return {m_line, m_column};
    }

    void report(std::size_t at, const char* code, std::string message, std::string hint = {})
    {
        Diagnostic diagnostic;
        diagnostic.code = code;
        diagnostic.message = std::move(message);
        diagnostic.hint = std::move(hint);
        std::tie(diagnostic.line, diagnostic.column) = position(at);
        m_out.diagnostics.push_back(std::move(diagnostic));
    }

    void fail(std::string message, std::string hint = {})
    {
        if (!m_failed) {
            m_failed = true;
            report(m_at, "bad_json", std::move(message), std::move(hint));
        }
    }

    /// What stands at the reading place, as a message says it.
    std::string here() const
    {
        if (m_at >= m_text.size()) {
            return "end of the file";
        }
        const std::size_t length = utf8SequenceLength(m_text, m_at);
        return length == 0 ? "byte that is not UTF-8" : quoted(m_text.substr(m_at, length));
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' ||
                                        m_text[m_at] == '\t')) {
            ++m_at;
        }
    }

    bool take(char c)
    {
        if (m_at < m_text.size() && m_text[m_at] == c) {
            ++m_at;
            return true;
        }
        return false;
    }

    Json readValue(int depth)
    {
        m_out.positions[m_pointer] = position(m_at);
        if (depth > kMaxDepth) {
            fail("Lists and objects are nested more than " + std::to_string(kMaxDepth) + " deep.");
            return {};
        }
        if (m_at >= m_text.size()) {
            fail("The file ends where a value should stand.", "It may have been cut off.");
            return {};
        }
        switch (m_text[m_at]) {
        case '{': return readObject(depth);
        case '[': return readArray(depth);
        case '"': {
            std::optional<std::string> text = readString();
            return text ? Json(std::move(*text)) : Json();
        }
        case 't': return readWord("true", true);
        case 'f': return readWord("false", false);
        case 'n': return readWord("null", nullptr);
        default: return readNumber();
        }
    }

    Json readWord(std::string_view word, Json value)
    {
        if (m_text.substr(m_at, word.size()) != word) {
            fail("Unexpected " + here() + "; a value should stand here.", "Texts stand in double quotes.");
            return {};
        }
        m_at += word.size();
        return value;
    }

    Json readObject(int depth)
    {
        const std::size_t start = m_at++;
        const std::size_t pointerSize = m_pointer.size();
        Json object = Json::object();
        skipSpace();
        if (take('}')) {
            return object;
        }
        while (true) {
            skipSpace();
            const std::size_t keyAt = m_at;
            if (m_at >= m_text.size()) {
                failOpen("object", start);
                return object;
            }
            if (m_text[m_at] != '"') {
                fail("Unexpected " + here() + "; a key in double quotes should stand here.",
                     m_text[m_at] == '}' ? "Remove the comma before it." : "");
                return object;
            }
            const std::optional<std::string> key = readString();
            if (!key) {
                return object;
            }
            m_pointer += '/' + pointerStep(*key);
            const auto keyPosition = position(keyAt);
            if (object.contains(*key)) {
                report(keyAt, "duplicate_key", "Key " + quoted(*key) + " stands here a second time.",
                       "Only the last one counts: remove one of them.");
            }
            m_out.positions[m_pointer + "#key"] = keyPosition;
            skipSpace();
            if (!take(':')) {
                fail("Unexpected " + here() + " after key " + quoted(*key) + "; a colon should stand here.");
                return object;
            }
            skipSpace();
            Json value = readValue(depth + 1);
            m_pointer.resize(pointerSize);
            if (!m_failed || !value.is_null()) {
                object[*key] = std::move(value);
            }
            if (m_failed) {
                return object;
            }
            skipSpace();
            if (take('}')) {
                return object;
            }
            if (m_at >= m_text.size()) {
                failOpen("object", start);
                return object;
            }
            if (!take(',')) {
                fail("Unexpected " + here() + "; a comma or \"}\" should stand here.");
                return object;
            }
        }
    }

    Json readArray(int depth)
    {
        const std::size_t start = m_at++;
        const std::size_t pointerSize = m_pointer.size();
        Json array = Json::array();
        skipSpace();
        if (take(']')) {
            return array;
        }
        while (true) {
            skipSpace();
            if (m_at < m_text.size() && m_text[m_at] == ']') {
                fail("Unexpected \"]\" after a comma.", "Remove the comma before it.");
                return array;
            }
            m_pointer += '/' + std::to_string(array.size());
            Json value = readValue(depth + 1);
            m_pointer.resize(pointerSize);
            if (!m_failed || !value.is_null()) {
                array.push_back(std::move(value));
            }
            if (m_failed) {
                return array;
            }
            skipSpace();
            if (take(']')) {
                return array;
            }
            if (m_at >= m_text.size()) {
                failOpen("list", start);
                return array;
            }
            if (!take(',')) {
                fail("Unexpected " + here() + "; a comma or \"]\" should stand here.");
                return array;
            }
        }
    }

    void failOpen(const char* what, std::size_t start)
    {
        int line = 1;
        for (std::size_t i = 0; i < start; ++i) {
            line += m_text[i] == '\n' ? 1 : 0;
        }
        fail("The file ends inside the " + std::string(what) + " that begins in line " +
                 std::to_string(line) + '.',
             "It may have been cut off.");
    }

    std::optional<std::string> readString()
    {
        ++m_at;
        std::string out;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return out;
            }
            if (c == '\\') {
                if (!readEscape(out)) {
                    return std::nullopt;
                }
                continue;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                fail(c == '\n' ? "The line ends inside a text." : "A text holds a control character.",
                     c == '\n' ? "Close it with a double quote, or write \\n." : "Write it as an escape.");
                return std::nullopt;
            }
            const std::size_t length = utf8SequenceLength(m_text, m_at);
            if (length == 0) {
                fail("A text holds a byte that is not UTF-8.", "Save the file as UTF-8.");
                return std::nullopt;
            }
            out += m_text.substr(m_at, length);
            m_at += length;
        }
        fail("The file ends inside a text.", "It may have been cut off.");
        return std::nullopt;
    }

    std::optional<std::uint32_t> readHex4()
    {
        std::uint32_t code = 0;
        if (m_text.size() - m_at < 4) {
            return std::nullopt;
        }
        const char* const begin = m_text.data() + m_at;
        const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
        if (error != std::errc() || end != begin + 4) {
            return std::nullopt;
        }
        m_at += 4;
        return code;
    }

    bool readEscape(std::string& out)
    {
        constexpr std::string_view kEscapes = "\"\\/bfnrt";
        constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        const char c = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
        if (const std::size_t known = kEscapes.find(c); c != '\0' && known != std::string_view::npos) {
            out += kMeanings[known];
            m_at += 2;
            return true;
        }
        const std::size_t start = m_at;
        if (c == 'u') {
            m_at += 2;
            std::optional<std::uint32_t> code = readHex4();
            if (code && *code >= 0xD800 && *code < 0xDC00 && m_text.substr(m_at, 2) == "\\u") {
                m_at += 2;
                const std::optional<std::uint32_t> low = readHex4();
                const bool pair = low && *low >= 0xDC00 && *low < 0xE000;
                code = pair ? std::optional(0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00))
                            : std::nullopt;
            }
            if (code && (*code < 0xD800 || *code >= 0xE000)) {
                appendUtf8(out, *code);
                return true;
            }
        }
        m_at = start;
        fail("A text holds an escape that JSON does not know.", "Write a backslash as \\\\.");
        return false;
    }

    std::size_t digits()
    {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
            ++m_at;
        }
        return m_at - start;
    }

    Json readNumber()
    {
        const std::size_t start = m_at;
        const bool negative = take('-');
        const bool leadingZero = m_at < m_text.size() && m_text[m_at] == '0';
        const std::size_t whole = digits();
        if (whole == 0 && !negative) {
            fail("Unexpected " + here() + "; a value should stand here.",
                 here() == "\"'\"" ? "Texts stand in double quotes." : "");
            return {};
        }
        bool integer = true;
        bool good = whole == 1 || (whole > 1 && !leadingZero);
        if (take('.')) {
            integer = false;
            good = digits() > 0 && good;
        }
        if (take('e') || take('E')) {
            integer = false;
            static_cast<void>(take('+') || take('-'));
            good = digits() > 0 && good;
        }
        if (!good) {
            m_at = start;
            fail("This is not a number of JSON.");
            return {};
        }
        return number(start, integer, negative);
    }

    Json number(std::size_t start, bool integer, bool negative)
    {
        const std::string_view text = m_text.substr(start, m_at - start);
        const char* const end = text.data() + text.size();
        if (integer && negative) {
            std::int64_t value = 0;
            if (std::from_chars(text.data(), end, value).ec == std::errc()) {
                return value;
            }
        } else if (integer) {
            std::uint64_t value = 0;
            if (std::from_chars(text.data(), end, value).ec == std::errc()) {
                return value;
            }
        }
        double value = 0;
        if (std::from_chars(text.data(), end, value).ec != std::errc()) {
            m_at = start;
            fail("This number is too large or too small.");
            return {};
        }
        return value;
    }

    std::string_view m_text;
    JsonText& m_out;
    std::size_t m_at = 0;
    std::size_t m_countedTo = 0;
    int m_line = 1;
    int m_column = 1;
    std::string m_pointer;
    bool m_failed = false;
};

} // namespace

JsonText parseJsonText(std::string_view text)
{
    JsonText out;
    Reader(text, out).read();
    return out;
}

std::string pointerStep(std::string_view key)
{
    std::string step;
    for (const char c : key) {
        if (c == '~') {
            step += "~0";
        } else if (c == '/') {
            step += "~1";
        } else {
            step += c;
        }
    }
    return step;
}

} // namespace streamwright
