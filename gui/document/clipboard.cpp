#include "gui/document/clipboard.h"

#include "core/pipeline/document.h"
#include "gui/document/auto_layout.h"
#include "gui/document/edit_lists.h"
#include "gui/document/text.h"

#include <algorithm>
#include <limits>

namespace streamwright::clipboard {
namespace {

QPointF topLeft(const std::map<NodeId, QPointF>& places)
{
    QPointF corner(std::numeric_limits<double>::max(), std::numeric_limits<double>::max());
    for (const auto& [id, place] : places) {
        corner.setX(std::min(corner.x(), place.x()));
        corner.setY(std::min(corner.y(), place.y()));
    }
    return corner;
}

} // namespace

QString textOf(const Pipeline& pipeline, const NodeRegistry& registry, const std::set<NodeId>& nodes,
               const std::map<NodeId, QPointF>& places)
{
    Pipeline part;
    part.name = pipeline.name;
    std::map<NodeId, QPointF> chosen;
    for (const Node& node : pipeline.nodes) {
        if (!nodes.contains(node.id)) {
            continue;
        }
        Node copy = node;
        if (const NodeType* type = registry.find(node.type); type != nullptr && copy.config.is_object()) {
            for (const FieldSpec& field : type->spec().fields) {
                if (field.secret) {
                    copy.config.erase(field.key);
                }
            }
        }
        part.nodes.push_back(std::move(copy));
        if (const auto place = places.find(node.id); place != places.end()) {
            chosen[node.id] = place->second;
        }
    }
    for (const Edge& edge : pipeline.edges) {
        if (nodes.contains(edge.from.node) && nodes.contains(edge.to.node)) {
            part.edges.push_back(edge);
        }
    }
    const QPointF corner = topLeft(chosen);
    part.layout = Json::object();
    part.layout["nodes"] = Json::object();
    for (const auto& [id, place] : chosen) {
        part.layout["nodes"][id] = Json::array({place.x() - corner.x(), place.y() - corner.y()});
    }
    return toQString(saveText(part));
}

std::optional<Paste> paste(const Pipeline& pipeline, const NodeRegistry& registry, const QString& text,
                           const QPointF& at)
{
    if (!text.trimmed().startsWith(QLatin1Char('{'))) {
        return std::nullopt;
    }
    const LoadedDocument loaded = parseDocument(fromQString(text));
    if (!loaded.readable || loaded.pipeline.nodes.empty()) {
        return std::nullopt;
    }
    const Pipeline& part = loaded.pipeline;
    std::map<NodeId, QPointF> places = autoLayout(part, registry);
    for (const Node& node : part.nodes) {
        if (const auto place = part.position(node.id)) {
            places[node.id] = QPointF(place->first, place->second);
        }
    }
    const QPointF corner = topLeft(places);
    Paste result;
    std::map<NodeId, NodeId> renamed;
    Pipeline grown = pipeline; // titles are made unique among each other too
    for (const Node& node : part.nodes) {
        Node copy = node;
        copy.title = edits::freshTitle(grown, node.shownName());
        copy.id =
            edits::freshId(pipeline, grown.findNode(node.id) == nullptr ? node.id : copy.title, result.nodes);
        renamed[node.id] = copy.id;
        result.nodes.insert(copy.id);
        if (node.title.empty() && copy.id == copy.title) {
            copy.title.clear();
        }
        grown.nodes.push_back(copy);
        const QPointF place = snapped(places[node.id] - corner + at);
        result.edits.push_back(AddNode{std::move(copy), std::pair(place.x(), place.y())});
    }
    for (const Edge& edge : part.edges) {
        if (!renamed.contains(edge.from.node) || !renamed.contains(edge.to.node)) {
            continue;
        }
        Edge copy = edge;
        copy.from.node = renamed[edge.from.node];
        copy.to.node = renamed[edge.to.node];
        result.edits.push_back(Connect{copy});
    }
    return result;
}

} // namespace streamwright::clipboard
