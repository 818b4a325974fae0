#include "core/engine/commit_tracker.h"

#include "core/base/assert.h"

#include <algorithm>

namespace streamwright {

void CommitTracker::assign(std::span<const kafka::PartitionOffset> starts,
                           std::span<const std::int64_t> committed, std::int64_t nowNs)
{
    SW_ASSERT(starts.size() == committed.size(), "each partition has a start and a committed offset");
    m_partitions.clear();
    for (std::size_t i = 0; i < starts.size(); ++i) {
        m_partitions.push_back({starts[i].where, starts[i].offset, committed[i], nowNs});
    }
}

void CommitTracker::skipTo(std::size_t partition, std::int64_t position, std::int64_t nowNs)
{
    Partition& one = m_partitions[partition];
    if (position > one.next) {
        one.next = position;
        one.progressNs = nowNs;
    }
}

bool CommitTracker::dirty() const
{
    return std::any_of(m_partitions.begin(), m_partitions.end(),
                       [](const Partition& one) { return one.next != one.committed; });
}

std::vector<kafka::PartitionOffset>
CommitTracker::toCommit(bool all, const std::function<std::string(std::size_t)>& metadataOf) const
{
    std::vector<kafka::PartitionOffset> offsets;
    for (std::size_t i = 0; i < m_partitions.size(); ++i) {
        const Partition& one = m_partitions[i];
        if (all || one.next != one.committed) {
            offsets.push_back({one.where, one.next, metadataOf(i), std::nullopt});
        }
    }
    return offsets;
}

void CommitTracker::committed(std::span<const kafka::PartitionOffset> offsets)
{
    for (const kafka::PartitionOffset& offset : offsets) {
        const auto found = std::find_if(m_partitions.begin(), m_partitions.end(),
                                        [&](const Partition& one) { return one.where == offset.where; });
        if (found != m_partitions.end()) {
            found->committed = offset.offset;
        }
    }
}

std::vector<kafka::PartitionOffset> CommitTracker::resumeFrom() const
{
    std::vector<kafka::PartitionOffset> offsets;
    for (const Partition& one : m_partitions) {
        offsets.push_back({one.where, one.next, {}, std::nullopt});
    }
    return offsets;
}

} // namespace streamwright
