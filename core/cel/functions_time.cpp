#include "core/cel/evaluation.h"
#include "core/cel/time_text.h"

#include <array>

namespace streamwright::cel {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::size_t kMaxPattern = 256;
constexpr std::size_t kFormatSteps = 20;

enum class Part : std::uint8_t {
    Date,
    DayOfMonth,
    DayOfWeek,
    DayOfYear,
    FullYear,
    Hours,
    Milliseconds,
    Minutes,
    Month,
    Seconds
};

Value unknownZone(const Call& call, std::string_view zone)
{
    Phrase what;
    what << "Unknown time zone ";
    what.quote(zone) << " (Europe/Berlin, UTC and +02:00 are known)";
    return call.evaluation.fail(call.node, what);
}

std::int64_t partOf(const CivilTime& civil, Part part, std::uint32_t nanos)
{
    switch (part) {
    case Part::Date: return civil.day;
    case Part::DayOfMonth: return civil.day - 1;
    case Part::DayOfWeek: return civil.weekday;
    case Part::DayOfYear: return civil.yearDay;
    case Part::FullYear: return civil.year;
    case Part::Hours: return civil.hour;
    case Part::Milliseconds: return nanos / kNanosPerMilli;
    case Part::Minutes: return civil.minute;
    case Part::Month: return civil.month - 1;
    case Part::Seconds: return civil.second;
    }
    return 0;
}

template <Part part>
Value inUtc(const Call& call)
{
    return Value::ofInt(partOf(civilTime(call[0].integer), part, call[0].size));
}

template <Part part>
Value inZone(const Call& call)
{
    const std::optional<std::int64_t> offset = zoneOffset(call.text(1), call[0].integer);
    if (!offset) {
        return unknownZone(call, call.text(1));
    }
    return Value::ofInt(partOf(civilTime(call[0].integer + *offset), part, call[0].size));
}

/// Whole units of a duration; milliseconds are those of the last second.
template <std::int64_t nanosPerUnit>
Value ofDuration(const Call& call)
{
    return Value::ofInt(call[0].integer / nanosPerUnit);
}

Value millisOfDuration(const Call& call)
{
    return Value::ofInt(call[0].integer % kNanosPerSecond / kNanosPerMilli);
}

Value now(const Call& call)
{
    const std::int64_t ms = call.evaluation.nowMs();
    const std::int64_t rest = (ms % 1000 + 1000) % 1000;
    return Value::timestamp((ms - rest) / 1000, static_cast<std::uint32_t>(rest * kNanosPerMilli));
}

Value formatIn(const Call& call, std::string_view zone)
{
    const std::string_view pattern = call.text(1);
    if (pattern.size() > kMaxPattern) {
        return call.evaluation.fail(call.node, "The pattern is longer than 256 bytes");
    }
    (void)call.evaluation.budget().take(kFormatSteps);
    const std::optional<std::string> text = formatTime({call[0].integer, call[0].size}, pattern, zone);
    return text ? call.evaluation.copyString(*text) : unknownZone(call, zone);
}

Value formatUtc(const Call& call)
{
    return formatIn(call, "UTC");
}

Value formatZone(const Call& call)
{
    return formatIn(call, call.text(2));
}

using enum Kind;

constexpr Overload accessor(std::string_view name, Implementation run, std::string_view doc,
                            std::string_view example, std::string_view answer)
{
    return {.name = name,
            .style = Style::Member,
            .parameters = {Timestamp},
            .count = 1,
            .result = Int,
            .run = run,
            .doc = doc,
            .example = example,
            .answer = answer};
}

constexpr Overload zoned(std::string_view name, Implementation run, std::string_view doc)
{
    return {.name = name,
            .style = Style::Member,
            .parameters = {Timestamp, String},
            .count = 2,
            .result = Int,
            .run = run,
            .doc = doc};
}

constexpr Overload ofSpan(std::string_view name, Implementation run, std::string_view doc)
{
    return {.name = name,
            .style = Style::Member,
            .parameters = {Duration},
            .count = 1,
            .result = Int,
            .run = run,
            .doc = doc};
}

constexpr std::string_view kDate = "Day of the month, from 1; in a time zone where one is given, else UTC.";
constexpr std::string_view kDayOfMonth = "Day of the month, from 0.";
constexpr std::string_view kDayOfWeek = "Day of the week, 0 is Sunday.";
constexpr std::string_view kDayOfYear = "Day of the year, from 0.";
constexpr std::string_view kFullYear = "The year.";
constexpr std::string_view kHours = "Hour of the day; of a duration all its whole hours.";
constexpr std::string_view kMillis = "Milliseconds within the second.";
constexpr std::string_view kMinutes = "Minute of the hour; of a duration all its whole minutes.";
constexpr std::string_view kMonth = "Month, 0 is January.";
constexpr std::string_view kSeconds = "Second of the minute; of a duration all its whole seconds.";
constexpr std::string_view kFormat = "The time as text, by a pattern of strftime, in a time zone (else UTC).";

constexpr std::array kFunctions{
    accessor("getDate", inUtc<Part::Date>, kDate,
             "timestamp(\"2026-01-31T23:30:00Z\").getDate(\"Europe/Berlin\")", "1"),
    zoned("getDate", inZone<Part::Date>, kDate),
    accessor("getDayOfMonth", inUtc<Part::DayOfMonth>, kDayOfMonth,
             "timestamp(\"2026-01-31T12:00:00Z\").getDayOfMonth()", "30"),
    zoned("getDayOfMonth", inZone<Part::DayOfMonth>, kDayOfMonth),
    accessor("getDayOfWeek", inUtc<Part::DayOfWeek>, kDayOfWeek,
             "timestamp(\"2026-01-31T12:00:00Z\").getDayOfWeek()", "6"),
    zoned("getDayOfWeek", inZone<Part::DayOfWeek>, kDayOfWeek),
    accessor("getDayOfYear", inUtc<Part::DayOfYear>, kDayOfYear,
             "timestamp(\"2026-01-31T12:00:00Z\").getDayOfYear()", "30"),
    zoned("getDayOfYear", inZone<Part::DayOfYear>, kDayOfYear),
    accessor("getFullYear", inUtc<Part::FullYear>, kFullYear,
             "timestamp(\"2026-01-31T12:00:00Z\").getFullYear()", "2026"),
    zoned("getFullYear", inZone<Part::FullYear>, kFullYear),
    accessor("getHours", inUtc<Part::Hours>, kHours,
             "timestamp(\"2026-01-31T12:00:00Z\").getHours(\"+05:30\")", "17"),
    zoned("getHours", inZone<Part::Hours>, kHours),
    ofSpan("getHours", ofDuration<3600 * kNanosPerSecond>, kHours),
    accessor("getMilliseconds", inUtc<Part::Milliseconds>, kMillis,
             "timestamp(\"2026-01-31T12:00:00.250Z\").getMilliseconds()", "250"),
    zoned("getMilliseconds", inZone<Part::Milliseconds>, kMillis),
    ofSpan("getMilliseconds", millisOfDuration, kMillis),
    accessor("getMinutes", inUtc<Part::Minutes>, kMinutes, "duration(\"1h5m\").getMinutes()", "65"),
    zoned("getMinutes", inZone<Part::Minutes>, kMinutes),
    ofSpan("getMinutes", ofDuration<60 * kNanosPerSecond>, kMinutes),
    accessor("getMonth", inUtc<Part::Month>, kMonth, "timestamp(\"2026-01-31T12:00:00Z\").getMonth()", "0"),
    zoned("getMonth", inZone<Part::Month>, kMonth),
    accessor("getSeconds", inUtc<Part::Seconds>, kSeconds, "timestamp(\"2026-01-31T12:00:07Z\").getSeconds()",
             "7"),
    zoned("getSeconds", inZone<Part::Seconds>, kSeconds),
    ofSpan("getSeconds", ofDuration<kNanosPerSecond>, kSeconds),
    Overload{.name = "now",
             .style = Style::Global,
             .count = 0,
             .result = Timestamp,
             .run = now,
             .extension = true,
             .pure = false,
             .doc = "The time at which the record is worked on.",
             .example = "now() > timestamp(0)",
             .answer = "true"},
    Overload{.name = "format",
             .style = Style::Global,
             .parameters = {Timestamp, String, String},
             .count = 3,
             .result = String,
             .run = formatZone,
             .extension = true,
             .doc = kFormat,
             .example = "format(timestamp(\"2026-01-31T12:00:00Z\"), \"%d.%m.%Y %H:%M\", \"Europe/Berlin\")",
             .answer = "\"31.01.2026 13:00\""},
    Overload{.name = "format",
             .style = Style::Global,
             .parameters = {Timestamp, String},
             .count = 2,
             .result = String,
             .run = formatUtc,
             .extension = true,
             .doc = kFormat},
};

} // namespace

std::span<const Overload> timeFunctions()
{
    return kFunctions;
}

} // namespace streamwright::cel
