#include "core/cli/test_command.h"

#include "core/cli/exit_code.h"
#include "core/preview/pipeline_test.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>

namespace streamwright {
namespace {

constexpr std::string_view kSuffix = ".pipeline-test.json";

/// The files that are meant, those of folders in the order of their names.
std::vector<std::filesystem::path> filesOf(const std::vector<std::string>& paths)
{
    std::vector<std::filesystem::path> files;
    for (const std::string& path : paths) {
        std::error_code failed;
        if (!std::filesystem::is_directory(path, failed)) {
            files.emplace_back(path);
            continue;
        }
        std::vector<std::filesystem::path> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path, failed)) {
            if (entry.path().filename().string().ends_with(kSuffix)) {
                found.push_back(entry.path());
            }
        }
        std::sort(found.begin(), found.end());
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

struct Tally {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t unusable = 0; ///< files
};

void runFile(const std::filesystem::path& file, const VariableSource& variables, Tally& tally,
             std::ostream& out, std::ostream& err)
{
    const auto test = loadPipelineTest(file);
    if (!test) {
        err << "streamwright: " << test.error().message << '\n';
        ++tally.unusable;
        return;
    }
    const auto results = runPipelineTest(*test, variables);
    if (!results) {
        err << "streamwright: " << file.string() << ": its pipeline has errors.\n"
            << results.error().message << '\n';
        ++tally.unusable;
        return;
    }
    out << file.string() << '\n';
    for (const PipelineTestResult& result : *results) {
        ++(result.passed() ? tally.passed : tally.failed);
        out << (result.passed() ? "  ok    " : "  FAIL  ") << result.name << '\n';
        for (const std::string& difference : result.differences) {
            out << "          " << difference << '\n';
        }
    }
}

} // namespace

int runTests(const TestOptions& options, std::ostream& out, std::ostream& err)
{
    VariableSource variables;
    if (!options.envFile.empty()) {
        if (const auto loaded = variables.loadEnvFile(options.envFile); !loaded) {
            err << "streamwright: " << loaded.error().message << '\n';
            return kExitBadInput;
        }
    }
    const std::vector<std::filesystem::path> files = filesOf(options.paths);
    if (files.empty()) {
        err << "streamwright: There is no *" << kSuffix << " file there.\n";
        return kExitBadInput;
    }
    Tally tally;
    for (const std::filesystem::path& file : files) {
        runFile(file, variables, tally, out, err);
    }
    out << tally.passed << " passed, " << tally.failed << " failed";
    if (tally.unusable > 0) {
        out << ", " << tally.unusable << (tally.unusable == 1 ? " file" : " files") << " not usable";
    }
    out << '\n';
    return tally.unusable > 0 ? kExitBadInput : tally.failed > 0 ? kExitFailed : kExitDone;
}

void addTestCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<TestOptions>();
    CLI::App* const command = app.add_subcommand("test", "Runs the cases of test files without a broker");
    command->add_option("FILE", options->paths, "*.pipeline-test.json files, or folders to search")
        ->required();
    command->add_option("--env", options->envFile, "File of NAME=value lines for ${NAME}")->type_name("FILE");
    command->footer(
        "Examples:\n"
        "  streamwright test orders.pipeline-test.json\n"
        "  streamwright test resources/samples\n"
        "Every field that differs is shown. Exit code 1 where a case fails, 2 where a file cannot be used.");
    command->callback(
        [options, &run] { run = [options] { return runTests(*options, std::cout, std::cerr); }; });
}

} // namespace streamwright
