#include "core/cel/evaluation.h"

#include <array>
#include <cmath>

namespace streamwright::cel {
namespace {

Value same(const Call& call)
{
    return call[0];
}

Value round(const Call& call)
{
    return Value::ofDouble(std::round(call[0].real()));
}

Value ceil(const Call& call)
{
    return Value::ofDouble(std::ceil(call[0].real()));
}

Value floor(const Call& call)
{
    return Value::ofDouble(std::floor(call[0].real()));
}

Value absOfInt(const Call& call)
{
    if (call[0].integer == INT64_MIN) {
        return call.evaluation.fail(call.node, "The int overflows");
    }
    return Value::ofInt(std::abs(call[0].integer));
}

Value absOfDouble(const Call& call)
{
    return Value::ofDouble(std::abs(call[0].real()));
}

Value extreme(const Call& call, std::span<const Value> numbers, int wanted)
{
    if (numbers.empty()) {
        return call.evaluation.fail(call.node, "The list is empty");
    }
    (void)call.evaluation.budget().take(numbers.size());
    const Value* best = nullptr;
    for (const Value& number : numbers) {
        if (!isNumeric(number.kind)) {
            return call.evaluation.fail(call.node,
                                        Phrase() << "Numbers are wanted, not " << plainName(number.kind));
        }
        if (best == nullptr || compare(number, *best).sign == wanted) {
            best = &number;
        }
    }
    return *best;
}

template <int wanted>
Value extremeOfArguments(const Call& call)
{
    return extreme(call, call.arguments, wanted);
}

template <int wanted>
Value extremeOfList(const Call& call)
{
    return extreme(call, itemsOf(call[0], call.evaluation.arena(), call.evaluation.budget()), wanted);
}

using enum Kind;

constexpr Overload unary(std::string_view name, Kind kind, Implementation run, std::string_view doc,
                         std::string_view example = {}, std::string_view answer = {})
{
    return {.name = name,
            .style = Style::Global,
            .parameters = {kind},
            .count = 1,
            .result = kind,
            .run = run,
            .extension = true,
            .doc = doc,
            .example = example,
            .answer = answer};
}

constexpr Overload ofMany(std::string_view name, Kind parameter, Implementation run, std::string_view doc,
                          std::string_view example = {}, std::string_view answer = {})
{
    return {.name = name,
            .style = Style::Global,
            .parameters = {parameter},
            .count = 1,
            .result = Dyn,
            .run = run,
            .extension = true,
            .variadic = parameter == Dyn,
            .doc = doc,
            .example = example,
            .answer = answer};
}

constexpr std::string_view kRound =
    "The nearest whole number, halves away from zero; a double stays a double.";
constexpr std::string_view kCeil = "The next whole number upwards.";
constexpr std::string_view kFloor = "The next whole number downwards.";
constexpr std::string_view kAbs = "The number without its sign.";
constexpr std::string_view kGreatest = "The greatest of the numbers, or of a list of numbers.";
constexpr std::string_view kLeast = "The least of the numbers, or of a list of numbers.";

constexpr std::array kFunctions{
    unary("math.round", Double, round, kRound, "math.round(2.5)", "3.0"),
    unary("math.round", Int, same, kRound),
    unary("math.round", Uint, same, kRound),
    unary("math.ceil", Double, ceil, kCeil, "math.ceil(2.1)", "3.0"),
    unary("math.ceil", Int, same, kCeil),
    unary("math.ceil", Uint, same, kCeil),
    unary("math.floor", Double, floor, kFloor, "math.floor(-2.1)", "-3.0"),
    unary("math.floor", Int, same, kFloor),
    unary("math.floor", Uint, same, kFloor),
    unary("math.abs", Int, absOfInt, kAbs, "math.abs(-7)", "7"),
    unary("math.abs", Uint, same, kAbs),
    unary("math.abs", Double, absOfDouble, kAbs),
    ofMany("math.greatest", List, extremeOfList<1>, kGreatest, "math.greatest(3, 7.5, 5)", "7.5"),
    ofMany("math.greatest", Dyn, extremeOfArguments<1>, kGreatest),
    ofMany("math.least", List, extremeOfList<-1>, kLeast, "math.least([3, 7, 5])", "3"),
    ofMany("math.least", Dyn, extremeOfArguments<-1>, kLeast),
};

} // namespace

std::span<const Overload> mathFunctions()
{
    return kFunctions;
}

} // namespace streamwright::cel
