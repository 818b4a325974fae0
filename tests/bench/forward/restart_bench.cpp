/// How long a pipeline is away after kill -9: the time from the start of its successor to the next new
/// output.
#include "tests/bench/forward/measured_system.h"
#include "tests/support/broker_client.h"
#include "tests/support/seed_records.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace streamwright::bench {
namespace {

using testing::BrokerClient;
using testing::Message;
using testing::SeedRecord;
using testing::seedRecord;

using Clock = std::chrono::steady_clock;

/// Seconds until the output has more than `than` records; negative when that does not happen within `limitS`.
double waitForMore(BrokerClient& broker, const std::string& topic, std::uint64_t than, double limitS)
{
    const Clock::time_point begin = Clock::now();
    double elapsed = 0;
    while (broker.endOffsets(topic) <= than) {
        elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
        if (elapsed > limitS) {
            return -1;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

int run(const std::string& bootstrap, const MeasuredSystem& system, int rounds, std::uint64_t records)
{
    BrokerClient broker(bootstrap);
    const RunTopics topics{bootstrap, "restart-in", "restart-out", "restart-rejects", "restart"};
    for (const std::string& topic : {topics.input, topics.output, topics.rejects}) {
        broker.createTopic(topic, 4);
    }
    broker.produce(topics.input, records, [](std::uint64_t n) {
        const SeedRecord record = seedRecord(n);
        return Message{static_cast<int>(n % 4), record.key, record.value, 1'700'000'000'000};
    });
    bool failed = false;
    for (int round = 0; round <= rounds; ++round) {
        const std::uint64_t before = broker.endOffsets(topics.output);
        ChildProcess process = system.start(topics);
        const double seconds = waitForMore(broker, topics.output, before, 60);
        std::printf("%-12s first output after %.2f s\n", round == 0 ? "start" : "kill -9", seconds);
        std::fflush(stdout);
        failed = failed || seconds < 0;
        process.kill();
    }
    return failed ? 1 : 0;
}

} // namespace
} // namespace streamwright::bench

int main(int argc, char** argv)
{
    std::string bootstrap;
    std::string streamwright;
    std::string pipeline;
    std::string guarantee = "at_least_once";
    int rounds = 5;
    std::uint64_t records = 6'000'000;
    CLI::App app("Time from the restart after kill -9 to the next output");
    app.add_option("--bootstrap", bootstrap, "A broker on 127.0.0.1")->required();
    app.add_option("--streamwright", streamwright, "The streamwright executable")->required();
    app.add_option("--pipeline", pipeline, "seed.pipeline.json")->required();
    app.add_option("--guarantee", guarantee, "at_least_once or exactly_once");
    app.add_option("--rounds", rounds, "Kills");
    app.add_option("--records", records, "Backlog, enough for all rounds");
    CLI11_PARSE(app, argc, argv);
    using namespace streamwright::bench;
    return run(bootstrap, pipelineSystem("seed", streamwright, pipeline, guarantee), rounds, records);
}
