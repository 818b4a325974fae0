#include "core/base/utf8.h"
#include "core/cel/evaluation.h"
#include "core/cel/time_text.h"
#include "core/cel/value_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace streamwright::cel {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

Value same(const Call& call)
{
    return call[0];
}

Value outOfRange(const Call& call, std::string_view type)
{
    return call.evaluation.fail(call.node, Phrase() << "The number is out of range for " << type);
}

Value notA(const Call& call, std::string_view type)
{
    Phrase what;
    what << "Text ";
    what.quote(call.text(0)) << " is not " << type;
    return call.evaluation.fail(call.node, what);
}

template <typename Number>
bool readWhole(std::string_view text, Number& number)
{
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return false;
        }
    }
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

Value intOfUint(const Call& call)
{
    return call[0].unsignedInteger > INT64_MAX ? outOfRange(call, "int") : Value::ofInt(call[0].integer);
}

Value intOfDouble(const Call& call)
{
    const double number = call[0].real();
    // Both ends of int64 are refused: whether such a double was meant to lie inside cannot be told.
    return number > -kTwoTo63 && number < kTwoTo63 ? Value::ofInt(static_cast<std::int64_t>(number))
                                                   : outOfRange(call, "int");
}

Value intOfText(const Call& call)
{
    std::int64_t number = 0;
    return readWhole(call.text(0), number) ? Value::ofInt(number) : notA(call, "an int");
}

Value intOfTimestamp(const Call& call)
{
    return Value::ofInt(call[0].integer);
}

Value uintOfInt(const Call& call)
{
    return call[0].integer < 0 ? outOfRange(call, "uint") : Value::ofUint(call[0].unsignedInteger);
}

Value uintOfDouble(const Call& call)
{
    const double number = call[0].real();
    return number > -1 && number < kTwoTo64 ? Value::ofUint(static_cast<std::uint64_t>(number))
                                            : outOfRange(call, "uint");
}

Value uintOfText(const Call& call)
{
    std::uint64_t number = 0;
    return readWhole(call.text(0), number) ? Value::ofUint(number) : notA(call, "a uint");
}

Value doubleOfInt(const Call& call)
{
    return Value::ofDouble(static_cast<double>(call[0].integer));
}

Value doubleOfUint(const Call& call)
{
    return Value::ofDouble(static_cast<double>(call[0].unsignedInteger));
}

Value doubleOfText(const Call& call)
{
    std::string_view text = call.text(0);
    if (text == "NaN") {
        return Value::ofDouble(std::numeric_limits<double>::quiet_NaN());
    }
    if (text == "Infinity" || text == "+Infinity" || text == "-Infinity") {
        const double infinity = std::numeric_limits<double>::infinity();
        return Value::ofDouble(text.front() == '-' ? -infinity : infinity);
    }
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const bool numeric = text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
    double number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    if (!numeric || text.starts_with('+') || result.ptr != text.data() + text.size() ||
        result.ec == std::errc::invalid_argument) {
        return notA(call, "a double");
    }
    return result.ec == std::errc() ? Value::ofDouble(number) : outOfRange(call, "double");
}

Value boolOfText(const Call& call)
{
    for (const std::string_view text : {"1", "t", "T", "true", "TRUE", "True"}) {
        if (call.text(0) == text) {
            return Value::boolean(true);
        }
    }
    for (const std::string_view text : {"0", "f", "F", "false", "FALSE", "False"}) {
        if (call.text(0) == text) {
            return Value::boolean(false);
        }
    }
    return notA(call, "a bool");
}

Value textOfInt(const Call& call)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), call[0].integer).ptr;
    return call.evaluation.copyString({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Value textOfUint(const Call& call)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), call[0].unsignedInteger).ptr;
    return call.evaluation.copyString({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Value textOfDouble(const Call& call)
{
    if (call[0].form == Form::JsonText) {
        return Value::string(call[0].text()); // as it was sent
    }
    return call.evaluation.copyString(doubleText(call[0].real()));
}

Value textOfBool(const Call& call)
{
    return Value::string(call[0].isTrue() ? "true" : "false");
}

Value textOfBytes(const Call& call)
{
    if (!isValidUtf8(call.text(0))) {
        return call.evaluation.fail(call.node, "The bytes are not valid UTF-8");
    }
    return Value::string(call.text(0));
}

Value textOfTimestamp(const Call& call)
{
    return call.evaluation.copyString(timestampText(call[0].integer, call[0].size));
}

Value textOfDuration(const Call& call)
{
    return call.evaluation.copyString(durationText(call[0].integer));
}

Value bytesOfText(const Call& call)
{
    return Value::bytes(call.text(0));
}

Value timestampOfText(const Call& call)
{
    const std::optional<Instant> instant = parseTimestamp(call.text(0));
    return instant ? Value::timestamp(instant->seconds, instant->nanos)
                   : notA(call, "a timestamp (2026-01-31T12:00:00Z, years 0001 to 9999)");
}

Value timestampOfInt(const Call& call)
{
    if (call[0].integer < kMinTimestampSeconds || call[0].integer > kMaxTimestampSeconds) {
        return outOfRange(call, "timestamp (seconds since 1970; years 0001 to 9999)");
    }
    return Value::timestamp(call[0].integer, 0);
}

Value durationOfText(const Call& call)
{
    const std::optional<std::int64_t> nanos = parseDuration(call.text(0));
    return nanos ? Value::duration(*nanos) : notA(call, "a duration (1h30m, 1.5s, 10ms; up to 292 years)");
}

using enum Kind;

constexpr std::string_view kIntDoc =
    "An int; a double loses its fraction, a timestamp gives its seconds since 1970.";
constexpr std::string_view kUintDoc = "A uint; a double loses its fraction, a negative number is an error.";
constexpr std::string_view kDoubleDoc = "A double.";
constexpr std::string_view kStringDoc = "The value as text; bytes must be UTF-8.";
constexpr std::string_view kTimestampDoc = "A point in time, out of RFC 3339 text or seconds since 1970.";
constexpr std::string_view kDurationDoc = "A length of time out of text: h, m, s, ms, us, ns.";
constexpr std::string_view kBoolDoc = "A bool out of \"true\", \"false\", \"1\", \"0\", \"t\", \"f\".";
constexpr std::string_view kBytesDoc = "The UTF-8 bytes of a text.";

constexpr Overload conversion(std::string_view name, Kind from, Kind to, Implementation run,
                              std::string_view doc, std::string_view example = {},
                              std::string_view answer = {})
{
    return {.name = name,
            .style = Style::Global,
            .parameters = {from},
            .count = 1,
            .result = to,
            .run = run,
            .doc = doc,
            .example = example,
            .answer = answer};
}

constexpr std::array kFunctions{
    conversion("int", Int, Int, same, kIntDoc, "int(\"42\") + int(1.9)", "43"),
    conversion("int", Uint, Int, intOfUint, kIntDoc),
    conversion("int", Double, Int, intOfDouble, kIntDoc),
    conversion("int", String, Int, intOfText, kIntDoc),
    conversion("int", Timestamp, Int, intOfTimestamp, kIntDoc),
    conversion("uint", Uint, Uint, same, kUintDoc, "uint(\"300\")", "300u"),
    conversion("uint", Int, Uint, uintOfInt, kUintDoc),
    conversion("uint", Double, Uint, uintOfDouble, kUintDoc),
    conversion("uint", String, Uint, uintOfText, kUintDoc),
    conversion("double", Double, Double, same, kDoubleDoc, "double(\"1.5e2\")", "150.0"),
    conversion("double", Int, Double, doubleOfInt, kDoubleDoc),
    conversion("double", Uint, Double, doubleOfUint, kDoubleDoc),
    conversion("double", String, Double, doubleOfText, kDoubleDoc),
    conversion("bool", Bool, Bool, same, kBoolDoc, "bool(\"true\")", "true"),
    conversion("bool", String, Bool, boolOfText, kBoolDoc),
    conversion("string", String, String, same, kStringDoc, "string(12) + string(duration(\"90s\"))",
               "\"1290s\""),
    conversion("string", Int, String, textOfInt, kStringDoc),
    conversion("string", Uint, String, textOfUint, kStringDoc),
    conversion("string", Double, String, textOfDouble, kStringDoc),
    conversion("string", Bool, String, textOfBool, kStringDoc),
    conversion("string", Bytes, String, textOfBytes, kStringDoc),
    conversion("string", Timestamp, String, textOfTimestamp, kStringDoc),
    conversion("string", Duration, String, textOfDuration, kStringDoc),
    conversion("bytes", Bytes, Bytes, same, kBytesDoc, "bytes(\"abc\")", "b\"abc\""),
    conversion("bytes", String, Bytes, bytesOfText, kBytesDoc),
    conversion("timestamp", Timestamp, Timestamp, same, kTimestampDoc,
               "timestamp(\"2026-01-31T12:00:00Z\") > timestamp(0)", "true"),
    conversion("timestamp", String, Timestamp, timestampOfText, kTimestampDoc),
    conversion("timestamp", Int, Timestamp, timestampOfInt, kTimestampDoc),
    conversion("duration", Duration, Duration, same, kDurationDoc,
               "duration(\"1h30m\") == duration(\"5400s\")", "true"),
    conversion("duration", String, Duration, durationOfText, kDurationDoc),
};

} // namespace

std::span<const Overload> conversionFunctions()
{
    return kFunctions;
}

} // namespace streamwright::cel
