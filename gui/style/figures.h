#pragma once

#include <QString>

#include <cstdint>

/// Numbers as people read them at a glance, in the locale's digits.
namespace streamwright::figures {

/// 0, 5.2, 340, 12.4k, 1.2M.
[[nodiscard]] QString rate(double perSecond);
/// Whole number with the locale's group separators.
[[nodiscard]] QString count(std::int64_t value);
/// 0.4, 6, 1,250.
[[nodiscard]] QString milliseconds(double ms);
/// 830 B, 2.1 MB.
[[nodiscard]] QString bytes(double bytes);

} // namespace streamwright::figures
