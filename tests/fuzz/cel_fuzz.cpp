#include "tests/fuzz/cel_fuzz.h"

#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/cel/assist.h"
#include "core/cel/program.h"
#include "core/cel/value_json.h"
#include "core/record/json_value.h"

#include <string>
#include <vector>

namespace streamwright::cel {
namespace {

constexpr char kSeparator = '\x1F';

void checkPlaces(const Diagnostics& diagnostics, std::string_view expression)
{
    const auto characters =
        static_cast<int>(isValidUtf8(expression) ? countCodePoints(expression) : expression.size());
    for (const Diagnostic& diagnostic : diagnostics) {
        SW_ASSERT(!diagnostic.message.empty(), "a diagnostic says something");
        SW_ASSERT(diagnostic.fieldOffset >= 0 && diagnostic.fieldLength >= 0 &&
                      diagnostic.fieldOffset + diagnostic.fieldLength <= characters,
                  "a diagnostic lies inside the expression");
        SW_ASSERT(diagnostic.line >= 1 && diagnostic.column >= 1, "lines and columns count from 1");
    }
}

void run(const Program& program, const Record& record)
{
    Arena arena;
    const RecordError error{.code = RecordErrorCode::NoMatch, .message = "m"};
    Record failed = record;
    failed.error = &error;
    EvalContext context{.arena = arena};
    const Value value = program.evaluate(failed, context);
    SW_ASSERT(!value.isError() || !value.message().empty(), "an error says something");
    SW_ASSERT(program.resultType().isDyn() || value.isError() || value.kind == program.resultType().kind,
              "a value is of the type that was found");
    static_cast<void>(program.evaluateBool(failed, context));
    const Rendered rendered = program.evaluateJson(failed, context);
    if (!rendered.failed) {
        JsonIndexer indexer;
        JsonError problem;
        const std::string text(rendered.node.text);
        // Nesting may come out deeper than a record may be.
        SW_ASSERT(indexer.index(text, arena, problem) != nullptr || problem.code == JsonError::Code::TooDeep,
                  "what is rendered is JSON");
    }
    if (!value.isError()) {
        static_cast<void>(toTypedJson(value, arena));
    }
}

void checkInput(std::string_view input)
{
    const unsigned flags = input.empty() ? 0U : static_cast<unsigned char>(input.front());
    input.remove_prefix(input.empty() ? 0 : 1);
    const std::size_t cut = input.find(kSeparator);
    const std::string expression(input.substr(0, cut));
    const std::string text(cut == std::string_view::npos ? std::string_view("{}") : input.substr(cut + 1));
    const CompileOptions options{.strict = (flags & 1U) != 0, .hasError = (flags & 2U) != 0};

    Diagnostics diagnostics;
    const Result<Program> program = Program::compile(expression, options, &diagnostics);
    SW_ASSERT(program.hasValue() != hasErrors(diagnostics), "what is refused has an error, and the reverse");
    checkPlaces(diagnostics, expression);
    const std::string fields[] = {"a", "b.c", "items[].price"};
    static_cast<void>(complete(expression, expression.size() / 2, fields, options));
    static_cast<void>(typeAt(expression, expression.size() / 2, options));
    if (!program) {
        return;
    }
    Arena arena;
    JsonIndexer indexer;
    JsonError problem;
    Origin origin{.topic = "t",
                  .partition = 0,
                  .offset = 1,
                  .key = "k",
                  .value = text,
                  .timestampMs = 1'700'000'000'000};
    origin.format = ValueFormat::Json;
    origin.json = indexer.index(text, arena, problem);
    if (origin.json == nullptr) {
        origin.format = isValidUtf8(text) ? ValueFormat::Text : ValueFormat::Bytes;
    }
    run(*program, restoredFrom(origin, nullptr));
}

} // namespace
} // namespace streamwright::cel

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    // A copy of the exact size: a read beyond it is seen.
    const std::vector<char> text(bytes, bytes + size);
    streamwright::cel::checkInput({text.data(), text.size()});
    return 0;
}
