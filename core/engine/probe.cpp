#include "core/engine/probe.h"

namespace streamwright {

void NodeProbe::addTo(NodeSnapshot& node) const
{
    NodeCounters& counters = node.counters;
    counters.recordsIn += recordsIn.value();
    counters.recordsOut += recordsOut.value();
    counters.errors += errors.value();
    counters.dropped += dropped.value();
    counters.bytesIn += bytesIn.value();
    counters.bytesOut += bytesOut.value();
    counters.busyNs += busyNs.value();
    counters.waitInputNs += waitInputNs.value();
    counters.waitOutputNs += waitOutputNs.value();

    const std::lock_guard lock(m_mutex);
    node.latencyUs.merge(m_latencyUs);
    node.queueDepth += m_queueDepth;
    node.queueLimit += m_queueLimit;
    if (node.queueLimit > 0) {
        node.queueFill = static_cast<double>(node.queueDepth) / static_cast<double>(node.queueLimit);
    }
    if (!m_blockedReason.empty()) {
        node.blockedReason = m_blockedReason;
    }
}

void ThreadProbes::addTo(EngineSnapshot& snapshot) const
{
    for (std::size_t i = 0; i < m_nodeCount; ++i) {
        m_nodes[i].addTo(snapshot.nodes[i]);
    }
    for (std::size_t i = 0; i < m_edgeCount; ++i) {
        snapshot.edges[i].records += m_edges[i].records.value();
        snapshot.edges[i].bytes += m_edges[i].bytes.value();
    }
}

} // namespace streamwright
