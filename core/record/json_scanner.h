#pragma once

#include "core/record/json_indexer.h"
#include "core/record/json_node.h"

#include <cstddef>
#include <string_view>

namespace streamwright {

[[nodiscard]] constexpr bool isJsonSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

[[nodiscard]] inline const char* skipJsonSpace(const char* at, const char* end)
{
    while (at != end && isJsonSpace(*at)) {
        ++at;
    }
    return at;
}

/// Reads one text front to back and refuses whatever RFC 8259 does not allow. Each function takes the place
/// where something begins and gives the one behind it, or nullptr once the text is refused: error() says why.
/// Part of the indexer. Thread: one.
class JsonScanner {
public:
    /// What stands behind a string or value, and what was learnt on the way.
    struct Scanned {
        const char* end = nullptr;
        JsonType type = JsonType::Null;
        bool escaped = false;
    };

    explicit JsonScanner(std::string_view text) : m_begin(text.data()), m_end(text.data() + text.size()) {}

    [[nodiscard]] const char* end() const { return m_end; }
    [[nodiscard]] const char* skipSpace(const char* at) const { return skipJsonSpace(at, m_end); }

    /// A string; `at` is behind its opening quote.
    [[nodiscard]] Scanned string(const char* at);
    /// Any value; `depth` containers are open around it.
    [[nodiscard]] Scanned value(const char* at, int depth);
    /// White space, a colon and white space.
    [[nodiscard]] const char* colon(const char* at);

    /// Refuses the text because of what is at `at`.
    const char* refuse(const char* at, const char* reason, JsonError::Code code = JsonError::Code::BadJson);
    /// Refuses it because the character at `at`, or the end there, is not what may stand in that place.
    const char* refuseUnexpected(const char* at);
    [[nodiscard]] const JsonError& error() const { return m_error; }

private:
    class Nesting;

    [[nodiscard]] Scanned scalar(const char* at);
    [[nodiscard]] Scanned number(const char* at);
    [[nodiscard]] Scanned literal(const char* at, std::string_view word, JsonType type);
    [[nodiscard]] const char* skipDigits(const char* at) const;
    [[nodiscard]] const char* container(const char* at, int depth);
    [[nodiscard]] const char* step(const char* at, Nesting& nesting);
    [[nodiscard]] const char* escapes(const char* at);
    [[nodiscard]] const char* unicodeEscape(const char* at);

    const char* m_begin;
    const char* m_end;
    JsonError m_error;
};

} // namespace streamwright
