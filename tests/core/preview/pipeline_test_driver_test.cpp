#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/preview/pipeline_test_driver.h"
#include "core/topology/compile.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

PipelineTestDriver driverOf(const char* text)
{
    const LoadedDocument document = parseDocument(text);
    const Compiled compiled = compile(document.pipeline, builtinNodes());
    EXPECT_NE(compiled.topology, nullptr)
        << (compiled.diagnostics.empty() ? "" : compiled.diagnostics[0].message);
    return std::move(*PipelineTestDriver::create(compiled.topology, {}));
}

constexpr const char* kNumbered = R"({
  "streamwright": 1, "name": "numbered", "connections": { "kafka": { "bootstrap_servers": "embedded" } },
  "nodes": [
    { "id": "in", "type": "kafka_source", "config": { "connection": "kafka", "topic": "in" } },
    { "id": "slow", "type": "throttle", "config": { "per_second": 10 } },
    { "id": "number", "type": "number", "config": { "field": "n", "scope": "partition" } },
    { "id": "out", "type": "kafka_sink", "config": { "connection": "kafka", "topic": "out" } }
  ],
  "edges": [ { "from": "in", "to": "slow" }, { "from": "slow", "to": "number" }, { "from": "number", "to": "out" } ]
})";

TEST(PipelineTestDriver, DrivesASingleNode)
{
    auto driver = PipelineTestDriver::forNode(*builtinNodes().find("filter"),
                                              R"({"condition": "value.quantity >= 100"})");

    driver.pipe({R"({"quantity": 250})", R"({"quantity": 99})", R"({"quantity": 100})"});

    EXPECT_EQ(driver.values("out"), (Values{R"({"quantity": 250})", R"({"quantity": 100})"}));
    EXPECT_EQ(driver.values("rejected"), Values{R"({"quantity": 99})"});
    EXPECT_EQ(driver.values("error"), Values{});
}

TEST(PipelineTestDriver, HasATaskForEachPartitionAndRunningOffsets)
{
    auto driver = driverOf(kNumbered);
    std::vector<InputRecord> records;
    for (const int partition : {0, 1, 0}) {
        records.push_back({.topic = "in", .partition = partition, .value = "{}"});
    }
    ASSERT_TRUE(driver.pipe(records));

    const CapturedRecords written = driver.written("out");
    ASSERT_EQ(written.size(), 3U);
    EXPECT_EQ(written[1].value, R"({"n":1})");
    EXPECT_EQ(written[2].value, R"({"n":2})");
    EXPECT_EQ(written[2].offset, 1);
    EXPECT_EQ(driver.in("number").size(), 3U);
    EXPECT_EQ(driver.out("in", "").size(), 3U);
    EXPECT_EQ(driver.counters("number").recordsOut, 3U);
}

TEST(PipelineTestDriver, TurnsTheClockWhereARateMakesItWait)
{
    auto driver = driverOf(kNumbered);
    const std::vector<InputRecord> records(11, {.topic = "in", .value = "{}"});
    ASSERT_TRUE(driver.pipe(records));

    EXPECT_NEAR(static_cast<double>(driver.clock().wallMs() - PipelineTestDriver::kStartMs), 1'000.0, 20.0);
}

TEST(PipelineTestDriver, StopsAtARecordThatFailsWhereNothingTakesIt)
{
    auto driver = driverOf(kNumbered);
    const std::vector<InputRecord> records{{.topic = "in", .value = "{"}, {.topic = "in", .value = "{}"}};
    const auto piped = driver.pipe(records);

    ASSERT_FALSE(piped);
    EXPECT_EQ(piped.error().code, Errc::RecordFailed);
    ASSERT_EQ(driver.log().failures.size(), 1U);
    EXPECT_EQ(driver.log().failures[0].error.node, "in");
    EXPECT_TRUE(driver.written("out").empty());
}

TEST(PipelineTestDriver, RefusesInputThatNothingReads)
{
    auto driver = driverOf(kNumbered);
    const std::vector<InputRecord> toTopic{{.topic = "elsewhere", .value = "{}"}};
    const std::vector<InputRecord> toNode{{.node = "number", .value = "{}"}};
    EXPECT_FALSE(driver.pipe(toTopic));
    EXPECT_FALSE(driver.pipe(toNode));
}

} // namespace
} // namespace streamwright
