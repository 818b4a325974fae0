#pragma once

#include "core/engine/engine_snapshot.h"
#include "core/topology/topology.h"
#include "gui/bridge/run_rates.h"
#include "gui/canvas/overlay_state.h"

#include <deque>
#include <map>
#include <string>

namespace streamwright {

/// Turns snapshots into what the canvas draws: texts, bars and the sparklines of the last minute. Plain,
/// without widgets. Thread: GUI.
class OverlayBuilder {
public:
    /// One tick of a run. `document` names the wires: the edges of the plan carry full port names.
    [[nodiscard]] OverlayState update(const EngineSnapshot& snapshot, const RunRates& rates,
                                      const Topology& topology, const Pipeline& document);
    void clear() { *this = {}; }

private:
    static constexpr std::size_t kSparklinePoints = 60; ///< a point a second

    std::map<std::string, std::deque<double>> m_history;
    std::map<std::size_t, double>
        m_lastErrors; ///< edge -> monotonic seconds of the last record on an error wire
    double m_lastPoint = -1;
};

} // namespace streamwright
