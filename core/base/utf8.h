#pragma once

#include <cstddef>
#include <string_view>

namespace streamwright {

/// Length of the well-formed UTF-8 sequence at `position` (RFC 3629: shortest form, no surrogates, at most
/// U+10FFFF); 0 where there is none.
[[nodiscard]] std::size_t utf8SequenceLength(std::string_view text, std::size_t position);

[[nodiscard]] bool isValidUtf8(std::string_view text);

/// Number of code points of valid UTF-8.
[[nodiscard]] std::size_t countCodePoints(std::string_view text);

/// The longest beginning of `text` that has at most `maxBytes` bytes and ends between two characters.
[[nodiscard]] std::string_view cutUtf8(std::string_view text, std::size_t maxBytes);

} // namespace streamwright
