#pragma once

#include "core/cli/command.h"

#include <iosfwd>
#include <string>

namespace streamwright {

/// What `streamwright nodes` was asked to do. `type` empty: all of them.
struct NodesOptions {
    std::string type;
    std::string format = "text"; ///< text, markdown or json
};

/// Prints the node reference. Exit code 2 for a type that is not there.
[[nodiscard]] int runNodes(const NodesOptions& options, std::ostream& out, std::ostream& err);

void addNodesCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
