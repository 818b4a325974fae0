#pragma once

#include "core/cli/command.h"
#include "core/cli/pipeline_options.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// What `streamwright check` was asked to do.
struct CheckOptions {
    PipelineOptions pipeline;
    std::string connection;              ///< only this one
    std::vector<std::string> properties; ///< -X
    std::string connectTimeout = "15s";
};

/// Goes through the start-up checks of a pipeline's connections; reads and writes nothing. Exit codes: 0 all
/// is well, 2 document or options wrong, 3 something is not usable.
[[nodiscard]] int runCheck(const CheckOptions& options, std::ostream& out, std::ostream& err);

void addCheckCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
