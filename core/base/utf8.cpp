#include "core/base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace streamwright {
namespace {

constexpr unsigned char kContinuationMask = 0xC0;
constexpr unsigned char kContinuation = 0x80;

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & kContinuationMask) == kContinuation;
}

/// Eight ASCII bytes at once.
bool isAsciiWord(const char* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return (word & 0x8080808080808080ULL) == 0;
}

/// What may follow a lead byte: how many bytes in all, and the range of the second one.
struct Lead {
    std::size_t length = 0;
    unsigned char lowest = 0x80;
    unsigned char highest = 0xBF;
};

Lead leadOf(unsigned char byte)
{
    if (byte >= 0xC2 && byte <= 0xDF) {
        return {2};
    }
    if (byte == 0xE0) {
        return {3, 0xA0, 0xBF};
    }
    if (byte == 0xED) {
        return {3, 0x80, 0x9F};
    }
    if (byte >= 0xE1 && byte <= 0xEF) {
        return {3};
    }
    if (byte == 0xF0) {
        return {4, 0x90, 0xBF};
    }
    if (byte >= 0xF1 && byte <= 0xF3) {
        return {4};
    }
    if (byte == 0xF4) {
        return {4, 0x80, 0x8F};
    }
    return {};
}

} // namespace

std::size_t utf8SequenceLength(std::string_view text, std::size_t position)
{
    const auto first = static_cast<unsigned char>(text[position]);
    if (first < 0x80) {
        return 1;
    }
    const Lead lead = leadOf(first);
    if (lead.length == 0 || position + lead.length > text.size()) {
        return 0;
    }
    const auto second = static_cast<unsigned char>(text[position + 1]);
    if (second < lead.lowest || second > lead.highest) {
        return 0;
    }
    for (std::size_t i = 2; i < lead.length; ++i) {
        if (!isContinuation(text[position + i])) {
            return 0;
        }
    }
    return lead.length;
}

bool isValidUtf8(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        if (at + sizeof(std::uint64_t) <= text.size() && isAsciiWord(text.data() + at)) {
            at += sizeof(std::uint64_t);
            continue;
        }
        const std::size_t length = utf8SequenceLength(text, at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

std::size_t countCodePoints(std::string_view text)
{
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), isContinuation));
}

std::string_view cutUtf8(std::string_view text, std::size_t maxBytes)
{
    if (text.size() <= maxBytes) {
        return text;
    }
    std::size_t end = maxBytes;
    while (end > 0 && isContinuation(text[end])) {
        --end;
    }
    return text.substr(0, end);
}

} // namespace streamwright
