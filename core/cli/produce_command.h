#pragma once

#include "core/cli/command.h"
#include "core/cli/connection_options.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// What `streamwright produce` was asked to do.
struct ProduceOptions {
    ConnectionOptions connection;
    std::string topic;
    std::string input = "-"; ///< a file; "-" is standard input
    std::string key;
    bool hasKey = false;
    std::vector<std::string> headers; ///< NAME=TEXT
    double perSecond = 0;             ///< 0: as fast as they are taken
    bool json = false;                ///< lines as `peek --format json` prints them
};

/// Sends the lines of a file as messages. Exit codes: 0 all are in the topic, 1 some are not, 2 options or
/// lines wrong, 3 broker or topic not usable.
[[nodiscard]] int runProduce(const ProduceOptions& options, std::istream& in, std::ostream& err);

void addProduceCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
