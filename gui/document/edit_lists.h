#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/edit.h"
#include "gui/document/ports.h"
#include "gui/document/selection.h"

#include <QPointF>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What the gestures of the Studio mean as edits. Plain functions: pipeline in, list of edits out, nothing is
/// changed; PipelineDocument::edit() applies a list as one entry of the undo list.
namespace streamwright::edits {

/// A new id from a wish ("Large orders" -> "large-orders", then "large-orders-2"), not in `taken`.
[[nodiscard]] NodeId freshId(const Pipeline& pipeline, std::string_view wish,
                             const std::set<NodeId>& taken = {});
/// "Filter", "Filter 2": a title that no node bears.
[[nodiscard]] std::string freshTitle(const Pipeline& pipeline, const std::string& wish);

/// A node of `type` with the config that its first use needs (the only connection, where there is one).
[[nodiscard]] Node newNode(const Pipeline& pipeline, const NodeType& type);

/// Removes nodes with their wires, and the wires named.
[[nodiscard]] std::vector<Edit> remove(const Pipeline& pipeline, const std::set<NodeId>& nodes,
                                       const std::set<EdgeKey>& edges);
/// As remove(), and joins what led into each node with what it led to, along the main ports.
[[nodiscard]] std::vector<Edit> removeAndHeal(const Pipeline& pipeline, const NodeRegistry& registry,
                                              const std::set<NodeId>& nodes);
/// Takes a node out of its chain, which is joined behind it; the node stays, unwired.
[[nodiscard]] std::vector<Edit> pullOut(const Pipeline& pipeline, const NodeRegistry& registry,
                                        const NodeId& node);
/// Puts a node that has a fitting input and output between the ends of a wire. Empty where it does not fit.
[[nodiscard]] std::vector<Edit> insertOnWire(const Pipeline& pipeline, const NodeRegistry& registry,
                                             const Node& node, const EdgeKey& wire);
/// Gives a wire another end.
[[nodiscard]] std::vector<Edit> reconnect(const Pipeline& pipeline, const EdgeKey& wire,
                                          const Edge& replacement);
[[nodiscard]] std::vector<Edit> move(const std::map<NodeId, QPointF>& places);
[[nodiscard]] std::vector<Edit> setMode(const Pipeline& pipeline, const std::set<NodeId>& nodes,
                                        NodeMode mode);

/// Where a card that goes into a wire stands, and what makes way for it: it steps right of the card that the
/// wire comes from, and what stands right of it and would overlap is shifted.
struct Room {
    QPointF place;
    std::vector<Edit> moves;
};
[[nodiscard]] Room roomOnWire(const Pipeline& pipeline, const std::map<NodeId, QPointF>& places,
                              const QPointF& place, const NodeId& node, const EdgeKey& wire);

/// Whether bypassing makes sense: one main input and one main output, and not a source or sink.
[[nodiscard]] bool canBypass(const NodeRegistry& registry, const Node& node);

} // namespace streamwright::edits
