#include "core/cli/pipeline_options.h"

#include "core/nodes/builtin.h"
#include "core/pipeline/set_value.h"

#include <CLI/CLI.hpp>

#include <ostream>
#include <utility>

namespace streamwright {

void addPipelineOptions(CLI::App& command, PipelineOptions& options, bool withBroker)
{
    command.add_option("--env", options.envFile, "File of NAME=value lines for ${NAME}")->type_name("FILE");
    command
        .add_option("--secrets", options.secretsFile,
                    "File of NAME=value lines for ${secret:NAME}, mode 0600")
        ->type_name("FILE");
    command
        .add_option("--set", options.assignments,
                    "Sets node.field, settings.KEY or connections.NAME.KEY (repeatable)")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    if (withBroker) {
        command
            .add_option("--broker", options.broker,
                        "Replaces every connection by a plain one to HOST:PORT, or \"embedded\"")
            ->type_name("ADDRESS");
    }
}

std::optional<OpenedPipeline> openPipeline(const PipelineOptions& options, bool requireVariables,
                                           std::ostream& err)
{
    OpenedPipeline opened;
    const auto refuse = [&err](const Error& error) {
        err << "streamwright: " << error.message << '\n';
        return std::nullopt;
    };
    if (!options.envFile.empty()) {
        if (const auto loaded = opened.variables.loadEnvFile(options.envFile); !loaded) {
            return refuse(loaded.error());
        }
    }
    if (!options.secretsFile.empty()) {
        if (const auto loaded = opened.variables.loadSecretsFile(options.secretsFile); !loaded) {
            return refuse(loaded.error());
        }
    }
    Result<LoadedDocument> loaded = loadDocument(options.file);
    if (!loaded) {
        return refuse(loaded.error());
    }
    opened.document = std::move(*loaded);
    for (const std::string& assignment : options.assignments) {
        const Result<Edit> edit = editOfAssignment(assignment, opened.document.pipeline, builtinNodes());
        if (!edit) {
            return refuse(edit.error());
        }
        if (const Result<Edit> inverse = apply(*edit, opened.document.pipeline); !inverse) {
            return refuse(inverse.error());
        }
    }
    opened.diagnostics = opened.document.diagnostics;
    const bool known = opened.document.formatVersion <= Pipeline::kFormatVersion;
    if (opened.document.readable && known) {
        CompileOptions compileOptions;
        compileOptions.requireVariables = requireVariables;
        compileOptions.variables = &opened.variables;
        compileOptions.brokerOverride = options.broker;
        Compiled compiled = compile(opened.document.pipeline, builtinNodes(), compileOptions);
        opened.diagnostics = allDiagnostics(opened.document, std::move(compiled.diagnostics));
        if (!hasErrors(opened.diagnostics)) {
            opened.topology = std::move(compiled.topology);
        }
    }
    return opened;
}

void printDiagnostics(const Diagnostics& diagnostics, const std::string& file, bool notes, std::ostream& err)
{
    for (const Diagnostic& diagnostic : diagnostics) {
        if (notes || diagnostic.severity != Severity::Note) {
            err << format(diagnostic, file) << '\n';
        }
    }
}

std::optional<OpenedPipeline> openSoundPipeline(const PipelineOptions& options, bool requireVariables,
                                                std::ostream& err)
{
    std::optional<OpenedPipeline> opened = openPipeline(options, requireVariables, err);
    if (!opened) {
        return std::nullopt;
    }
    printDiagnostics(opened->diagnostics, options.file, false, err);
    if (opened->topology == nullptr) {
        return std::nullopt;
    }
    return opened;
}

} // namespace streamwright
