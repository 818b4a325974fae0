#include "core/base/time_text.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace streamwright {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year_month_day;

/// Reads front to back; once something does not fit, nothing after it does.
class Reader {
public:
    explicit Reader(std::string_view text) : m_rest(text) {}

    int digits(std::size_t count)
    {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= m_rest.size() || m_rest[i] < '0' || m_rest[i] > '9') {
                m_ok = false;
                return 0;
            }
            value = value * 10 + (m_rest[i] - '0');
        }
        m_rest.remove_prefix(count);
        return value;
    }

    /// Takes one character out of `allowed` and gives it; 0 where another one stands.
    char oneOf(std::string_view allowed)
    {
        if (m_rest.empty() || allowed.find(m_rest.front()) == std::string_view::npos) {
            m_ok = false;
            return 0;
        }
        const char taken = m_rest.front();
        m_rest.remove_prefix(1);
        return taken;
    }

    bool nextIs(char c) const { return !m_rest.empty() && m_rest.front() == c; }
    bool nextIsDigit() const { return !m_rest.empty() && m_rest.front() >= '0' && m_rest.front() <= '9'; }
    bool ok() const { return m_ok; }
    bool finished() const { return m_ok && m_rest.empty(); }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

int readFractionMs(Reader& reader)
{
    if (!reader.nextIs('.')) {
        return 0;
    }
    reader.oneOf(".");
    int fraction = reader.digits(1) * 100;
    for (int place = 10; reader.nextIsDigit(); place /= 10) {
        fraction += reader.digits(1) * place;
    }
    return fraction;
}

} // namespace

std::string formatUtc(std::int64_t wallMs)
{
    const sys_time<milliseconds> time{milliseconds{wallMs}};
    const auto day = std::chrono::floor<days>(time);
    const year_month_day date{day};
    const std::chrono::hh_mm_ss<milliseconds> clock{time - day};
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

std::string formatUtcDate(std::int64_t wallMs)
{
    const std::string whole = formatUtc(wallMs);
    return whole.substr(0, whole.find('T'));
}

std::optional<std::int64_t> parseRfc3339(std::string_view text)
{
    Reader reader(text);
    const int year = reader.digits(4);
    reader.oneOf("-");
    const int month = reader.digits(2);
    reader.oneOf("-");
    const int day = reader.digits(2);
    reader.oneOf("Tt");
    const int hours = reader.digits(2);
    reader.oneOf(":");
    const int minutes = reader.digits(2);
    reader.oneOf(":");
    const int seconds = reader.digits(2);
    const int fractionMs = readFractionMs(reader);
    const char zone = reader.oneOf("Zz+-");
    int offsetMinutes = 0;
    if (zone == '+' || zone == '-') {
        const int offsetHours = reader.digits(2);
        reader.oneOf(":");
        const int rest = reader.digits(2);
        if (offsetHours > 23 || rest > 59) {
            return std::nullopt;
        }
        offsetMinutes = (offsetHours * 60 + rest) * (zone == '-' ? -1 : 1);
    }
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    // 60: RFC 3339 allows a leap second; it counts as the second after.
    if (!reader.finished() || !date.ok() || hours > 23 || minutes > 59 || seconds > 60) {
        return std::nullopt;
    }
    const auto time = sys_days{date} + std::chrono::hours{hours} +
                      std::chrono::minutes{minutes - offsetMinutes} + std::chrono::seconds{seconds} +
                      milliseconds{fractionMs};
    return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

} // namespace streamwright
