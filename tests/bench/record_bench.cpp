// What one JSON record costs: index (which validates), and index + edit + write. 2,000 distinct records of
// about 200 bytes; goal P8 of resources/docs/performance.md: <= 350 ns at -O2 for all of it, best of 5. Run:
// record_bench --benchmark_repetitions=5, and read the smallest Time of each.
#include "core/record/json_value.h"
#include "tests/support/seed_records.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace streamwright {
namespace {

constexpr std::size_t kRecords = 2000;
constexpr std::size_t kBatch = 500;

/// The seed pipeline's records, as their senders write them.
enum class Sample {
    Seed,    ///< raw UTF-8, ", " and ": " (the records of forward_bench)
    Escaped, ///< what is not ASCII as \uXXXX, as Python's json.dumps writes by default
    Mixed,   ///< both of these, with and without spaces, in turn
    Shapes,  ///< the seed's with four different first fields in turn, as several kinds of events in one topic
};

/// Non-ASCII as escapes, without the spaces of a sender that writes none.
[[nodiscard]] std::string rewritten(const std::string& json, bool escape, bool compact)
{
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto byte = static_cast<unsigned char>(json[i]);
        const bool afterMark = i > 1 && (json[i - 1] == ':' || json[i - 1] == ',') && json[i - 2] != ' ';
        if (compact && byte == ' ' && afterMark) {
            continue;
        }
        if (!escape || byte < 0x80) {
            out += json[i];
            continue;
        }
        // Two bytes each: the samples' letters are Cyrillic and Latin-1.
        char digits[8];
        std::snprintf(digits, sizeof digits, "\\u%04x",
                      ((byte & 0x1FU) << 6U) | (static_cast<unsigned char>(json[++i]) & 0x3FU));
        out += digits;
    }
    return out;
}

[[nodiscard]] std::vector<std::string> records(Sample sample)
{
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < kRecords; ++i) {
        const bool escape = sample == Sample::Escaped || (sample == Sample::Mixed && i % 4 >= 2);
        const bool compact = sample == Sample::Mixed && i % 2 == 1;
        texts.push_back(rewritten(testing::seedRecord(i).value, escape, compact));
        if (sample == Sample::Shapes) {
            texts.back().replace(1, 4, "\"event_kind_" + std::to_string(i % 4) + '"'); // in place of "id"
        }
    }
    return texts;
}

/// Runs `perRecord(text, arena)` over the records in turn, so that "Time" is that of one.
template <typename PerRecord>
void measure(benchmark::State& state, Sample sample, PerRecord perRecord)
{
    const std::vector<std::string> texts = records(sample);
    std::size_t bytes = 0;
    for (const std::string& text : texts) {
        bytes += text.size();
    }
    Arena arena;
    std::size_t next = 0;
    for (auto _ : state) {
        if (next % kBatch == 0) {
            arena.reset();
        }
        perRecord(texts[next], arena);
        next = next + 1 == texts.size() ? 0 : next + 1;
    }
    state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(kRecords);
}

[[nodiscard]] const JsonValue& indexed(JsonIndexer& indexer, const std::string& text, Arena& arena)
{
    JsonError error;
    const JsonValue* const value = indexer.index(text, arena, error);
    if (value == nullptr) {
        std::fprintf(stderr, "Refused (%s): %s\n", error.reason, text.c_str());
        std::abort();
    }
    return *value;
}

void copyOnly(benchmark::State& state, Sample sample)
{
    std::string out;
    measure(state, sample, [&](const std::string& text, Arena&) {
        out.assign(text);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    });
}

void index(benchmark::State& state, Sample sample)
{
    JsonIndexer indexer;
    measure(state, sample, [&](const std::string& text, Arena& arena) {
        benchmark::DoNotOptimize(indexed(indexer, text, arena).members.data());
    });
}

void indexEditWrite(benchmark::State& state, Sample sample)
{
    JsonIndexer indexer;
    const JsonPath content = JsonPath::ofName("content");
    const JsonPath channel = JsonPath::ofName("channel");
    const JsonPath number = JsonPath::ofName("app_number");
    std::string out;
    std::int64_t next = 0;
    measure(state, sample, [&](const std::string& text, Arena& arena) {
        const JsonValue& value = indexed(indexer, text, arena);
        JsonEditor editor(value, arena);
        editor.remove(content);
        editor.remove(channel);
        benchmark::DoNotOptimize(editor.set(number, makeJsonInt(++next, arena)));
        out.clear();
        appendJson(out, *editor.finish());
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    });
}

BENCHMARK_CAPTURE(copyOnly, seed, Sample::Seed);
BENCHMARK_CAPTURE(index, seed, Sample::Seed);
BENCHMARK_CAPTURE(index, escaped, Sample::Escaped);
BENCHMARK_CAPTURE(index, mixed, Sample::Mixed);
BENCHMARK_CAPTURE(index, shapes, Sample::Shapes);
BENCHMARK_CAPTURE(indexEditWrite, seed, Sample::Seed);
BENCHMARK_CAPTURE(indexEditWrite, escaped, Sample::Escaped);
BENCHMARK_CAPTURE(indexEditWrite, mixed, Sample::Mixed);

} // namespace
} // namespace streamwright

BENCHMARK_MAIN();
