#pragma once

#include "core/cli/command.h"
#include "core/cli/pipeline_options.h"
#include "core/cli/run_view.h"
#include "core/engine/engine.h"

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// What `streamwright run` was asked to do.
struct RunOptions {
    PipelineOptions pipeline;
    std::vector<std::string> properties; ///< -X
    std::vector<std::string> feeds;
    std::string feedFormat = "lines";
    std::string onConflict = "wait";
    std::string connectTimeout = "15s";
    std::string duration;
    std::optional<std::uint64_t> count;
    std::string stats = "text";
    std::string statsInterval = "1s";
    std::string metrics;
    std::string stateDir;
    std::string dataDir;
    std::string instance;
    std::string logLevel;
    std::string logFormat = "text";
    bool untilEnd = false;
    bool feedReal = false;
};

/// Runs the pipeline until it ends or is stopped; SIGINT and SIGTERM drain, a second SIGINT ends at once.
[[nodiscard]] int runRun(const RunOptions& options, std::ostream& err);

void addRunCommand(CLI::App& app, CommandRun& run);

/// "15s", "500ms", "2m", "1h"; a bare number is seconds. Empty where it is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> parsePeriod(std::string_view text);

/// "TOPIC=FILE[@PER_SECOND]". Empty where it is not of that form.
[[nodiscard]] std::optional<Feed> parseFeed(std::string_view text);

/// Where state lives by default: $STATE_DIRECTORY, else $XDG_STATE_HOME/streamwright/<pipeline>, else
/// ~/.local/state/streamwright/<pipeline>.
[[nodiscard]] std::string defaultStateDirectory(const std::string& pipelineName);

} // namespace streamwright
