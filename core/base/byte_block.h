#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(SW_PORTABLE_BLOCKS) // defined by the test of the plain loops
#define SW_SSE2_BLOCKS
#include <emmintrin.h>
#endif

namespace streamwright {

/// Up to 16 bytes of a text, looked at all at once: each question is answered by a mask with one bit per
/// byte, the first byte lowest. Bits beyond size() are 0. SSE2, which every x86-64 has; plain loops
/// elsewhere.
class ByteBlock {
public:
    static constexpr std::size_t kBytes = 16;
    using Mask = std::uint32_t;

    /// The bytes at `at`; nothing outside [begin, end) is read.
    [[nodiscard]] static ByteBlock load(const char* begin, const char* at, const char* end);

    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Bytes that end or interrupt a JSON string: quote, backslash, control characters.
    [[nodiscard]] Mask stringStops() const;
    [[nodiscard]] Mask equalTo(unsigned char byte) const;
    /// Whether the `size` <= kBytes bytes at `a` and `b` are the same; kBytes may be read at both.
    [[nodiscard]] static bool same(const char* a, const char* b, std::size_t size);
    [[nodiscard]] Mask nonAscii() const;
    /// Non-ASCII bytes >= `lowest`, which is 0x80 or more.
    [[nodiscard]] Mask highFrom(unsigned char lowest) const;

    /// The `count` lowest bits.
    [[nodiscard]] static constexpr Mask low(std::size_t count) { return (Mask{1} << count) - 1; }

private:
#ifdef SW_SSE2_BLOCKS
    ByteBlock(__m128i bytes, unsigned shift, std::size_t size) : m_bytes(bytes), m_shift(shift), m_size(size)
    {
    }
    [[nodiscard]] Mask mask(__m128i flags) const
    {
        return static_cast<Mask>(_mm_movemask_epi8(flags)) >> m_shift;
    }

    __m128i m_bytes;
    unsigned
        m_shift; ///< bytes before `at` that came along because a whole block was loaded at the text's end
#else
    template <typename Test>
    [[nodiscard]] Mask collect(Test test) const
    {
        Mask mask = 0;
        for (std::size_t i = 0; i < m_size; ++i) {
            mask |= Mask{test(static_cast<unsigned char>(m_at[i]))} << i;
        }
        return mask;
    }
    ByteBlock(const char* at, std::size_t size) : m_at(at), m_size(size) {}

    const char* m_at;
#endif
    std::size_t m_size;
};

#ifdef SW_SSE2_BLOCKS

inline ByteBlock ByteBlock::load(const char* begin, const char* at, const char* end)
{
    const auto left = static_cast<std::size_t>(end - at);
    if (left >= kBytes) [[likely]] {
        return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), 0, kBytes};
    }
    if (static_cast<std::size_t>(end - begin) >= kBytes) {
        return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(end - kBytes)),
                static_cast<unsigned>(kBytes - left), left};
    }
    // The shortest texts; the letters that pad them stop nothing and are ASCII.
    alignas(kBytes) char padded[kBytes];
    std::memset(padded, 'x', kBytes);
    if (left != 0) {
        std::memcpy(padded, at, left);
    }
    return {_mm_load_si128(reinterpret_cast<const __m128i*>(padded)), 0, left};
}

inline ByteBlock::Mask ByteBlock::stringStops() const
{
    const __m128i quotes = _mm_cmpeq_epi8(m_bytes, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(m_bytes, _mm_set1_epi8('\\'));
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(m_bytes, _mm_set1_epi8(0x1F)), m_bytes);
    return mask(_mm_or_si128(_mm_or_si128(quotes, backslashes), controls));
}

inline ByteBlock::Mask ByteBlock::equalTo(unsigned char byte) const
{
    return mask(_mm_cmpeq_epi8(m_bytes, _mm_set1_epi8(static_cast<char>(byte)))) & low(m_size);
}

inline ByteBlock::Mask ByteBlock::nonAscii() const
{
    return mask(m_bytes);
}

inline ByteBlock::Mask ByteBlock::highFrom(unsigned char lowest) const
{
    // As signed numbers the bytes from `lowest` to 0xFF lie between `lowest` - 1 and 0.
    return mask(_mm_cmpgt_epi8(m_bytes, _mm_set1_epi8(static_cast<char>(lowest - 1)))) & nonAscii();
}

inline bool ByteBlock::same(const char* a, const char* b, std::size_t size)
{
    const __m128i equal = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a)),
                                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(b)));
    return (~static_cast<Mask>(_mm_movemask_epi8(equal)) & low(size)) == 0;
}

#else

inline bool ByteBlock::same(const char* a, const char* b, std::size_t size)
{
    return std::memcmp(a, b, size) == 0;
}

inline ByteBlock ByteBlock::load(const char*, const char* at, const char* end)
{
    return {at, std::min(kBytes, static_cast<std::size_t>(end - at))};
}

inline ByteBlock::Mask ByteBlock::stringStops() const
{
    return collect([](unsigned char byte) { return byte == '"' || byte == '\\' || byte < 0x20; });
}

inline ByteBlock::Mask ByteBlock::equalTo(unsigned char byte) const
{
    return collect([byte](unsigned char other) { return other == byte; });
}

inline ByteBlock::Mask ByteBlock::nonAscii() const
{
    return highFrom(0x80);
}

inline ByteBlock::Mask ByteBlock::highFrom(unsigned char lowest) const
{
    return collect([lowest](unsigned char byte) { return byte >= lowest; });
}

#endif

/// How many of the block's first `length` bytes, which lie at `at` and begin with a character, are whole and
/// valid UTF-8 characters (RFC 3629). 0 where there is an invalid one, or nothing but the beginning of one.
[[nodiscard]] inline std::size_t wholeUtf8(const ByteBlock& block, const char* at, std::size_t length)
{
    using Mask = ByteBlock::Mask;
    const Mask within = ByteBlock::low(length);
    const Mask leads = block.highFrom(0xC0) & within;
    const Mask leadsOf3 = block.highFrom(0xE0) & within;
    const Mask leadsOf4 = block.highFrom(0xF0) & within;
    const Mask following = (leads << 1) | (leadsOf3 << 2) | (leadsOf4 << 3);
    const Mask followers = block.nonAscii() & within & ~leads;
    if (((following ^ followers) & within) != 0) {
        return 0;
    }
    const std::size_t whole =
        (following & ~within) == 0 ? length : static_cast<std::size_t>(std::bit_width(leads)) - 1;
    // Leads that are never valid, or not before every following byte (overlong forms, surrogates, >
    // U+10FFFF).
    Mask special =
        leadsOf4 | block.equalTo(0xC0) | block.equalTo(0xC1) | block.equalTo(0xE0) | block.equalTo(0xED);
    for (special &= ByteBlock::low(whole); special != 0; special &= special - 1) {
        const int position = std::countr_zero(special);
        const auto lead = static_cast<unsigned char>(at[position]);
        const auto second = static_cast<unsigned char>(at[position + 1]);
        const bool valid = lead == 0xE0   ? second >= 0xA0
                           : lead == 0xED ? second <= 0x9F
                           : lead == 0xF0 ? second >= 0x90
                           : lead == 0xF4 ? second <= 0x8F
                                          : lead > 0xF0 && lead < 0xF4;
        if (!valid) {
            return 0;
        }
    }
    return whole;
}

} // namespace streamwright
