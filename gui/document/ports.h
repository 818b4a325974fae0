#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"
#include "gui/document/selection.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace streamwright {

enum class PortSide : std::uint8_t { In, Out };

/// A port of a node of the document, with its full name.
struct PortRef {
    NodeId node;
    PortSide side = PortSide::Out;
    std::string port;

    auto operator<=>(const PortRef&) const = default;
};

/// The ports of a node as they stand in its config; a node of an unknown type shows those that its edges
/// name.
struct NodePorts {
    std::vector<PortSpec> inputs;
    std::vector<PortSpec> outputs;

    [[nodiscard]] const std::vector<PortSpec>& of(PortSide side) const
    {
        return side == PortSide::In ? inputs : outputs;
    }
};
[[nodiscard]] NodePorts nodePorts(const Pipeline& pipeline, const Node& node, const NodeRegistry& registry);
[[nodiscard]] NodePorts typePorts(const NodeType& type, const Json& config);

/// Index of the port that an end of an edge means (an empty name is the main port); -1 where there is none.
[[nodiscard]] int portIndex(const NodePorts& ports, PortSide side, const std::string& port);
/// The end of an edge as a document writes it: without the port where it is the main one.
[[nodiscard]] Endpoint endpointFor(const NodePorts& ports, const PortRef& port);
/// The ports that an edge joins, by full name; empty where a node or port is missing.
[[nodiscard]] std::optional<PortRef> resolve(const Pipeline& pipeline, const NodeRegistry& registry,
                                             const Endpoint& end, PortSide side);

/// Whether two ports may be joined, in whichever order they were given.
struct ConnectAnswer {
    bool ok = false;
    QString reason; ///< for people, empty when ok
    Edge edge;      ///< what to connect, when ok
};
[[nodiscard]] ConnectAnswer canConnect(const Pipeline& pipeline, const NodeRegistry& registry,
                                       const PortRef& a, const PortRef& b);
/// True where records could get from `from` to `to` along edges.
[[nodiscard]] bool reaches(const Pipeline& pipeline, const NodeId& from, const NodeId& to);

} // namespace streamwright
