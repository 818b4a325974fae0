#include "core/cel/program.h"

#include "core/cel/checker.h"
#include "core/cel/compiler.h"
#include "core/cel/evaluation.h"
#include "core/cel/parser.h"

#include <utility>

namespace streamwright::cel {
namespace {

struct Analysis {
    ExprPtr root;
    Diagnostics diagnostics;
    std::uint16_t locals = 0;
};

/// What to write instead, with the expression itself where it is short.
std::string boolHint(std::string_view expression, Kind given)
{
    constexpr std::size_t kShort = 40;
    const bool usable =
        expression.size() <= kShort && expression.find_first_of("\n\"") == std::string_view::npos;
    switch (given) {
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
        return "Compare it with a value, for example \"" +
               std::string(usable && expression.starts_with("value.") ? expression : "value.quantity") +
               " >= 100\".";
    case Kind::String: return "Compare it with a value, for example 'value.subject == \"order\"'.";
    default: return "Compare it with a value, for example \"value.quantity >= 100\".";
    }
}

Analysis analyse(std::string_view expression, const CompileOptions& options, Kind expected)
{
    Analysis analysis;
    Parsed parsed = parse(expression, options.strict);
    if (parsed.error) {
        SyntaxError& error = *parsed.error;
        analysis.diagnostics.push_back(diagnosticAt(expression, error.span, "syntax_error",
                                                    std::move(error.message), std::move(error.hint)));
        return analysis;
    }
    Checked checked = checkTree(*parsed.root, expression, options);
    analysis.diagnostics = std::move(checked.diagnostics);
    analysis.locals = checked.locals;
    if (!hasErrors(analysis.diagnostics) && !parsed.root->type.maybe(expected)) {
        const std::string gives = "The expression gives " + withArticle(toString(parsed.root->type));
        analysis.diagnostics.push_back(
            expected == Kind::Bool
                ? diagnosticAt(expression, parsed.root->span, "not_bool", gives + ".",
                               boolHint(expression, parsed.root->type.kind))
                : diagnosticAt(expression, parsed.root->span, "wrong_type",
                               gives + ", but " + withArticle(plainName(expected)) + " is wanted."));
    }
    analysis.root = std::move(parsed.root);
    return analysis;
}

Error errorOf(const Diagnostics& diagnostics)
{
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            return {.code = Errc::ParseError,
                    .message = diagnostic.message + (diagnostic.hint.empty() ? "" : " " + diagnostic.hint)};
        }
    }
    return {.code = Errc::ParseError, .message = "The expression is wrong."};
}

Result<std::shared_ptr<const Code>> build(std::string_view expression, const CompileOptions& options,
                                          Kind expected, Diagnostics* diagnostics)
{
    Analysis analysis = analyse(expression, options, expected);
    std::shared_ptr<const Code> code;
    const bool failed = hasErrors(analysis.diagnostics);
    if (!failed) {
        code =
            generate(*analysis.root, std::string(expression), options, analysis.locals, analysis.diagnostics);
    }
    if (diagnostics != nullptr) {
        append(*diagnostics, analysis.diagnostics);
    }
    if (failed) {
        return errorOf(analysis.diagnostics);
    }
    return code;
}

} // namespace

std::string_view recordVariableName(RecordVariable variable)
{
    switch (variable) {
    case RecordVariable::Value: return "value";
    case RecordVariable::Key: return "key";
    case RecordVariable::Headers: return "headers";
    case RecordVariable::Timestamp: return "timestamp";
    case RecordVariable::Topic: return "topic";
    case RecordVariable::Partition: return "partition";
    case RecordVariable::Offset: return "offset";
    case RecordVariable::Error: return "error";
    }
    return "value";
}

Result<Program> Program::compile(std::string_view expression, const CompileOptions& options,
                                 Diagnostics* diagnostics)
{
    Result<std::shared_ptr<const Code>> code = build(expression, options, Kind::Dyn, diagnostics);
    if (!code) {
        return std::move(code).error();
    }
    return Program(std::move(*code));
}

Result<Program> Program::compileBool(std::string_view expression, const CompileOptions& options,
                                     Diagnostics* diagnostics)
{
    Result<std::shared_ptr<const Code>> code = build(expression, options, Kind::Bool, diagnostics);
    if (!code) {
        return std::move(code).error();
    }
    return Program(std::move(*code));
}

Value Program::evaluate(const Record& record, EvalContext& context) const
{
    return Evaluation(*m_code, &record, context).run();
}

Verdict Program::evaluateBool(const Record& record, EvalContext& context) const
{
    Evaluation evaluation(*m_code, &record, context);
    const Value value = evaluation.run();
    if (value.isBool()) {
        return {.value = value.integer != 0};
    }
    if (value.isError()) {
        return {.failed = true, .message = value.message()};
    }
    Phrase what;
    what << "A condition must give a bool, not " << plainName(value.kind);
    return {.failed = true, .message = evaluation.fail(m_code->nodes.back(), what).message()};
}

Rendered Program::evaluateJson(const Record& record, EvalContext& context) const
{
    return Evaluation(*m_code, &record, context).runJson();
}

const Type& Program::resultType() const
{
    return m_code->resultType;
}

const std::string& Program::source() const
{
    return m_code->source;
}

Diagnostics check(std::string_view expression, const CompileOptions& options, Kind expected)
{
    Diagnostics diagnostics;
    (void)build(expression, options, expected, &diagnostics);
    return diagnostics;
}

std::vector<std::string> variableNames(const CompileOptions& options)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; options.record && i < kRecordVariables; ++i) {
        const auto variable = static_cast<RecordVariable>(i);
        if (variable != RecordVariable::Error || options.hasError) {
            names.emplace_back(recordVariableName(variable));
        }
    }
    names.insert(names.end(), options.extraVariables.begin(), options.extraVariables.end());
    return names;
}

} // namespace streamwright::cel
