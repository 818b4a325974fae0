#include "core/kafka/partition_list.h"

#include <librdkafka/rdkafka.h>

#include <cstdlib>
#include <cstring>

namespace streamwright::kafka {

void DestroyPartitionList::operator()(rd_kafka_topic_partition_list_s* list) const
{
    rd_kafka_topic_partition_list_destroy(list);
}

PartitionList makePartitionList(std::span<const TopicPartition> partitions)
{
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const TopicPartition& where : partitions) {
        rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition);
    }
    return list;
}

PartitionList makePartitionList(std::span<const PartitionOffset> offsets)
{
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
    for (const PartitionOffset& one : offsets) {
        rd_kafka_topic_partition_t* const entry =
            rd_kafka_topic_partition_list_add(list.get(), one.where.topic.c_str(), one.where.partition);
        entry->offset = one.offset;
        if (!one.metadata.empty()) {
            // The list frees it with the allocator of the library.
            entry->metadata = rd_kafka_mem_malloc(nullptr, one.metadata.size());
            std::memcpy(entry->metadata, one.metadata.data(), one.metadata.size());
            entry->metadata_size = one.metadata.size();
        }
    }
    return list;
}

std::vector<TopicPartition> partitionsOf(const rd_kafka_topic_partition_list_s& list)
{
    std::vector<TopicPartition> partitions;
    partitions.reserve(static_cast<std::size_t>(list.cnt));
    for (int i = 0; i < list.cnt; ++i) {
        partitions.push_back({list.elems[i].topic, list.elems[i].partition});
    }
    return partitions;
}

} // namespace streamwright::kafka
