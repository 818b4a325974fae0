#pragma once

#include "core/cli/command.h"
#include "core/kafka/connection_config.h"

#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

/// Where a command's connection comes from: a document, or an address (document.md part 2).
struct ConnectionOptions {
    std::string file;                    ///< --file
    std::string connection;              ///< --connection; empty: the only one of the document
    std::string broker;                  ///< --broker
    std::vector<std::string> properties; ///< -X PROPERTY=VALUE
    std::string envFile;
    std::string secretsFile;
};

/// Adds --file, --connection, --broker, -X, --env and --secrets.
void addConnectionOptions(CLI::App& command, ConnectionOptions& options);

/// The connection that is meant, its variables resolved; empty, with a message on `err`, where there is none
/// (exit code 2).
[[nodiscard]] std::optional<kafka::ConnectionConfig> resolveConnection(const ConnectionOptions& options,
                                                                       std::ostream& err);

/// PROPERTY=VALUE pairs; empty, with a message on `err`, where one has no "=".
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>>
parseProperties(const std::vector<std::string>& properties, std::ostream& err);

/// Reaches the broker and asks for the topic; an exit code, with a message on `err` unless it is 0.
[[nodiscard]] int checkTopic(const kafka::ConnectionConfig& connection, const std::string& topic, bool write,
                             std::ostream& err);

} // namespace streamwright
