#include "core/cli/reset_command.h"

#include "core/base/clock.h"
#include "core/base/diagnostic.h"
#include "core/base/time_text.h"
#include "core/cli/exit_code.h"
#include "core/engine/connections.h"
#include "core/kafka/admin.h"
#include "core/node/binding.h"
#include "core/state/small_state.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace streamwright {
namespace {

constexpr Millis kTimeout{10'000};

/// One partition of the preview.
struct Row {
    kafka::TopicPartition where;
    std::int64_t committed = kafka::kOffsetNone;
    std::int64_t next = 0;
    SmallState before;    ///< what its commit carries
    std::string metadata; ///< what will be committed beside `next`
    SmallState after;
};

/// A flow that reads Kafka, and what a reset makes of it.
struct FlowReset {
    const PlannedFlow* flow = nullptr;
    std::vector<Row> rows;
    std::vector<kafka::GroupMember> members;
    bool counterMissing = false; ///< keeps state, has none to keep
};

/// For operators that are made only to be asked for their first state.
class FirstStateContext final : public OperatorContext {
public:
    explicit FirstStateContext(std::string_view node) : m_node(node) {}
    const Clock& clock() const override { return SystemClock::instance(); }
    std::string_view nodeId() const override { return m_node; }
    std::int32_t partition() const override { return -1; }
    Result<std::optional<std::int64_t>> greatestInOutput(std::string_view) override
    {
        return std::optional<std::int64_t>();
    }

private:
    std::string_view m_node;
};

/// What a flow commits before its first record: every stateful node is made and asked, so that nothing here
/// knows what the state of a node type looks like.
Result<SmallState> firstState(const Topology& topology, const PlannedFlow& flow)
{
    SmallState state;
    for (const std::size_t index : flow.nodes) {
        const PlannedNode& node = topology.nodes[index];
        if (node.mode != NodeMode::On || !node.spec().stateful) {
            continue;
        }
        MakeContext context{
            node.id, topology.pipelineName, {}, node.behindErrorPort, &SystemClock::instance()};
        auto made = node.type->make(node.config, context);
        if (!made) {
            return made.error();
        }
        auto* const transform = std::get_if<std::unique_ptr<Operator>>(&*made);
        if (transform == nullptr) {
            continue;
        }
        FirstStateContext operatorContext(node.id);
        if (auto opened = (*transform)->open(operatorContext); !opened) {
            return opened.error();
        }
        if (auto restored = (*transform)->restore({RestoredState::Kind::Fresh, {}, {}}); !restored) {
            return restored.error();
        }
        state[node.id] = (*transform)->smallState();
    }
    return state;
}

/// `to` as listOffsets() takes it; empty where it is no time.
std::optional<std::int64_t> targetOf(const std::string& to)
{
    if (to == "earliest") {
        return kafka::OffsetSpec::kEarliest;
    }
    if (to == "latest") {
        return kafka::OffsetSpec::kLatest;
    }
    std::int64_t millis = 0;
    const auto parsed = std::from_chars(to.data(), to.data() + to.size(), millis);
    if (parsed.ec == std::errc() && parsed.ptr == to.data() + to.size() && millis >= 0) {
        return millis;
    }
    return parseRfc3339(to);
}

Result<std::vector<kafka::TopicPartition>> inputsOf(const Topology& topology, const PlannedFlow& flow,
                                                    kafka::Admin& admin)
{
    std::vector<kafka::TopicPartition> inputs;
    for (const std::size_t index : flow.kafkaSources) {
        const PlannedNode& node = topology.nodes[index];
        if (node.mode == NodeMode::Off) {
            continue;
        }
        MakeContext context{
            node.id, topology.pipelineName, {}, node.behindErrorPort, &SystemClock::instance()};
        auto made = node.type->make(node.config, context);
        if (!made) {
            return made.error();
        }
        const auto* const binding = std::get_if<KafkaSourceBinding>(&*made);
        for (const std::string& topic : binding == nullptr ? std::vector<std::string>() : binding->topics) {
            auto described = admin.describeTopic(topic, kTimeout);
            if (!described) {
                return described.error();
            }
            if (described->error) {
                return *described->error;
            }
            for (const kafka::PartitionDescription& partition : described->partitions) {
                inputs.push_back({topic, partition.id});
            }
        }
    }
    std::sort(inputs.begin(), inputs.end());
    inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
    return inputs;
}

/// Which state goes beside the new offsets. One counter over all partitions is in each of their commits, and
/// the greatest is right; otherwise each partition has its own.
Result<void> decideState(FlowReset& reset, const Topology& topology, bool keep)
{
    if (!reset.flow->stateful) {
        return {};
    }
    const auto first = firstState(topology, *reset.flow);
    if (!first) {
        return first.error();
    }
    SmallState all;
    const bool anyCommit =
        std::any_of(reset.rows.begin(), reset.rows.end(), [](const Row& row) { return row.committed >= 0; });
    for (const Row& row : reset.rows) {
        all = newest(std::move(all), row.before);
    }
    for (Row& row : reset.rows) {
        if (!keep) {
            row.after = *first;
        } else if (reset.flow->scope == TaskScope::Pipeline) {
            row.after = all;
        } else if (anyCommit && row.committed < 0) {
            row.after = *first; // a partition that was added since: nothing was counted there
        } else {
            row.after = row.before;
        }
        reset.counterMissing = reset.counterMissing || row.after.empty();
        auto metadata = encodeSmallState(row.after);
        if (!metadata) {
            return metadata.error();
        }
        row.metadata = std::move(*metadata);
    }
    return {};
}

Result<FlowReset> plan(const Topology& topology, const PlannedFlow& flow, kafka::Admin& admin,
                       std::int64_t target, bool keep)
{
    FlowReset reset;
    reset.flow = &flow;
    const auto inputs = inputsOf(topology, flow, admin);
    if (!inputs) {
        return inputs.error();
    }
    const auto committed = admin.committedOffsets(flow.groupId, *inputs, kTimeout);
    if (!committed) {
        return committed.error();
    }
    std::vector<kafka::OffsetSpec> wanted;
    std::vector<kafka::OffsetSpec> ends;
    for (const kafka::TopicPartition& where : *inputs) {
        wanted.push_back({where, target});
        ends.push_back({where, kafka::OffsetSpec::kLatest});
    }
    const auto starts = admin.listOffsets(wanted, false, kTimeout);
    if (!starts) {
        return starts.error();
    }
    const auto last = admin.listOffsets(ends, false, kTimeout);
    if (!last) {
        return last.error();
    }
    for (std::size_t i = 0; i < inputs->size(); ++i) {
        for (const auto* const answers : {&*committed, &*starts, &*last}) {
            if ((*answers)[i].error) {
                return *(*answers)[i].error;
            }
        }
        Row row;
        row.where = (*inputs)[i];
        row.committed = (*committed)[i].offset;
        // No record so late as the time asked for: behind the last one.
        row.next = (*starts)[i].offset >= 0 ? (*starts)[i].offset : (*last)[i].offset;
        if (auto state = decodeSmallState((*committed)[i].metadata)) {
            row.before = std::move(*state);
        }
        reset.rows.push_back(std::move(row));
    }
    if (auto decided = decideState(reset, topology, keep); !decided) {
        return decided.error();
    }
    auto group = admin.describeGroup(flow.groupId, kTimeout);
    if (group) {
        reset.members = std::move(group->members);
    } else if (group.error().code != Errc::NotFound) {
        return group.error();
    }
    return reset;
}

std::string countsOf(const SmallState& state)
{
    std::string text;
    for (const auto& [node, value] : state) {
        const auto count = countOf(value);
        text += (text.empty() ? "" : ", ") + node + ' ' + (count ? std::to_string(*count) : value);
    }
    return text.empty() ? "none" : text;
}

/// What the change means for the records of the partition, in words.
std::string effectOf(const Row& row)
{
    if (row.committed < 0) {
        return "begins here";
    }
    if (row.next == row.committed) {
        return "no change";
    }
    return row.next < row.committed ? "read again" : "skipped, never read";
}

std::string counterSentence(const FlowReset& reset, bool keep)
{
    if (!reset.flow->stateful) {
        return {};
    }
    if (reset.counterMissing) {
        return "Its counter is lost: the committed offsets carry none (set by another tool, expired, or the "
               "pipeline never ran). Nothing can be kept; --counter start begins at the first number.";
    }
    if (!keep) {
        return "Its counter begins anew at the first number: numbers that the output topic has already are "
               "given a second time.";
    }
    return "Its counter goes on: no number is given twice, but a record that is read again gets a second "
           "number.";
}

void printText(const std::vector<FlowReset>& resets, bool keep, std::ostream& out)
{
    for (const FlowReset& reset : resets) {
        out << "Flow \"" << reset.flow->name << "\", group \"" << reset.flow->groupId << "\"\n";
        std::vector<std::vector<std::string>> table{
            {"partition", "committed", "new", "difference", "effect"}};
        if (reset.flow->stateful) {
            table.front().insert(table.front().end(), {"counter", "new counter"});
        }
        for (const Row& row : reset.rows) {
            const std::int64_t difference = row.next - row.committed;
            table.push_back(
                {row.where.topic + '[' + std::to_string(row.where.partition) + ']',
                 row.committed < 0 ? "-" : std::to_string(row.committed), std::to_string(row.next),
                 row.committed < 0 ? "-" : (difference > 0 ? "+" : "") + std::to_string(difference),
                 effectOf(row)});
            if (reset.flow->stateful) {
                table.back().insert(table.back().end(), {countsOf(row.before), countsOf(row.after)});
            }
        }
        std::vector<std::size_t> widths(table.front().size(), 0);
        for (const auto& line : table) {
            for (std::size_t i = 0; i < line.size(); ++i) {
                widths[i] = std::max(widths[i], line[i].size());
            }
        }
        for (const auto& line : table) {
            out << ' ';
            for (std::size_t i = 0; i < line.size(); ++i) {
                const std::size_t fill = i + 1 == line.size() ? 0 : widths[i] - line[i].size();
                out << ' ' << line[i] << std::string(fill, ' ');
            }
            out << '\n';
        }
        if (const std::string sentence = counterSentence(reset, keep); !sentence.empty()) {
            out << sentence << '\n';
        }
    }
}

void printJson(const std::vector<FlowReset>& resets, bool done, std::ostream& out)
{
    using OrderedJson = nlohmann::ordered_json;
    const auto stateJson = [](const SmallState& state) {
        OrderedJson json = OrderedJson::object();
        for (const auto& [node, value] : state) {
            json[node] = OrderedJson::parse(value, nullptr, false);
        }
        return json;
    };
    OrderedJson flows = OrderedJson::array();
    for (const FlowReset& reset : resets) {
        OrderedJson rows = OrderedJson::array();
        for (const Row& row : reset.rows) {
            OrderedJson one{{"topic", row.where.topic}, {"partition", row.where.partition}};
            one["committed"] = row.committed < 0 ? OrderedJson() : OrderedJson(row.committed);
            one["new"] = row.next;
            one["difference"] = row.committed < 0 ? OrderedJson() : OrderedJson(row.next - row.committed);
            one["state"] = stateJson(row.before);
            one["new_state"] = stateJson(row.after);
            rows.push_back(std::move(one));
        }
        flows.push_back({{"flow", reset.flow->name},
                         {"group", reset.flow->groupId},
                         {"members", reset.members.size()},
                         {"counter_lost", reset.counterMissing},
                         {"partitions", std::move(rows)}});
    }
    out << OrderedJson{{"done", done}, {"flows", std::move(flows)}}.dump(2) << '\n';
}

int refuse(std::ostream& err, int code, const std::string& message)
{
    err << "streamwright: " << message << '\n';
    return code;
}

/// Why it may not be done now, and the exit code that says so.
std::optional<std::pair<int, std::string>> whyNot(const std::vector<FlowReset>& resets)
{
    for (const FlowReset& reset : resets) {
        if (!reset.members.empty()) {
            const kafka::GroupMember& member = reset.members.front();
            return std::pair{
                static_cast<int>(kExitFenced),
                "Group " + quoted(reset.flow->groupId) + " has " + std::to_string(reset.members.size()) +
                    (reset.members.size() == 1 ? " member" : " members") + " (client " + member.clientId +
                    " on host " + member.host +
                    "). Stop the pipeline first; the group forgets a stopped one about 10 s later. Nothing "
                    "was changed."};
        }
        if (reset.counterMissing) {
            return std::pair{static_cast<int>(kExitBadInput),
                             "Flow " + quoted(reset.flow->name) +
                                 " numbers records, and its counter is lost. Use --counter start to begin at "
                                 "the first number. Nothing was changed."};
        }
    }
    return std::nullopt;
}

Result<void> carryOut(const FlowReset& reset, kafka::Admin& admin)
{
    std::vector<kafka::PartitionOffset> offsets;
    for (const Row& row : reset.rows) {
        offsets.push_back({row.where, row.next, row.metadata, std::nullopt});
    }
    return admin.alterCommittedOffsets(reset.flow->groupId, offsets, kTimeout);
}

} // namespace

int runReset(const ResetOptions& options, std::ostream& out, std::ostream& err)
{
    const std::optional<std::int64_t> target = targetOf(options.to);
    if (!target) {
        return refuse(err, kExitBadInput,
                      "--to takes earliest, latest or a time such as 2026-11-23T12:00:00Z, not \"" +
                          options.to + "\".");
    }
    const std::optional<OpenedPipeline> opened = openSoundPipeline(options.pipeline, true, err);
    if (!opened) {
        return kExitBadInput;
    }
    const Topology& topology = *opened->topology;
    const bool keep = options.counter == "keep";
    std::vector<FlowReset> resets;
    std::vector<std::unique_ptr<kafka::Admin>> admins;
    for (const PlannedFlow& flow : topology.flows) {
        const PlannedConnection* const connection = topology.findConnection(flow.connection);
        if (flow.kafkaSources.empty() || connection == nullptr) {
            continue;
        }
        if (connection->embedded) {
            return refuse(err, kExitBadInput,
                          "Connection " + quoted(connection->name) +
                              " is the embedded broker, which keeps no offsets between runs.");
        }
        auto admin = kafka::Admin::create(connectionConfigOf(*connection));
        if (!admin) {
            return refuse(err, kExitNotReachable, admin.error().message);
        }
        admins.push_back(std::move(*admin));
        auto reset = plan(topology, flow, *admins.back(), *target, keep);
        if (!reset) {
            return refuse(err, kExitNotReachable, reset.error().message);
        }
        resets.push_back(std::move(*reset));
    }
    if (resets.empty()) {
        return refuse(err, kExitBadInput, "This pipeline reads no Kafka topic: there is no offset to reset.");
    }
    const bool json = options.format == "json";
    const auto problem = whyNot(resets);
    if (!json) {
        printText(resets, keep, out);
    }
    int code = kExitDone;
    bool done = false;
    if (options.yes && problem) {
        code = refuse(err, problem->first, problem->second);
    } else if (options.yes) {
        for (std::size_t i = 0; i < resets.size(); ++i) {
            if (auto carried = carryOut(resets[i], *admins[i]); !carried) {
                return refuse(err, kExitNotReachable, carried.error().message);
            }
        }
        done = true;
    }
    if (json) {
        printJson(resets, done, out);
    } else if (done) {
        out << "Done.\n";
    } else if (!options.yes) {
        out << (problem ? problem->second : std::string("Nothing was changed; --yes does it.")) << '\n';
    }
    return code;
}

void addResetCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<ResetOptions>();
    CLI::App* const command = app.add_subcommand("reset", "Shows and sets where a stopped pipeline reads on");
    command->add_option("FILE", options->pipeline.file, "Pipeline document")->required();
    command->add_option("--to", options->to, "earliest, latest, or the first records at or after a time")
        ->required();
    command
        ->add_option("--counter", options->counter,
                     "What becomes of numbering: keep (default) goes on, start begins at the first number")
        ->check(CLI::IsMember({"keep", "start"}));
    command->add_flag("--yes", options->yes, "Does it; without it only the preview is shown");
    command->add_option("--format", options->format, "text (default) or json")
        ->check(CLI::IsMember({"text", "json"}));
    addPipelineOptions(*command, options->pipeline, true);
    command->footer("Examples:\n"
                    "  streamwright reset orders.pipeline.json --to earliest\n"
                    "  streamwright reset orders.pipeline.json --to 2026-11-23T12:00:00Z --yes\n"
                    "Refused while the pipeline runs anywhere (exit code 4). Counters go with the offsets.");
    command->callback(
        [options, &run] { run = [options] { return runReset(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
