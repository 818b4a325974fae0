#pragma once

#include "core/base/diagnostic.h"
#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/settings.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace streamwright {

constexpr std::size_t kNoFlow = static_cast<std::size_t>(-1);

/// An edge of the plan. `index` is its number in the document: what taps and wire counters are named by.
struct PlannedEdge {
    std::size_t index = 0;
    std::size_t toNode = 0; ///< index into Topology::nodes
};

/// A node of the plan: its configuration is resolved (variables and secrets filled in, defaults by the type).
/// That of a node whose mode is not `on` may have errors (they are warnings then): it is not made.
struct PlannedNode {
    NodeId id;
    std::string title;
    const NodeType* type = nullptr;
    Json config;
    NodeMode mode = NodeMode::On;
    std::vector<PortSpec> outputs; ///< in the order of the type's out ports
    std::vector<std::vector<PlannedEdge>>
        wires;                    ///< per out port, document order; none into or out of a node that is off
    bool behindErrorPort = false; ///< some edge into it comes from an error port
    bool reachable = true;        ///< false: nothing can arrive (a node upstream is off)
    bool synthetic = false;       ///< the sink of settings.dead_letter, not drawn
    std::size_t flow = kNoFlow;   ///< kNoFlow: off, unreachable or synthetic

    [[nodiscard]] const NodeSpec& spec() const { return type->spec(); }
};

/// A connected part of the document: what has its own task threads, and its own consumer group where it reads
/// Kafka. One sub-topology as long as there are no internal topics.
struct PlannedFlow {
    std::size_t index = 0;
    std::string name;                       ///< id of its first source
    std::vector<std::size_t> nodes;         ///< topological order, sources first
    std::vector<std::size_t> kafkaSources;  ///< indices into Topology::nodes
    std::vector<std::size_t> localSources;  ///< file_source, generator
    std::string connection;                 ///< of the Kafka sources; empty without them
    std::string groupId;                    ///< resolved; empty without Kafka sources
    TaskScope scope = TaskScope::Partition; ///< Pipeline: one task over all partitions, one process at a time
    bool stateful = false;
    bool endless = true; ///< some local source never ends by itself
};

/// A connection with everything resolved; the secrets are in it, so it is never printed.
struct PlannedConnection {
    std::string name;
    Json config;
    bool embedded = false;
};

/// The plan: immutable, made by compile(), shared by engine, preview and describe(). No pointers into the
/// Pipeline that it came from; the registry must outlive it. Thread: any.
struct Topology {
    std::string pipelineName;
    Settings settings;
    std::vector<PlannedConnection> connections;
    std::vector<PlannedNode> nodes; ///< document order, synthetic ones last
    std::vector<PlannedFlow> flows;
    std::size_t edgeCount = 0;
    std::vector<std::pair<Endpoint, Endpoint>> edges;          ///< by PlannedEdge::index, ports spelled out
    std::size_t deadLetterNode = static_cast<std::size_t>(-1); ///< synthetic sink of settings.dead_letter

    [[nodiscard]] const PlannedNode* findNode(std::string_view id) const;
    [[nodiscard]] const PlannedConnection* findConnection(std::string_view name) const;
};

} // namespace streamwright
