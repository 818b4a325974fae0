#include "gui/canvas/canvas_model.h"

#include "gui/canvas/node_summary.h"
#include "gui/document/text.h"

#include <algorithm>
#include <utility>

namespace streamwright {
namespace {

constexpr double kFrameTitle = 28;
constexpr double kFrameEdge = 6;

std::optional<QRectF> rectOf(const Json& value)
{
    if (!value.is_array() || value.size() != 4) {
        return std::nullopt;
    }
    for (const Json& number : value) {
        if (!number.is_number()) {
            return std::nullopt;
        }
    }
    return QRectF(value[0].get<double>(), value[1].get<double>(), value[2].get<double>(),
                  value[3].get<double>());
}

TileShape shapeOf(const NodeType* type)
{
    if (type == nullptr) {
        return TileShape::Transform;
    }
    switch (type->spec().category) {
    case NodeCategory::Source: return TileShape::Source;
    case NodeCategory::Transform: return TileShape::Transform;
    case NodeCategory::Sink: return TileShape::Sink;
    }
    return TileShape::Transform;
}

std::vector<PortVisual> visuals(const std::vector<PortSpec>& ports)
{
    std::vector<PortVisual> list;
    for (const PortSpec& port : ports) {
        list.push_back({port.name, port.role, false});
    }
    return list;
}

std::vector<QPointF> bendsOf(const Pipeline& pipeline, const EdgeKey& key)
{
    std::vector<QPointF> points;
    const Json& layout = pipeline.layout;
    if (!layout.is_object() || !layout.contains("bends") || !layout["bends"].is_object()) {
        return points;
    }
    const auto found = layout["bends"].find(key.text());
    if (found == layout["bends"].end() || !found->is_array()) {
        return points;
    }
    for (const Json& point : *found) {
        if (point.is_array() && point.size() == 2 && point[0].is_number() && point[1].is_number()) {
            points.emplace_back(point[0].get<double>(), point[1].get<double>());
        }
    }
    return points;
}

} // namespace

void CanvasModel::rebuild()
{
    const Pipeline& pipeline = m_document.pipeline();
    m_nodes.clear();
    m_wires.clear();
    m_frames.clear();
    m_notes.clear();
    m_index.clear();
    m_nodes.reserve(pipeline.nodes.size());
    std::vector<NodePorts> ports;
    for (const Node& node : pipeline.nodes) {
        const NodeType* type = m_document.registry().find(node.type);
        NodeVisual visual;
        visual.id = node.id;
        visual.at = m_document.position(node.id);
        visual.title = toQString(node.shownName());
        visual.typeLabel = type == nullptr ? toQString(node.type) : toQString(type->spec().label);
        const NodeSummary summary = nodeSummary(node, type);
        visual.summary = summary.text;
        visual.summaryMono = summary.mono;
        visual.shape = shapeOf(type);
        visual.icon = nodeTypeIcon(toQString(node.type));
        visual.mode = node.mode;
        ports.push_back(nodePorts(pipeline, node, m_document.registry()));
        visual.inputs = visuals(ports.back().inputs);
        visual.outputs = visuals(ports.back().outputs);
        visual.rect = geometry::cardRect(visual.at, static_cast<int>(visual.inputs.size()),
                                         static_cast<int>(visual.outputs.size()));
        m_index.emplace(node.id, m_nodes.size());
        m_nodes.push_back(std::move(visual));
    }
    for (std::size_t number = 0; number < pipeline.edges.size(); ++number) {
        const Edge& edge = pipeline.edges[number];
        const auto from = m_index.find(edge.from.node);
        const auto to = m_index.find(edge.to.node);
        if (from == m_index.end() || to == m_index.end()) {
            continue;
        }
        WireVisual wire;
        wire.key = {edge.from, edge.to};
        wire.number = number;
        wire.from = from->second;
        wire.to = to->second;
        wire.fromPort = portIndex(ports[wire.from], PortSide::Out, edge.from.port);
        wire.toPort = portIndex(ports[wire.to], PortSide::In, edge.to.port);
        if (wire.fromPort < 0 || wire.toPort < 0) {
            continue;
        }
        PortVisual& out = m_nodes[wire.from].outputs[static_cast<std::size_t>(wire.fromPort)];
        out.connected = true;
        m_nodes[wire.to].inputs[static_cast<std::size_t>(wire.toPort)].connected = true;
        wire.error = out.role == PortRole::Error;
        wire.bends = bendsOf(pipeline, wire.key);
        route(wire);
        m_wires.push_back(std::move(wire));
    }
    const Json& layout = pipeline.layout;
    if (layout.is_object()) {
        if (const auto frames = layout.find("frames"); frames != layout.end() && frames->is_array()) {
            for (const Json& frame : *frames) {
                const auto rect =
                    frame.is_object() && frame.contains("rect") ? rectOf(frame["rect"]) : std::nullopt;
                const QString title =
                    frame.is_object() ? toQString(frame.value("title", std::string())) : QString();
                m_frames.push_back({title, rect.value_or(QRectF())});
            }
        }
        if (const auto notes = layout.find("notes"); notes != layout.end() && notes->is_array()) {
            for (const Json& note : *notes) {
                const auto rect =
                    note.is_object() && note.contains("rect") ? rectOf(note["rect"]) : std::nullopt;
                const QString text =
                    note.is_object() ? toQString(note.value("text", std::string())) : QString();
                m_notes.push_back({text, rect.value_or(QRectF())});
            }
        }
    }
    refreshProblems();
}

void CanvasModel::refreshProblems()
{
    for (NodeVisual& node : m_nodes) {
        node.errors = 0;
        node.warnings = 0;
    }
    for (const Diagnostic& diagnostic : m_document.diagnostics()) {
        const auto found = m_index.find(diagnostic.node);
        if (found == m_index.end()) {
            continue;
        }
        if (diagnostic.severity == Severity::Error) {
            ++m_nodes[found->second].errors;
        } else if (diagnostic.severity == Severity::Warning) {
            ++m_nodes[found->second].warnings;
        }
    }
}

void CanvasModel::shift(const std::map<NodeId, QPointF>& places)
{
    std::vector<bool> moved(m_nodes.size(), false);
    for (const auto& [id, place] : places) {
        const auto found = m_index.find(id);
        if (found == m_index.end()) {
            continue;
        }
        NodeVisual& node = m_nodes[found->second];
        node.at = place;
        node.rect.moveTopLeft(place);
        moved[found->second] = true;
    }
    for (WireVisual& wire : m_wires) {
        if (moved[wire.from] || moved[wire.to]) {
            route(wire);
        }
    }
}

void CanvasModel::route(WireVisual& wire)
{
    const NodeVisual& from = m_nodes[wire.from];
    const NodeVisual& to = m_nodes[wire.to];
    wire.line = geometry::wireLine(from.portAt(PortSide::Out, wire.fromPort),
                                   to.portAt(PortSide::In, wire.toPort), wire.bends, from.rect, to.rect);
}

const NodeVisual* CanvasModel::node(const NodeId& id) const
{
    const auto found = m_index.find(id);
    return found == m_index.end() ? nullptr : &m_nodes[found->second];
}

const WireVisual* CanvasModel::wire(const EdgeKey& key) const
{
    const auto found =
        std::find_if(m_wires.begin(), m_wires.end(), [&](const WireVisual& wire) { return wire.key == key; });
    return found == m_wires.end() ? nullptr : &*found;
}

std::map<NodeId, QPointF> CanvasModel::places() const
{
    std::map<NodeId, QPointF> result;
    for (const NodeVisual& node : m_nodes) {
        result.emplace(node.id, node.at);
    }
    return result;
}

QRectF CanvasModel::bounds() const
{
    QRectF all;
    for (const NodeVisual& node : m_nodes) {
        all |= node.rect;
    }
    for (const WireVisual& wire : m_wires) {
        all |= wire.line.path.boundingRect();
    }
    for (const FrameVisual& frame : m_frames) {
        all |= frame.rect;
    }
    for (const NoteVisual& note : m_notes) {
        all |= note.rect;
    }
    return all;
}

QRectF CanvasModel::boundsOf(const Selection& selection) const
{
    QRectF all;
    for (const NodeVisual& visual : m_nodes) {
        if (selection.nodes().contains(visual.id)) {
            all |= visual.rect;
        }
    }
    for (const WireVisual& visual : m_wires) {
        if (selection.edges().contains(visual.key)) {
            all |= visual.line.path.boundingRect();
        }
    }
    for (const int index : selection.notes()) {
        all |= m_notes[static_cast<std::size_t>(index)].rect;
    }
    for (const int index : selection.frames()) {
        all |= m_frames[static_cast<std::size_t>(index)].rect;
    }
    return all;
}

const NodeVisual* CanvasModel::nodeAt(const QPointF& point) const
{
    // The last one drawn lies on top.
    for (auto node = m_nodes.rbegin(); node != m_nodes.rend(); ++node) {
        if (node->rect.contains(point)) {
            return &*node;
        }
    }
    return nullptr;
}

std::optional<PortRef> CanvasModel::portAt(const QPointF& point) const
{
    std::optional<PortRef> best;
    double least = geometry::kPortHit;
    const auto look = [&](const NodeVisual& node, PortSide side, const std::vector<PortVisual>& ports) {
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const QPointF d = node.portAt(side, static_cast<int>(i)) - point;
            // Ports stand 20 apart: the nearest of two that could be meant wins.
            const double distance = std::max(std::abs(d.x()), std::abs(d.y()));
            if (distance <= least) {
                least = distance;
                best = PortRef{node.id, side, ports[i].name};
            }
        }
    };
    for (const NodeVisual& node : m_nodes) {
        if (!node.rect.adjusted(-geometry::kPortHit, 0, geometry::kPortHit, 0).contains(point)) {
            continue;
        }
        look(node, PortSide::In, node.inputs);
        look(node, PortSide::Out, node.outputs);
    }
    return best;
}

const WireVisual* CanvasModel::wireAt(const QPointF& point) const
{
    for (auto wire = m_wires.rbegin(); wire != m_wires.rend(); ++wire) {
        if (geometry::isNear(wire->line, point, geometry::kWireHit)) {
            return &*wire;
        }
    }
    return nullptr;
}

std::optional<std::pair<EdgeKey, int>> CanvasModel::bendAt(const QPointF& point) const
{
    for (const WireVisual& wire : m_wires) {
        for (std::size_t i = 0; i < wire.bends.size(); ++i) {
            const QPointF d = wire.bends[i] - point;
            if (std::abs(d.x()) <= geometry::kBendHit && std::abs(d.y()) <= geometry::kBendHit) {
                return std::pair(wire.key, static_cast<int>(i));
            }
        }
    }
    return std::nullopt;
}

int CanvasModel::noteAt(const QPointF& point) const
{
    for (std::size_t i = m_notes.size(); i-- > 0;) {
        if (m_notes[i].rect.contains(point)) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

int CanvasModel::frameAt(const QPointF& point) const
{
    for (std::size_t i = m_frames.size(); i-- > 0;) {
        const QRectF& rect = m_frames[i].rect;
        const QRectF inner = rect.adjusted(kFrameEdge, kFrameTitle, -kFrameEdge, -kFrameEdge);
        if (rect.contains(point) && !inner.contains(point)) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

std::optional<QPointF> CanvasModel::portPlace(const PortRef& port) const
{
    const NodeVisual* visual = node(port.node);
    if (visual == nullptr) {
        return std::nullopt;
    }
    const std::vector<PortVisual>& ports = port.side == PortSide::In ? visual->inputs : visual->outputs;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        if (ports[i].name == port.port) {
            return visual->portAt(port.side, static_cast<int>(i));
        }
    }
    return std::nullopt;
}

void CanvasModel::setWireBends(const EdgeKey& key, std::vector<QPointF> bends)
{
    for (WireVisual& wire : m_wires) {
        if (wire.key == key) {
            wire.bends = std::move(bends);
            route(wire);
            return;
        }
    }
}

Json bendsWith(const Pipeline& pipeline, const EdgeKey& key, const std::vector<QPointF>& bends)
{
    Json all = Json::object();
    if (pipeline.layout.is_object() && pipeline.layout.contains("bends") &&
        pipeline.layout["bends"].is_object()) {
        all = pipeline.layout["bends"];
    }
    if (bends.empty()) {
        all.erase(key.text());
        return all;
    }
    Json points = Json::array();
    for (const QPointF& bend : bends) {
        points.push_back(Json::array({bend.x(), bend.y()}));
    }
    all[key.text()] = std::move(points);
    return all;
}

} // namespace streamwright
