#pragma once

#include "core/pipeline/pipeline.h"
#include "gui/document/selection.h"

#include <QString>

#include <map>
#include <optional>
#include <vector>

namespace streamwright {

/// How a node is doing in the run; each has its colour, icon and word.
enum class NodeStatus : std::uint8_t { Idle, Running, Waiting, Warning, Error };

/// What a run shows on a node.
struct NodeOverlay {
    NodeStatus status = NodeStatus::Idle;
    QString rate;   ///< "12.4k/s"
    QString number; ///< the one that matters: "lag 48 210", "busy 98 %", "queue 12 %"
    bool numberWarns = false;
    std::vector<double> history; ///< rate over the last minute, oldest first: the sparkline
    QString mark; ///< pill above the card: "Bottleneck: busy 98 %", "Waiting on Parse"; empty: none
    bool markIsBottleneck = false; ///< filled warning pill
    NodeId markTarget;             ///< a click on the pill goes there
};

/// What a run shows on a wire.
struct WireOverlay {
    QString rate;
    std::optional<double> queueFill; ///< 0 to 1; empty: no queue on this wire
    QString queueText;               ///< "9 720 of 10 000"
    bool errorsCrossed = false;      ///< error wires: records within the last minute
    bool tapped = false;
    bool pinned = false;
};

/// Everything live that the canvas draws: a plain value that the bridge's side fills once per tick.
struct OverlayState {
    bool active = false; ///< a run is on, or its last numbers are shown
    std::map<NodeId, NodeOverlay> nodes;
    std::map<EdgeKey, WireOverlay> wires;
};

} // namespace streamwright
