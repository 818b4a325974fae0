#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace streamwright {

/// Counts of values in buckets whose width grows with the value: 8 per power of two, so a quantile is right
/// within 12.5 %. Plain value: one writer, copied out by whoever publishes it.
class Histogram {
public:
    void add(std::uint64_t value, std::uint64_t count = 1)
    {
        m_counts[bucketOf(value)] += count;
        m_total += count;
    }

    void merge(const Histogram& other)
    {
        for (std::size_t i = 0; i < kBuckets; ++i) {
            m_counts[i] += other.m_counts[i];
        }
        m_total += other.m_total;
    }

    /// What was added since `earlier`, an older copy of this histogram.
    [[nodiscard]] Histogram since(const Histogram& earlier) const
    {
        Histogram difference;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            difference.m_counts[i] = m_counts[i] - earlier.m_counts[i];
        }
        difference.m_total = m_total - earlier.m_total;
        return difference;
    }

    [[nodiscard]] std::uint64_t total() const { return m_total; }

    /// The value below which the share `q` (0 to 1) of all values lies; 0 where there are none.
    [[nodiscard]] std::uint64_t quantile(double q) const
    {
        if (m_total == 0) {
            return 0;
        }
        const auto rank = static_cast<std::uint64_t>(q * static_cast<double>(m_total - 1)) + 1;
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            seen += m_counts[i];
            if (seen >= rank) {
                return upperBound(i);
            }
        }
        return upperBound(kBuckets - 1);
    }

private:
    static constexpr unsigned kSubBits = 3;
    static constexpr std::size_t kSub = std::size_t{1} << kSubBits;
    static constexpr std::size_t kBuckets = (64 - kSubBits + 1) * kSub;

    static std::size_t bucketOf(std::uint64_t value)
    {
        if (value < kSub) {
            return static_cast<std::size_t>(value);
        }
        const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBits;
        return (exponent + 1) * kSub + static_cast<std::size_t>((value >> exponent) - kSub);
    }

    static std::uint64_t upperBound(std::size_t bucket)
    {
        if (bucket < kSub) {
            return bucket;
        }
        const std::uint64_t exponent = bucket / kSub - 1;
        return ((kSub + bucket % kSub + 1) << exponent) - 1;
    }

    std::array<std::uint64_t, kBuckets> m_counts{};
    std::uint64_t m_total = 0;
};

} // namespace streamwright
