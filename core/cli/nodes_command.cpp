#include "core/cli/nodes_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/exit_code.h"
#include "core/nodes/builtin.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string_view>

namespace streamwright {
namespace {

constexpr std::string_view kMarkdownHead = "# Node reference\n\n"
                                           "Made by `streamwright nodes --format markdown` from the specs of "
                                           "the node types; change those, not this file.\n\n"
                                           "A field without a default may be left out unless it is required. "
                                           "Any text may hold `${NAME}` (pipeline-file.md).\n";

/// One line for each type: `filter  Filter  Keeps the records …`.
void printList(std::ostream& out)
{
    std::size_t width = 0;
    for (const NodeType& type : builtinNodes().types()) {
        width = std::max(width, type.spec().type.size());
    }
    for (const NodeCategory category : {NodeCategory::Source, NodeCategory::Transform, NodeCategory::Sink}) {
        out << toString(category) << "s\n";
        for (const NodeType& type : builtinNodes().types()) {
            const NodeSpec& spec = type.spec();
            if (spec.category == category) {
                out << "  " << spec.type << std::string(width + 2 - spec.type.size(), ' ') << spec.summary
                    << '\n';
            }
        }
    }
    out << "\nFields and examples of a type: streamwright nodes TYPE\n";
}

void printMarkdown(std::ostream& out)
{
    out << kMarkdownHead;
    for (const NodeType& type : builtinNodes().types()) {
        out << '\n' << referenceMarkdown(type.spec());
    }
}

void printJson(std::ostream& out)
{
    Json all = Json::array();
    for (const NodeType& type : builtinNodes().types()) {
        all.push_back(referenceJson(type.spec()));
    }
    out << all.dump(2) << '\n';
}

} // namespace

int runNodes(const NodesOptions& options, std::ostream& out, std::ostream& err)
{
    if (options.type.empty()) {
        if (options.format == "markdown") {
            printMarkdown(out);
        } else if (options.format == "json") {
            printJson(out);
        } else {
            printList(out);
        }
        return kExitDone;
    }
    const NodeType* const type = builtinNodes().find(options.type);
    if (type == nullptr) {
        const std::string near = nearest(options.type, builtinNodes().names());
        err << "streamwright: There is no node type " << quoted(options.type) << '.'
            << (near.empty() ? " See: streamwright nodes." : " Did you mean " + quoted(near) + '?') << '\n';
        return kExitBadInput;
    }
    if (options.format == "markdown") {
        out << referenceMarkdown(type->spec());
    } else if (options.format == "json") {
        out << referenceJson(type->spec()).dump(2) << '\n';
    } else {
        out << referenceText(type->spec());
    }
    return kExitDone;
}

void addNodesCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<NodesOptions>();
    CLI::App* const command =
        app.add_subcommand("nodes", "Prints the node reference: fields, ports, examples");
    command->add_option("TYPE", options->type, "One type; without it all of them");
    command->add_option("--format", options->format, "text (default), markdown or json")
        ->check(CLI::IsMember({"text", "markdown", "json"}));
    command->footer("Examples:\n"
                    "  streamwright nodes\n"
                    "  streamwright nodes parse\n"
                    "  streamwright nodes --format markdown > nodes.md");
    command->callback(
        [options, &run] { run = [options] { return runNodes(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
