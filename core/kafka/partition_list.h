#pragma once

#include "core/kafka/topic_partition.h"

#include <memory>
#include <span>
#include <vector>

struct rd_kafka_topic_partition_list_s;

namespace streamwright::kafka {

struct DestroyPartitionList {
    void operator()(rd_kafka_topic_partition_list_s* list) const;
};
/// librdkafka's list of partitions with offsets, owned. What our vectors become on the way into its calls.
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_s, DestroyPartitionList>;

[[nodiscard]] PartitionList makePartitionList(std::span<const TopicPartition> partitions);
/// With offsets and metadata.
[[nodiscard]] PartitionList makePartitionList(std::span<const PartitionOffset> offsets);
[[nodiscard]] std::vector<TopicPartition> partitionsOf(const rd_kafka_topic_partition_list_s& list);

} // namespace streamwright::kafka
