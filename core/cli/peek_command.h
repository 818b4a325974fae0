#pragma once

#include "core/cli/command.h"
#include "core/cli/connection_options.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace streamwright {

/// What `streamwright peek` was asked to do.
struct PeekOptions {
    ConnectionOptions connection;
    std::string topic;
    std::string from = "earliest"; ///< earliest, latest, OFFSET, -N or a time
    std::string to;                ///< OFFSET or a time, not included; empty: the ends at the start
    std::int32_t partition = -1;   ///< -1: all
    std::uint64_t count = 0;       ///< 0: no limit
    bool follow = false;
    std::string where; ///< CEL
    bool uncommitted = false;
    std::string format = "json"; ///< json, value, or a text with %t %p %o %k %s …
};

/// Prints the records of a topic without joining a group. Exit codes: 0 done, 1 failed while reading, 2
/// options wrong, 3 broker or topic not usable.
[[nodiscard]] int runPeek(const PeekOptions& options, std::ostream& out, std::ostream& err);

void addPeekCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
