#include "core/cli/studio_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/exit_code.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>

namespace streamwright {
namespace {

constexpr const char* kProgram = "streamwright-studio";

/// The Studio that was built or installed together with this program.
std::filesystem::path besideThisProgram()
{
    std::error_code problem;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", problem);
    return self.parent_path() / kProgram;
}

} // namespace

int runStudio(const std::filesystem::path& program, const std::vector<std::string>& arguments,
              std::ostream& err)
{
    std::error_code problem;
    if (!std::filesystem::exists(program, problem)) {
        err << "streamwright: The Studio is not installed: there is no " << quoted(program.string())
            << ". Build it with installer/quickstart (Qt 6 is needed), or run the pipeline headless: "
               "streamwright run FILE.\n";
        return kExitBadInput;
    }
    std::string name = program.string();
    std::vector<std::string> copies = arguments;
    std::vector<char*> argv{name.data()};
    for (std::string& argument : copies) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    ::execv(name.c_str(), argv.data());
    err << "streamwright: Cannot start " << quoted(name) << ": " << std::strerror(errno) << ".\n";
    return kExitFailed;
}

void addStudioCommand(CLI::App& app, CommandRun& run)
{
    const auto files = std::make_shared<std::vector<std::string>>();
    CLI::App* const command = app.add_subcommand("studio", "Opens the Studio");
    command->add_option("FILE", *files, "Pipeline document to open");
    command->footer("Examples:\n"
                    "  streamwright studio\n"
                    "  streamwright studio orders.pipeline.json");
    command->callback(
        [files, &run] { run = [files] { return runStudio(besideThisProgram(), *files, std::cerr); }; });
}

} // namespace streamwright
