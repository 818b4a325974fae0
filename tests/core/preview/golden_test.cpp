#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/preview/pipeline_test.h"
#include "core/topology/compile.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace streamwright {
namespace {

/// Lines of a file of the golden data; empty where it is absent.
std::vector<std::string> goldenLines(const std::string& name)
{
    std::vector<std::string> lines;
    std::ifstream file(std::string(SW_TEST_DATA) + "/golden/purchase-requests/" + name);
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    return lines;
}

TEST(Golden, PurchaseRequestsGiveExactlyTheExpectedOutputsAndRejects)
{
    const std::vector<std::string> input = goldenLines("input.jsonl");
    if (input.empty()) {
        GTEST_SKIP() << "The golden data is not at " SW_TEST_DATA "; set STREAMWRIGHT_TEST_DATA.";
    }
    const auto document = loadDocument(SW_SOURCE_DIR "/resources/samples/purchase-requests.pipeline.json");
    ASSERT_TRUE(document);
    const Compiled compiled = compile(document->pipeline, builtinNodes());
    ASSERT_NE(compiled.topology, nullptr);
    auto driver = PipelineTestDriver::create(compiled.topology, {});
    ASSERT_TRUE(driver);
    std::vector<InputRecord> records;
    for (std::size_t i = 0; i < input.size(); ++i) {
        records.push_back({.topic = "InputsTopic",
                           .timestampMs = PipelineTestDriver::kStartMs + static_cast<std::int64_t>(i),
                           .key = 'k' + std::to_string(i),
                           .value = input[i]});
    }
    ASSERT_TRUE(driver->pipe(records));

    const CapturedRecords written = driver->written("apps");
    const std::vector<std::string> expected = goldenLines("expected-output.jsonl");
    ASSERT_EQ(written.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const Json line = Json::parse(expected[i]);
        EXPECT_EQ(written[i].key, line["key"].get<std::string>());
        EXPECT_EQ(written[i].timestampMs, line["timestamp"].get<std::int64_t>());
        EXPECT_EQ(Json::parse(*written[i].value), line["value"]) << *written[i].value;
    }
    std::vector<std::int64_t> rejected;
    for (const CapturedRecord& record : driver->written("rejects")) {
        rejected.push_back(record.offset);
    }
    std::vector<std::int64_t> expectedRejects;
    for (const std::string& line : goldenLines("expected-dead-letters.jsonl")) {
        expectedRejects.push_back(Json::parse(line)["offset"].get<std::int64_t>());
    }
    EXPECT_EQ(rejected, expectedRejects);
}

} // namespace
} // namespace streamwright
