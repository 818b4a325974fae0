#include "core/cel/assist.h"
#include "core/cli/eval_command.h"
#include "core/cli/eval_session.h"

// readline's header wants FILE to be declared.
#include <readline/history.h>
#include <readline/readline.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace streamwright {
namespace {

constexpr int kKeptLines = 1000;

/// readline takes plain functions: what its completion works on while a loop runs.
const EvalSession* completionSession = nullptr; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

char* nextCompletion(const char*, int state)
{
    static std::vector<std::string> found; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
    static std::size_t next = 0;           // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
    if (state == 0) {
        found.clear();
        next = 0;
        for (const cel::Completion& completion : cel::complete(
                 rl_line_buffer, static_cast<std::size_t>(rl_point), {}, completionSession->options())) {
            found.push_back(completion.text);
        }
    }
    return next < found.size() ? ::strdup(found[next++].c_str()) : nullptr;
}

char** completeLine(const char* word, int, int)
{
    rl_attempted_completion_over = 1; // no names of files
    rl_completion_append_character = '\0';
    return rl_completion_matches(word, nextCompletion);
}

std::filesystem::path historyFile()
{
    const char* const state = std::getenv("XDG_STATE_HOME"); // NOLINT(concurrency-mt-unsafe)
    if (state != nullptr && *state != '\0') {
        return std::filesystem::path(state) / "streamwright" / "eval_history";
    }
    const char* const home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe)
    return home == nullptr
               ? std::filesystem::path()
               : std::filesystem::path(home) / ".local" / "state" / "streamwright" / "eval_history";
}

/// History and completion of one loop.
class Terminal {
public:
    explicit Terminal(const EvalSession& session) : m_file(historyFile())
    {
        completionSession = &session;
        rl_readline_name = "streamwright";
        rl_attempted_completion_function = completeLine;
        rl_basic_word_break_characters = " \t\n\"'()[]{}<>=!+-*/%&|?:,.";
        using_history();
        stifle_history(kKeptLines);
        if (!m_file.empty()) {
            read_history(m_file.c_str());
        }
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal()
    {
        std::error_code ignored; // without a state directory the history is lost, nothing else
        if (!m_file.empty() &&
            (std::filesystem::create_directories(m_file.parent_path(), ignored), !ignored)) {
            write_history(m_file.c_str());
        }
        completionSession = nullptr;
    }

    /// False at the end of input.
    bool read(std::string& line)
    {
        const std::unique_ptr<char, decltype(&std::free)> text(readline("cel> "), &std::free);
        if (text == nullptr) {
            return false;
        }
        line = text.get();
        if (line.find_first_not_of(" \t") != std::string::npos) {
            add_history(line.c_str());
        }
        return true;
    }

private:
    std::filesystem::path m_file;
};

std::string trimmed(const std::string& text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// `name = expression`: the name, empty where the line is something else.
std::string boundName(const std::string& line, std::string& expression)
{
    const std::size_t sign = line.find('=');
    if (sign == std::string::npos || (sign + 1 < line.size() && line[sign + 1] == '=')) {
        return {};
    }
    std::string name = trimmed(line.substr(0, sign));
    if (!isBindableName(name)) {
        return {};
    }
    expression = line.substr(sign + 1);
    return name;
}

} // namespace

int runEvalLoop(const EvalOptions& options, std::ostream& out, std::ostream& err)
{
    EvalSession session(options.strict, options.typed);
    for (const auto& [name, text] : options.bind) {
        if (!session.bindJson(name, text, err)) {
            return kEvalRefused;
        }
    }
    out << "CEL expressions, one a line. \"name = expression\" binds a name, Tab completes, Ctrl-D ends.\n";
    Terminal terminal(session);
    std::string line;
    while (terminal.read(line)) {
        line = trimmed(line);
        if (line.empty()) {
            continue;
        }
        if (line == "exit" || line == "quit") {
            break;
        }
        std::string expression;
        const std::string name = boundName(line, expression);
        if (name.empty()) {
            static_cast<void>(session.evaluate(line, out, err));
        } else {
            static_cast<void>(session.bindExpression(name, expression, err));
        }
    }
    return kEvalDone;
}

} // namespace streamwright
