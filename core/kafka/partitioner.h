#pragma once

#include <cstdint>
#include <string_view>

namespace streamwright::kafka {

/// Java's murmur2 of a key (org.apache.kafka.common.utils.Utils.murmur2).
[[nodiscard]] std::uint32_t murmur2(std::string_view key);

/// The partition that Java's default partitioner gives a record with this key, which must not be null
/// (null keys are spread: partition kPartitionAuto). `partitions` > 0.
[[nodiscard]] std::int32_t murmur2Partition(std::string_view key, std::int32_t partitions);

} // namespace streamwright::kafka
