#include "core/cli/produce_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/exit_code.h"
#include "core/cli/stop_signals.h"
#include "core/kafka/producer.h"
#include "core/record/record_line.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace streamwright {
namespace {

using std::chrono::steady_clock;

constexpr Millis kTopicTimeout{10'000};
constexpr Millis kFlushTimeout{60'000};
constexpr Millis kTurn{50}; ///< how soon a signal is seen while waiting for a rate

/// Waits until record number `sent` is due; false where somebody asked to stop.
bool waitForTurn(double perSecond, std::uint64_t sent, steady_clock::time_point start)
{
    if (perSecond <= 0) {
        return !StopSignals::came();
    }
    const auto due = start + std::chrono::duration_cast<steady_clock::duration>(
                                 std::chrono::duration<double>(static_cast<double>(sent) / perSecond));
    while (!StopSignals::came() && steady_clock::now() < due) {
        std::this_thread::sleep_until(std::min(due, steady_clock::now() + kTurn));
    }
    return !StopSignals::came();
}

/// Sends lines; owns what a record needs while it is handed over.
class LineProducer {
public:
    LineProducer(const ProduceOptions& options, kafka::Producer& producer, kafka::ProducerTopic& topic)
        : m_options(options), m_producer(producer), m_topic(topic)
    {
        for (const std::string& header : options.headers) {
            const std::size_t equals = header.find('=');
            m_ownHeaders.push_back(
                {std::string_view(header).substr(0, equals), std::string_view(header).substr(equals + 1)});
        }
    }

    [[nodiscard]] Result<void> send(const std::string& line)
    {
        kafka::OutgoingRecord record{.topic = &m_topic, .value = line};
        std::vector<Header> headers;
        std::optional<RecordLine> parsed;
        if (m_options.json) {
            auto read = parseRecordLine(line);
            if (!read) {
                return read.error();
            }
            parsed = std::move(*read);
            record.key = parsed->key ? NullableBytes(*parsed->key) : NullableBytes();
            record.value = parsed->value ? NullableBytes(*parsed->value) : NullableBytes();
            record.timestampMs = parsed->timestampMs > 0 ? parsed->timestampMs : kafka::kTimestampNow;
            for (const auto& [name, value] : parsed->headers) {
                headers.push_back({name, value ? NullableBytes(*value) : NullableBytes()});
            }
        }
        if (m_options.hasKey) {
            record.key = m_options.key;
        }
        headers.insert(headers.end(), m_ownHeaders.begin(), m_ownHeaders.end());
        record.headers = headers;
        return m_producer.produce(record);
    }

private:
    const ProduceOptions& m_options;
    kafka::Producer& m_producer;
    kafka::ProducerTopic& m_topic;
    std::vector<Header> m_ownHeaders;
};

int refuse(std::ostream& err, const std::string& message, int exitCode)
{
    err << "streamwright: " << message << '\n';
    return exitCode;
}

} // namespace

int runProduce(const ProduceOptions& options, std::istream& in, std::ostream& err)
{
    for (const std::string& header : options.headers) {
        if (header.find('=') == std::string::npos || header.front() == '=') {
            return refuse(err, "--header takes NAME=TEXT, not " + quoted(header) + '.', kExitBadInput);
        }
    }
    const auto connection = resolveConnection(options.connection, err);
    if (!connection) {
        return kExitBadInput;
    }
    std::ifstream file;
    if (options.input != "-") {
        file.open(options.input, std::ios::binary);
        if (!file) {
            return refuse(err, "File " + quoted(options.input) + " cannot be opened.", kExitBadInput);
        }
    }
    std::istream& lines = options.input == "-" ? in : file;
    const StopSignals signals;
    if (const int code = checkTopic(*connection, options.topic, true, err); code != kExitDone) {
        return code;
    }
    const auto producer = kafka::Producer::create(*connection, {});
    if (!producer) {
        return refuse(err, producer.error().message, kExitNotReachable);
    }
    const auto topic = (*producer)->topic(options.topic, {}, kTopicTimeout);
    if (!topic) {
        return refuse(err, topic.error().message, kExitNotReachable);
    }
    LineProducer lineProducer(options, **producer, **topic);
    const auto start = steady_clock::now();
    std::uint64_t number = 0;
    std::uint64_t sent = 0;
    int exitCode = kExitDone;
    for (std::string line; exitCode == kExitDone && !StopSignals::came() && std::getline(lines, line);) {
        ++number;
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (line.empty()) {
            continue;
        }
        if (!waitForTurn(options.perSecond, sent, start)) {
            break;
        }
        if (const auto done = lineProducer.send(line); !done) {
            const bool badLine = done.error().code == Errc::ParseError;
            exitCode = refuse(err, "Line " + std::to_string(number) + ": " + done.error().message,
                              badLine ? kExitBadInput : kExitFailed);
            break;
        }
        ++sent;
        (*producer)->poll(Millis{0});
    }
    if (const auto flushed = (*producer)->flush(kFlushTimeout); !flushed) {
        exitCode = refuse(err, flushed.error().message, kExitFailed);
    }
    for (const kafka::DeliveryReport& failed : (*producer)->takeFailures()) {
        exitCode =
            refuse(err, failed.error ? failed.error->message : "A record was not delivered.", kExitFailed);
    }
    const std::uint64_t undelivered = (*producer)->failureCount();
    err << sent - std::min(sent, undelivered) << (sent == 1 ? " record" : " records") << " sent to topic "
        << quoted(options.topic) << ".\n";
    return exitCode;
}

void addProduceCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<ProduceOptions>();
    CLI::App* const command =
        app.add_subcommand("produce", "Sends lines of a file or of standard input to a topic");
    command->add_option("TOPIC", options->topic, "Topic to write to")->required();
    command->add_option("INPUT", options->input, "File to read; - (default) is standard input");
    CLI::Option* const key = command->add_option("--key", options->key, "Key of every record");
    command->add_option("--header", options->headers, "Header of every record (repeatable)")
        ->type_name("NAME=TEXT")
        ->allow_extra_args(false);
    command->add_option("--per-second", options->perSecond, "Records a second; 0 (default) = no limit")
        ->check(CLI::NonNegativeNumber);
    command->add_flag("--json", options->json, "Lines are records as \"peek --format json\" prints them");
    addConnectionOptions(*command, options->connection);
    command->footer(
        "Examples:\n"
        "  streamwright produce InputsTopic in.jsonl --broker localhost:9092 --per-second 50\n"
        "  echo '{\"id\": 1}' | streamwright produce InputsTopic --key k1 --file orders.pipeline.json\n"
        "  streamwright peek old --broker b1:9092 | streamwright produce new --json --broker b2:9092\n"
        "Empty lines are left out.");
    command->callback([options, key, &run] {
        options->hasKey = key->count() > 0;
        run = [options] { return runProduce(*options, std::cin, std::cerr); };
    });
}

} // namespace streamwright
