#pragma once

#include "core/base/error.h"
#include "core/base/histogram.h"
#include "core/engine/engine_state.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace streamwright {

/// Counters of one node since the start; all only grow. Rates come from two snapshots.
struct NodeCounters {
    std::uint64_t recordsIn = 0;
    std::uint64_t recordsOut = 0; ///< out of every port but error
    std::uint64_t errors = 0;     ///< out of the error port, wired or not
    std::uint64_t dropped = 0;    ///< on purpose: optional port unwired, tombstones skipped, on_error drop
    std::uint64_t bytesIn = 0;
    std::uint64_t bytesOut = 0;
    std::uint64_t busyNs = 0;
    std::uint64_t waitInputNs = 0;  ///< nothing came
    std::uint64_t waitOutputNs = 0; ///< something downstream was blocked
};

struct NodeSnapshot {
    std::string id;
    NodeCounters counters;
    Histogram latencyUs;             ///< sinks: from the record's arrival in the process to its hand-over
    std::optional<double> queueFill; ///< 0 to 1, where there is a queue (sources' prefetch, producers)
    std::uint64_t queueDepth = 0;
    std::uint64_t queueLimit = 0;
    std::string blockedReason; ///< empty: not blocked
};

/// Records over one edge since the start, by the edge's number in the document.
struct EdgeSnapshot {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::uint64_t tapDropped = 0;
};

struct PartitionSnapshot {
    std::string node;
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t next = -1;      ///< next offset to process
    std::int64_t committed = -1; ///< next offset to read after a restart
    std::int64_t end = -1;       ///< high watermark (last stable offset)
    std::int64_t lag = -1;       ///< end - next; -1 unknown
    bool assigned = false;       ///< to this process
    bool stalled = false;        ///< lag, and no progress for 10 s
    std::string lastError;
};

struct FlowSnapshot {
    std::string name;
    EngineState state = EngineState::Created;
    std::string step;  ///< what the start-up is at: "connecting to kafka", "joining group corp-apps"
    std::string group; ///< empty without Kafka sources
    std::uint64_t commits = 0;
    std::int64_t lastCommitMs = 0; ///< wall clock, 0 = none yet
    std::uint64_t rebalances = 0;
    bool standby = false;   ///< waits for another instance (`--on-conflict wait`)
    std::string standbyFor; ///< who runs it: "host orders-2, client streamwright-orders-2-4711"
};

/// A dead letter as the monitor shows it; the newest few only. Payload cut to 4 KiB.
struct RejectSnapshot {
    std::uint64_t number = 0; ///< counts all of them, so that a reader knows what it missed
    std::int64_t failedAtMs = 0;
    std::string node;
    std::string code;
    std::string message;
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    std::string key;
    std::string value;
};

/// A noteworthy thing that happened, for logs and problem lists.
struct EngineEvent {
    enum class Kind : std::uint8_t { State, Rebalance, Warning, Error, Stalled, Recovered };
    std::uint64_t number = 0;
    std::int64_t atMs = 0;
    Kind kind = Kind::State;
    std::string node; ///< empty: the engine or a flow
    std::string text;
};

/// Everything there is to see of a running engine, as an immutable value.
struct EngineSnapshot {
    EngineState state = EngineState::Created;
    std::int64_t takenAtMs = 0;
    std::int64_t monotonicNs = 0; ///< for rates
    std::int64_t startedAtMs = 0;
    std::vector<NodeSnapshot> nodes; ///< order of Topology::nodes
    std::vector<EdgeSnapshot> edges; ///< by edge number
    std::vector<FlowSnapshot> flows;
    std::vector<PartitionSnapshot> partitions;
    std::vector<RejectSnapshot> rejects; ///< oldest first, at most 200
    std::vector<EngineEvent> events;     ///< oldest first, at most 200
    std::optional<Error> failure;        ///< Failed and Fenced: why
    std::uint64_t rejectsTotal = 0;
    std::int64_t stuckNs = 0; ///< since the task thread that is longest at one thing last came round
};

} // namespace streamwright
