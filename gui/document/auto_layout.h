#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"

#include <QPointF>

#include <map>

namespace streamwright {

/// Places of the auto-layout: columns stand 312 apart so that a rate pill always fits between two cards.
inline constexpr double kLayoutColumn = 312;
inline constexpr double kLayoutRow = 184;
inline constexpr double kSnap = 8;

[[nodiscard]] QPointF snapped(const QPointF& point);

/// Places all nodes from left to right along the edges; flows stand below each other, and a node keeps close
/// to the rows of its predecessors so that few wires cross. The same document always gives the same places.
[[nodiscard]] std::map<NodeId, QPointF> autoLayout(const Pipeline& pipeline, const NodeRegistry& registry);

/// Height of a node's card: 88, and 20 more per port row beyond two.
[[nodiscard]] double nodeHeight(int portRows);

} // namespace streamwright
