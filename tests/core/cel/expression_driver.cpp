#include "tests/core/cel/expression_driver.h"

#include "core/cel/value_json.h"

#include <gtest/gtest.h>

namespace streamwright::cel {

SampleRecords::SampleRecords(const std::vector<std::string>& values)
{
    for (const std::string& value : values) {
        add(value);
    }
}

const Record& SampleRecords::add(std::string_view json)
{
    const std::string& text = m_texts.emplace_back(json);
    Origin& origin = m_origins.emplace_back();
    origin.topic = "orders";
    origin.partition = 3;
    origin.offset = 41;
    origin.timestampMs = 1'700'000'000'041;
    origin.format = ValueFormat::Json;
    origin.value = text;
    origin.key = "k41";
    JsonError error;
    origin.json = m_indexer.index(text, m_arena, error);
    EXPECT_NE(origin.json, nullptr) << json << ": " << error.reason;
    m_records.push_back(restoredFrom(origin, nullptr));
    return m_records.back();
}

std::string resultOf(std::string_view expression, std::string_view value, const CompileOptions& options)
{
    const Result<Program> program = Program::compile(expression, options);
    if (!program) {
        return "refused: " + program.error().message;
    }
    SampleRecords records;
    Arena arena;
    EvalContext context{.arena = arena};
    const Rendered rendered = program->evaluateJson(records.add(value), context);
    return rendered.failed ? "failed: " + std::string(rendered.message) : std::string(rendered.node.text);
}

std::string typedResultOf(std::string_view expression, const CompileOptions& options)
{
    const Result<Program> program = Program::compile(expression, options);
    if (!program) {
        return "refused: " + program.error().message;
    }
    Arena arena;
    EvalContext context{.arena = arena};
    const Value value = program->evaluate(Record{}, context);
    return value.isError() ? "failed: " + std::string(value.message()) : toTypedJson(value, arena);
}

} // namespace streamwright::cel
