#include "core/cli/describe_command.h"

#include "core/cli/exit_code.h"
#include "core/topology/describe.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace streamwright {

int runDescribe(const DescribeOptions& options, std::ostream& out, std::ostream& err)
{
    const std::optional<OpenedPipeline> opened = openSoundPipeline(options.pipeline, false, err);
    if (!opened) {
        return kExitBadInput;
    }
    if (options.format == "dot") {
        out << describeDot(*opened->topology);
    } else if (options.format == "json") {
        out << describeJson(*opened->topology).dump(2) << '\n';
    } else {
        out << describeText(*opened->topology);
    }
    return kExitDone;
}

void addDescribeCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<DescribeOptions>();
    CLI::App* const command = app.add_subcommand("describe", "Prints what a document is compiled to");
    command->add_option("FILE", options->pipeline.file, "Pipeline document")->required();
    command->add_option("--format", options->format, "text (default), dot or json")
        ->check(CLI::IsMember({"text", "dot", "json"}));
    addPipelineOptions(*command, options->pipeline, true);
    command->footer("Examples:\n"
                    "  streamwright describe orders.pipeline.json\n"
                    "  streamwright describe orders.pipeline.json --format dot | dot -Tsvg > orders.svg");
    command->callback(
        [options, &run] { run = [options] { return runDescribe(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
