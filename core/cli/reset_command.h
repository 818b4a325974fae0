#pragma once

#include "core/cli/pipeline_options.h"

#include <iosfwd>
#include <string>

namespace streamwright {

/// What `streamwright reset` was asked to do.
struct ResetOptions {
    PipelineOptions pipeline;
    std::string to;               ///< earliest, latest or a time (RFC 3339, or milliseconds since 1970)
    std::string counter = "keep"; ///< keep or start
    std::string format = "text";  ///< text or json
    bool yes = false;             ///< do it; without it only the preview
};

/// Shows where each input partition of a pipeline would begin next and what becomes of its counters; with
/// `yes` commits just that, state included, so that no later start finds an offset without its counter.
/// Exit codes: 0 shown or done, 2 document or time wrong, or no counter to keep, 3 broker not usable, 4 the
/// group has members.
[[nodiscard]] int runReset(const ResetOptions& options, std::ostream& out, std::ostream& err);

void addResetCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
