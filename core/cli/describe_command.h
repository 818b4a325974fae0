#pragma once

#include "core/cli/command.h"
#include "core/cli/pipeline_options.h"

#include <iosfwd>
#include <string>

namespace streamwright {

/// What `streamwright describe` was asked to do. `format`: text, dot or json.
struct DescribeOptions {
    PipelineOptions pipeline;
    std::string format = "text";
};

/// Prints the plan of a document. Exit code 2 where the document has errors; they go to `err`.
[[nodiscard]] int runDescribe(const DescribeOptions& options, std::ostream& out, std::ostream& err);

void addDescribeCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
