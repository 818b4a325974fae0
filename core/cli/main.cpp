#include "core/cli/broker_command.h"
#include "core/cli/check_command.h"
#include "core/cli/command.h"
#include "core/cli/describe_command.h"
#include "core/cli/eval_command.h"
#include "core/cli/exit_code.h"
#include "core/cli/lag_command.h"
#include "core/cli/nodes_command.h"
#include "core/cli/peek_command.h"
#include "core/cli/produce_command.h"
#include "core/cli/reset_command.h"
#include "core/cli/run_command.h"
#include "core/cli/schema_command.h"
#include "core/cli/studio_command.h"
#include "core/cli/test_command.h"
#include "core/cli/validate_command.h"
#include "core/kafka/version.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

namespace streamwright {
namespace {

// clang-format off: one on each line, so that two new commands are no conflict
/// In the order of --help. A new command: its file, and a line here.
constexpr AddCommand kCommands[] = {
    addRunCommand,    addResetCommand,  addValidateCommand, addDescribeCommand, addNodesCommand,
    addTestCommand,   addCheckCommand,  addPeekCommand,     addProduceCommand,  addLagCommand,
    addBrokerCommand, addSchemaCommand, addEvalCommand,     addStudioCommand,
};
// clang-format on

int runProgram(int argc, char** argv)
{
    CLI::App app("Builds, watches and repairs Apache Kafka pipelines. A pipeline is one JSON document.",
                 "streamwright");
    app.set_version_flag("--version", std::string("streamwright " SW_VERSION " (librdkafka ") +
                                          kafka::libraryVersion() + ")");
    app.require_subcommand(1);
    app.footer(
        "Examples:\n"
        "  streamwright validate orders.pipeline.json\n"
        "  streamwright run orders.pipeline.json --broker localhost:9092\n"
        "  streamwright COMMAND --help\n"
        "Exit codes: 0 done, 1 failed while running, 2 document or command line wrong, 3 broker not usable,\n"
        "4 fenced by another instance, 5 stopped by a record.");
    CommandRun run;
    for (const AddCommand add : kCommands) {
        add(app, run);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? kExitDone : kExitBadInput;
    }
    return run ? run() : static_cast<int>(kExitBadInput);
}

} // namespace
} // namespace streamwright

int main(int argc, char** argv)
{
    return streamwright::runProgram(argc, argv);
}
