#pragma once

#include "core/cli/command.h"

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace streamwright {

/// Becomes the Studio's process: `program` with `arguments`. Returns only where that is not possible, with
/// the reason on `err`.
[[nodiscard]] int runStudio(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                            std::ostream& err);

void addStudioCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
