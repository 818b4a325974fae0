#include "core/cli/check_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/connection_options.h"
#include "core/cli/exit_code.h"
#include "core/cli/run_command.h"
#include "core/engine/connections.h"
#include "core/kafka/connection_check.h"
#include "core/node/binding.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>
#include <memory>
#include <set>

namespace streamwright {
namespace {

/// What a pipeline needs of one connection.
struct Needs {
    std::set<std::string> read;
    std::set<std::string> write;
    std::set<std::string> willBeMade; ///< output topics that a start makes
    std::set<std::string> groups;
};

std::map<std::string, Needs> needsOf(const Topology& topology)
{
    std::map<std::string, Needs> needs;
    for (const PlannedNode& node : topology.nodes) {
        const bool isKafka =
            node.type->spec().type == "kafka_source" || node.type->spec().type == "kafka_sink";
        if (!isKafka || node.mode == NodeMode::Off || !node.reachable) {
            continue;
        }
        MakeContext context{.nodeId = node.id,
                            .pipelineName = topology.pipelineName,
                            .dataDir = {},
                            .behindErrorPort = node.behindErrorPort};
        const auto made = node.type->make(node.config, context);
        if (!made) {
            continue; // compile() has taken it; what make() has to say is said by run
        }
        if (const auto* const source = std::get_if<KafkaSourceBinding>(&*made)) {
            needs[source->connection].read.insert(source->topics.begin(), source->topics.end());
            needs[source->connection].groups.insert(topology.flows[node.flow].groupId);
        } else if (const auto* const sink = std::get_if<KafkaSinkBinding>(&*made); sink && !sink->topicFrom) {
            needs[sink->connection].write.insert(sink->topic);
            if (sink->create || topology.settings.createTopics) {
                needs[sink->connection].willBeMade.insert(sink->topic);
            }
        }
    }
    return needs;
}

/// Prints the steps; true where nothing is in the way of a start.
bool printSteps(const kafka::CheckReport& report, const Needs& needs, std::ostream& out)
{
    bool good = true;
    for (const kafka::CheckResult& step : report.steps) {
        const bool madeAtStart = step.error && step.error->code == Errc::UnknownTopic &&
                                 step.step == kafka::CheckStep::TopicWritable &&
                                 needs.willBeMade.contains(step.subject);
        out << (step.ok || madeAtStart ? "  ok    " : "  FAIL  ") << kafka::toString(step.step);
        if (!step.subject.empty()) {
            out << ' ' << quoted(step.subject);
        }
        if (madeAtStart) {
            out << ": not there yet, a start makes it";
        } else if (step.error) {
            out << ": " << step.error->message;
        }
        out << '\n';
        good = good && (step.ok || madeAtStart);
    }
    return good;
}

bool checkOne(const kafka::ConnectionConfig& connection, const Needs& needs, Millis timeout,
              std::ostream& out)
{
    out << connection.describe() << '\n';
    bool good = true;
    // A check asks for one group; a pipeline may have several.
    std::set<std::string> groups = needs.groups.empty() ? std::set<std::string>{{}} : needs.groups;
    bool first = true;
    for (const std::string& group : groups) {
        kafka::ConnectionNeeds asked;
        asked.group = group;
        if (first) {
            asked.read.assign(needs.read.begin(), needs.read.end());
            asked.write.assign(needs.write.begin(), needs.write.end());
        }
        first = false;
        good = printSteps(kafka::checkConnection(connection, asked, timeout), needs, out) && good;
    }
    return good;
}

} // namespace

int runCheck(const CheckOptions& options, std::ostream& out, std::ostream& err)
{
    const auto timeout = parsePeriod(options.connectTimeout);
    if (!timeout) {
        err << "streamwright: --connect-timeout takes a time such as 15s, not "
            << quoted(options.connectTimeout) << ".\n";
        return kExitBadInput;
    }
    if (options.pipeline.file.empty()) {
        ConnectionOptions bare;
        bare.broker = options.pipeline.broker;
        bare.properties = options.properties;
        const auto connection = resolveConnection(bare, err);
        if (!connection) {
            return kExitBadInput;
        }
        return checkOne(*connection, {}, *timeout, out) ? kExitDone : kExitNotReachable;
    }
    const auto properties = parseProperties(options.properties, err);
    const std::optional<OpenedPipeline> opened =
        properties ? openSoundPipeline(options.pipeline, true, err) : std::nullopt;
    if (!opened) {
        return kExitBadInput;
    }
    const std::map<std::string, Needs> needs = needsOf(*opened->topology);
    if (!options.connection.empty() && opened->topology->findConnection(options.connection) == nullptr) {
        err << "streamwright: There is no connection " << quoted(options.connection) << " in "
            << options.pipeline.file << ".\n";
        return kExitBadInput;
    }
    bool good = true;
    for (const auto& [name, use] : needs) {
        if (!options.connection.empty() && name != options.connection) {
            continue;
        }
        const PlannedConnection& planned = *opened->topology->findConnection(name);
        if (planned.embedded) {
            out << "connection " << quoted(name)
                << ": an embedded broker, made with its topics at the start\n  ok\n";
            continue;
        }
        good = checkOne(connectionConfigOf(planned, *properties), use, *timeout, out) && good;
    }
    return good ? kExitDone : kExitNotReachable;
}

void addCheckCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<CheckOptions>();
    CLI::App* const command = app.add_subcommand(
        "check", "Only the start-up checks: connect, log in, topics, rights; reads and writes nothing");
    command->add_option("FILE", options->pipeline.file,
                        "Pipeline document; without it only --broker is checked");
    command->add_option("--connection", options->connection, "Only this connection of the document")
        ->type_name("NAME");
    command->add_option("-X", options->properties, "A librdkafka property of every connection (repeatable)")
        ->type_name("PROPERTY=VALUE")
        ->allow_extra_args(false);
    command->add_option("--connect-timeout", options->connectTimeout, "How long to wait for a broker (15s)");
    addPipelineOptions(*command, options->pipeline, true);
    command->footer("Examples:\n"
                    "  streamwright check orders.pipeline.json --env prod.env\n"
                    "  streamwright check --broker localhost:9092\n"
                    "Exit code 3 where a broker, topic or right is missing.");
    command->callback(
        [options, &run] { run = [options] { return runCheck(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
