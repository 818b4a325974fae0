#pragma once

#include "core/base/result.h"
#include "core/engine/run_context.h"

#include <memory>
#include <vector>

namespace streamwright {

/// The steps of a start before anything is read, in the order of document.md part 2: connect, make output
/// topics (where asked for), check topics and rights. Fills `run` with what they find. Each step is named in
/// the flows' snapshots and in the log. Thread: the engine's. Errors: those of the broker (exit code 3), of a
/// sink's file.
[[nodiscard]] Result<void> startUp(RunContext& run, std::vector<std::unique_ptr<FlowRun>>& flows);

/// True for errors that `startUp` gives because broker, topics or credentials are not usable.
[[nodiscard]] bool isBrokerError(const Error& error);

} // namespace streamwright
