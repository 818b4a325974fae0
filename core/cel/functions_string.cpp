#include "core/cel/evaluation.h"
#include "core/cel/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace streamwright::cel {
namespace {

constexpr std::size_t kTextPerStep = 64;

Value outside(const Call& call, std::int64_t index)
{
    Phrase what;
    what << "Position " << index << " is outside the text of "
         << static_cast<std::int64_t>(characters(call.text(0))) << " characters";
    return call.evaluation.fail(call.node, what);
}

void charge(const Call& call)
{
    (void)call.evaluation.budget().take(call.text(0).size() / kTextPerStep);
}

Value charAt(const Call& call)
{
    charge(call);
    const std::string_view text = call.text(0);
    const std::size_t at = byteOf(text, call[1].integer);
    if (at == std::string_view::npos) {
        return outside(call, call[1].integer);
    }
    return Value::string(at == text.size() ? std::string_view("")
                                           : text.substr(at, characterBytes(text[at])));
}

Value indexFrom(const Call& call, std::int64_t start)
{
    charge(call);
    const std::string_view text = call.text(0);
    const std::size_t from = byteOf(text, start);
    if (from == std::string_view::npos) {
        return outside(call, start);
    }
    const std::size_t found = findText(text, call.text(1), from);
    return Value::ofInt(
        found == std::string_view::npos ? -1 : static_cast<std::int64_t>(characters(text.substr(0, found))));
}

Value indexOf(const Call& call)
{
    return indexFrom(call, 0);
}

Value indexOfFrom(const Call& call)
{
    return indexFrom(call, call[2].integer);
}

/// Last place at or before byte `last`.
Value lastIndexUpTo(const Call& call, std::size_t last)
{
    charge(call);
    const std::string_view text = call.text(0);
    const std::string_view needle = call.text(1);
    if (needle.empty()) {
        return Value::ofInt(static_cast<std::int64_t>(characters(text.substr(0, last))));
    }
    std::size_t best = std::string_view::npos;
    for (std::size_t at = findText(text, needle, 0); at != std::string_view::npos && at <= last;
         at = findText(text, needle, at + 1)) {
        best = at;
        if (!call.evaluation.budget().take(1 + needle.size() / kTextPerStep)) {
            break;
        }
    }
    return Value::ofInt(
        best == std::string_view::npos ? -1 : static_cast<std::int64_t>(characters(text.substr(0, best))));
}

Value lastIndexOf(const Call& call)
{
    return lastIndexUpTo(call, call.text(0).size());
}

Value lastIndexOfFrom(const Call& call)
{
    const std::size_t last = byteOf(call.text(0), call[2].integer);
    return last == std::string_view::npos ? outside(call, call[2].integer) : lastIndexUpTo(call, last);
}

Value mapAscii(const Call& call, char first, char last, int shift)
{
    const std::string_view text = call.text(0);
    char* const out = call.evaluation.reserve(text.size());
    if (out == nullptr) {
        return call.evaluation.exhausted(call.node);
    }
    std::transform(text.begin(), text.end(), out,
                   [=](char c) { return c >= first && c <= last ? static_cast<char>(c + shift) : c; });
    return Value::string({out, text.size()});
}

Value lowerAscii(const Call& call)
{
    return mapAscii(call, 'A', 'Z', 'a' - 'A');
}

Value upperAscii(const Call& call)
{
    return mapAscii(call, 'a', 'z', 'A' - 'a');
}

/// Every character by `change`; a result may need more bytes than its source, four at most.
Value mapUnicode(const Call& call, utf8proc_int32_t (*change)(utf8proc_int32_t))
{
    const std::string_view text = call.text(0);
    char* const out = call.evaluation.reserve(text.size() * 4);
    if (out == nullptr) {
        return call.evaluation.exhausted(call.node);
    }
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); at += characterBytes(text[at])) {
        const utf8proc_int32_t code = change(static_cast<utf8proc_int32_t>(codePointAt(text, at)));
        size += static_cast<std::size_t>(
            utf8proc_encode_char(code, reinterpret_cast<utf8proc_uint8_t*>(out) + size));
    }
    return Value::string({out, size});
}

Value lower(const Call& call)
{
    return mapUnicode(call, utf8proc_tolower);
}

Value upper(const Call& call)
{
    return mapUnicode(call, utf8proc_toupper);
}

/// The first `limit` occurrences replaced; all of them where it is negative.
Value replaceUpTo(const Call& call, std::int64_t limit)
{
    charge(call);
    const std::string_view text = call.text(0);
    const std::string_view old = call.text(1);
    const std::string_view fresh = call.text(2);
    const std::uint64_t most = limit < 0 ? UINT64_MAX : static_cast<std::uint64_t>(limit);
    const auto next = [&](std::size_t from) {
        return from > text.size() ? std::string_view::npos : findText(text, old, from);
    };
    // An empty text stands before every character and at the end.
    const auto after = [&](std::size_t at) {
        return old.empty() ? at + (at < text.size() ? characterBytes(text[at]) : 1) : at + old.size();
    };
    std::uint64_t count = 0;
    for (std::size_t at = next(0); at != std::string_view::npos && count < most; at = next(after(at))) {
        ++count;
        if (!call.evaluation.budget().take(1 + old.size() / kTextPerStep)) {
            return call.evaluation.exhausted(call.node);
        }
    }
    const std::uint64_t size = text.size() - count * old.size() + count * fresh.size();
    char* const out = size > UINT32_MAX ? nullptr : call.evaluation.reserve(size);
    if (out == nullptr) {
        return call.evaluation.exhausted(call.node);
    }
    char* end = out;
    std::size_t done = 0;
    std::size_t at = count > 0 ? next(0) : std::string_view::npos;
    for (std::uint64_t i = 0; i < count; ++i, at = next(after(at))) {
        end = std::copy(text.begin() + static_cast<std::ptrdiff_t>(done),
                        text.begin() + static_cast<std::ptrdiff_t>(at), end);
        end = std::copy(fresh.begin(), fresh.end(), end);
        done = at + old.size();
    }
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(done), text.end(), end);
    return Value::string({out, size});
}

Value replace(const Call& call)
{
    return replaceUpTo(call, -1);
}

Value replaceLimited(const Call& call)
{
    return replaceUpTo(call, call[3].integer);
}

Value splitUpTo(const Call& call, std::int64_t limit)
{
    charge(call);
    const std::string_view text = call.text(0);
    const std::string_view separator = call.text(1);
    if (limit == 0) {
        return Value::list({});
    }
    // Where a part ends, and where the next begins: without a separator after every character.
    const auto endOf = [&](std::size_t begin) {
        if (!separator.empty()) {
            return findText(text, separator, begin);
        }
        const std::size_t end = begin < text.size() ? begin + characterBytes(text[begin]) : text.size();
        return end < text.size() ? end : std::string_view::npos;
    };
    std::size_t parts = 1;
    for (std::size_t at = endOf(0);
         at != std::string_view::npos && (limit < 0 || std::cmp_less(parts, limit));
         at = endOf(at + separator.size())) {
        ++parts;
        if (!call.evaluation.budget().take(1 + separator.size() / kTextPerStep)) {
            return call.evaluation.exhausted(call.node);
        }
    }
    if (separator.empty() && text.empty()) {
        return Value::list({});
    }
    const std::span<Value> items = call.evaluation.arena().makeArray<Value>(parts);
    std::size_t begin = 0;
    for (std::size_t i = 0; i + 1 < parts; ++i) {
        const std::size_t end = endOf(begin);
        items[i] = Value::string(text.substr(begin, end - begin));
        begin = end + separator.size();
    }
    items[parts - 1] = Value::string(text.substr(begin));
    return Value::list(items);
}

Value split(const Call& call)
{
    return splitUpTo(call, -1);
}

Value splitLimited(const Call& call)
{
    return splitUpTo(call, call[2].integer);
}

Value cut(const Call& call, std::int64_t from, std::int64_t to, bool toEnd)
{
    charge(call);
    const std::string_view text = call.text(0);
    const std::size_t begin = byteOf(text, from);
    if (begin == std::string_view::npos) {
        return outside(call, from);
    }
    const std::size_t end = toEnd ? text.size() : byteOf(text, to);
    if (end == std::string_view::npos) {
        return outside(call, to);
    }
    if (end < begin) {
        return call.evaluation.fail(call.node,
                                    Phrase() << "The end " << to << " stands before the start " << from);
    }
    return Value::string(text.substr(begin, end - begin));
}

Value substring(const Call& call)
{
    return cut(call, call[1].integer, 0, true);
}

Value substringTo(const Call& call)
{
    return cut(call, call[1].integer, call[2].integer, false);
}

/// Unicode property White_Space.
bool isSpace(std::uint32_t code)
{
    return (code >= 0x9 && code <= 0xD) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x205F || code == 0x3000;
}

Value trim(const Call& call)
{
    charge(call);
    std::string_view text = call.text(0);
    while (!text.empty() && isSpace(codePointAt(text, 0))) {
        text.remove_prefix(characterBytes(text.front()));
    }
    while (!text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0U) == 0x80U) {
            --last;
        }
        if (!isSpace(codePointAt(text, last))) {
            break;
        }
        text = text.substr(0, last);
    }
    return Value::string(text);
}

Value joinWith(const Call& call, std::string_view separator)
{
    Evaluation& evaluation = call.evaluation;
    const std::span<const Value> items = itemsOf(call[0], evaluation.arena(), evaluation.budget());
    std::size_t size = 0;
    for (const Value& item : items) {
        if (!item.isString()) {
            return evaluation.fail(call.node, Phrase() << "\"join\" wants a list of strings, not of "
                                                       << plainName(item.kind));
        }
        size += item.size + separator.size();
    }
    size -= items.empty() ? 0 : separator.size();
    char* const out =
        size > UINT32_MAX || !evaluation.budget().take(items.size()) ? nullptr : evaluation.reserve(size);
    if (out == nullptr) {
        return evaluation.exhausted(call.node);
    }
    char* end = out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) {
            end = std::copy(separator.begin(), separator.end(), end);
        }
        end = std::copy_n(items[i].chars, items[i].size, end);
    }
    return Value::string({out, size});
}

Value join(const Call& call)
{
    return joinWith(call, "");
}

Value joinSeparated(const Call& call)
{
    return joinWith(call, call.text(1));
}

using enum Kind;

constexpr Overload member(std::string_view name, std::array<Kind, kMaxParameters> parameters,
                          std::uint8_t count, Kind result, Implementation run, std::string_view doc,
                          std::string_view example = {}, std::string_view answer = {}, bool extension = false)
{
    return {.name = name,
            .style = Style::Member,
            .parameters = parameters,
            .count = count,
            .result = result,
            .element = result == List ? String : Dyn,
            .run = run,
            .extension = extension,
            .doc = doc,
            .example = example,
            .answer = answer};
}

constexpr std::string_view kIndexDoc =
    "Position of the first occurrence, from a position on; -1 without one.";
constexpr std::string_view kLastDoc = "Position of the last occurrence, up to a position; -1 without one.";
constexpr std::string_view kReplaceDoc = "The text with occurrences replaced, at most as many as the limit.";
constexpr std::string_view kSplitDoc = "The parts between the separators, at most as many as the limit.";
constexpr std::string_view kSubstringDoc =
    "The characters from a position to the end, or to before a second one.";
constexpr std::string_view kJoinDoc = "The texts of a list in one, with a separator between.";

constexpr std::array kFunctions{
    member("charAt", {String, Int}, 2, String, charAt,
           "The character at a position, from 0; empty just after the last.", "\"größer\".charAt(2)",
           "\"ö\""),
    member("indexOf", {String, String}, 2, Int, indexOf, kIndexDoc, "\"banana\".indexOf(\"an\", 2)", "3"),
    member("indexOf", {String, String, Int}, 3, Int, indexOfFrom, kIndexDoc),
    member("lastIndexOf", {String, String}, 2, Int, lastIndexOf, kLastDoc, "\"banana\".lastIndexOf(\"an\")",
           "3"),
    member("lastIndexOf", {String, String, Int}, 3, Int, lastIndexOfFrom, kLastDoc),
    member("lowerAscii", {String}, 1, String, lowerAscii, "A to Z in lower case, all else as it is.",
           "\"TacoCÆt\".lowerAscii()", "\"tacocÆt\""),
    member("upperAscii", {String}, 1, String, upperAscii, "a to z in upper case, all else as it is.",
           "\"abc-ä\".upperAscii()", "\"ABC-ä\""),
    member("replace", {String, String, String}, 3, String, replace, kReplaceDoc,
           "\"a-b-c\".replace(\"-\", \"+\", 1)", "\"a+b-c\""),
    member("replace", {String, String, String, Int}, 4, String, replaceLimited, kReplaceDoc),
    member("split", {String, String}, 2, List, split, kSplitDoc, "\"paint 12\".split(\" \")",
           "[\"paint\", \"12\"]"),
    member("split", {String, String, Int}, 3, List, splitLimited, kSplitDoc),
    member("substring", {String, Int}, 2, String, substring, kSubstringDoc, "\"order-17\".substring(0, 5)",
           "\"order\""),
    member("substring", {String, Int, Int}, 3, String, substringTo, kSubstringDoc),
    member("trim", {String}, 1, String, trim, "The text without white space at its ends.",
           "\"  paint \".trim()", "\"paint\""),
    member("join", {List}, 1, String, join, kJoinDoc, "[\"a\", \"b\"].join(\", \")", "\"a, b\""),
    member("join", {List, String}, 2, String, joinSeparated, kJoinDoc),
    member("lower", {String}, 1, String, lower, "All letters in lower case, one character for one.",
           "\"ЗАЯВКА\".lower()", "\"заявка\"", true),
    member("upper", {String}, 1, String, upper, "All letters in upper case, one character for one.",
           "\"äpfel\".upper()", "\"ÄPFEL\"", true),
};

} // namespace

std::span<const Overload> stringFunctions()
{
    return kFunctions;
}

} // namespace streamwright::cel
