#include "core/nodes/sources/record_template.h"

#include "core/base/diagnostic.h"
#include "core/base/time_text.h"
#include "core/record/json_value.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

namespace streamwright {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

struct Word {
    std::string text;
    bool quoted = false;
};

/// Words between white space; one in double quotes may hold anything, a backslash takes the next character.
std::vector<Word> wordsOf(std::string_view text, std::string& problem)
{
    std::vector<Word> words;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == ' ') {
            ++at;
            continue;
        }
        Word word;
        word.quoted = text[at] == '"';
        at += word.quoted ? 1 : 0;
        while (at < text.size() && text[at] != (word.quoted ? '"' : ' ')) {
            at += word.quoted && text[at] == '\\' && at + 1 < text.size() ? 1 : 0;
            word.text += text[at++];
        }
        if (word.quoted && at++ >= text.size()) {
            problem = "A quote is not closed in \"{{" + std::string(text) + "}}\".";
            return {};
        }
        words.push_back(std::move(word));
    }
    return words;
}

/// Place behind the `}}` that ends a placeholder, which may hold quoted braces.
std::size_t endOfPlaceholder(std::string_view text, std::size_t begin)
{
    bool quoted = false;
    for (std::size_t at = begin; at < text.size(); ++at) {
        if (quoted && text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            quoted = !quoted;
        } else if (!quoted && text.substr(at, kClose.size()) == kClose) {
            return at + kClose.size();
        }
    }
    return std::string_view::npos;
}

std::optional<std::int64_t> toInt(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// RFC 9562, version 4, out of the given generator, so that a seed gives the same ones again.
void appendUuid(std::string& out, TemplateRandom& random)
{
    const std::uint64_t high = (random.next() & 0xFFFFFFFFFFFF0FFFULL) | 0x4000ULL;
    const std::uint64_t low = (random.next() & 0x3FFFFFFFFFFFFFFFULL) | 0x8000000000000000ULL;
    std::array<char, 40> text{};
    std::snprintf(
        text.data(), text.size(), "%08llx-%04llx-%04llx-%04llx-%012llx",
        static_cast<unsigned long long>(high >> 32U), static_cast<unsigned long long>(high >> 16U & 0xFFFFU),
        static_cast<unsigned long long>(high & 0xFFFFU), static_cast<unsigned long long>(low >> 48U),
        static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
    out += text.data();
}

/// 0 to `count` - 1. The standard's distributions differ between libraries; a seed must not.
std::uint64_t below(std::uint64_t count, TemplateRandom& random)
{
    return count == 0 ? random.next() : random.next() % count;
}

} // namespace

std::uint64_t TemplateRandom::next()
{
    m_state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t word = m_state;
    word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    word = (word ^ (word >> 27U)) * 0x94D049BB133111EBULL;
    return word ^ (word >> 31U);
}

TextTemplate::Piece TextTemplate::parseInt(const std::vector<std::string>& words, std::string& problem)
{
    const std::optional<std::int64_t> from = words.size() == 3 ? toInt(words[1]) : std::nullopt;
    const std::optional<std::int64_t> to = words.size() == 3 ? toInt(words[2]) : std::nullopt;
    if (!from || !to || *from > *to) {
        problem = "\"{{int}}\" takes two whole numbers, the smaller first, for example {{int 1 97}}.";
        return {};
    }
    return {.kind = Kind::Int, .from = *from, .to = *to};
}

TextTemplate::Piece TextTemplate::parsePlaceholder(std::string_view text, std::string& problem)
{
    const std::vector<Word> words = wordsOf(text, problem);
    if (!problem.empty()) {
        return {};
    }
    const std::string name = words.empty() ? std::string() : words.front().text;
    if (words.size() == 1 && (name == "seq" || name == "uuid" || name == "now")) {
        return {.kind = name == "seq" ? Kind::Seq : name == "uuid" ? Kind::Uuid : Kind::Now};
    }
    std::vector<std::string> texts;
    for (const Word& word : words) {
        texts.push_back(word.text);
    }
    if (name == "int") {
        return parseInt(texts, problem);
    }
    if (name == "pick" && words.size() > 1) {
        Piece piece{.kind = Kind::Pick, .choicesAreJson = true};
        piece.choices.assign(texts.begin() + 1, texts.end());
        for (std::size_t i = 1; i < words.size(); ++i) {
            piece.choicesAreJson = piece.choicesAreJson && !words[i].quoted &&
                                   !Json::parse(words[i].text, nullptr, false).is_discarded();
        }
        return piece;
    }
    problem = "\"{{" + std::string(text) +
              "}}\" is not known. There are {{seq}}, {{uuid}}, {{now}}, {{int 1 97}} and "
              "{{pick \"a\" \"b\"}}.";
    return {};
}

TextTemplate TextTemplate::parse(std::string_view text, std::string& problem)
{
    TextTemplate result;
    std::size_t at = 0;
    while (at < text.size() && problem.empty()) {
        const std::size_t open = std::min(text.find(kOpen, at), text.size());
        if (open > at) {
            result.m_pieces.push_back(
                {.kind = Kind::Literal, .text = std::string(text.substr(at, open - at))});
        }
        if (open == text.size()) {
            break;
        }
        const std::size_t begin = open + kOpen.size();
        const std::size_t end = endOfPlaceholder(text, begin);
        if (end == std::string_view::npos) {
            problem = "\"{{\" is not closed by \"}}\" in " + quoted(text) + '.';
            break;
        }
        result.m_pieces.push_back(parsePlaceholder(text.substr(begin, end - kClose.size() - begin), problem));
        at = end;
    }
    return result;
}

bool TextTemplate::isLiteral() const
{
    if (m_pieces.size() != 1) {
        return false;
    }
    const Piece& only = m_pieces.front();
    return only.kind == Kind::Seq || only.kind == Kind::Int ||
           (only.kind == Kind::Pick && only.choicesAreJson);
}

void TextTemplate::append(std::string& out, const TemplateInput& input) const
{
    for (const Piece& piece : m_pieces) {
        switch (piece.kind) {
        case Kind::Literal: out += piece.text; break;
        case Kind::Seq: out += std::to_string(input.seq); break;
        case Kind::Uuid: appendUuid(out, input.random); break;
        case Kind::Now: out += formatUtc(input.nowMs); break;
        case Kind::Int: {
            const auto span =
                static_cast<std::uint64_t>(piece.to) - static_cast<std::uint64_t>(piece.from) + 1;
            const auto value = static_cast<std::uint64_t>(piece.from) + below(span, input.random);
            out += std::to_string(static_cast<std::int64_t>(value));
            break;
        }
        case Kind::Pick: out += piece.choices[below(piece.choices.size(), input.random)]; break;
        }
    }
}

void RecordTemplate::add(const Json& json, std::string& literal, std::string& problem)
{
    if (json.is_object() || json.is_array()) {
        literal += json.is_object() ? '{' : '[';
        bool first = true;
        for (const auto& [key, value] : json.items()) {
            literal += first ? "" : ", ";
            first = false;
            if (json.is_object()) {
                appendJsonString(literal, key);
                literal += ": ";
            }
            add(value, literal, problem);
        }
        literal += json.is_object() ? '}' : ']';
        return;
    }
    const bool holdsPlaceholder =
        json.is_string() && json.get_ref<const std::string&>().find(kOpen) != std::string::npos;
    if (!holdsPlaceholder) {
        literal += json.dump();
        return;
    }
    m_pieces.push_back(
        {std::move(literal), TextTemplate::parse(json.get_ref<const std::string&>(), problem), true});
    literal.clear();
}

RecordTemplate RecordTemplate::parse(const Json& json, std::string& problem)
{
    RecordTemplate result;
    std::string literal;
    result.add(json, literal, problem);
    result.m_pieces.push_back({std::move(literal), {}, false});
    return result;
}

void RecordTemplate::append(std::string& out, const TemplateInput& input) const
{
    std::string text;
    for (const Piece& piece : m_pieces) {
        out += piece.literal;
        if (!piece.hasText) {
            continue;
        }
        if (piece.text.isLiteral()) {
            piece.text.append(out, input);
        } else {
            text.clear();
            piece.text.append(text, input);
            appendJsonString(out, text);
        }
    }
}

} // namespace streamwright
