#pragma once

#include "core/kafka/topic_partition.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace streamwright {

/// Owns the offsets of the assigned partitions: what is processed, and what is committed. librdkafka's stored
/// offsets are never used. Partitions are named by their place in the assignment. Thread: the task thread.
class CommitTracker {
public:
    struct Partition {
        kafka::TopicPartition where;
        std::int64_t next = kafka::kOffsetNone;      ///< next offset to process: last processed + 1
        std::int64_t committed = kafka::kOffsetNone; ///< as the group's coordinator has it
        std::int64_t progressNs = 0;                 ///< when `next` moved last, or lag began
    };

    /// Begins with these partitions at these offsets; `committed` says what the group has (kOffsetNone:
    /// nothing). Both in the same order.
    void assign(std::span<const kafka::PartitionOffset> starts, std::span<const std::int64_t> committed,
                std::int64_t nowNs);
    void clear() { m_partitions.clear(); }

    [[nodiscard]] std::span<const Partition> partitions() const { return m_partitions; }
    [[nodiscard]] bool empty() const { return m_partitions.empty(); }

    /// False for a record that was processed already (it came again after a rewind).
    [[nodiscard]] bool isNew(std::size_t partition, std::int64_t offset) const
    {
        return offset >= m_partitions[partition].next;
    }
    /// The record at `offset` is processed; records of a partition come in order, with holes.
    void processed(std::size_t partition, std::int64_t offset, std::int64_t nowNs)
    {
        m_partitions[partition].next = offset + 1;
        m_partitions[partition].progressNs = nowNs;
    }
    /// Nothing but control records up to `position`.
    void skipTo(std::size_t partition, std::int64_t position, std::int64_t nowNs);
    /// There is nothing to read: not a stall.
    void idle(std::size_t partition, std::int64_t nowNs) { m_partitions[partition].progressNs = nowNs; }

    /// Something is processed and not committed.
    [[nodiscard]] bool dirty() const;
    /// What to commit: the partitions that moved or, with `all`, every one of them (the state that one task
    /// keeps for all partitions rides on each). `metadataOf` gives the small state by place in the
    /// assignment.
    [[nodiscard]] std::vector<kafka::PartitionOffset>
    toCommit(bool all, const std::function<std::string(std::size_t)>& metadataOf) const;
    /// These are committed now.
    void committed(std::span<const kafka::PartitionOffset> offsets);

    /// Where to read again after pause or rewind: from `next` of each.
    [[nodiscard]] std::vector<kafka::PartitionOffset> resumeFrom() const;

private:
    std::vector<Partition> m_partitions;
};

} // namespace streamwright
