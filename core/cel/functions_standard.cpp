#include "core/cel/evaluation.h"
#include "core/cel/pattern.h"
#include "core/cel/text.h"

#include <array>

namespace streamwright::cel {
namespace {

Value sizeOfText(const Call& call)
{
    (void)call.evaluation.budget().take(call.text(0).size() / 64);
    return Value::ofInt(static_cast<std::int64_t>(characters(call.text(0))));
}

Value sizeOfBytes(const Call& call)
{
    return Value::ofInt(call[0].size);
}

Value sizeOfContainer(const Call& call)
{
    return Value::ofInt(
        static_cast<std::int64_t>(sizeOf(call[0], call.evaluation.arena(), call.evaluation.budget())));
}

Value typeOf(const Call& call)
{
    return Value::type(call[0].kind);
}

Value same(const Call& call)
{
    return call[0];
}

Value contains(const Call& call)
{
    (void)call.evaluation.budget().take(call.text(0).size() / 64);
    return Value::boolean(findText(call.text(0), call.text(1), 0) != std::string_view::npos);
}

Value startsWith(const Call& call)
{
    return Value::boolean(call.text(0).starts_with(call.text(1)));
}

Value endsWith(const Call& call)
{
    return Value::boolean(call.text(0).ends_with(call.text(1)));
}

Value matches(const Call& call)
{
    const Pattern pattern(call, 1);
    if (pattern.failed()) {
        return pattern.failure();
    }
    (void)call.evaluation.budget().take(call.text(0).size() / 16);
    return Value::boolean(
        RE2::PartialMatch(re2::StringPiece(call.text(0).data(), call.text(0).size()), pattern.expression()));
}

constexpr std::string_view kSizeDoc =
    "Characters of a string, bytes of bytes, elements of a list, entries of a map.";
constexpr std::string_view kMatchesDoc =
    "Does the pattern (RE2) match somewhere in the text; ^ and $ tie it to the ends.";

constexpr std::array kFunctions{
    Overload{.name = "size",
             .style = Style::Global,
             .parameters = {Kind::String},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfText,
             .doc = kSizeDoc,
             .example = "size(\"größer\")",
             .answer = "6"},
    Overload{.name = "size",
             .style = Style::Global,
             .parameters = {Kind::Bytes},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfBytes,
             .doc = kSizeDoc},
    Overload{.name = "size",
             .style = Style::Global,
             .parameters = {Kind::List},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfContainer,
             .doc = kSizeDoc},
    Overload{.name = "size",
             .style = Style::Global,
             .parameters = {Kind::Map},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfContainer,
             .doc = kSizeDoc},
    Overload{.name = "size",
             .style = Style::Member,
             .parameters = {Kind::String},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfText,
             .doc = kSizeDoc,
             .example = "[1, 2, 3].size()",
             .answer = "3"},
    Overload{.name = "size",
             .style = Style::Member,
             .parameters = {Kind::Bytes},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfBytes,
             .doc = kSizeDoc},
    Overload{.name = "size",
             .style = Style::Member,
             .parameters = {Kind::List},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfContainer,
             .doc = kSizeDoc},
    Overload{.name = "size",
             .style = Style::Member,
             .parameters = {Kind::Map},
             .count = 1,
             .result = Kind::Int,
             .run = sizeOfContainer,
             .doc = kSizeDoc},
    Overload{.name = "type",
             .style = Style::Global,
             .parameters = {Kind::Dyn},
             .count = 1,
             .result = Kind::Type,
             .run = typeOf,
             .doc = "The type of a value.",
             .example = "type(1.5) == double",
             .answer = "true"},
    Overload{.name = "dyn",
             .style = Style::Global,
             .parameters = {Kind::Dyn},
             .count = 1,
             .result = Kind::Dyn,
             .run = same,
             .doc = "The value itself; the checker then takes it for any type.",
             .example = "dyn(1) == 1.0",
             .answer = "true"},
    Overload{.name = "contains",
             .style = Style::Member,
             .parameters = {Kind::String, Kind::String},
             .count = 2,
             .result = Kind::Bool,
             .run = contains,
             .doc = "Does the text hold the other one.",
             .example = "\"blue paint\".contains(\"paint\")",
             .answer = "true"},
    Overload{.name = "startsWith",
             .style = Style::Member,
             .parameters = {Kind::String, Kind::String},
             .count = 2,
             .result = Kind::Bool,
             .run = startsWith,
             .doc = "Does the text begin with the other one.",
             .example = "\"order-17\".startsWith(\"order-\")",
             .answer = "true"},
    Overload{.name = "endsWith",
             .style = Style::Member,
             .parameters = {Kind::String, Kind::String},
             .count = 2,
             .result = Kind::Bool,
             .run = endsWith,
             .doc = "Does the text end with the other one.",
             .example = "\"photo.jpg\".endsWith(\".png\")",
             .answer = "false"},
    Overload{.name = "matches",
             .style = Style::Member,
             .parameters = {Kind::String, Kind::String},
             .count = 2,
             .result = Kind::Bool,
             .run = matches,
             .doc = kMatchesDoc,
             .example = "\"order-17\".matches(\"^order-[0-9]+$\")",
             .answer = "true"},
    Overload{.name = "matches",
             .style = Style::Global,
             .parameters = {Kind::String, Kind::String},
             .count = 2,
             .result = Kind::Bool,
             .run = matches,
             .doc = kMatchesDoc,
             .example = "matches(\"a-b\", \"^[a-z]+$\")",
             .answer = "false"},
};

} // namespace

std::span<const Overload> standardFunctions()
{
    return kFunctions;
}

} // namespace streamwright::cel
