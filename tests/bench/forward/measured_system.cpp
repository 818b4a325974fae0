#include "tests/bench/forward/measured_system.h"

#include <unistd.h>

#include <filesystem>

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

} // namespace streamwright::bench
