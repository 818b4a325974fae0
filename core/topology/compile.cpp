#include "core/topology/compile.h"

#include "core/topology/draft.h"

#include <algorithm>
#include <utility>

namespace streamwright {

Compiled compile(const Pipeline& pipeline, const NodeRegistry& registry, const CompileOptions& options)
{
    Draft draft(pipeline, registry, options);
    draftNodes(draft);
    draftWiring(draft);
    lintNodes(draft);
    const bool wellFormed =
        std::none_of(draft.diagnostics.begin(), draft.diagnostics.end(), [](const Diagnostic& d) {
            return d.code == "cycle" || d.code == "duplicate_id" || d.code == "bad_id";
        });
    if (wellFormed) {
        draftFlows(draft);
    }
    Compiled compiled;
    if (draft.pipeline.nodes.empty()) {
        draft.report({}, "nodes", "empty", "The pipeline has no nodes.");
    }
    compiled.diagnostics = std::move(draft.diagnostics);
    if (!hasErrors(compiled.diagnostics)) {
        compiled.topology = std::make_shared<const Topology>(std::move(draft.topology));
    }
    return compiled;
}

} // namespace streamwright
