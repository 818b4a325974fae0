#include "core/base/utf8.h"

#include "core/base/byte_block.h"

#include <algorithm>
#include <cstdint>

namespace streamwright {
namespace {

constexpr unsigned char kContinuationMask = 0xC0;
constexpr unsigned char kContinuation = 0x80;

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & kContinuationMask) == kContinuation;
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
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const ByteBlock block = ByteBlock::load(text.data(), at, end);
        const std::size_t whole = block.nonAscii() == 0 ? block.size() : wholeUtf8(block, at, block.size());
        if (whole == 0) {
            return false;
        }
        at += whole;
    }
    return true;
}

std::size_t validUtf8Prefix(std::string_view text)
{
    std::size_t valid = 0;
    while (valid < text.size()) {
        const std::size_t length = utf8SequenceLength(text, valid);
        if (length == 0) {
            break;
        }
        valid += length;
    }
    return valid;
}

void appendUtf8(std::string& out, char32_t codePoint)
{
    const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    const auto follow = [](std::uint32_t bits) { return kContinuation | (bits & 0x3FU); };
    constexpr std::uint32_t kReplacement = 0xFFFD;
    std::uint32_t c = codePoint;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        c = kReplacement;
    }
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | (c >> 6U));
        put(follow(c));
    } else if (c < 0x10000) {
        put(0xE0U | (c >> 12U));
        put(follow(c >> 6U));
        put(follow(c));
    } else {
        put(0xF0U | (c >> 18U));
        put(follow(c >> 12U));
        put(follow(c >> 6U));
        put(follow(c));
    }
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
