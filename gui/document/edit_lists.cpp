#include "gui/document/edit_lists.h"

#include "gui/document/auto_layout.h"

#include <algorithm>
#include <cctype>

namespace streamwright::edits {
namespace {

constexpr std::size_t kMaxId = 64;
constexpr double kCardWidth = 200;
constexpr double kGap = 24;

bool isFree(const Pipeline& pipeline, const std::set<NodeId>& taken, const NodeId& id)
{
    return pipeline.findNode(id) == nullptr && !taken.contains(id) && id != "settings" && id != "connections";
}

Edit disconnectOf(const Edge& edge)
{
    return Disconnect{edge.from, edge.to};
}

/// Joins of what enters `node` with what leaves its main port, where the join is new and forms no loop.
void healAround(const Pipeline& pipeline, const NodeRegistry& registry, const NodeId& node,
                const std::vector<Edge>& edges, std::vector<Edge>& joins)
{
    const Node* found = pipeline.findNode(node);
    if (found == nullptr) {
        return;
    }
    const NodePorts ports = nodePorts(pipeline, *found, registry);
    const int mainOut = portIndex(ports, PortSide::Out, {});
    for (const Edge& in : edges) {
        if (in.to.node != node) {
            continue;
        }
        for (const Edge& out : edges) {
            if (out.from.node != node || portIndex(ports, PortSide::Out, out.from.port) != mainOut) {
                continue;
            }
            Edge join;
            join.from = in.from;
            join.to = out.to;
            const auto same = [&](const Edge& e) { return e.from == join.from && e.to == join.to; };
            if (join.from.node != join.to.node && std::none_of(edges.begin(), edges.end(), same) &&
                std::none_of(joins.begin(), joins.end(), same)) {
                joins.push_back(join);
            }
        }
    }
}

} // namespace

NodeId freshId(const Pipeline& pipeline, std::string_view wish, const std::set<NodeId>& taken)
{
    NodeId base;
    for (const char c : wish) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) != 0 && u < 0x80) {
            base += static_cast<char>(std::tolower(u));
        } else if (!base.empty() && base.back() != '-') {
            base += '-';
        }
    }
    while (!base.empty() && base.back() == '-') {
        base.pop_back();
    }
    if (base.empty() || std::isalpha(static_cast<unsigned char>(base.front())) == 0) {
        base = "node" + (base.empty() ? std::string() : '-' + base);
    }
    constexpr std::size_t kRoomForNumber = 6;
    base.resize(std::min(base.size(), kMaxId - kRoomForNumber));
    if (isFree(pipeline, taken, base)) {
        return base;
    }
    for (int number = 2;; ++number) {
        NodeId id = base + '-' + std::to_string(number);
        if (isFree(pipeline, taken, id)) {
            return id;
        }
    }
}

std::string freshTitle(const Pipeline& pipeline, const std::string& wish)
{
    const auto taken = [&](const std::string& title) {
        return std::any_of(pipeline.nodes.begin(), pipeline.nodes.end(),
                           [&](const Node& node) { return node.shownName() == title; });
    };
    if (!taken(wish)) {
        return wish;
    }
    // "Filter 2" counts on from "Filter", but "Quantity over 0" is a name of its own.
    std::string base = wish;
    const auto space = base.find_last_of(' ');
    if (space != std::string::npos && space + 1 < base.size() && taken(base.substr(0, space)) &&
        std::all_of(base.begin() + static_cast<std::ptrdiff_t>(space) + 1, base.end(),
                    [](unsigned char c) { return std::isdigit(c) != 0; })) {
        base.resize(space);
    }
    for (int number = 2;; ++number) {
        std::string title = base + ' ' + std::to_string(number);
        if (!taken(title)) {
            return title;
        }
    }
}

Node newNode(const Pipeline& pipeline, const NodeType& type)
{
    Node node;
    node.type = type.spec().type;
    node.title = freshTitle(pipeline, type.spec().label);
    node.id = freshId(pipeline, node.title);
    node.config = Json::object();
    for (const FieldSpec& field : type.spec().fields) {
        if (field.recommend == "connections" && field.required && !pipeline.connections.empty()) {
            node.config[field.key] = pipeline.connections.front().name;
        }
    }
    return node;
}

std::vector<Edit> remove(const Pipeline& pipeline, const std::set<NodeId>& nodes,
                         const std::set<EdgeKey>& edges)
{
    std::vector<Edit> list;
    for (const Edge& edge : pipeline.edges) {
        if (nodes.contains(edge.from.node) || nodes.contains(edge.to.node) ||
            edges.contains(EdgeKey{edge.from, edge.to})) {
            list.push_back(disconnectOf(edge));
        }
    }
    for (const NodeId& node : nodes) {
        if (pipeline.findNode(node) != nullptr) {
            list.push_back(RemoveNode{node});
        }
    }
    return list;
}

std::vector<Edit> removeAndHeal(const Pipeline& pipeline, const NodeRegistry& registry,
                                const std::set<NodeId>& nodes)
{
    // Node by node over the edges as they would then stand, so that a chain of removed nodes heals through.
    std::vector<Edge> edges = pipeline.edges;
    for (const NodeId& node : nodes) {
        std::vector<Edge> joins;
        healAround(pipeline, registry, node, edges, joins);
        std::erase_if(edges, [&](const Edge& e) { return e.from.node == node || e.to.node == node; });
        edges.insert(edges.end(), joins.begin(), joins.end());
    }
    std::vector<Edit> list = remove(pipeline, nodes, {});
    for (const Edge& edge : edges) {
        const auto same = [&](const Edge& e) { return e.from == edge.from && e.to == edge.to; };
        if (std::none_of(pipeline.edges.begin(), pipeline.edges.end(), same)) {
            list.push_back(Connect{edge});
        }
    }
    return list;
}

std::vector<Edit> pullOut(const Pipeline& pipeline, const NodeRegistry& registry, const NodeId& node)
{
    std::vector<Edge> joins;
    healAround(pipeline, registry, node, pipeline.edges, joins);
    std::vector<Edit> list;
    for (const Edge& edge : pipeline.edges) {
        if (edge.from.node == node || edge.to.node == node) {
            list.push_back(disconnectOf(edge));
        }
    }
    for (const Edge& join : joins) {
        list.push_back(Connect{join});
    }
    return list;
}

std::vector<Edit> insertOnWire(const Pipeline& pipeline, const NodeRegistry& registry, const Node& node,
                               const EdgeKey& wire)
{
    const NodePorts ports = nodePorts(pipeline, node, registry);
    const int in = portIndex(ports, PortSide::In, {});
    const int out = portIndex(ports, PortSide::Out, {});
    if (in < 0 || out < 0 || wire.from.node == node.id || wire.to.node == node.id) {
        return {};
    }
    const auto same = [&](const Edge& e) { return e.from == wire.from && e.to == wire.to; };
    const auto found = std::find_if(pipeline.edges.begin(), pipeline.edges.end(), same);
    if (found == pipeline.edges.end() || reaches(pipeline, node.id, wire.from.node) ||
        reaches(pipeline, wire.to.node, node.id)) {
        return {};
    }
    const auto index = static_cast<std::size_t>(found - pipeline.edges.begin());
    const Endpoint input =
        endpointFor(ports, {node.id, PortSide::In, ports.inputs[static_cast<std::size_t>(in)].name});
    const Endpoint output =
        endpointFor(ports, {node.id, PortSide::Out, ports.outputs[static_cast<std::size_t>(out)].name});
    Edge first;
    first.from = wire.from;
    first.to = input;
    first.extra = found->extra;
    Edge second;
    second.from = output;
    second.to = wire.to;
    const auto exists = [&](const Edge& edge) {
        return std::any_of(pipeline.edges.begin(), pipeline.edges.end(),
                           [&](const Edge& e) { return e.from == edge.from && e.to == edge.to; });
    };
    std::vector<Edit> list{Disconnect{wire.from, wire.to}};
    std::size_t at = index;
    if (!exists(first)) {
        list.push_back(Connect{first, at++});
    }
    if (!exists(second)) {
        list.push_back(Connect{second, at});
    }
    return list;
}

std::vector<Edit> reconnect(const Pipeline& pipeline, const EdgeKey& wire, const Edge& replacement)
{
    if (replacement.from == wire.from && replacement.to == wire.to) {
        return {};
    }
    for (std::size_t i = 0; i < pipeline.edges.size(); ++i) {
        const Edge& edge = pipeline.edges[i];
        if (edge.from == wire.from && edge.to == wire.to) {
            Edge moved = replacement;
            moved.extra = edge.extra;
            return {Disconnect{wire.from, wire.to}, Connect{moved, i}};
        }
    }
    return {};
}

std::vector<Edit> move(const std::map<NodeId, QPointF>& places)
{
    std::vector<Edit> list;
    for (const auto& [node, place] : places) {
        list.push_back(Move{node, std::pair(place.x(), place.y())});
    }
    return list;
}

std::vector<Edit> setMode(const Pipeline& pipeline, const std::set<NodeId>& nodes, NodeMode mode)
{
    std::vector<Edit> list;
    for (const NodeId& id : nodes) {
        const Node* node = pipeline.findNode(id);
        if (node != nullptr && node->mode != mode) {
            list.push_back(SetMode{id, mode});
        }
    }
    return list;
}

Room roomOnWire(const Pipeline& pipeline, const std::map<NodeId, QPointF>& places, const QPointF& place,
                const NodeId& node, const EdgeKey& wire)
{
    constexpr double kHeight = 88;
    const auto overlaps = [](const QPointF& a, const QPointF& b) {
        return std::abs(a.x() - b.x()) < kCardWidth + kGap && std::abs(a.y() - b.y()) < kHeight + kGap;
    };
    Room room{place, {}};
    if (const auto from = places.find(wire.from.node);
        from != places.end() && overlaps(from->second, place)) {
        room.place.setX(from->second.x() + kLayoutColumn);
    }
    double shift = 0;
    for (const auto& [id, at] : places) {
        if (id != node && id != wire.from.node && overlaps(at, room.place)) {
            shift = std::max(shift, room.place.x() + kLayoutColumn - at.x());
        }
    }
    if (shift <= 0) {
        return room;
    }
    std::map<NodeId, QPointF> moved;
    for (const Node& other : pipeline.nodes) {
        const auto found = places.find(other.id);
        if (found == places.end() || other.id == node || other.id == wire.from.node) {
            continue;
        }
        const QPointF& at = found->second;
        if (at.x() + kCardWidth + kGap > room.place.x() &&
            std::abs(at.y() - room.place.y()) < kHeight + kGap) {
            moved[other.id] = snapped(at + QPointF(shift, 0));
        }
    }
    room.moves = edits::move(moved);
    return room;
}

bool canBypass(const NodeRegistry& registry, const Node& node)
{
    const NodeType* type = registry.find(node.type);
    if (type == nullptr || type->spec().category != NodeCategory::Transform) {
        return false;
    }
    const NodePorts ports = typePorts(*type, node.config);
    return ports.inputs.size() == 1 && portIndex(ports, PortSide::Out, {}) >= 0;
}

} // namespace streamwright::edits
