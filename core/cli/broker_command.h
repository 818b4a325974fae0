#pragma once

#include "core/cli/command.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// What `streamwright broker` was asked to do.
struct BrokerOptions {
    std::vector<std::string> topics; ///< NAME or NAME:PARTITIONS
};

/// Runs an embedded broker until it is told to stop; prints its address first. An exit code.
[[nodiscard]] int runBroker(const BrokerOptions& options, std::ostream& out, std::ostream& err);

void addBrokerCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
