#pragma once

#include "core/base/error.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace streamwright::kafka {

/// One partition of a topic. Plain value.
struct TopicPartition {
    std::string topic;
    std::int32_t partition = 0;

    auto operator<=>(const TopicPartition&) const = default;
};

// Logical offsets, with librdkafka's values.
constexpr std::int64_t kOffsetBeginning = -2; ///< the first offset that is still there
constexpr std::int64_t kOffsetEnd = -1;       ///< behind the last one
constexpr std::int64_t kOffsetNone = -1001;   ///< nothing committed, or not known
/// "the last `count` records" as a start of assign().
[[nodiscard]] constexpr std::int64_t offsetTail(std::int64_t count)
{
    return -2000 - count;
}

/// A place in a partition. As a committed offset it is the next one to read, as everywhere in Kafka.
struct PartitionOffset {
    TopicPartition where;
    std::int64_t offset = kOffsetNone;
    std::string
        metadata; ///< small state beside a committed offset (at most 4,096 bytes by the broker's default)
    std::optional<Error> error; ///< answers only: why there is none for this partition
};

/// First offset that is there and the one behind the last (read_committed: behind the last stable one).
struct Watermarks {
    std::int64_t low = kOffsetNone;
    std::int64_t high = kOffsetNone;
};

} // namespace streamwright::kafka
