#pragma once

#include "core/pipeline/document.h"
#include "core/pipeline/variables.h"
#include "core/topology/topology.h"

#include <memory>
#include <optional>

namespace streamwright {

struct CompileOptions {
    /// Missing variables and secrets are errors (run) or warnings (validate, test, the Studio's lint).
    bool requireVariables = false;
    const VariableSource* variables = nullptr; ///< null: nothing resolves
    /// `--broker`: every connection becomes a plain one to this address ("embedded" is the in-process
    /// broker).
    std::string brokerOverride;
};

struct Compiled {
    std::shared_ptr<const Topology> topology; ///< null where diagnostics has errors
    Diagnostics diagnostics;                  ///< all of them, warnings included, without line and column
};

/// Document to plan, in fixed passes: names, shape, fields, ports, expressions, cycles, partitioning, flows.
/// Collects all diagnostics. Pure: no I/O but what `variables` does. Thread: any.
[[nodiscard]] Compiled compile(const Pipeline& pipeline, const NodeRegistry& registry,
                               const CompileOptions& options = {});

/// Everything that is wrong with a document: what loading and what compiling found, with line and column, in
/// the order of the text, each once.
[[nodiscard]] Diagnostics allDiagnostics(const LoadedDocument& document, Diagnostics compiled);

} // namespace streamwright
