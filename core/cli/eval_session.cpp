#include "core/cli/eval_session.h"

#include "core/base/diagnostic.h"
#include "core/base/utf8.h"
#include "core/cel/value_json.h"
#include "core/cli/eval_command.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <istream>
#include <ostream>

namespace streamwright {
namespace {

/// The line of the text that a diagnostic means, with the part marked below.
void printMarked(std::string_view expression, const Diagnostic& diagnostic, std::ostream& err)
{
    err << diagnostic.line << ':' << diagnostic.column << ": " << toString(diagnostic.severity) << ": "
        << diagnostic.message;
    if (!diagnostic.hint.empty()) {
        err << ' ' << diagnostic.hint;
    }
    err << '\n';
    constexpr std::size_t kLongestShown = 160;
    std::string_view line = expression;
    for (int skip = 1; skip < diagnostic.line; ++skip) {
        line.remove_prefix(std::min(line.find('\n') + 1, line.size()));
    }
    line = line.substr(0, line.find('\n'));
    if (line.empty() || line.size() > kLongestShown || !isValidUtf8(line)) {
        return;
    }
    const std::size_t before = static_cast<std::size_t>(std::max(diagnostic.column, 1)) - 1;
    const std::size_t all = countCodePoints(line);
    const std::size_t left = all > before ? all - before : 1;
    const std::size_t length =
        std::clamp<std::size_t>(static_cast<std::size_t>(diagnostic.fieldLength), 1, left);
    err << "  " << line << "\n  " << std::string(before, ' ') << '^' << std::string(length - 1, '~') << '\n';
}

bool isBlank(std::string_view line)
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

bool isBindableName(std::string_view name)
{
    bool first = true;
    for (const char c : name) {
        const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
        if (first ? !letter : !letter && std::isdigit(static_cast<unsigned char>(c)) == 0 && c != '.') {
            return false;
        }
        first = c == '.';
    }
    return !first;
}

void EvalSession::set(const std::string& name, const cel::Value& value)
{
    const auto known = std::find(m_options.extraVariables.begin(), m_options.extraVariables.end(), name);
    if (known != m_options.extraVariables.end()) {
        m_bindings[static_cast<std::size_t>(known - m_options.extraVariables.begin())] = value;
        return;
    }
    m_options.extraVariables.push_back(name);
    m_bindings.push_back(value);
}

bool EvalSession::bindJson(const std::string& name, std::string_view text, std::ostream& err)
{
    if (!isBindableName(name)) {
        err << quoted(name) << " is no name that can be bound.\n";
        return false;
    }
    const std::string& kept = m_texts.emplace_back(text);
    JsonError error;
    const JsonValue* const value = m_indexer.index(kept, m_kept, error);
    if (value == nullptr) {
        err << "The value of " << quoted(name) << " is not JSON: " << error.reason << " at byte "
            << error.offset << ". A text is written with its quotes: --bind '" << name << "=\"text\"'.\n";
        return false;
    }
    set(name, cel::fromJson(value, m_kept));
    return true;
}

int EvalSession::bindExpression(const std::string& name, std::string_view expression, std::ostream& err)
{
    const std::optional<cel::Program> program = compile(expression, err);
    if (!program) {
        return kEvalRefused;
    }
    // The value keeps views of the program's constants and of its arena; both stay with the session.
    cel::EvalContext context{.arena = m_kept, .bindings = m_bindings};
    const cel::Value value = program->evaluate(Record{}, context);
    if (value.isError()) {
        err << value.message() << '\n';
        return kEvalFailed;
    }
    m_programs.push_back(*program);
    set(name, value);
    return kEvalDone;
}

std::optional<cel::Program> EvalSession::compile(std::string_view expression, std::ostream& err) const
{
    Diagnostics diagnostics;
    Result<cel::Program> program = cel::Program::compile(expression, m_options, &diagnostics);
    for (const Diagnostic& diagnostic : diagnostics) {
        printMarked(expression, diagnostic, err);
    }
    if (!program) {
        return std::nullopt;
    }
    return std::move(*program);
}

int EvalSession::print(const cel::Program& program, const Record& record, std::string_view place,
                       std::ostream& out, std::ostream& err)
{
    cel::EvalContext context{.arena = m_arena, .bindings = m_bindings};
    const cel::Value value = program.evaluate(record, context);
    if (value.isError()) {
        err << place << value.message() << '\n';
        return kEvalFailed;
    }
    if (m_typed) {
        out << cel::toTypedJson(value, m_arena) << '\n';
        return kEvalDone;
    }
    if (value.kind == cel::Kind::Double && !std::isfinite(value.real())) {
        out << '"' << cel::doubleText(value.real()) << "\"\n"; // JSON has no such number
        return kEvalDone;
    }
    const std::optional<JsonNode> node = cel::toJsonNode(value, m_arena);
    if (!node) {
        err << place << "The value has no JSON form (NaN or infinite). Try --typed.\n";
        return kEvalFailed;
    }
    out << node->text << '\n';
    return kEvalDone;
}

int EvalSession::evaluate(std::string_view expression, std::ostream& out, std::ostream& err)
{
    const std::optional<cel::Program> program = compile(expression, err);
    if (!program) {
        return kEvalRefused;
    }
    m_arena.reset();
    return print(*program, Record{}, "", out, err);
}

int EvalSession::evaluateLines(std::string_view expression, const std::string& source, std::istream& in,
                               std::ostream& out, std::ostream& err)
{
    const std::optional<cel::Program> program = compile(expression, err);
    if (!program) {
        return kEvalRefused;
    }
    int result = kEvalDone;
    std::string line;
    for (std::int64_t number = 1; std::getline(in, line); ++number) {
        if (isBlank(line)) {
            continue;
        }
        m_arena.reset();
        const std::string place = source + ':' + std::to_string(number) + ": ";
        JsonError error;
        Origin origin{.topic = source, .partition = 0, .offset = number - 1, .value = line};
        origin.format = ValueFormat::Json;
        origin.json = m_indexer.index(line, m_arena, error);
        if (origin.json == nullptr) {
            err << place << "Not JSON: " << error.reason << " at byte " << error.offset << ".\n";
            result = kEvalFailed;
            continue;
        }
        if (print(*program, restoredFrom(origin, nullptr), place, out, err) != kEvalDone) {
            result = kEvalFailed;
        }
    }
    return result;
}

} // namespace streamwright
