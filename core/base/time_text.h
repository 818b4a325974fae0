#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// `2026-11-23T12:00:00.123Z` of milliseconds since 1970-01-01 UTC.
[[nodiscard]] std::string formatUtc(std::int64_t wallMs);
/// `2026-11-23` of the same.
[[nodiscard]] std::string formatUtcDate(std::int64_t wallMs);
/// Milliseconds since 1970-01-01 UTC of a date and time as RFC 3339 has it, offset required, finer fractions
/// cut; empty where `text` is not one.
[[nodiscard]] std::optional<std::int64_t> parseRfc3339(std::string_view text);

} // namespace streamwright
