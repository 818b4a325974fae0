#include "tests/bench/forward/measured_system.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace streamwright::bench {

MeasuredSystem rawSystem(const std::string& executable)
{
    return {.name = "raw",
            .start =
                [executable](const RunTopics& topics) {
                    return ChildProcess::start(
                        {executable, topics.bootstrap, topics.input, topics.output, topics.group}, {});
                },
            .forwardsAll = true};
}

MeasuredSystem pipelineSystem(const std::string& name, const std::string& executable,
                              const std::string& pipeline, const std::string& guarantee)
{
    return {.name = name,
            .start =
                [=](const RunTopics& topics) {
                    const auto state = std::filesystem::temp_directory_path() /
                                       ("streamwright-bench-" + std::to_string(getpid())) / topics.group;
                    return ChildProcess::start({executable, "run", pipeline, "--stats", "none", "--log-level",
                                                "warn", "--state-dir", state.string()},
                                               {{"KAFKA_BROKERS", topics.bootstrap},
                                                {"SEED_INPUT", topics.input},
                                                {"SEED_OUTPUT", topics.output},
                                                {"SEED_GROUP", topics.group},
                                                {"SEED_REJECTS", topics.rejects},
                                                {"SEED_GUARANTEE", guarantee}});
                },
            .forwardsAll = false};
}

MeasuredSystem kafkaStreamsSystem(const std::string& name, const std::string& libraries,
                                  const std::string& guarantee, int commitIntervalMs)
{
    return {.name = name,
            .start =
                [=](const RunTopics& topics) {
                    return ChildProcess::start({"/usr/bin/env", "java", "-Xms512m", "-Xmx512m", "-cp",
                                                libraries + "/*", "streamwright.bench.Seed", topics.bootstrap,
                                                topics.input, topics.output, topics.rejects, topics.group,
                                                guarantee, std::to_string(commitIntervalMs)},
                                               {});
                },
            .forwardsAll = false,
            .numbersOnce = false};
}

MeasuredSystem quixSystem(const std::string& python, const std::string& program)
{
    return {.name = "quix",
            .start =
                [=](const RunTopics& topics) {
                    return ChildProcess::start({"/usr/bin/env", python, program, topics.bootstrap,
                                                topics.input, topics.output, topics.rejects, topics.group,
                                                "at-least-once", "5"},
                                               {});
                },
            .forwardsAll = false};
}

std::vector<MeasuredSystem> systemsOf(const std::string& names, const SystemPaths& paths)
{
    constexpr int kCommitMs = 1'000;
    std::vector<MeasuredSystem> systems;
    std::istringstream list(names);
    for (std::string name; std::getline(list, name, ',');) {
        if (name == "raw") {
            systems.push_back(rawSystem(paths.raw));
        } else if (name == "seed") {
            systems.push_back(pipelineSystem(name, paths.streamwright, paths.pipeline, "at_least_once"));
        } else if (name == "exactly") {
            systems.push_back(pipelineSystem(name, paths.streamwright, paths.pipeline, "exactly_once"));
        } else if (name == "streams") {
            systems.push_back(kafkaStreamsSystem(name, paths.streamsLibraries, "at_least_once", kCommitMs));
        } else if (name == "streams-exactly") {
            systems.push_back(kafkaStreamsSystem(name, paths.streamsLibraries, "exactly_once_v2", kCommitMs));
        } else if (name == "quix") {
            systems.push_back(quixSystem(paths.python, paths.quixProgram));
        } else {
            std::fprintf(stderr, "benchmark: unknown system \"%s\"\n", name.c_str());
            std::exit(2);
        }
    }
    return systems;
}

} // namespace streamwright::bench
