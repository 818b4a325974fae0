#pragma once

#include "core/cli/command.h"

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

/// What `streamwright eval` was asked to do (document.md, part 2).
struct EvalOptions {
    std::string expression;
    std::vector<std::pair<std::string, std::string>> bind; ///< name (dots allowed) and JSON text
    std::string recordFile; ///< JSON lines, each evaluated as `value`; "-" is `in`; empty: no record
    bool typed = false;
    bool strict = false;
};

/// Exit codes of eval.
constexpr int kEvalDone = 0;
constexpr int kEvalFailed = 1;  ///< the expression gave no value
constexpr int kEvalRefused = 2; ///< syntax, types, bindings or file

/// Evaluates the expression and prints its value as JSON to `out`, one line per record. Errors go to `err`,
/// those of the text with the place marked.
[[nodiscard]] int runEval(const EvalOptions& options, std::istream& in, std::ostream& out, std::ostream& err);

/// Reads expressions from the terminal until the end of input, with history and completion. `name =
/// expression` binds a name. Starts with the bindings of `options`. History is kept in the user's state
/// directory.
[[nodiscard]] int runEvalLoop(const EvalOptions& options, std::ostream& out, std::ostream& err);

void addEvalCommand(CLI::App& app, CommandRun& run);

} // namespace streamwright
