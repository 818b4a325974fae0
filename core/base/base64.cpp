#include "core/base/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace streamwright {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;
constexpr std::size_t kGroupBytes = 3;
constexpr std::size_t kGroupDigits = 4;

constexpr std::array<std::uint8_t, 256> makeDigits()
{
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return digits;
}

constexpr std::array<std::uint8_t, 256> kDigits = makeDigits();

} // namespace

void appendBase64(std::string& out, std::string_view bytes)
{
    out.reserve(out.size() + (bytes.size() + kGroupBytes - 1) / kGroupBytes * kGroupDigits);
    for (std::size_t at = 0; at < bytes.size(); at += kGroupBytes) {
        const std::size_t count = bytes.size() - at < kGroupBytes ? bytes.size() - at : kGroupBytes;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < kGroupBytes; ++i) {
            group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < kGroupDigits; ++i) {
            const auto digit = group >> (18U - 6U * static_cast<unsigned>(i)) & 0x3FU;
            out += i <= count ? kAlphabet[digit] : '=';
        }
    }
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.size() % kGroupDigits != 0) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / kGroupDigits * kGroupBytes);
    for (std::size_t at = 0; at < text.size(); at += kGroupDigits) {
        std::size_t padding = 0;
        if (at + kGroupDigits == text.size()) {
            padding = text[at + 3] != '=' ? 0 : (text[at + 2] != '=' ? 1 : 2);
        }
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < kGroupDigits; ++i) {
            const bool pad = i + padding >= kGroupDigits;
            const std::uint8_t digit =
                pad ? std::uint8_t{0} : kDigits[static_cast<unsigned char>(text[at + i])];
            if (digit == kNoDigit) {
                return std::nullopt;
            }
            group = group << 6U | digit;
        }
        for (std::size_t i = 0; i + padding < kGroupBytes; ++i) {
            bytes += static_cast<char>(group >> (16U - 8U * static_cast<unsigned>(i)) & 0xFFU);
        }
    }
    return bytes;
}

} // namespace streamwright
