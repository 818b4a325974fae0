#include "gui/document/auto_layout.h"

#include "gui/document/ports.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace streamwright {
namespace {

constexpr double kCardHeight = 88;
constexpr double kPortRow = 20;
constexpr int kFreeRows = 2;
constexpr double kRowGap = 96;
constexpr int kSweeps = 4;

struct Placed {
    NodeId id;
    std::size_t order = 0; ///< in the document
    int column = 0;
    double row = 0;
    double height = kCardHeight;
    bool errorOnly = false; ///< fed by error ports alone: stands above its column's others
};

using Neighbours = std::map<NodeId, std::vector<NodeId>>;

/// Longest way from a source; edges that would close a loop do not count.
void assignColumns(std::map<NodeId, Placed>& nodes, const std::vector<NodeId>& order, const Neighbours& next)
{
    bool again = true;
    for (std::size_t round = 0; again && round <= order.size(); ++round) {
        again = false;
        for (const NodeId& id : order) {
            const auto found = next.find(id);
            if (found == next.end()) {
                continue;
            }
            for (const NodeId& to : found->second) {
                const int wanted = nodes[id].column + 1;
                if (nodes[to].column < wanted && wanted < static_cast<int>(order.size()) + 1) {
                    nodes[to].column = wanted;
                    again = true;
                }
            }
        }
    }
}

std::vector<std::vector<NodeId>> flowsOf(const std::vector<NodeId>& order, const Neighbours& next,
                                         const Neighbours& previous)
{
    std::vector<std::vector<NodeId>> flows;
    std::set<NodeId> seen;
    for (const NodeId& start : order) {
        if (!seen.insert(start).second) {
            continue;
        }
        std::vector<NodeId> flow;
        std::vector<NodeId> open{start};
        while (!open.empty()) {
            const NodeId at = open.back();
            open.pop_back();
            flow.push_back(at);
            for (const Neighbours* side : {&next, &previous}) {
                if (const auto found = side->find(at); found != side->end()) {
                    for (const NodeId& other : found->second) {
                        if (seen.insert(other).second) {
                            open.push_back(other);
                        }
                    }
                }
            }
        }
        flows.push_back(std::move(flow));
    }
    return flows;
}

} // namespace

QPointF snapped(const QPointF& point)
{
    return {std::round(point.x() / kSnap) * kSnap, std::round(point.y() / kSnap) * kSnap};
}

double nodeHeight(int portRows)
{
    return kCardHeight + kPortRow * std::max(0, portRows - kFreeRows);
}

std::map<NodeId, QPointF> autoLayout(const Pipeline& pipeline, const NodeRegistry& registry)
{
    std::map<NodeId, Placed> nodes;
    std::vector<NodeId> order;
    for (const Node& node : pipeline.nodes) {
        Placed placed;
        placed.id = node.id;
        placed.order = order.size();
        const NodePorts ports = nodePorts(pipeline, node, registry);
        placed.height = nodeHeight(static_cast<int>(std::max(ports.inputs.size(), ports.outputs.size())));
        nodes.emplace(node.id, placed);
        order.push_back(node.id);
    }
    Neighbours next;
    Neighbours previous;
    std::map<NodeId, int> plainInputs;
    std::set<NodeId> errorFed;
    for (const Edge& edge : pipeline.edges) {
        if (!nodes.contains(edge.from.node) || !nodes.contains(edge.to.node) ||
            edge.from.node == edge.to.node) {
            continue;
        }
        next[edge.from.node].push_back(edge.to.node);
        previous[edge.to.node].push_back(edge.from.node);
        if (edge.from.port == "error") {
            errorFed.insert(edge.to.node);
        } else {
            ++plainInputs[edge.to.node];
        }
    }
    assignColumns(nodes, order, next);
    for (const NodeId& id : errorFed) {
        nodes[id].errorOnly = plainInputs[id] == 0;
    }

    std::map<NodeId, QPointF> result;
    double top = 0;
    for (const std::vector<NodeId>& flow : flowsOf(order, next, previous)) {
        std::map<int, std::vector<NodeId>> columns;
        for (const NodeId& id : flow) {
            columns[nodes[id].column].push_back(id);
        }
        for (auto& [column, members] : columns) {
            std::sort(members.begin(), members.end(), [&](const NodeId& a, const NodeId& b) {
                // The error path stands below the main one.
                return std::pair(nodes[a].errorOnly, nodes[a].order) <
                       std::pair(nodes[b].errorOnly, nodes[b].order);
            });
            double row = 0;
            for (const NodeId& id : members) {
                nodes[id].row = row++;
            }
        }
        // A few sweeps by the mean row of the predecessors straighten the wires.
        for (int sweep = 0; sweep < kSweeps; ++sweep) {
            for (auto& [column, members] : columns) {
                std::map<NodeId, double> wish;
                for (const NodeId& id : members) {
                    double sum = 0;
                    int count = 0;
                    if (const auto found = previous.find(id); found != previous.end()) {
                        for (const NodeId& from : found->second) {
                            sum += nodes[from].row;
                            ++count;
                        }
                    }
                    wish[id] = count == 0 ? nodes[id].row : sum / count;
                    if (nodes[id].errorOnly) {
                        wish[id] += 1;
                    }
                }
                std::stable_sort(members.begin(), members.end(),
                                 [&](const NodeId& a, const NodeId& b) { return wish[a] < wish[b]; });
                double free = -1e9;
                for (const NodeId& id : members) {
                    nodes[id].row = std::max(std::round(wish[id]), free);
                    free = nodes[id].row + 1;
                }
            }
        }
        double lowest = 1e9;
        double highest = -1e9;
        for (const NodeId& id : flow) {
            lowest = std::min(lowest, nodes[id].row);
            highest = std::max(highest, nodes[id].row);
        }
        // Rows are as high as their highest card.
        std::map<int, double> rowTop;
        double y = top;
        for (int row = static_cast<int>(lowest); row <= static_cast<int>(highest); ++row) {
            rowTop[row] = y;
            double height = kCardHeight;
            for (const NodeId& id : flow) {
                if (static_cast<int>(nodes[id].row) == row) {
                    height = std::max(height, nodes[id].height);
                }
            }
            y += height + kRowGap;
        }
        for (const NodeId& id : flow) {
            result[id] = snapped({nodes[id].column * kLayoutColumn, rowTop[static_cast<int>(nodes[id].row)]});
        }
        top = y;
    }
    return result;
}

} // namespace streamwright
