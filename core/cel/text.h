#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace streamwright::cel {

/// Length in bytes of the character that begins with `lead`, in valid UTF-8.
[[nodiscard]] inline std::size_t characterBytes(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : (byte >= 0xF0 ? 4 : (byte >= 0xE0 ? 3 : 2));
}

/// Number of code points of valid UTF-8.
[[nodiscard]] std::size_t characters(std::string_view text);
/// Byte where code point `index` begins, text.size() for the one after the last, npos beyond.
[[nodiscard]] std::size_t byteOf(std::string_view text, std::int64_t index);
/// First place of `needle` at or after byte `from`, in linear time; npos without one.
[[nodiscard]] std::size_t findText(std::string_view text, std::string_view needle, std::size_t from);
/// Code point that begins at `at`, in valid UTF-8.
[[nodiscard]] std::uint32_t codePointAt(std::string_view text, std::size_t at);

} // namespace streamwright::cel
