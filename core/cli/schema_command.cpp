#include "core/cli/schema_command.h"

#include "core/cli/exit_code.h"
#include "core/nodes/builtin.h"
#include "core/pipeline/document_schema.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace streamwright {

int runSchema(std::ostream& out)
{
    out << documentSchema(builtinNodes()).dump(2) << '\n';
    return kExitDone;
}

void addSchemaCommand(CLI::App& app, CommandRun& run)
{
    CLI::App* const command =
        app.add_subcommand("schema", "Prints the JSON Schema of a document, for editors");
    command->footer("Examples:\n"
                    "  streamwright schema > pipeline.schema.json\n"
                    "An editor that knows JSON Schema then completes and checks *.pipeline.json.");
    command->callback([&run] { run = [] { return runSchema(std::cout); }; });
}

} // namespace streamwright
