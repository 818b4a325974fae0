#pragma once

#include "core/cli/command.h"
#include "core/cli/pipeline_options.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// What `streamwright validate` was asked to do.
struct ValidateOptions {
    std::vector<std::string> files;
    PipelineOptions pipeline; ///< its file is set for each of `files`
    bool json = false;
};

/// Prints all diagnostics of the documents to `out`. Exit code 2 where one has errors.
[[nodiscard]] int runValidate(const ValidateOptions& options, std::ostream& out, std::ostream& err);

void addValidateCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
