#pragma once

#include "tests/support/child_process.h"

#include <functional>
#include <string>
#include <vector>

namespace streamwright::bench {

using testing::ChildProcess;

/// What one run reads and writes.
struct RunTopics {
    std::string bootstrap;
    std::string input;
    std::string output;
    std::string rejects;
    std::string group;
};

/// A program that takes part in a benchmark.
struct MeasuredSystem {
    std::string name;
    std::function<ChildProcess(const RunTopics&)> start;
    bool forwardsAll = false; ///< R writes every record, the pipeline only the requests
    bool numbersOnce = true;  ///< one counter for all partitions, so that each number appears once
};

/// R: raw_forward.
[[nodiscard]] MeasuredSystem rawSystem(const std::string& executable);
/// `streamwright run` of seed.pipeline.json with a processing guarantee.
[[nodiscard]] MeasuredSystem pipelineSystem(const std::string& name, const std::string& executable,
                                            const std::string& pipeline, const std::string& guarantee);

/// tests/bench/kafka-streams; `libraries` is a folder of jars, the program's own among them.
[[nodiscard]] MeasuredSystem kafkaStreamsSystem(const std::string& name, const std::string& libraries,
                                                const std::string& guarantee, int commitIntervalMs);
/// tests/bench/quix, by a Python that has quixstreams.
[[nodiscard]] MeasuredSystem quixSystem(const std::string& python, const std::string& program);

/// What the benchmarks may run, by name: raw, seed, exactly, streams, streams-exactly, quix.
struct SystemPaths {
    std::string raw;
    std::string streamwright;
    std::string pipeline;
    std::string streamsLibraries;
    std::string python;
    std::string quixProgram;
};
/// The systems named in the comma-separated list, in its order. Ends the program at an unknown name.
[[nodiscard]] std::vector<MeasuredSystem> systemsOf(const std::string& names, const SystemPaths& paths);

} // namespace streamwright::bench
