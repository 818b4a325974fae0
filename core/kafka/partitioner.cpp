#include "core/kafka/partitioner.h"

#include "core/base/assert.h"

#include <cstddef>

namespace streamwright::kafka {

std::uint32_t murmur2(std::string_view key)
{
    // Austin Appleby's MurmurHash2 (public domain) with the seed that Kafka's Java client uses.
    constexpr std::uint32_t kSeed = 0x9747b28c;
    constexpr std::uint32_t kMultiplier = 0x5bd1e995;
    constexpr int kShift = 24;

    const auto byteAt = [key](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(key[index]));
    };

    std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(key.size());
    const std::size_t words = key.size() / 4;
    for (std::size_t word = 0; word < words; ++word) {
        const std::size_t at = word * 4;
        std::uint32_t block = byteAt(at) | byteAt(at + 1) << 8 | byteAt(at + 2) << 16 | byteAt(at + 3) << 24;
        block *= kMultiplier;
        block ^= block >> kShift;
        block *= kMultiplier;
        hash *= kMultiplier;
        hash ^= block;
    }
    const std::size_t rest = words * 4;
    switch (key.size() - rest) {
    case 3: hash ^= byteAt(rest + 2) << 16; [[fallthrough]];
    case 2: hash ^= byteAt(rest + 1) << 8; [[fallthrough]];
    case 1:
        hash ^= byteAt(rest);
        hash *= kMultiplier;
        break;
    default: break;
    }
    hash ^= hash >> 13;
    hash *= kMultiplier;
    hash ^= hash >> 15;
    return hash;
}

std::int32_t murmur2Partition(std::string_view key, std::int32_t partitions)
{
    SW_ASSERT(partitions > 0, "a topic has partitions");
    constexpr std::uint32_t kPositive = 0x7fffffff; // Java's toPositive(): the sign bit goes
    return static_cast<std::int32_t>((murmur2(key) & kPositive) % static_cast<std::uint32_t>(partitions));
}

} // namespace streamwright::kafka
