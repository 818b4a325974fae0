#include "core/cel/time_text.h"

#include <absl/time/time.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>

namespace streamwright::cel {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
/// Zones that one thread remembers; the database has fewer than 600 names.
constexpr std::size_t kMaxRememberedZones = 1024;
constexpr int kMaxOffsetHours = 23;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Reads exactly `count` digits and removes them.
std::optional<int> takeDigits(std::string_view& text, std::size_t count)
{
    if (text.size() < count) {
        return std::nullopt;
    }
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!isDigit(text[i])) {
            return std::nullopt;
        }
        number = number * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, char expected)
{
    if (text.empty() || text.front() != expected) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

/// ".5" as nanoseconds; digits beyond the ninth are cut. Empty where a dot has no digits.
std::optional<std::uint32_t> takeFraction(std::string_view& text)
{
    if (!take(text, '.')) {
        return 0;
    }
    std::uint32_t nanos = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && isDigit(text[digits]); ++digits) {
        if (digits < 9) {
            nanos = nanos * 10 + static_cast<std::uint32_t>(text[digits] - '0');
        }
    }
    if (digits == 0) {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    for (; digits < 9; ++digits) {
        nanos *= 10;
    }
    return nanos;
}

bool isLeap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int daysIn(int year, int month)
{
    constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// "Z" or "+02:00" as seconds.
std::optional<std::int64_t> takeOffset(std::string_view& text)
{
    if (take(text, 'Z') || take(text, 'z')) {
        return 0;
    }
    const int sign = take(text, '+') ? 1 : (take(text, '-') ? -1 : 0);
    const std::optional<int> hours = takeDigits(text, 2);
    if (sign == 0 || !hours || !take(text, ':')) {
        return std::nullopt;
    }
    const std::optional<int> minutes = takeDigits(text, 2);
    if (!minutes || *hours > kMaxOffsetHours || *minutes > 59) {
        return std::nullopt;
    }
    return sign * (*hours * 3600 + *minutes * 60);
}

/// Nanoseconds as ".5" without trailing zeros, nothing for 0.
std::string fractionText(std::uint32_t nanos)
{
    if (nanos == 0) {
        return {};
    }
    std::string digits = std::to_string(nanos);
    digits.insert(0, 9 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    return '.' + digits;
}

std::string padded(std::int64_t number, std::size_t width)
{
    std::string digits = std::to_string(number);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

/// Offsets "+02:00", "-2:30", "02:00".
std::optional<std::int64_t> fixedOffset(std::string_view zone)
{
    const int sign = !zone.empty() && zone.front() == '-' ? -1 : 1;
    if (!zone.empty() && (zone.front() == '-' || zone.front() == '+')) {
        zone.remove_prefix(1);
    }
    const std::optional<int> hours = takeDigits(zone, zone.size() == 5 ? 2 : 1);
    if (!hours || !take(zone, ':')) {
        return std::nullopt;
    }
    const std::optional<int> minutes = takeDigits(zone, 2);
    if (!minutes || !zone.empty() || *hours > kMaxOffsetHours || *minutes > 59) {
        return std::nullopt;
    }
    return sign * (*hours * 3600 + *minutes * 60);
}

/// Only names that stand in the database's folder are handed on: Abseil keeps every name it was asked for,
/// and reads any path.
bool isZoneFile(const std::string& name)
{
    const bool plain = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos &&
                       std::all_of(name.begin(), name.end(), [](char c) {
                           return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  c == '/' || c == '_' || c == '-' || c == '+';
                       });
    if (!plain) {
        return false;
    }
    const char* const folder =
        std::getenv("TZDIR"); // NOLINT(concurrency-mt-unsafe): nobody sets it at run time
    std::error_code ignored;
    return std::filesystem::is_regular_file(
        std::filesystem::path(folder != nullptr ? folder : "/usr/share/zoneinfo") / name, ignored);
}

/// nullptr for a name that is no zone. Remembered per thread: the file system is asked once per name.
const absl::TimeZone* namedZone(std::string_view name)
{
    thread_local std::map<std::string, absl::TimeZone, std::less<>> zones;
    if (const auto known = zones.find(name); known != zones.end()) {
        return &known->second;
    }
    const std::string text(name);
    absl::TimeZone zone;
    if (zones.size() >= kMaxRememberedZones || !isZoneFile(text) || !absl::LoadTimeZone(text, &zone)) {
        return nullptr;
    }
    return &zones.emplace(text, zone).first->second;
}

bool isUtc(std::string_view zone)
{
    return zone == "UTC" || zone == "Z" || zone == "utc";
}

std::optional<absl::TimeZone> anyZone(std::string_view zone)
{
    if (isUtc(zone)) {
        return absl::UTCTimeZone();
    }
    if (const std::optional<std::int64_t> offset = fixedOffset(zone)) {
        return absl::FixedTimeZone(static_cast<int>(*offset));
    }
    const absl::TimeZone* const named = namedZone(zone);
    return named == nullptr ? std::nullopt : std::optional(*named);
}

} // namespace

std::int64_t secondsOf(std::int64_t year, int month, int day)
{
    // Days of the proleptic Gregorian calendar; the year begins in March, so that the leap day is its last.
    const std::int64_t shifted = month <= 2 ? year - 1 : year;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const std::int64_t yearOfEra = shifted - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (era * 146'097 + dayOfEra - 719'468) * kSecondsPerDay;
}

CivilTime civilTime(std::int64_t seconds)
{
    std::int64_t days = seconds / kSecondsPerDay;
    std::int64_t rest = seconds % kSecondsPerDay;
    if (rest < 0) {
        rest += kSecondsPerDay;
        --days;
    }
    CivilTime civil;
    civil.hour = static_cast<int>(rest / 3600);
    civil.minute = static_cast<int>(rest / 60 % 60);
    civil.second = static_cast<int>(rest % 60);
    civil.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const std::int64_t dayOfEra = shifted - era * 146'097;
    const std::int64_t yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t monthIndex = (5 * dayOfYear + 2) / 153;
    civil.day = static_cast<int>(dayOfYear - (153 * monthIndex + 2) / 5 + 1);
    civil.month = static_cast<int>(monthIndex < 10 ? monthIndex + 3 : monthIndex - 9);
    civil.year = yearOfEra + era * 400 + (civil.month <= 2 ? 1 : 0);
    civil.yearDay = static_cast<int>((seconds - rest - secondsOf(civil.year, 1, 1)) / kSecondsPerDay);
    return civil;
}

std::optional<Instant> parseTimestamp(std::string_view text)
{
    const std::optional<int> year = takeDigits(text, 4);
    if (!year || !take(text, '-')) {
        return std::nullopt;
    }
    const std::optional<int> month = takeDigits(text, 2);
    if (!month || !take(text, '-')) {
        return std::nullopt;
    }
    const std::optional<int> day = takeDigits(text, 2);
    if (!day || (!take(text, 'T') && !take(text, 't'))) {
        return std::nullopt;
    }
    const std::optional<int> hour = takeDigits(text, 2);
    if (!hour || !take(text, ':')) {
        return std::nullopt;
    }
    const std::optional<int> minute = takeDigits(text, 2);
    if (!minute || !take(text, ':')) {
        return std::nullopt;
    }
    const std::optional<int> second = takeDigits(text, 2);
    const std::optional<std::uint32_t> nanos = second ? takeFraction(text) : std::nullopt;
    const std::optional<std::int64_t> offset = nanos ? takeOffset(text) : std::nullopt;
    if (!offset || !text.empty() || *year < 1 || *month < 1 || *month > 12 || *day < 1 ||
        *day > daysIn(*year, *month) || *hour > 23 || *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    const std::int64_t seconds =
        secondsOf(*year, *month, *day) + *hour * 3600 + *minute * 60 + *second - *offset;
    if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) {
        return std::nullopt;
    }
    return Instant{seconds, *nanos};
}

std::string timestampText(std::int64_t seconds, std::uint32_t nanos)
{
    const CivilTime t = civilTime(seconds);
    return padded(t.year, 4) + '-' + padded(t.month, 2) + '-' + padded(t.day, 2) + 'T' + padded(t.hour, 2) +
           ':' + padded(t.minute, 2) + ':' + padded(t.second, 2) + fractionText(nanos) + 'Z';
}

std::optional<std::int64_t> parseDuration(std::string_view text)
{
    struct Unit {
        std::string_view name;
        std::int64_t nanos;
    };
    // Longer names first: "ms" begins like "m".
    static constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                                 {"us", 1'000},
                                                 {"\xC2\xB5s", 1'000},
                                                 {"\xCE\xBCs", 1'000},
                                                 {"ms", 1'000'000},
                                                 {"s", kNanosPerSecond},
                                                 {"m", 60 * kNanosPerSecond},
                                                 {"h", 3600 * kNanosPerSecond}}};
    const bool negative = take(text, '-');
    if (!negative) {
        take(text, '+');
    }
    if (text == "0") {
        return 0;
    }
    std::int64_t total = 0;
    bool any = false;
    while (!text.empty()) {
        std::int64_t whole = 0;
        bool digits = false;
        while (!text.empty() && isDigit(text.front())) {
            if (__builtin_mul_overflow(whole, 10, &whole) ||
                __builtin_add_overflow(whole, text.front() - '0', &whole)) {
                return std::nullopt;
            }
            digits = true;
            text.remove_prefix(1);
        }
        const bool dotted = !text.empty() && text.front() == '.';
        // "1.s" and ".5s" are durations, "." is not.
        std::uint32_t fraction = 0;
        if (dotted) {
            if (text.size() > 1 && isDigit(text[1])) {
                fraction = *takeFraction(text);
                digits = true;
            } else {
                text.remove_prefix(1);
            }
        }
        const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                              [&](const Unit& u) { return text.starts_with(u.name); });
        if (!digits || unit == kUnits.end()) {
            return std::nullopt;
        }
        text.remove_prefix(unit->name.size());
        // The fraction is in billionths of the unit; each unit is a multiple or a divisor of a second.
        const std::int64_t part = unit->nanos >= kNanosPerSecond
                                      ? std::int64_t{fraction} * (unit->nanos / kNanosPerSecond)
                                      : std::int64_t{fraction} / (kNanosPerSecond / unit->nanos);
        if (__builtin_mul_overflow(whole, unit->nanos, &whole) ||
            __builtin_add_overflow(whole, part, &whole) || __builtin_add_overflow(total, whole, &total)) {
            return std::nullopt;
        }
        any = true;
    }
    if (!any) {
        return std::nullopt;
    }
    return negative ? -total : total;
}

std::string durationText(std::int64_t nanos)
{
    const std::uint64_t size =
        nanos < 0 ? 0 - static_cast<std::uint64_t>(nanos) : static_cast<std::uint64_t>(nanos);
    return (nanos < 0 ? "-" : "") + std::to_string(size / kNanosPerSecond) +
           fractionText(static_cast<std::uint32_t>(size % kNanosPerSecond)) + 's';
}

std::optional<std::int64_t> zoneOffset(std::string_view zone, std::int64_t seconds)
{
    if (isUtc(zone)) {
        return 0;
    }
    if (const std::optional<std::int64_t> offset = fixedOffset(zone)) {
        return offset;
    }
    const absl::TimeZone* const named = namedZone(zone);
    if (named == nullptr) {
        return std::nullopt;
    }
    return named->At(absl::FromUnixSeconds(seconds)).offset;
}

bool isZone(std::string_view zone)
{
    return zoneOffset(zone, 0).has_value();
}

std::optional<std::string> formatTime(const Instant& instant, std::string_view pattern, std::string_view zone)
{
    const std::optional<absl::TimeZone> where = anyZone(zone);
    if (!where) {
        return std::nullopt;
    }
    const absl::Time time = absl::FromUnixSeconds(instant.seconds) + absl::Nanoseconds(instant.nanos);
    return absl::FormatTime(std::string(pattern), time, *where);
}

} // namespace streamwright::cel
