#include "core/cel/text.h"

#include <algorithm>
#include <cstring>

namespace streamwright::cel {

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::size_t byteOf(std::string_view text, std::int64_t index)
{
    if (index < 0) {
        return std::string_view::npos;
    }
    std::size_t at = 0;
    for (; index > 0 && at < text.size(); --index) {
        at += characterBytes(text[at]);
    }
    return index == 0 ? at : std::string_view::npos;
}

std::size_t findText(std::string_view text, std::string_view needle, std::size_t from)
{
    if (from > text.size()) {
        return std::string_view::npos;
    }
    if (needle.empty()) {
        return from;
    }
    // memmem is linear; std::string_view::find is not.
    const void* const found = ::memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
    return found == nullptr ? std::string_view::npos
                            : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::uint32_t codePointAt(std::string_view text, std::size_t at)
{
    const std::size_t bytes = characterBytes(text[at]);
    if (bytes == 1) {
        return static_cast<unsigned char>(text[at]);
    }
    std::uint32_t code = static_cast<unsigned char>(text[at]) & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    return code;
}

} // namespace streamwright::cel
