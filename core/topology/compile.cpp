#include "core/topology/compile.h"

#include "core/topology/draft.h"

#include <algorithm>
#include <utility>

namespace streamwright {
namespace {

/// What compile() says of a value that was never loaded from text; the loader says it better.
bool isShapeProblem(const Diagnostic& diagnostic)
{
    const bool ofShape = diagnostic.field == "name" || diagnostic.field == "type";
    return diagnostic.code == "bad_id" || diagnostic.code == "duplicate_id" || diagnostic.code == "empty" ||
           (diagnostic.code == "required" && ofShape);
}

} // namespace

Diagnostics allDiagnostics(const LoadedDocument& document, Diagnostics compiled)
{
    if (hasErrors(document.diagnostics)) {
        std::erase_if(compiled, isShapeProblem);
    }
    document.locate(compiled);
    Diagnostics all = document.diagnostics;
    append(all, std::move(compiled));
    std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

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
