#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace streamwright {

/// Length of the well-formed UTF-8 sequence at `position` (RFC 3629: shortest form, no surrogates, at most
/// U+10FFFF); 0 where there is none.
[[nodiscard]] std::size_t utf8SequenceLength(std::string_view text, std::size_t position);

[[nodiscard]] bool isValidUtf8(std::string_view text);

/// Length of the longest beginning of `text` that is valid.
[[nodiscard]] std::size_t validUtf8Prefix(std::string_view text);

/// Appends one code point; a surrogate or a number beyond U+10FFFF as U+FFFD.
void appendUtf8(std::string& out, char32_t codePoint);

/// Number of code points of valid UTF-8.
[[nodiscard]] std::size_t countCodePoints(std::string_view text);

/// The longest beginning of `text` that has at most `maxBytes` bytes and ends between two characters.
[[nodiscard]] std::string_view cutUtf8(std::string_view text, std::size_t maxBytes);

} // namespace streamwright
