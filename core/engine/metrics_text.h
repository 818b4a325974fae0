#pragma once

#include "core/engine/engine_snapshot.h"
#include "core/topology/topology.h"

#include <string>

namespace streamwright {

/// The snapshot in Prometheus' text format (version 0.0.4). Counters end in _total, times are seconds, labels
/// are bounded: pipeline, flow, node, topic, partition. No payloads.
[[nodiscard]] std::string metricsText(const Topology& topology, const EngineSnapshot& snapshot);

} // namespace streamwright
