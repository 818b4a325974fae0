#include "core/preview/pipeline_test.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace streamwright {
namespace {

constexpr const char* kPipeline = R"({
  "streamwright": 1, "name": "numbered", "connections": { "kafka": { "bootstrap_servers": "embedded" } },
  "nodes": [
    { "id": "in", "type": "kafka_source", "config": { "connection": "kafka", "topic": "in" } },
    { "id": "number", "type": "number", "config": { "field": "n" } },
    { "id": "out", "type": "kafka_sink", "config": { "connection": "kafka", "topic": "out" } },
    { "id": "dead", "type": "file_sink", "config": { "path": "dead.jsonl" } }
  ],
  "edges": [ { "from": "in", "to": "number" }, { "from": "number", "to": "out" }, { "from": "number.error", "to": "dead" } ]
})";

using Lines = std::vector<std::string>;

/// Differences of a file with one case.
Lines differences(const std::string& input, const std::string& expect)
{
    const auto test = parsePipelineTest(std::string(R"({"pipeline": )") + kPipeline +
                                            R"(, "cases": [{"name": "c", "input": )" + input +
                                            R"(, "expect": )" + expect + "}]}",
                                        {});
    EXPECT_TRUE(test) << test.error().message;
    const auto results = runPipelineTest(*test);
    EXPECT_TRUE(results) << results.error().message;
    return results->front().differences;
}

constexpr const char* kTwo =
    R"([{"topic": "in", "value": {"a": {"b": [1, 2]}}}, {"topic": "in", "key": "k", "value": 5}])";

TEST(PipelineTest, HoldsWhereOnlyNamedKeysAreCompared)
{
    EXPECT_EQ(differences(kTwo, R"({"output": [{"topic": "out", "value": {"n": 1.0, "a": {"b": [1, 2]}}}],
                                    "dead_letters": [{"code": "not_an_object", "key": "k", "value": 5}],
                                    "metrics": {"number": {"in": 2, "errors": 1}}})"),
              Lines{});
    EXPECT_EQ(differences(kTwo, R"({"output": [{"node": "number.error", "value": 5}, {"node": "out"}]})"),
              Lines{});
}

TEST(PipelineTest, NamesEachFieldThatDiffers)
{
    EXPECT_EQ(
        differences(
            kTwo,
            R"({"output": [{"topic": "out", "key": "x", "value": {"n": 2, "a": {"b": [1, "2"]}, "c": 0}}]})"),
        (Lines{R"(topic "out" [0] key: expected "x", got null)",
               R"(topic "out" [0] value.n: expected 2, got 1)",
               R"(topic "out" [0] value.a.b[1]: expected "2", got 2)",
               R"(topic "out" [0] value.c: expected 0, it is not there)"}));
}

TEST(PipelineTest, NamesWhatIsMissingAndWhatWasNotExpected)
{
    EXPECT_EQ(differences(kTwo, R"({"output": []})"),
              (Lines{R"j(sink "out": a record was not expected: {"a": {"b": [1, 2]}, "n": 1})j"}));
    const Lines missing = differences("[]", R"({"output": [{"topic": "out", "value": 1}]})");
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_NE(missing[0].find("is missing"), std::string::npos);
    const Lines letters = differences(kTwo, R"({"dead_letters": []})");
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_NE(letters[0].find("not_an_object"), std::string::npos) << letters[0];
}

TEST(PipelineTest, ComparesBytesAndCounts)
{
    EXPECT_EQ(
        differences(kTwo, R"({"output": [{"topic": "out", "raw": "{\"a\": {\"b\": [1, 2]}, \"n\": 1}"}]})"),
        Lines{});
    EXPECT_EQ(differences(kTwo, R"({"metrics": {"number": {"out": 2}, "nobody": {"in": 0}}})"),
              (Lines{R"(metrics: there is no node "nobody")",
                     R"(metrics of node "number": out: expected 2, got 1)"}));
}

TEST(PipelineTest, RefusesFilesThatNobodyCouldMean)
{
    for (const auto& [cases, part] : std::vector<std::pair<std::string, std::string>>{
             {R"([{"name": "c", "inptu": [], "expect": {}}])", "Did you mean \"input\"?"},
             {R"([{"name": "c", "input": []}])", "expects nothing"},
             {R"([{"name": "c", "input": [{"value": 1}], "expect": {}}])", "topic"},
             {R"([{"name": "c", "input": [{"topic": "in", "offset": "x"}], "expect": {}}])", "offset"},
             {R"([{"name": "c", "expect": {"output": [{"value": 1}]}}])", "output[0]"},
             {R"([{"name": "c", "expect": {"metrics": {"a": {"input": 1}}}}])", "input"},
             {"[]", "none"}}) {
        const auto test = parsePipelineTest(
            std::string(R"({"pipeline": )") + kPipeline + R"(, "cases": )" + cases + "}", {});
        ASSERT_FALSE(test) << cases;
        EXPECT_NE(test.error().message.find(part), std::string::npos) << test.error().message;
    }
    EXPECT_FALSE(parsePipelineTest("{", {}));
    EXPECT_FALSE(parsePipelineTest("{\"cases\": []}", {}));
    EXPECT_FALSE(parsePipelineTest(R"({"pipeline": "nowhere.json", "cases": []})", {}));
}

} // namespace
} // namespace streamwright
