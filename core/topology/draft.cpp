#include "core/topology/draft.h"

namespace streamwright {

Draft::Draft(const Pipeline& document, const NodeRegistry& types, const CompileOptions& compileOptions)
    : pipeline(document), registry(types), options(compileOptions)
{
}

Diagnostic& Draft::report(std::string node, std::string field, std::string code, std::string message,
                          std::string hint)
{
    Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    diagnostic.node = std::move(node);
    diagnostic.field = std::move(field);
    return diagnostics.emplace_back(std::move(diagnostic));
}

Diagnostic& Draft::warn(std::string node, std::string field, std::string code, std::string message,
                        std::string hint)
{
    Diagnostic& diagnostic =
        report(std::move(node), std::move(field), std::move(code), std::move(message), std::move(hint));
    diagnostic.severity = Severity::Warning;
    return diagnostic;
}

std::string Draft::shownName(std::size_t node) const
{
    const PlannedNode& planned = topology.nodes[node];
    return quoted(planned.title.empty() ? planned.id : planned.title);
}

} // namespace streamwright
