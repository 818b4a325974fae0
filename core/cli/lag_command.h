#pragma once

#include "core/cli/command.h"
#include "core/cli/pipeline_options.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// What `streamwright lag` was asked to do.
struct LagOptions {
    PipelineOptions pipeline;
    std::vector<std::string> properties; ///< -X
    bool json = false;
    bool watch = false;
};

/// Shows how far behind the groups of a pipeline are. Exit codes: 0 shown, 2 document or options wrong, 3
/// broker not usable.
[[nodiscard]] int runLag(const LagOptions& options, std::ostream& out, std::ostream& err);

void addLagCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
