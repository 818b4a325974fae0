#include "core/pipeline/pipeline.h"

#include <algorithm>

namespace streamwright {

std::string_view toString(NodeMode mode)
{
    switch (mode) {
    case NodeMode::On: return "on";
    case NodeMode::Bypass: return "bypass";
    case NodeMode::Off: return "off";
    }
    return "on";
}

Node* Pipeline::findNode(std::string_view id)
{
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [id](const Node& node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

const Node* Pipeline::findNode(std::string_view id) const
{
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [id](const Node& node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

const Connection* Pipeline::findConnection(std::string_view connection) const
{
    const auto found =
        std::find_if(connections.begin(), connections.end(),
                     [connection](const Connection& known) { return known.name == connection; });
    return found == connections.end() ? nullptr : &*found;
}

std::optional<std::pair<double, double>> Pipeline::position(std::string_view id) const
{
    if (!layout.is_object() || !layout.contains("nodes") || !layout["nodes"].is_object()) {
        return std::nullopt;
    }
    const auto place = layout["nodes"].find(std::string(id));
    if (place == layout["nodes"].end() || !place->is_array() || place->size() != 2 ||
        !(*place)[0].is_number() || !(*place)[1].is_number()) {
        return std::nullopt;
    }
    return std::pair((*place)[0].get<double>(), (*place)[1].get<double>());
}

} // namespace streamwright
