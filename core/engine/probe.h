#pragma once

#include "core/base/histogram.h"
#include "core/engine/engine_snapshot.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace streamwright {

/// A count with one writing thread and any readers. Relaxed: readers only want a recent number, no other
/// memory hangs on it (tests/core/engine/probe_test.cpp runs it under TSan).
class Counter {
public:
    void add(std::uint64_t count)
    {
        m_value.store(m_value.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> m_value{0};
};

/// What one thread counts at one node; written by the executor once per batch, never by the node.
class NodeProbe {
public:
    Counter recordsIn;
    Counter recordsOut;
    Counter errors;
    Counter dropped;
    Counter bytesIn;
    Counter bytesOut;
    Counter busyNs;
    Counter waitInputNs;
    Counter waitOutputNs;

    /// Sinks: `count` records took `us` from their arrival to their hand-over.
    void addLatency(std::uint64_t us, std::uint64_t count)
    {
        const std::lock_guard lock(m_mutex);
        m_latencyUs.add(us, count);
    }
    void setQueue(std::uint64_t depth, std::uint64_t limit)
    {
        const std::lock_guard lock(m_mutex);
        m_queueDepth = depth;
        m_queueLimit = limit;
    }
    void setBlocked(std::string_view reason)
    {
        const std::lock_guard lock(m_mutex);
        m_blockedReason = reason;
    }

    /// Adds what was counted here to `node`. Thread: any.
    void addTo(NodeSnapshot& node) const;

private:
    mutable std::mutex m_mutex; ///< taken once per batch and per snapshot
    Histogram m_latencyUs;
    std::uint64_t m_queueDepth = 0;
    std::uint64_t m_queueLimit = 0;
    std::string m_blockedReason;
};

struct EdgeProbe {
    Counter records;
    Counter bytes;
};

/// All counters of one task thread; snapshots add up those of all threads.
class ThreadProbes {
public:
    ThreadProbes(std::size_t nodes, std::size_t edges)
        : m_nodeCount(nodes), m_edgeCount(edges), m_nodes(std::make_unique<NodeProbe[]>(nodes)),
          m_edges(std::make_unique<EdgeProbe[]>(edges))
    {
    }

    [[nodiscard]] NodeProbe& node(std::size_t index) { return m_nodes[index]; }
    [[nodiscard]] EdgeProbe& edge(std::size_t index) { return m_edges[index]; }
    /// Adds everything to the snapshot's nodes and edges, which are there already. Thread: any.
    void addTo(EngineSnapshot& snapshot) const;

    /// The thread has come round its loop, or to the next step of its opening: it is not stuck.
    void turn(std::int64_t nowNs) { m_turnNs = nowNs; }
    /// When that was last; 0 before the first. Thread: any.
    [[nodiscard]] std::int64_t lastTurnNs() const { return m_turnNs.load(); }

private:
    std::atomic<std::int64_t> m_turnNs{0};
    std::size_t m_nodeCount;
    std::size_t m_edgeCount;
    std::unique_ptr<NodeProbe[]> m_nodes;
    std::unique_ptr<EdgeProbe[]> m_edges;
};

} // namespace streamwright
