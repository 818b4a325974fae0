#include "core/topology/topology.h"

#include <algorithm>

namespace streamwright {

const PlannedNode* Topology::findNode(std::string_view id) const
{
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [id](const PlannedNode& node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

const PlannedConnection* Topology::findConnection(std::string_view name) const
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [name](const PlannedConnection& known) { return known.name == name; });
    return found == connections.end() ? nullptr : &*found;
}

} // namespace streamwright
