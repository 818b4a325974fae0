#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"

#include <QString>

namespace streamwright {

/// The idle card's last line: what the node is told to do, in a few words.
struct NodeSummary {
    QString text;
    bool mono = false; ///< an expression or a path
};
[[nodiscard]] NodeSummary nodeSummary(const Node& node, const NodeType* type);

} // namespace streamwright
