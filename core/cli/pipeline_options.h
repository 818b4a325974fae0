#pragma once

#include "core/cli/command.h"
#include "core/pipeline/document.h"
#include "core/topology/compile.h"

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace streamwright {

/// The options that all commands share which read a pipeline document.
struct PipelineOptions {
    std::string file;
    std::string envFile;                  ///< --env
    std::string secretsFile;              ///< --secrets
    std::vector<std::string> assignments; ///< --set PATH=VALUE
    std::string broker;                   ///< --broker
};

/// Adds --env, --secrets and --set, and --broker where asked for.
void addPipelineOptions(CLI::App& command, PipelineOptions& options, bool withBroker);

/// A document with all that is known of it. `topology` is null where it has errors.
struct OpenedPipeline {
    LoadedDocument document;
    Diagnostics diagnostics; ///< of text and meaning, located, in the order of the text
    std::shared_ptr<const Topology> topology;
    VariableSource variables;
};

/// Loads, applies --set and compiles. `requireVariables`: missing ones are errors (run) or warnings. Fails
/// (empty, with a message on `err`) where a file cannot be read or an option is wrong.
[[nodiscard]] std::optional<OpenedPipeline> openPipeline(const PipelineOptions& options,
                                                         bool requireVariables, std::ostream& err);

/// Prints warnings and errors (notes too where asked for) as compilers do.
void printDiagnostics(const Diagnostics& diagnostics, const std::string& file, bool notes, std::ostream& err);

/// openPipeline() for commands that go on only with a sound document: prints what is wrong; empty then.
[[nodiscard]] std::optional<OpenedPipeline> openSoundPipeline(const PipelineOptions& options,
                                                              bool requireVariables, std::ostream& err);

} // namespace streamwright
