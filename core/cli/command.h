#pragma once

#include <functional>

namespace CLI {
class App;
} // namespace CLI

namespace streamwright {

/// What the command line asked for: set by the callback of the subcommand that was given, called by main()
/// when the line has been read. Returns an exit code.
using CommandRun = std::function<int()>;

/// Adds a subcommand to `app`: its options, help with examples, and a callback that sets `run`. Each command
/// is one file with one such function; main.cpp lists them.
using AddCommand = void (*)(CLI::App& app, CommandRun& run);

} // namespace streamwright
