#include "core/cli/peek_command.h"

#include "core/base/diagnostic.h"
#include "core/base/utf8.h"
#include "core/cel/program.h"
#include "core/cli/exit_code.h"
#include "core/cli/peek_range.h"
#include "core/cli/record_format.h"
#include "core/cli/stop_signals.h"
#include "core/kafka/admin.h"
#include "core/kafka/consumer.h"
#include "core/kafka/embedded_broker.h"
#include "core/record/json_value.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Millis kAskTimeout{10'000};
constexpr Millis kTurn{100}; ///< how soon a signal is seen

int refuse(std::ostream& err, const std::string& message, int exitCode)
{
    err << "streamwright: " << message << '\n';
    return exitCode;
}

/// What was asked for, understood.
struct PeekPlan {
    RecordFormat format;
    PeekPlace from;
    std::optional<PeekPlace> to;
    std::optional<cel::Program> where;
};

std::optional<PeekPlan> planOf(const PeekOptions& options, std::ostream& err)
{
    constexpr const char* kPlaces =
        " takes earliest, latest, an offset, -N (the last N), a day (2026-01-31) or a "
        "time (2026-01-31T12:00:00Z), not ";
    PeekPlan plan;
    std::string problem;
    plan.format = RecordFormat::parse(options.format, problem);
    const auto from = parsePlace(options.from);
    if (!from) {
        problem = std::string("--from") + kPlaces + quoted(options.from) + '.';
    } else {
        plan.from = *from;
    }
    if (!options.to.empty()) {
        plan.to = parsePlace(options.to);
        if (!plan.to) {
            problem = std::string("--to") + kPlaces + quoted(options.to) + '.';
        }
    }
    if (options.follow && plan.to) {
        problem = "--follow has no end; leave out --to.";
    }
    if (!options.where.empty()) {
        auto program = cel::Program::compileBool(options.where);
        if (!program) {
            problem = "--where: " + program.error().message;
        } else {
            plan.where = std::move(*program);
        }
    }
    if (!problem.empty()) {
        refuse(err, problem, kExitBadInput);
        return std::nullopt;
    }
    return plan;
}

/// Chooses and prints records. Thread: the caller's.
class Printer {
public:
    Printer(const PeekOptions& options, const PeekPlan& plan, std::ostream& out)
        : m_options(options), m_plan(plan), m_out(out)
    {
    }

    void print(const kafka::ConsumedMessage& message, HeadersView headers, Arena& arena)
    {
        if (isOutOfTime(message.timestampMs)) {
            return;
        }
        Origin origin{.topic = message.topic,
                      .partition = message.partition,
                      .offset = message.offset,
                      .key = message.key,
                      .value = message.value,
                      .headers = headers,
                      .timestampMs = message.timestampMs,
                      .timestampType = message.timestampType};
        if (m_plan.where && !matches(origin, arena)) {
            return;
        }
        origin.format = ValueFormat::Bytes;
        origin.json = nullptr; // printed as it came
        m_text.clear();
        m_plan.format.append(m_text, restoredFrom(origin, nullptr));
        m_out.write(m_text.data(), static_cast<std::streamsize>(m_text.size()));
        ++m_printed;
    }

    [[nodiscard]] bool full() const { return m_options.count > 0 && m_printed >= m_options.count; }
    [[nodiscard]] std::uint64_t unanswered() const { return m_unanswered; }
    [[nodiscard]] const std::string& firstProblem() const { return m_firstProblem; }

private:
    /// Brokers look times up by their index only, and the embedded one not at all.
    [[nodiscard]] bool isOutOfTime(std::int64_t timestampMs) const
    {
        const bool tooEarly = m_plan.from.kind == PeekPlace::Kind::Time && timestampMs < m_plan.from.number;
        const bool tooLate =
            m_plan.to && m_plan.to->kind == PeekPlace::Kind::Time && timestampMs >= m_plan.to->number;
        return tooEarly || tooLate;
    }

    [[nodiscard]] bool matches(Origin& origin, Arena& arena)
    {
        JsonError problem;
        origin.json = origin.value.empty() ? nullptr : m_indexer.index(origin.value, arena, problem);
        origin.format = origin.json != nullptr || origin.value.empty() ? ValueFormat::Json
                        : isValidUtf8(origin.value)                    ? ValueFormat::Text
                                                                       : ValueFormat::Bytes;
        cel::EvalContext context{arena};
        const cel::Verdict verdict = m_plan.where->evaluateBool(restoredFrom(origin, nullptr), context);
        if (verdict.failed && m_unanswered++ == 0) {
            m_firstProblem = verdict.message;
        }
        return !verdict.failed && verdict.value;
    }

    const PeekOptions& m_options;
    const PeekPlan& m_plan;
    std::ostream& m_out;
    JsonIndexer m_indexer;
    std::string m_text;
    std::uint64_t m_printed = 0;
    std::uint64_t m_unanswered = 0;
    std::string m_firstProblem;
};

/// What is there to read.
struct TopicShape {
    std::vector<kafka::TopicPartition> partitions;
    bool canLookUpTimes = true;
};

Result<TopicShape> shapeOf(const PeekOptions& options, const kafka::ConnectionConfig& connection)
{
    const auto admin = kafka::Admin::create(connection);
    if (!admin) {
        return admin.error();
    }
    const auto topic = (*admin)->describeTopic(options.topic, kAskTimeout);
    if (!topic) {
        return topic.error();
    }
    TopicShape shape;
    const auto clusterId = (*admin)->clusterId(kAskTimeout);
    shape.canLookUpTimes = !clusterId || !kafka::EmbeddedBroker::isClusterId(*clusterId);
    for (const kafka::PartitionDescription& partition : topic->partitions) {
        if (options.partition < 0 || options.partition == partition.id) {
            shape.partitions.push_back({options.topic, partition.id});
        }
    }
    if (shape.partitions.empty()) {
        return Error{Errc::UnknownTopic, "Topic " + quoted(options.topic) + " has no partition " +
                                             std::to_string(options.partition) + ". It has " +
                                             std::to_string(topic->partitions.size()) + '.'};
    }
    return shape;
}

/// True once nothing is left to read.
bool allDone(const kafka::Consumer& consumer, std::vector<PeekPartition>& range)
{
    bool all = true;
    for (PeekPartition& partition : range) {
        // Behind the last record of a topic written in transactions stand control records (kafka.md B).
        partition.done = partition.done || consumer.position(partition.where) >= partition.end;
        all = all && partition.done;
    }
    return all;
}

int read(const PeekOptions& options, kafka::Consumer& consumer, std::vector<PeekPartition> range,
         Printer& printer, std::ostream& out, std::ostream& err)
{
    std::vector<kafka::PartitionOffset> starts;
    for (const PeekPartition& partition : range) {
        if (options.follow || !partition.done) {
            starts.push_back({partition.where, partition.first, {}, {}});
        }
    }
    if (starts.empty()) {
        return kExitDone;
    }
    if (const auto assigned = consumer.assign(starts); !assigned) {
        return refuse(err, assigned.error().message, kExitNotReachable);
    }
    kafka::MessageBatch batch;
    Arena arena;
    while (!StopSignals::came() && !printer.full() && (options.follow || !allDone(consumer, range))) {
        if (const auto consumed = consumer.consume(batch, kTurn); !consumed) {
            return refuse(err, consumed.error().message, kExitFailed);
        }
        for (const kafka::ConsumeError& error : batch.errors()) {
            if (!error.error.retriable) {
                return refuse(err, error.error.message, kExitFailed);
            }
        }
        for (std::size_t i = 0; i < batch.size() && !printer.full(); ++i) {
            const kafka::ConsumedMessage& message = batch.messages()[i];
            const auto partition = std::find_if(range.begin(), range.end(), [&](const PeekPartition& p) {
                return p.where.partition == message.partition;
            });
            if (!options.follow && message.offset >= partition->end) {
                partition->done = true;
                continue;
            }
            printer.print(message, batch.headers(i, arena), arena);
        }
        batch.clear();
        arena.reset();
        out.flush();
        if (!out) {
            return kExitDone; // whoever read it has had enough
        }
    }
    return kExitDone;
}

} // namespace

int runPeek(const PeekOptions& options, std::ostream& out, std::ostream& err)
{
    const auto plan = planOf(options, err);
    if (!plan) {
        return kExitBadInput;
    }
    const auto connection = resolveConnection(options.connection, err);
    if (!connection) {
        return kExitBadInput;
    }
    const StopSignals signals;
    if (const int code = checkTopic(*connection, options.topic, false, err); code != kExitDone) {
        return code;
    }
    const auto shape = shapeOf(options, *connection);
    if (!shape) {
        return refuse(err, shape.error().message, kExitNotReachable);
    }
    kafka::ConsumerSettings settings;
    settings.readCommitted = !options.uncommitted;
    const auto consumer = kafka::Consumer::create(*connection, settings);
    if (!consumer) {
        return refuse(err, consumer.error().message, kExitNotReachable);
    }
    auto range = resolveRange(**consumer, shape->partitions, plan->from, plan->to, shape->canLookUpTimes);
    if (!range) {
        return refuse(err, range.error().message, kExitNotReachable);
    }
    Printer printer(options, *plan, out);
    const int code = read(options, **consumer, std::move(*range), printer, out, err);
    if (printer.unanswered() > 0) {
        err << "streamwright: --where gave no answer for " << printer.unanswered()
            << (printer.unanswered() == 1 ? " record" : " records")
            << ", which are not shown; the first: " << printer.firstProblem() << '\n';
    }
    return code;
}

void addPeekCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<PeekOptions>();
    CLI::App* const command =
        app.add_subcommand("peek", "Prints the records of a topic, without joining a group");
    command->add_option("TOPIC", options->topic, "Topic to read")->required();
    command
        ->add_option(
            "--from", options->from,
            "earliest (default), latest, an offset, -N (the last N of each partition), a day or a time")
        ->type_name("PLACE");
    command->add_option("--to", options->to, "Where to end, not included; default: the ends at the start")
        ->type_name("PLACE");
    command->add_option("--partition", options->partition, "Only this partition")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--count", options->count, "Ends after so many records were printed");
    command->add_flag("--follow", options->follow, "Goes on with what comes");
    command->add_option("--where", options->where, "Only records for which this CEL condition is true")
        ->type_name("CEL");
    command->add_flag("--uncommitted", options->uncommitted, "Also records of open and aborted transactions");
    command->add_option(
        "--format", options->format,
        "json (default), value, or a text with %t topic %p partition %o offset %k key %s value "
        "%T timestamp %h headers");
    addConnectionOptions(*command, options->connection);
    command->footer(
        "Examples:\n"
        "  streamwright peek CorpAppsTopic --broker localhost:9092 --from -5\n"
        "  streamwright peek InputsTopic --file orders.pipeline.json --where 'value.quantity > 50'\n"
        "  streamwright peek InputsTopic --broker b1:9092 --from 2026-01-31 --format '%p@%o %k %s'\n"
        "  streamwright peek InputsTopic --broker b1:9092 --from latest --follow --format value");
    command->callback(
        [options, &run] { run = [options] { return runPeek(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
