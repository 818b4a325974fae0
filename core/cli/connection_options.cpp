#include "core/cli/connection_options.h"

#include "core/base/diagnostic.h"
#include "core/cli/exit_code.h"
#include "core/cli/pipeline_options.h"
#include "core/engine/connections.h"
#include "core/kafka/connection_check.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace streamwright {
namespace {

constexpr Millis kConnectTimeout{15'000};

std::optional<kafka::ConnectionConfig>
connectionOfDocument(const ConnectionOptions& options,
                     const std::vector<std::pair<std::string, std::string>>& properties, std::ostream& err)
{
    const PipelineOptions pipeline{.file = options.file,
                                   .envFile = options.envFile,
                                   .secretsFile = options.secretsFile,
                                   .assignments = {},
                                   .broker = options.broker};
    const std::optional<OpenedPipeline> opened = openSoundPipeline(pipeline, true, err);
    if (!opened) {
        return std::nullopt;
    }
    const std::vector<PlannedConnection>& known = opened->topology->connections;
    std::string names;
    for (const PlannedConnection& connection : known) {
        names += (names.empty() ? "" : ", ") + quoted(connection.name);
    }
    if (options.connection.empty() && known.size() != 1) {
        err << "streamwright: " << options.file << " has " << known.size() << " connections"
            << (names.empty() ? std::string() : " (" + names + ')') << ". Say which with --connection.\n";
        return std::nullopt;
    }
    const PlannedConnection* const chosen =
        options.connection.empty() ? &known.front() : opened->topology->findConnection(options.connection);
    if (chosen == nullptr) {
        err << "streamwright: " << options.file << " has no connection " << quoted(options.connection)
            << ". It has " << names << ".\n";
        return std::nullopt;
    }
    if (chosen->embedded) {
        err << "streamwright: Connection " << quoted(chosen->name)
            << " is an embedded broker, which lives inside the run that uses it. Give the address that the "
               "run's log "
               "shows: --broker 127.0.0.1:PORT.\n";
        return std::nullopt;
    }
    return connectionConfigOf(*chosen, properties);
}

} // namespace

void addConnectionOptions(CLI::App& command, ConnectionOptions& options)
{
    command.add_option("--file", options.file, "Pipeline document whose connection is used")
        ->type_name("FILE");
    command.add_option("--connection", options.connection, "Which of the document's connections")
        ->type_name("NAME");
    command.add_option("--broker", options.broker, "Address of a broker, instead of a document")
        ->type_name("HOST:PORT");
    command.add_option("-X", options.properties, "A librdkafka property (repeatable)")
        ->type_name("PROPERTY=VALUE")
        ->allow_extra_args(false);
    command.add_option("--env", options.envFile, "File of NAME=value lines for ${NAME}")->type_name("FILE");
    command
        .add_option("--secrets", options.secretsFile,
                    "File of NAME=value lines for ${secret:NAME}, mode 0600")
        ->type_name("FILE");
}

std::optional<std::vector<std::pair<std::string, std::string>>>
parseProperties(const std::vector<std::string>& properties, std::ostream& err)
{
    std::vector<std::pair<std::string, std::string>> parsed;
    for (const std::string& property : properties) {
        const std::size_t equals = property.find('=');
        if (equals == std::string::npos || equals == 0) {
            err << "streamwright: -X takes PROPERTY=VALUE, not " << quoted(property) << ".\n";
            return std::nullopt;
        }
        parsed.emplace_back(property.substr(0, equals), property.substr(equals + 1));
    }
    return parsed;
}

std::optional<kafka::ConnectionConfig> resolveConnection(const ConnectionOptions& options, std::ostream& err)
{
    const auto properties = parseProperties(options.properties, err);
    if (!properties) {
        return std::nullopt;
    }
    if (!options.file.empty()) {
        return connectionOfDocument(options, *properties, err);
    }
    if (options.broker.empty() || options.broker == "embedded") {
        err << "streamwright: Say where the broker is: --broker HOST:PORT, or --file with a document that "
               "has a "
               "connection.\n";
        return std::nullopt;
    }
    kafka::ConnectionConfig connection = kafka::ConnectionConfig::plain("--broker", options.broker);
    connection.properties.insert(properties->begin(), properties->end());
    return connection;
}

int checkTopic(const kafka::ConnectionConfig& connection, const std::string& topic, bool write,
               std::ostream& err)
{
    kafka::ConnectionNeeds needs;
    (write ? needs.write : needs.read).push_back(topic);
    if (const auto error = kafka::checkConnection(connection, needs, kConnectTimeout).error()) {
        err << "streamwright: " << error->message << '\n';
        return kExitNotReachable;
    }
    return kExitDone;
}

} // namespace streamwright
