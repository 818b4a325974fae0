/// The forward benchmark of resources/docs/performance.md: the raw librdkafka forward (R) and the seed
/// pipeline in turn, on one real broker, in one run; it prints the ratios and checks every output before it
/// counts. It prints figures and fails only on wrong contents, never on a slow machine.
#include "tests/bench/forward/measured_system.h"
#include "tests/support/broker_client.h"
#include "tests/support/child_process.h"
#include "tests/support/seed_records.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace streamwright::bench {
namespace {

using testing::BrokerClient;
using testing::Message;
using testing::SeedRecord;
using testing::seedRecord;

constexpr const char* kInput = "seed-in";

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Options {
    std::string bootstrap;
    SystemPaths paths;
    std::string jsonOut;
    std::string systems = "raw,seed";
    std::uint64_t records = 3'000'000;
    int rounds = 5;
    int partitions = 4;
    double limitS = 120;
};

struct RunFigures {
    std::string system;
    double perSecond = 0;
    double cpuUsPerRecord = 0;
    double peakMb = 0;
    double firstOutputS = 0;
    bool complete = false;
    std::string problem; ///< of the contents; empty: right
};

std::uint64_t expectedOutputs(const Options& options, bool forwardsAll)
{
    return forwardsAll ? options.records : options.records - options.records / 50;
}

void preload(BrokerClient& broker, const Options& options)
{
    std::printf("preloading %llu records into %s, %d partitions ...\n",
                static_cast<unsigned long long>(options.records), kInput, options.partitions);
    std::fflush(stdout);
    broker.createTopic(kInput, options.partitions);
    broker.produce(kInput, options.records, [&](std::uint64_t n) {
        const SeedRecord record = seedRecord(n);
        return Message{static_cast<int>(n % static_cast<std::uint64_t>(options.partitions)), record.key,
                       record.value, 1'700'000'000'000 + static_cast<std::int64_t>(n)};
    });
}

/// Output of the pipeline against what the inputs say: each request once, in the order of its partitions,
/// with its product and quantity, and with numbers 1 to N each given once.
std::string checkOutput(BrokerClient& broker, const Options& options, const std::string& topic,
                        bool numbersOnce)
{
    std::vector<bool> numbers(options.records + 1, false);
    // By input and output partition: Kafka Streams partitions anew by key, ours keeps the partition.
    const auto partitions = static_cast<std::size_t>(options.partitions);
    std::vector<std::int64_t> lastIds(partitions * partitions, -1);
    std::vector<std::string> problems;
    std::uint64_t count = 0;
    broker.readAll(topic, [&](int partition, std::string_view, std::string_view value) {
        ++count;
        const nlohmann::json json = nlohmann::json::parse(value, nullptr, false);
        if (json.is_discarded()) {
            problems.push_back("not JSON: " + std::string(value));
            return problems.size() < 5;
        }
        const std::int64_t id = json.value("id", -1);
        const SeedRecord expected = seedRecord(static_cast<std::uint64_t>(id));
        const auto number = json.value("app_number", std::int64_t{-1});
        if (!expected.isRequest || json.value("product", "") != expected.product ||
            json.value("quantity", std::int64_t{-1}) != expected.quantity || json.size() != 6) {
            problems.push_back("wrong contents: " + std::string(value));
        }
        if (!numbersOnce) {
            // counted per task: only order and contents can be checked
        } else if (number < 1 || number > static_cast<std::int64_t>(options.records) ||
                   numbers[static_cast<std::size_t>(number)]) {
            problems.push_back("number given twice or out of range: " + std::string(value));
        } else {
            numbers[static_cast<std::size_t>(number)] = true;
        }
        std::int64_t& lastId = lastIds[static_cast<std::size_t>(id) % partitions * partitions +
                                       static_cast<std::size_t>(partition)];
        if (id <= lastId) {
            problems.push_back("out of order or twice: " + std::string(value));
        }
        lastId = id;
        return problems.size() < 5;
    });
    if (count != expectedOutputs(options, false)) {
        problems.push_back(std::to_string(count) + " outputs instead of " +
                           std::to_string(expectedOutputs(options, false)));
    }
    return problems.empty() ? "" : problems.front();
}

RunFigures measure(BrokerClient& broker, const Options& options, const MeasuredSystem& system, int round)
{
    const std::string id = system.name + "-" + std::to_string(round);
    const std::string output = "seed-out-" + id;
    const std::uint64_t expected = expectedOutputs(options, system.forwardsAll);
    broker.createTopic(output, options.partitions);
    broker.createTopic("seed-rejects-" + id, options.partitions);

    RunFigures figures;
    figures.system = system.name;
    const Clock::time_point started = Clock::now();
    ChildProcess process =
        system.start({options.bootstrap, kInput, output, "seed-rejects-" + id, "seed-" + id});
    std::vector<std::pair<double, std::uint64_t>> samples;
    std::optional<double> first;
    while (true) {
        const double elapsed = Seconds(Clock::now() - started).count();
        const std::uint64_t total = broker.endOffsets(output);
        samples.emplace_back(elapsed, total);
        if (total > 0 && !first) {
            first = elapsed;
        }
        if (total >= expected || elapsed > options.limitS || !process.alive()) {
            break;
        }
        std::this_thread::sleep_for(first ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10));
    }
    figures.complete = samples.back().second >= expected;
    figures.firstOutputS = first.value_or(-1);
    figures.cpuUsPerRecord = process.cpuSeconds() * 1e6 / static_cast<double>(options.records);
    figures.peakMb = process.peakMb();
    process.stop();

    const auto timeAt = [&](double share) {
        const double wanted = share * static_cast<double>(expected);
        for (std::size_t i = 1; i < samples.size(); ++i) {
            const auto [t1, c1] = samples[i];
            if (static_cast<double>(c1) >= wanted) {
                const auto [t0, c0] = samples[i - 1];
                const double span = static_cast<double>(c1 - c0);
                return span > 0 ? t0 + (t1 - t0) * (wanted - static_cast<double>(c0)) / span : t1;
            }
        }
        return samples.back().first;
    };
    // Input records, so that R and the pipeline are in one unit: the pipeline drops every 50th on the way.
    const double window = timeAt(0.9) - timeAt(0.1);
    figures.perSecond = window > 0 ? 0.8 * static_cast<double>(options.records) / window : 0;
    if (!figures.complete) {
        figures.problem =
            std::to_string(samples.back().second) + " of " + std::to_string(expected) + " outputs";
    } else if (!system.forwardsAll) {
        figures.problem = checkOutput(broker, options, output, system.numbersOnce);
    }
    broker.deleteTopic(output);
    broker.deleteTopic("seed-rejects-" + id);
    return figures;
}

double median(std::vector<double> values)
{
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void report(const std::vector<RunFigures>& runs, const std::vector<MeasuredSystem>& systems,
            const Options& options)
{
    const auto of = [&](const std::string& name, auto member) {
        std::vector<double> values;
        for (const RunFigures& run : runs) {
            if (run.system == name) {
                values.push_back(run.*member);
            }
        }
        return values;
    };
    const std::vector<double> raw = of("raw", &RunFigures::perSecond);
    std::printf("\n%-16s %12s %8s %10s %9s %13s\n", "system", "records/s", "of R", "us CPU/rec", "peak MB",
                "first out s");
    for (const MeasuredSystem& system : systems) {
        const std::vector<double> rates = of(system.name, &RunFigures::perSecond);
        std::vector<double> ratios;
        for (std::size_t i = 0; i < std::min(rates.size(), raw.size()); ++i) {
            ratios.push_back(rates[i] / raw[i]);
        }
        std::printf("%-16s %12.0f %8.2f %10.2f %9.0f %13.2f\n", system.name.c_str(), median(rates),
                    median(ratios), median(of(system.name, &RunFigures::cpuUsPerRecord)),
                    median(of(system.name, &RunFigures::peakMb)),
                    median(of(system.name, &RunFigures::firstOutputS)));
    }
    if (!raw.empty()) {
        const auto [low, high] = std::minmax_element(raw.begin(), raw.end());
        std::printf("R from %.0f to %.0f%s; medians of %d interleaved rounds, ratios are per round.\n", *low,
                    *high, *high > 1.3 * *low ? " (erratic: over 30 % apart)" : "", options.rounds);
    }
}

int run(const Options& options)
{
    BrokerClient broker(options.bootstrap);
    preload(broker, options);
    const std::vector<MeasuredSystem> systems = systemsOf(options.systems, options.paths);
    std::vector<RunFigures> runs;
    bool wrong = false;
    for (int round = 1; round <= options.rounds; ++round) {
        for (const MeasuredSystem& system : systems) {
            runs.push_back(measure(broker, options, system, round));
            const RunFigures& last = runs.back();
            std::printf("round %d %-10s %9.0f records/s, %5.2f us CPU, %4.0f MB, first output %.2f s %s\n",
                        round, last.system.c_str(), last.perSecond, last.cpuUsPerRecord, last.peakMb,
                        last.firstOutputS, last.problem.c_str());
            std::fflush(stdout);
            wrong = wrong || !last.problem.empty();
        }
    }
    report(runs, systems, options);
    if (!options.jsonOut.empty()) {
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (const RunFigures& figures : runs) {
            all.push_back({{"system", figures.system},
                           {"records_per_s", figures.perSecond},
                           {"cpu_us_per_record", figures.cpuUsPerRecord},
                           {"peak_mb", figures.peakMb},
                           {"first_output_s", figures.firstOutputS},
                           {"problem", figures.problem}});
        }
        std::ofstream(options.jsonOut) << all.dump(2) << '\n';
    }
    return wrong ? 1 : 0;
}

} // namespace
} // namespace streamwright::bench

int main(int argc, char** argv)
{
    streamwright::bench::Options options;
    CLI::App app("Throughput of the seed pipeline beside the raw librdkafka forward, on a real broker");
    app.add_option("--bootstrap", options.bootstrap, "A broker on 127.0.0.1")->required();
    app.add_option("--streamwright", options.paths.streamwright, "The streamwright executable")->required();
    app.add_option("--raw", options.paths.raw, "The raw_forward executable")->required();
    app.add_option("--pipeline", options.paths.pipeline, "seed.pipeline.json")->required();
    app.add_option("--systems", options.systems,
                   "Of raw,seed,exactly,streams,streams-exactly,quix, in this order");
    app.add_option("--streams-libs", options.paths.streamsLibraries, "Jars of tests/bench/kafka-streams");
    app.add_option("--python", options.paths.python, "A Python that has quixstreams");
    app.add_option("--quix", options.paths.quixProgram, "tests/bench/quix/seed.py");
    app.add_option("--records", options.records, "Input records");
    app.add_option("--rounds", options.rounds, "Interleaved rounds");
    app.add_option("--partitions", options.partitions, "Partitions of every topic");
    app.add_option("--limit", options.limitS, "Seconds after which a run is cut off");
    app.add_option("--json", options.jsonOut, "File for the raw figures of all runs");
    CLI11_PARSE(app, argc, argv);
    return streamwright::bench::run(options);
}
