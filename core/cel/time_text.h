#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright::cel {

/// Years 0001 to 9999, as protobuf's Timestamp has them; seconds since 1970-01-01 UTC.
constexpr std::int64_t kMinTimestampSeconds = -62'135'596'800;
constexpr std::int64_t kMaxTimestampSeconds = 253'402'300'799;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

struct Instant {
    std::int64_t seconds = 0;
    std::uint32_t nanos = 0;
};

/// RFC 3339, "2009-02-13T23:31:30.5Z". Empty where the text is something else or outside the range.
[[nodiscard]] std::optional<Instant> parseTimestamp(std::string_view text);
[[nodiscard]] std::string timestampText(std::int64_t seconds, std::uint32_t nanos);

/// "1h30m", "-1.5s", "10ms": nanoseconds. Empty where it is something else or beyond int64 nanoseconds.
[[nodiscard]] std::optional<std::int64_t> parseDuration(std::string_view text);
/// Seconds: "1.5s".
[[nodiscard]] std::string durationText(std::int64_t nanos);

/// A date and time of day in some zone.
struct CivilTime {
    std::int64_t year = 1970;
    int month = 1; ///< 1..12
    int day = 1;   ///< 1..31
    int hour = 0;
    int minute = 0;
    int second = 0;
    int weekday = 4; ///< 0 = Sunday
    int yearDay = 0; ///< 0 = 1 January
};
[[nodiscard]] CivilTime civilTime(std::int64_t seconds);
[[nodiscard]] std::int64_t secondsOf(std::int64_t year, int month, int day);

/// Offset from UTC in seconds at that instant. `zone` is "UTC", "+02:00", "-02:30", "02:00" or a name of the
/// time zone database. Empty for an unknown one.
[[nodiscard]] std::optional<std::int64_t> zoneOffset(std::string_view zone, std::int64_t seconds);
[[nodiscard]] bool isZone(std::string_view zone);

/// The instant in a zone by a pattern of strftime(3). Empty for an unknown zone.
[[nodiscard]] std::optional<std::string> formatTime(const Instant& instant, std::string_view pattern,
                                                    std::string_view zone);

} // namespace streamwright::cel
