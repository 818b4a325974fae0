// What one CEL condition costs beyond the record's index, which all nodes share. 2,000 distinct records of
// about 200 bytes; goal P8 of resources/docs/performance.md: <= 40 ns at -O2 for a condition on two fields,
// best of 5. Run: cel_bench --benchmark_repetitions=5, and read the smallest Time of each.
#include "core/cel/program.h"
#include "core/record/json_value.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

namespace streamwright::cel {
namespace {

constexpr std::size_t kRecords = 2000;
constexpr std::size_t kBatch = 500;

std::string recordText(std::size_t i)
{
    const std::string subjects[] = {"x", "order", "paint", "return"};
    return R"({"id": )" + std::to_string(100'000 + i) + R"(, "name": "customer )" +
           std::to_string(i * 7919 % 100'000) + R"(", "subject": ")" + subjects[i % 4] +
           R"(", "quantity": )" + std::to_string(i * 31 % 17) + R"(, "price": )" + std::to_string(i % 90) +
           '.' + std::to_string(10 + i % 89) + R"(, "address": {"city": "Kazan", "street": "Lenin street )" +
           std::to_string(i % 200) + R"("}, "tags": ["a", "b"], "active": true, "note": "first delivery"})";
}

/// Records of 2,000 different texts, indexed once, as a source gives them.
class Records {
public:
    Records()
    {
        for (std::size_t i = 0; i < kRecords; ++i) {
            const std::string& text = m_texts.emplace_back(recordText(i));
            JsonError error;
            Origin& origin = m_origins.emplace_back();
            origin.format = ValueFormat::Json;
            origin.value = text;
            origin.json = m_indexer.index(text, m_arena, error);
            m_bytes += text.size();
            m_records.push_back(restoredFrom(origin, nullptr));
        }
    }
    [[nodiscard]] const Record& at(std::size_t i) const { return m_records[i % kRecords]; }
    [[nodiscard]] std::size_t averageBytes() const { return m_bytes / kRecords; }

private:
    Arena m_arena;
    JsonIndexer m_indexer;
    std::deque<std::string> m_texts;
    std::deque<Origin> m_origins;
    std::vector<Record> m_records;
    std::size_t m_bytes = 0;
};

void evaluate(benchmark::State& state, const char* expression)
{
    const Records records;
    const Result<Program> program = Program::compile(expression);
    if (!program) {
        std::fprintf(stderr, "%s\n", program.error().message.c_str());
        std::exit(1);
    }
    Arena arena;
    EvalContext context{.arena = arena};
    std::size_t next = 0;
    for (auto _ : state) {
        if (next % kBatch == 0) {
            arena.reset();
        }
        benchmark::DoNotOptimize(program->evaluate(records.at(next++), context));
    }
    state.counters["record_bytes"] = static_cast<double>(records.averageBytes());
}

void condition(benchmark::State& state)
{
    const Records records;
    const Result<Program> program = Program::compileBool(R"(value.quantity > 5 && value.subject == "x")");
    Arena arena;
    EvalContext context{.arena = arena};
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(program->evaluateBool(records.at(next++), context));
    }
}

BENCHMARK(condition);
BENCHMARK_CAPTURE(evaluate, constant, "true");
BENCHMARK_CAPTURE(evaluate, one_field, "value.quantity");
BENCHMARK_CAPTURE(evaluate, two_fields, R"(value.quantity > 5 && value.subject == "x")");
BENCHMARK_CAPTURE(evaluate, arithmetic, "value.price * value.quantity > 100.0");
BENCHMARK_CAPTURE(evaluate, nested_field, R"(value.address.city == "Kazan")");
BENCHMARK_CAPTURE(evaluate, in_list, R"(value.subject in ["order", "return"])");
BENCHMARK_CAPTURE(evaluate, pattern, R"(value.name.matches("^customer [0-9]+5$"))");
BENCHMARK_CAPTURE(evaluate, macro, R"(value.tags.exists(t, t == "b"))");
BENCHMARK_CAPTURE(evaluate, missing_field, "value.missing > 1");

} // namespace
} // namespace streamwright::cel

BENCHMARK_MAIN();
