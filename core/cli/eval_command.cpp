#include "core/cli/eval_command.h"

#include "core/base/diagnostic.h"
#include "core/cli/eval_session.h"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <memory>

namespace streamwright {

int runEval(const EvalOptions& options, std::istream& in, std::ostream& out, std::ostream& err)
{
    EvalSession session(options.strict, options.typed);
    for (const auto& [name, text] : options.bind) {
        if (!session.bindJson(name, text, err)) {
            return kEvalRefused;
        }
    }
    if (options.recordFile.empty()) {
        return session.evaluate(options.expression, out, err);
    }
    session.knowRecords();
    if (options.recordFile == "-") {
        return session.evaluateLines(options.expression, "stdin", in, out, err);
    }
    std::ifstream file(options.recordFile);
    if (!file) {
        err << "File " << quoted(options.recordFile) << " cannot be read. Check its name and rights.\n";
        return kEvalRefused;
    }
    return session.evaluateLines(options.expression, options.recordFile, file, out, err);
}

void addEvalCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<EvalOptions>();
    CLI::App* const command = app.add_subcommand("eval", "Evaluates a CEL expression and prints it as JSON");
    command->add_option("EXPR", options->expression,
                        "Expression; without it they are read from the terminal");
    command
        ->add_option_function<std::vector<std::string>>(
            "--bind",
            [options](const std::vector<std::string>& bindings) {
                for (const std::string& binding : bindings) {
                    const std::size_t equals = binding.find('=');
                    if (equals == std::string::npos) {
                        throw CLI::ValidationError("--bind", "wants NAME=JSON");
                    }
                    options->bind.emplace_back(binding.substr(0, equals), binding.substr(equals + 1));
                }
            },
            "Binds a name to a JSON value (repeatable; a name may have dots)")
        ->type_name("NAME=JSON")
        ->allow_extra_args(false);
    command->add_option("--record", options->recordFile, "JSON lines, each evaluated as `value`; - is stdin")
        ->type_name("FILE");
    command->add_flag("--typed", options->typed, "Prints values with their types");
    command->add_flag("--strict-cel", options->strict, "CEL as it is defined, without our additions");
    command->footer("Examples:\n"
                    "  streamwright eval '1 + 2'\n"
                    "  streamwright eval 'value.quantity >= 100' --bind 'value={\"quantity\": 250}'\n"
                    "  streamwright eval 'value.name.upper()' --record orders.jsonl\n"
                    "Exit code 1 where the expression gives no value, 2 where it is not one.");
    // An expression may begin with "-", as "-(1 + 2)" does: what looks like an unknown option is then meant.
    command->allow_extras();
    command->callback([options, command, &run] {
        for (const std::string& argument : command->remaining()) {
            if (!options->expression.empty() || argument.starts_with("--")) {
                throw CLI::ExtrasError({argument});
            }
            options->expression = argument;
        }
        run = [options] {
            return options->expression.empty() ? runEvalLoop(*options, std::cout, std::cerr)
                                               : runEval(*options, std::cin, std::cout, std::cerr);
        };
    });
}

} // namespace streamwright
