#include "core/cli/broker_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/exit_code.h"
#include "core/cli/stop_signals.h"
#include "core/kafka/embedded_broker.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace streamwright {
namespace {

constexpr std::chrono::milliseconds kTurn{50}; ///< how soon a signal is seen
constexpr int kMostPartitions = 1'000;

/// NAME or NAME:PARTITIONS; empty where it is neither.
std::optional<std::pair<std::string, int>> parseTopic(const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    int partitions = 1;
    if (colon != std::string::npos) {
        const char* const end = text.data() + text.size();
        const auto [at, problem] = std::from_chars(text.data() + colon + 1, end, partitions);
        if (problem != std::errc{} || at != end || partitions < 1 || partitions > kMostPartitions) {
            return std::nullopt;
        }
    }
    const std::string name = text.substr(0, colon);
    return name.empty() ? std::nullopt : std::optional(std::pair(name, partitions));
}

} // namespace

int runBroker(const BrokerOptions& options, std::ostream& out, std::ostream& err)
{
    std::vector<std::pair<std::string, int>> topics;
    for (const std::string& text : options.topics) {
        const auto topic = parseTopic(text);
        if (!topic) {
            err << "streamwright: --topic takes NAME or NAME:PARTITIONS, not " << quoted(text) << ".\n";
            return kExitBadInput;
        }
        topics.push_back(*topic);
    }
    const StopSignals signals;
    const auto broker = kafka::EmbeddedBroker::start();
    if (!broker) {
        err << "streamwright: " << broker.error().message << '\n';
        return kExitFailed;
    }
    for (const auto& [name, partitions] : topics) {
        if (const auto made = (*broker)->createTopic(name, partitions); !made) {
            err << "streamwright: " << made.error().message << '\n';
            return kExitFailed;
        }
    }
    out << "bootstrap=" << (*broker)->bootstrap() << std::endl; // flushed: somebody waits for it
    err << "In memory only: at most 5 MiB or 100,000 batches per partition, lost at the end. Ctrl-C ends "
           "it.\n";
    while (!StopSignals::came()) {
        std::this_thread::sleep_for(kTurn);
    }
    return kExitDone;
}

void addBrokerCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<BrokerOptions>();
    CLI::App* const command =
        app.add_subcommand("broker", "Runs an embedded broker of its own, for trying things out");
    command
        ->add_option("--topic", options->topics, "A topic to make, with 1 partition unless told (repeatable)")
        ->type_name("NAME:PARTITIONS")
        ->allow_extra_args(false);
    command->footer(
        "Examples:\n"
        "  streamwright broker --topic InputsTopic --topic CorpAppsTopic:4\n"
        "  streamwright run orders.pipeline.json --broker 127.0.0.1:PORT\n"
        "Prints bootstrap=127.0.0.1:PORT; the port cannot be chosen. It knows no TLS, no logins and no\n"
        "administration, and is no proof of exactly once.");
    command->callback(
        [options, &run] { run = [options] { return runBroker(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
