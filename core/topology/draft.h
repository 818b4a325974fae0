#pragma once

#include "core/topology/compile.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace streamwright {

/// An edge whose both ends were found.
struct DraftEdge {
    std::size_t index = 0; ///< in the document
    std::size_t from = 0;
    std::size_t fromPort = 0;
    std::size_t to = 0;
};

/// What the passes of compile() work on and hand to each other. The plan grows in `topology`; a node of
/// unknown type stays in the list (with a null type), so that indices are those of the document.
struct Draft {
    Draft(const Pipeline& document, const NodeRegistry& types, const CompileOptions& compileOptions);

    const Pipeline& pipeline;
    const NodeRegistry& registry;
    const CompileOptions& options;
    Topology topology;
    Diagnostics diagnostics;
    std::unordered_map<std::string_view, std::size_t> nodeIndex;
    std::vector<std::set<std::string>> unresolved; ///< per node: keys whose references stayed
    std::vector<bool> sound;                       ///< per node: its config has no errors, it can be made
    std::vector<DraftEdge> edges;                  ///< those of the document that are right

    /// Adds an error about `node` (empty: the document).
    Diagnostic& report(std::string node, std::string field, std::string code, std::string message,
                       std::string hint = {});
    Diagnostic& warn(std::string node, std::string field, std::string code, std::string message,
                     std::string hint = {});
    [[nodiscard]] bool isOn(std::size_t node) const
    {
        return topology.nodes[node].type != nullptr && topology.nodes[node].mode != NodeMode::Off;
    }
    [[nodiscard]] std::string shownName(std::size_t node) const;
};

/// Names, types, variables, connections, settings.
void draftNodes(Draft& draft);
/// Ends of the edges, equal edges, wires, cycles, what is unwired or cannot be reached, bypass.
void draftWiring(Draft& draft);
/// Each node's own lint, with what is known around it.
void lintNodes(Draft& draft);
/// Flows, their sources, groups and state; the rules of delivery. Only where all else is right.
void draftFlows(Draft& draft);

} // namespace streamwright
