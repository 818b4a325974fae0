#pragma once

#include "core/engine/engine_snapshot.h"
#include "core/topology/topology.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace streamwright {

/// What a node did between two snapshots.
struct NodeRates {
    double inPerS = 0;
    double outPerS = 0;
    double errorsPerS = 0;
    double droppedPerS = 0;
    double bytesPerS = 0;
    double busyShare = 0; ///< 0 to 1 of the time between the snapshots
    double waitInputShare = 0;
    double waitOutputShare = 0;
    double p50Ms = 0; ///< sinks; 0 without records
    double p99Ms = 0;
};

struct EdgeRates {
    double perS = 0;
    std::uint64_t total = 0;
};

/// A running pipeline in figures: what the canvas, the monitor and the status bar show. Value, any thread.
struct RunRates {
    double seconds = 0; ///< between the two snapshots; 0: there was only one, all rates are 0
    double inPerS = 0;  ///< out of the sources
    double outPerS = 0; ///< into the sinks that are not behind an error port
    double deadPerS = 0;
    std::int64_t lag = -1; ///< of all partitions; -1: unknown, or nothing is read from Kafka
    double p50Ms = 0;
    double p99Ms = 0;
    std::vector<NodeRates> nodes; ///< order of Topology::nodes
    std::vector<EdgeRates> edges; ///< by edge number
    /// The node that holds the others up: the first behind a full queue that is not itself blocked, else the
    /// one with the greatest busy share where it is over 80 %.
    std::optional<std::size_t> bottleneck;
    /// Nodes that wait for the bottleneck, or for a blocked sink.
    std::vector<std::size_t> waiting;
};

/// Rates from `older` to `newer`, two snapshots of one engine that runs `topology`.
[[nodiscard]] RunRates ratesBetween(const EngineSnapshot& older, const EngineSnapshot& newer,
                                    const Topology& topology);

} // namespace streamwright
