#include "core/cli/validate_command.h"

#include "core/cli/exit_code.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace streamwright {
namespace {

Json diagnosticJson(const Diagnostic& diagnostic, const std::string& file)
{
    Json json{{"file", file},
              {"line", diagnostic.line},
              {"column", diagnostic.column},
              {"severity", toString(diagnostic.severity)},
              {"code", diagnostic.code}};
    const std::pair<const char*, const std::string&> texts[] = {{"node", diagnostic.node},
                                                                {"port", diagnostic.port},
                                                                {"field", diagnostic.field},
                                                                {"message", diagnostic.message},
                                                                {"hint", diagnostic.hint}};
    for (const auto& [key, text] : texts) {
        if (!text.empty()) {
            json[key] = text;
        }
    }
    if (diagnostic.fieldOffset >= 0) {
        json["field_offset"] = diagnostic.fieldOffset;
        json["field_length"] = diagnostic.fieldLength;
    }
    return json;
}

std::string counted(std::size_t count, const char* what)
{
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

} // namespace

int runValidate(const ValidateOptions& options, std::ostream& out, std::ostream& err)
{
    bool good = true;
    Json all = Json::array();
    for (const std::string& file : options.files) {
        PipelineOptions one = options.pipeline;
        one.file = file;
        const std::optional<OpenedPipeline> opened = openPipeline(one, false, err);
        if (!opened) {
            good = false;
            continue;
        }
        good = good && !hasErrors(opened->diagnostics);
        if (options.json) {
            for (const Diagnostic& diagnostic : opened->diagnostics) {
                all.push_back(diagnosticJson(diagnostic, file));
            }
            continue;
        }
        printDiagnostics(opened->diagnostics, file, true, out);
        const auto count = [&opened](Severity severity) {
            return static_cast<std::size_t>(
                std::count_if(opened->diagnostics.begin(), opened->diagnostics.end(),
                              [severity](const Diagnostic& d) { return d.severity == severity; }));
        };
        out << file << ": " << counted(count(Severity::Error), "error") << ", "
            << counted(count(Severity::Warning), "warning") << '\n';
    }
    if (options.json) {
        out << all.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    }
    return good ? kExitDone : kExitBadInput;
}

void addValidateCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<ValidateOptions>();
    CLI::App* const command = app.add_subcommand("validate", "Checks documents and prints all that is wrong");
    command->add_option("FILE", options->files, "Pipeline documents")->required();
    command
        ->add_option_function<std::string>(
            "--format", [options](const std::string& format) { options->json = format == "json"; },
            "text (default) or json")
        ->check(CLI::IsMember({"text", "json"}));
    addPipelineOptions(*command, options->pipeline, true);
    command->footer("Examples:\n"
                    "  streamwright validate orders.pipeline.json\n"
                    "  streamwright validate --env test.env --format json *.pipeline.json\n"
                    "Exit code 2 where a document has errors; warnings and notes are none.");
    command->callback(
        [options, &run] { run = [options] { return runValidate(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
