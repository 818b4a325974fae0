#include "gui/document/ports.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace streamwright {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Ports", text);
}

void addNamed(std::vector<PortSpec>& ports, const std::string& name)
{
    const std::string shown = name.empty() ? "out" : name;
    const bool known =
        std::any_of(ports.begin(), ports.end(), [&](const PortSpec& p) { return p.name == shown; });
    if (!known) {
        PortSpec port;
        port.name = shown;
        port.role = shown == "error" ? PortRole::Error : PortRole::Main;
        ports.push_back(std::move(port));
    }
}

/// Number of the port that an end without a name means.
int mainPort(const std::vector<PortSpec>& ports)
{
    for (std::size_t i = 0; i < ports.size(); ++i) {
        if (ports[i].role == PortRole::Main) {
            return static_cast<int>(i);
        }
    }
    return ports.size() == 1 ? 0 : -1;
}

} // namespace

NodePorts typePorts(const NodeType& type, const Json& config)
{
    const Json& object = config.is_object() ? config : Json::object();
    return {type.spec().inputs, type.outputs(object)};
}

NodePorts nodePorts(const Pipeline& pipeline, const Node& node, const NodeRegistry& registry)
{
    NodePorts ports;
    const NodeType* type = registry.find(node.type);
    if (type != nullptr) {
        ports = typePorts(*type, node.config);
    }
    // Edges may name ports that the type does not have (any more): they stay visible, so that they can be
    // mended.
    for (const Edge& edge : pipeline.edges) {
        if (edge.from.node == node.id && (type == nullptr || !edge.from.port.empty())) {
            addNamed(ports.outputs, edge.from.port);
        }
        if (edge.to.node == node.id && (type == nullptr || !edge.to.port.empty())) {
            addNamed(ports.inputs, edge.to.port.empty() ? std::string("in") : edge.to.port);
        }
    }
    return ports;
}

int portIndex(const NodePorts& ports, PortSide side, const std::string& port)
{
    const std::vector<PortSpec>& list = ports.of(side);
    if (port.empty()) {
        return mainPort(list);
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].name == port) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

Endpoint endpointFor(const NodePorts& ports, const PortRef& port)
{
    const int index = portIndex(ports, port.side, port.port);
    const bool isMain = index >= 0 && index == mainPort(ports.of(port.side));
    return {port.node, isMain ? std::string() : port.port};
}

std::optional<PortRef> resolve(const Pipeline& pipeline, const NodeRegistry& registry, const Endpoint& end,
                               PortSide side)
{
    const Node* node = pipeline.findNode(end.node);
    if (node == nullptr) {
        return std::nullopt;
    }
    const NodePorts ports = nodePorts(pipeline, *node, registry);
    const int index = portIndex(ports, side, end.port);
    if (index < 0) {
        return std::nullopt;
    }
    return PortRef{end.node, side, ports.of(side)[static_cast<std::size_t>(index)].name};
}

bool reaches(const Pipeline& pipeline, const NodeId& from, const NodeId& to)
{
    std::vector<NodeId> open{from};
    std::set<NodeId> seen{from};
    while (!open.empty()) {
        const NodeId node = open.back();
        open.pop_back();
        if (node == to) {
            return true;
        }
        for (const Edge& edge : pipeline.edges) {
            if (edge.from.node == node && seen.insert(edge.to.node).second) {
                open.push_back(edge.to.node);
            }
        }
    }
    return false;
}

ConnectAnswer canConnect(const Pipeline& pipeline, const NodeRegistry& registry, const PortRef& a,
                         const PortRef& b)
{
    ConnectAnswer answer;
    if (a.side == b.side) {
        answer.reason = a.side == PortSide::Out ? tr("Both give records: end the wire at an input")
                                                : tr("Both take records: begin the wire at an output");
        return answer;
    }
    const PortRef& from = a.side == PortSide::Out ? a : b;
    const PortRef& to = a.side == PortSide::Out ? b : a;
    const Node* fromNode = pipeline.findNode(from.node);
    const Node* toNode = pipeline.findNode(to.node);
    if (fromNode == nullptr || toNode == nullptr) {
        answer.reason = tr("The node is gone");
        return answer;
    }
    const NodePorts fromPorts = nodePorts(pipeline, *fromNode, registry);
    const NodePorts toPorts = nodePorts(pipeline, *toNode, registry);
    const int fromIndex = portIndex(fromPorts, PortSide::Out, from.port);
    const int toIndex = portIndex(toPorts, PortSide::In, to.port);
    if (fromIndex < 0 || toIndex < 0) {
        answer.reason = tr("The port is gone");
        return answer;
    }
    for (const Edge& edge : pipeline.edges) {
        if (edge.from.node == from.node && edge.to.node == to.node &&
            portIndex(fromPorts, PortSide::Out, edge.from.port) == fromIndex &&
            portIndex(toPorts, PortSide::In, edge.to.port) == toIndex) {
            answer.reason = tr("Already connected");
            return answer;
        }
    }
    if (reaches(pipeline, to.node, from.node)) {
        answer.reason = tr("Would form a loop");
        return answer;
    }
    answer.ok = true;
    answer.edge.from = endpointFor(fromPorts, from);
    answer.edge.to = endpointFor(toPorts, to);
    return answer;
}

} // namespace streamwright
