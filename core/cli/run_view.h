#pragma once

#include "core/engine/engine.h"
#include "core/topology/topology.h"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

enum class StatsForm : std::uint8_t { Text, Json, None };

/// Shows a run on stderr: a table that is drawn again on a terminal, plain lines elsewhere, or JSON lines; at
/// the end the summary. Pulls snapshots; the engine never waits for it. Thread: the command's.
class RunView {
public:
    RunView(const Topology& topology, Engine& engine, StatsForm form, bool terminal, std::ostream& out);
    ~RunView();

    /// Shows what is new since the last call.
    void show();
    /// The summary, and in text form what the failure says.
    void showEnd();

private:
    void drawTable(const EngineSnapshot& snapshot);
    void printLine(const EngineSnapshot& snapshot);
    void printJson(const EngineSnapshot& snapshot);
    void collectOutputs();
    void clearTable();
    [[nodiscard]] double rate(std::uint64_t now, std::uint64_t before, const EngineSnapshot& snapshot) const;
    [[nodiscard]] std::string summaryJson(const EngineSnapshot& snapshot) const;
    [[nodiscard]] std::string summaryText(const EngineSnapshot& snapshot) const;

    const Topology& m_topology;
    Engine& m_engine;
    StatsForm m_form;
    bool m_terminal;
    std::ostream& m_out;
    EngineSnapshot m_last;
    std::size_t m_drawn = 0; ///< lines of the table on the terminal
    std::uint64_t m_seenRejects = 0;
    std::vector<std::pair<std::string, std::unique_ptr<Tap>>> m_taps; ///< sink's id, tap of an edge into it
    std::vector<std::string> m_outputs;                               ///< the last few, ready to print
};

} // namespace streamwright
