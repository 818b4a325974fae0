#pragma once

#include "core/cli/command.h"

#include <iosfwd>

namespace streamwright {

/// Prints the JSON Schema of a pipeline document.
[[nodiscard]] int runSchema(std::ostream& out);

void addSchemaCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
