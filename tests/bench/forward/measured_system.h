#pragma once

#include "tests/bench/forward/child_process.h"

#include <functional>
#include <string>

namespace streamwright::bench {

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
};

/// R: raw_forward.
[[nodiscard]] MeasuredSystem rawSystem(const std::string& executable);
/// `streamwright run` of seed.pipeline.json with a processing guarantee.
[[nodiscard]] MeasuredSystem pipelineSystem(const std::string& name, const std::string& executable,
                                            const std::string& pipeline, const std::string& guarantee);

} // namespace streamwright::bench
