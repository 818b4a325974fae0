#pragma once

#include "core/node/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// SplitMix64 (Steele, Lea, Flood, 2014): a state of one word, so that every record can have its own.
class TemplateRandom {
public:
    explicit TemplateRandom(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next();

private:
    std::uint64_t m_state;
};

/// What the placeholders of a template are filled with for one record.
struct TemplateInput {
    std::int64_t seq = 0;
    std::int64_t nowMs = 0;
    TemplateRandom& random;
};

/// A text with placeholders `{{seq}}`, `{{uuid}}`, `{{now}}`, `{{int 1 97}}`, `{{pick "a" "b"}}`, taken apart
/// once. Value.
class TextTemplate {
public:
    /// `problem` says why where the text is no template; it is then of no use.
    static TextTemplate parse(std::string_view text, std::string& problem);

    void append(std::string& out, const TemplateInput& input) const;
    /// The one placeholder whose value is a JSON literal (a number, a picked word without quotes that is
    /// one), and nothing around it: its text is the JSON value.
    [[nodiscard]] bool isLiteral() const;

private:
    enum class Kind : std::uint8_t { Literal, Seq, Uuid, Now, Int, Pick };
    struct Piece {
        Kind kind = Kind::Literal;
        std::string text;
        std::int64_t from = 0;
        std::int64_t to = 0;
        std::vector<std::string> choices;
        bool choicesAreJson = false;
    };

    static Piece parsePlaceholder(std::string_view text, std::string& problem);
    static Piece parseInt(const std::vector<std::string>& words, std::string& problem);

    std::vector<Piece> m_pieces;
};

/// A JSON value whose texts hold placeholders. A text that is nothing but `{{seq}}`, `{{int …}}` or a `{{pick
/// …}}` of bare numbers becomes a number. Value.
class RecordTemplate {
public:
    static RecordTemplate parse(const Json& json, std::string& problem);
    /// Appends the value as JSON text.
    void append(std::string& out, const TemplateInput& input) const;

private:
    struct Piece {
        std::string literal; ///< JSON text that comes first
        TextTemplate text;   ///< and what follows it
        bool hasText = false;
    };

    void add(const Json& json, std::string& literal, std::string& problem);

    std::vector<Piece> m_pieces;
};

} // namespace streamwright
