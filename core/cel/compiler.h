#pragma once

#include "core/cel/ast.h"
#include "core/cel/code.h"
#include "core/cel/program.h"

#include <memory>
#include <string>

namespace streamwright::cel {

/// Makes a program of a checked tree: paths are bound, constant parts computed, constant patterns compiled.
/// Constant parts that can only fail are reported to `diagnostics` as warnings.
[[nodiscard]] std::shared_ptr<const Code> generate(const Expr& root, std::string source,
                                                   const CompileOptions& options, std::uint16_t locals,
                                                   Diagnostics& diagnostics);

} // namespace streamwright::cel
