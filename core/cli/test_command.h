#pragma once

#include "core/cli/command.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// What `streamwright test` was asked to do.
struct TestOptions {
    std::vector<std::string> paths; ///< files, or folders that are searched
    std::string envFile;
};

/// Runs the cases of `*.pipeline-test.json` files without a broker. Exit codes: 0 all hold, 1 one does not, 2
/// a file or its pipeline cannot be used.
[[nodiscard]] int runTests(const TestOptions& options, std::ostream& out, std::ostream& err);

void addTestCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
