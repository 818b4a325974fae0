/// End-to-end latency at a fixed rate, open loop: every record carries the time at which it was due to be
/// sent, so a stall counts for all that wait behind it (no coordinated omission). R and the seed pipeline in
/// turn.
#include "tests/bench/forward/measured_system.h"
#include "tests/support/broker_client.h"
#include "tests/support/seed_records.h"

#include <CLI/CLI.hpp>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace streamwright::bench {
namespace {

using testing::BrokerClient;
using testing::SeedRecord;
using testing::seedRecord;

using Clock = std::chrono::steady_clock;

struct Options {
    std::string bootstrap;
    SystemPaths paths;
    std::string systems = "raw,seed";
    int perSecond = 10'000;
    int warmUpS = 5;
    int measureS = 15;
    int rounds = 3;
    int partitions = 4;
};

rd_kafka_t* makeClient(rd_kafka_type_t type,
                       const std::vector<std::pair<const char*, std::string>>& properties)
{
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    char problem[512];
    for (const auto& [name, value] : properties) {
        if (rd_kafka_conf_set(conf, name, value.c_str(), problem, sizeof problem) != RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "latency_bench: %s\n", problem);
            std::exit(2);
        }
    }
    return rd_kafka_new(type, conf, problem, sizeof problem);
}

std::int64_t idOf(std::string_view value)
{
    constexpr std::string_view kMark = "\"id\":";
    const std::size_t at = value.find(kMark);
    return at == std::string_view::npos ? -1 : std::strtoll(value.data() + at + kMark.size(), nullptr, 10);
}

struct Latencies {
    double p50Ms = 0;
    double p99Ms = 0;
    std::size_t count = 0;
};

Latencies measure(BrokerClient& broker, const Options& options, const MeasuredSystem& system, int round)
{
    const std::string id = "latency-" + system.name + "-" + std::to_string(round);
    const RunTopics topics{options.bootstrap, "in-" + id, "out-" + id, "rejects-" + id, "group-" + id};
    for (const std::string& topic : {topics.input, topics.output, topics.rejects}) {
        broker.createTopic(topic, options.partitions);
    }
    ChildProcess process = system.start(topics);

    rd_kafka_t* const producer = makeClient(RD_KAFKA_PRODUCER, {{"bootstrap.servers", options.bootstrap},
                                                                {"linger.ms", "2"},
                                                                {"enable.idempotence", "true"},
                                                                {"socket.nagle.disable", "true"}});
    rd_kafka_t* const consumer = makeClient(RD_KAFKA_CONSUMER, {{"bootstrap.servers", options.bootstrap},
                                                                {"group.id", "probe"},
                                                                {"fetch.wait.max.ms", "10"},
                                                                {"enable.auto.commit", "false"},
                                                                {"isolation.level", "read_committed"},
                                                                {"socket.nagle.disable", "true"},
                                                                {"fetch.queue.backoff.ms", "0"}});
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_t* const assignment = rd_kafka_topic_partition_list_new(options.partitions);
    for (int partition = 0; partition < options.partitions; ++partition) {
        rd_kafka_topic_partition_list_add(assignment, topics.output.c_str(), partition)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    }
    rd_kafka_assign(consumer, assignment);
    rd_kafka_topic_partition_list_destroy(assignment);

    const auto total = static_cast<std::int64_t>(options.perSecond) * (options.warmUpS + options.measureS);
    const std::int64_t firstCounted = static_cast<std::int64_t>(options.perSecond) * options.warmUpS;
    const auto period = std::chrono::nanoseconds(1'000'000'000 / options.perSecond);
    // The probe begins when the system has passed its first record, so that start-up is not in the figures.
    const Clock::time_point begin = Clock::now() + std::chrono::seconds(2);
    std::atomic<bool> done{false};
    std::vector<double> latencies;
    latencies.reserve(static_cast<std::size_t>(total - firstCounted));

    std::thread reader([&] {
        while (!done.load()) {
            rd_kafka_message_t* const message = rd_kafka_consumer_poll(consumer, 50);
            if (message == nullptr) {
                continue;
            }
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                const std::int64_t number = idOf({static_cast<const char*>(message->payload), message->len});
                if (number >= firstCounted) {
                    const Clock::time_point due = begin + number * period;
                    latencies.push_back(
                        std::chrono::duration<double, std::milli>(Clock::now() - due).count());
                }
            }
            rd_kafka_message_destroy(message);
        }
    });

    for (std::int64_t n = 0; n < total; ++n) {
        const Clock::time_point due = begin + n * period;
        if (due > Clock::now()) {
            std::this_thread::sleep_until(due);
        }
        const SeedRecord record = seedRecord(static_cast<std::uint64_t>(n));
        rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topics.input.c_str()),
                          RD_KAFKA_V_PARTITION(static_cast<int>(n % options.partitions)),
                          RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
        if (n % 64 == 0) {
            rd_kafka_poll(producer, 0);
        }
    }
    rd_kafka_flush(producer, 10'000);
    const std::uint64_t expected =
        static_cast<std::uint64_t>(total) - (system.forwardsAll ? 0 : static_cast<std::uint64_t>(total) / 50);
    const Clock::time_point limit = Clock::now() + std::chrono::seconds(20);
    while (broker.endOffsets(topics.output) < expected && Clock::now() < limit) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    done = true;
    reader.join();
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    process.stop();
    for (const std::string& topic : {topics.input, topics.output, topics.rejects}) {
        broker.deleteTopic(topic);
    }
    std::sort(latencies.begin(), latencies.end());
    if (latencies.empty()) {
        return {};
    }
    return {latencies[latencies.size() / 2], latencies[latencies.size() * 99 / 100], latencies.size()};
}

} // namespace
} // namespace streamwright::bench

int main(int argc, char** argv)
{
    using namespace streamwright::bench;
    using streamwright::testing::BrokerClient;
    Options options;
    CLI::App app("Latency at a fixed rate, from the intended send time to the read of the output");
    app.add_option("--bootstrap", options.bootstrap, "A broker on 127.0.0.1")->required();
    app.add_option("--streamwright", options.paths.streamwright, "The streamwright executable")->required();
    app.add_option("--raw", options.paths.raw, "The raw_forward executable")->required();
    app.add_option("--pipeline", options.paths.pipeline, "seed.pipeline.json")->required();
    app.add_option("--systems", options.systems,
                   "Of raw,seed,exactly,streams,streams-exactly,quix, in this order");
    app.add_option("--streams-libs", options.paths.streamsLibraries, "Jars of tests/bench/kafka-streams");
    app.add_option("--python", options.paths.python, "A Python that has quixstreams");
    app.add_option("--quix", options.paths.quixProgram, "tests/bench/quix/seed.py");
    app.add_option("--per-second", options.perSecond, "Records per second");
    app.add_option("--measure", options.measureS, "Seconds that count, after 5 of warm-up");
    app.add_option("--rounds", options.rounds, "Interleaved rounds");
    CLI11_PARSE(app, argc, argv);

    const std::vector<MeasuredSystem> systems = systemsOf(options.systems, options.paths);
    BrokerClient broker(options.bootstrap);
    for (int round = 1; round <= options.rounds; ++round) {
        for (const MeasuredSystem& system : systems) {
            const Latencies latencies = measure(broker, options, system, round);
            std::printf("round %d %-8s p50 %7.1f ms  p99 %7.1f ms  (%zu records)\n", round,
                        system.name.c_str(), latencies.p50Ms, latencies.p99Ms, latencies.count);
            std::fflush(stdout);
        }
    }
    return 0;
}
