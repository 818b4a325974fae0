#include "core/cli/lag_command.h"

#include "core/base/clock.h"
#include "core/base/diagnostic.h"
#include "core/cli/connection_options.h"
#include "core/cli/exit_code.h"
#include "core/cli/stop_signals.h"
#include "core/engine/connections.h"
#include "core/kafka/cluster_monitor.h"
#include "core/kafka/connection_check.h"
#include "core/kafka/consumer.h"
#include "core/node/binding.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

namespace streamwright {
namespace {

constexpr Millis kAskTimeout{5'000};
constexpr Millis kConnectTimeout{15'000};
constexpr Millis kLastRecordTimeout{3'000};
constexpr Millis kWatchInterval{2'000};
constexpr Millis kTurn{50};

/// A group of the pipeline: what reads Kafka in one of its flows.
struct GroupPlan {
    kafka::ConnectionConfig connection;
    std::string group;
    std::vector<std::string> topics;
};

/// What one look at a group showed.
struct GroupLag {
    const GroupPlan* plan = nullptr;
    kafka::ClusterSnapshot snapshot;
    std::map<kafka::TopicPartition, std::int64_t> lastRecordMs; ///< timestamps
    std::int64_t nowMs = 0;
};

std::vector<std::string> topicsOf(const Topology& topology, const PlannedFlow& flow)
{
    std::set<std::string> topics;
    for (const std::size_t index : flow.kafkaSources) {
        const PlannedNode& node = topology.nodes[index];
        MakeContext context{.nodeId = node.id, .pipelineName = topology.pipelineName, .dataDir = {}};
        const auto made = node.type->make(node.config, context);
        if (const auto* const source = made ? std::get_if<KafkaSourceBinding>(&*made) : nullptr) {
            topics.insert(source->topics.begin(), source->topics.end());
        }
    }
    return {topics.begin(), topics.end()};
}

/// The timestamps of the last records, where they come in time.
std::map<kafka::TopicPartition, std::int64_t> lastRecords(const GroupPlan& plan,
                                                          const std::vector<kafka::PartitionLag>& partitions)
{
    std::map<kafka::TopicPartition, std::int64_t> times;
    const auto consumer = kafka::Consumer::create(plan.connection, {});
    std::vector<kafka::PartitionOffset> starts;
    for (const kafka::PartitionLag& partition : partitions) {
        if (partition.end > 0) {
            starts.push_back({partition.where, kafka::offsetTail(1), {}, {}});
        }
    }
    if (!consumer || starts.empty() || !(*consumer)->assign(starts)) {
        return times;
    }
    const auto deadline = std::chrono::steady_clock::now() + kLastRecordTimeout;
    kafka::MessageBatch batch;
    while (times.size() < starts.size() && std::chrono::steady_clock::now() < deadline &&
           !StopSignals::came()) {
        if (!(*consumer)->consume(batch, kTurn)) {
            break;
        }
        for (const kafka::ConsumedMessage& message : batch.messages()) {
            times[{std::string(message.topic), message.partition}] = message.timestampMs;
        }
    }
    batch.clear();
    return times;
}

std::string age(std::int64_t ms)
{
    constexpr std::int64_t kSecond = 1'000;
    constexpr std::int64_t kMinute = 60 * kSecond;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    const std::int64_t past = std::max<std::int64_t>(ms, 0);
    if (past < kMinute) {
        std::ostringstream text;
        text << std::fixed << std::setprecision(1) << static_cast<double>(past) / kSecond << 's';
        return text.str();
    }
    if (past < kHour) {
        return std::to_string(past / kMinute) + 'm' + std::to_string(past % kMinute / kSecond) + 's';
    }
    return past < kDay ? std::to_string(past / kHour) + 'h' + std::to_string(past % kHour / kMinute) + 'm'
                       : std::to_string(past / kDay) + 'd' + std::to_string(past % kDay / kHour) + 'h';
}

std::string offsetText(std::int64_t offset)
{
    return offset < 0 ? "-" : std::to_string(offset);
}

void printText(const GroupLag& lag, std::ostream& out)
{
    out << "group " << quoted(lag.plan->group) << " on " << lag.plan->connection.describe();
    if (!lag.snapshot.groupState.empty()) {
        out << ": " << lag.snapshot.groupState;
    }
    out << '\n'
        << "TOPIC                            PART    COMMITTED          END        LAG   LAST RECORD  "
           "MEMBER\n";
    std::int64_t total = 0;
    for (const kafka::PartitionLag& partition : lag.snapshot.lag) {
        const auto last = lag.lastRecordMs.find(partition.where);
        out << std::left << std::setw(32) << partition.where.topic << std::right << std::setw(5)
            << partition.where.partition << std::setw(13) << offsetText(partition.committed) << std::setw(13)
            << offsetText(partition.end) << std::setw(11) << offsetText(partition.lag) << std::setw(14)
            << (last == lag.lastRecordMs.end() ? "-" : age(lag.nowMs - last->second) + " ago") << "  "
            << (partition.owner.empty() ? "-" : partition.owner) << '\n';
        total += std::max<std::int64_t>(partition.lag, 0);
    }
    out << "lag " << total << ", " << lag.snapshot.members.size()
        << (lag.snapshot.members.size() == 1 ? " member" : " members") << '\n';
    for (const kafka::GroupMember& member : lag.snapshot.members) {
        out << "  " << member.clientId << " at " << member.host << ", " << member.partitions.size()
            << (member.partitions.size() == 1 ? " partition" : " partitions")
            << (member.instanceId.empty() ? std::string() : ", instance " + member.instanceId) << '\n';
    }
}

Json jsonOf(const GroupLag& lag)
{
    const auto offset = [](std::int64_t value) { return value < 0 ? Json() : Json(value); };
    Json partitions = Json::array();
    for (const kafka::PartitionLag& partition : lag.snapshot.lag) {
        const auto last = lag.lastRecordMs.find(partition.where);
        partitions.push_back(
            {{"topic", partition.where.topic},
             {"partition", partition.where.partition},
             {"committed", offset(partition.committed)},
             {"end", offset(partition.end)},
             {"lag", offset(partition.lag)},
             {"last_record_age_ms", last == lag.lastRecordMs.end() ? Json() : Json(lag.nowMs - last->second)},
             {"member", partition.owner.empty() ? Json() : Json(partition.owner)}});
    }
    Json members = Json::array();
    for (const kafka::GroupMember& member : lag.snapshot.members) {
        members.push_back({{"client_id", member.clientId},
                           {"host", member.host},
                           {"instance", member.instanceId.empty() ? Json() : Json(member.instanceId)},
                           {"partitions", member.partitions.size()}});
    }
    return {{"group", lag.plan->group},
            {"connection", lag.plan->connection.name},
            {"state", lag.snapshot.groupState},
            {"partitions", std::move(partitions)},
            {"members", std::move(members)}};
}

std::vector<GroupLag> look(const std::vector<GroupPlan>& plans)
{
    std::vector<GroupLag> all;
    for (const GroupPlan& plan : plans) {
        GroupLag lag{.plan = &plan};
        lag.snapshot = kafka::takeClusterSnapshot(plan.connection, plan.group, plan.topics, kAskTimeout);
        lag.lastRecordMs = lastRecords(plan, lag.snapshot.lag);
        lag.nowMs = SystemClock::instance().wallMs();
        all.push_back(std::move(lag));
    }
    return all;
}

/// The groups of the document; empty with a message where there are none to look at.
std::optional<std::vector<GroupPlan>> plansOf(const LagOptions& options, std::ostream& err)
{
    const auto properties = parseProperties(options.properties, err);
    const std::optional<OpenedPipeline> opened =
        properties ? openSoundPipeline(options.pipeline, true, err) : std::nullopt;
    if (!opened) {
        return std::nullopt;
    }
    std::vector<GroupPlan> plans;
    for (const PlannedFlow& flow : opened->topology->flows) {
        if (flow.kafkaSources.empty()) {
            continue;
        }
        const PlannedConnection& connection = *opened->topology->findConnection(flow.connection);
        if (connection.embedded) {
            err << "streamwright: Connection " << quoted(connection.name)
                << " is an embedded broker, which lives inside the run that uses it. Give the address that "
                   "the run's "
                   "log shows: --broker 127.0.0.1:PORT.\n";
            return std::nullopt;
        }
        plans.push_back(
            {connectionConfigOf(connection, *properties), flow.groupId, topicsOf(*opened->topology, flow)});
    }
    if (plans.empty()) {
        err << "streamwright: No flow of " << options.pipeline.file
            << " reads a topic, so there is no lag.\n";
        return std::nullopt;
    }
    return plans;
}

void show(const LagOptions& options, const std::vector<GroupLag>& all, std::ostream& out)
{
    if (options.json) {
        Json groups = Json::array();
        for (const GroupLag& lag : all) {
            groups.push_back(jsonOf(lag));
        }
        out << Json{{"groups", std::move(groups)}}.dump(-1, ' ', false, Json::error_handler_t::replace)
            << std::endl;
        return;
    }
    if (options.watch && ::isatty(STDOUT_FILENO) != 0) {
        out << "\x1b[H\x1b[2J";
    }
    for (const GroupLag& lag : all) {
        printText(lag, out);
    }
    out.flush();
}

} // namespace

int runLag(const LagOptions& options, std::ostream& out, std::ostream& err)
{
    const auto plans = plansOf(options, err);
    if (!plans) {
        return kExitBadInput;
    }
    const StopSignals signals;
    for (const GroupPlan& plan : *plans) {
        const auto error =
            kafka::checkConnection(plan.connection, {.read = plan.topics}, kConnectTimeout).error();
        if (error) {
            err << "streamwright: " << error->message << '\n';
            return kExitNotReachable;
        }
    }
    while (true) {
        show(options, look(*plans), out);
        if (!options.watch) {
            return kExitDone;
        }
        const auto next = std::chrono::steady_clock::now() + kWatchInterval;
        while (!StopSignals::came() && std::chrono::steady_clock::now() < next) {
            std::this_thread::sleep_for(kTurn);
        }
        if (StopSignals::came()) {
            return kExitDone;
        }
    }
}

void addLagCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<LagOptions>();
    CLI::App* const command = app.add_subcommand("lag", "How far behind a pipeline is, and who reads what");
    command->add_option("FILE", options->pipeline.file, "Pipeline document")->required();
    command->add_option("-X", options->properties, "A librdkafka property of every connection (repeatable)")
        ->type_name("PROPERTY=VALUE")
        ->allow_extra_args(false);
    command
        ->add_option_function<std::string>(
            "--format", [options](const std::string& format) { options->json = format == "json"; },
            "text (default) or json: one object a line")
        ->check(CLI::IsMember({"text", "json"}));
    command->add_flag("--watch", options->watch, "Looks again every 2 seconds, until stopped");
    addPipelineOptions(*command, options->pipeline, true);
    command->footer("Examples:\n"
                    "  streamwright lag orders.pipeline.json --env prod.env\n"
                    "  streamwright lag orders.pipeline.json --broker localhost:9092 --format json\n"
                    "Lag counts from the committed offset; without one from the earliest record.");
    command->callback(
        [options, &run] { run = [options] { return runLag(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
