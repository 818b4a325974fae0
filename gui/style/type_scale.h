#pragma once

#include <QFont>

namespace streamwright {

/// Spacing of part 10; nothing else is used between widgets.
inline constexpr int kSpace4 = 4;
inline constexpr int kSpace8 = 8;
inline constexpr int kSpace12 = 12;
inline constexpr int kSpace16 = 16;
inline constexpr int kSpace24 = 24;
inline constexpr int kSpace32 = 32;
inline constexpr int kFieldRadius = 4;
inline constexpr int kCardRadius = 6;
inline constexpr int kRowHeight = 24;
inline constexpr int kTwoLineRowHeight = 40;
inline constexpr int kControlHeight = 28;
inline constexpr int kBarHeight = 40;
inline constexpr int kTitleHeight = 32;

/// The type scale, from the application's font: caption 0.85, body 1, title 1 semibold, heading 1.4.
[[nodiscard]] QFont captionFont();
[[nodiscard]] QFont bodyFont();
[[nodiscard]] QFont titleFont();
[[nodiscard]] QFont headingFont();
[[nodiscard]] QFont monoFont();

} // namespace streamwright
