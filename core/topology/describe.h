#pragma once

#include "core/topology/topology.h"

#include <string>

namespace streamwright {

/// The plan for people: flows with what they read, their nodes in the order of the work, their wires.
[[nodiscard]] std::string describeText(const Topology& topology);
/// For Graphviz: a cluster for each flow.
[[nodiscard]] std::string describeDot(const Topology& topology);
/// For programs. No connection but its name: its values may be secrets.
[[nodiscard]] Json describeJson(const Topology& topology);

} // namespace streamwright
