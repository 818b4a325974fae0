#include "core/nodes/builtin.h"
#include "gui/bridge/run_rates.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

/// requests -> parse -> apps, parse.error -> rejects
Topology sampleTopology()
{
    Topology topology;
    const auto add = [&](const char* id, const char* type, std::vector<std::vector<PlannedEdge>> wires,
                         bool behindError) {
        PlannedNode node;
        node.id = id;
        node.type = builtinNodes().find(type);
        node.wires = std::move(wires);
        node.behindErrorPort = behindError;
        topology.nodes.push_back(std::move(node));
    };
    add("requests", "kafka_source", {{{.index = 0, .toNode = 1}}, {}}, false);
    add("parse", "parse", {{{.index = 1, .toNode = 2}}, {{.index = 2, .toNode = 3}}}, false);
    add("apps", "kafka_sink", {}, false);
    add("rejects", "file_sink", {}, true);
    return topology;
}

EngineSnapshot snapshotAt(std::int64_t seconds, std::uint64_t in, std::uint64_t errors)
{
    EngineSnapshot snapshot;
    snapshot.monotonicNs = seconds * 1'000'000'000;
    snapshot.nodes.resize(4);
    snapshot.edges.resize(3);
    snapshot.nodes[0].counters.recordsOut = in;
    snapshot.nodes[1].counters = {.recordsIn = in, .recordsOut = in - errors, .errors = errors};
    snapshot.nodes[2].counters.recordsIn = in - errors;
    snapshot.nodes[3].counters.recordsIn = errors;
    snapshot.edges[0].records = in;
    return snapshot;
}

TEST(RunRates, CountsInAndOutAndDeadLettersApart)
{
    const RunRates rates =
        ratesBetween(snapshotAt(10, 1'000, 10), snapshotAt(12, 3'000, 50), sampleTopology());
    EXPECT_DOUBLE_EQ(rates.inPerS, 1'000);
    EXPECT_DOUBLE_EQ(rates.outPerS, 980) << "dead letters are no output";
    EXPECT_DOUBLE_EQ(rates.deadPerS, 20);
    EXPECT_DOUBLE_EQ(rates.edges[0].perS, 1'000);
}

TEST(RunRates, AreZeroFromASingleSnapshot)
{
    const EngineSnapshot only = snapshotAt(10, 1'000, 10);
    const RunRates rates = ratesBetween(only, only, sampleTopology());
    EXPECT_EQ(rates.inPerS, 0);
    EXPECT_EQ(rates.seconds, 0);
    EXPECT_EQ(rates.lag, -1) << "no partition, no lag";
}

TEST(RunRates, AddUpTheLagOfAllPartitions)
{
    EngineSnapshot newer = snapshotAt(11, 1, 0);
    newer.partitions = {
        {.node = "requests", .lag = 40}, {.node = "requests", .lag = 2}, {.node = "requests"}};
    EXPECT_EQ(ratesBetween(snapshotAt(10, 1, 0), newer, sampleTopology()).lag, 42);
}

TEST(RunRates, NameTheBusiestNodeAsBottleneckAndWhoWaitsForIt)
{
    const EngineSnapshot older = snapshotAt(10, 1, 0);
    EngineSnapshot newer = snapshotAt(11, 1'000, 0);
    newer.nodes[1].counters.busyNs = 950'000'000;
    const RunRates rates = ratesBetween(older, newer, sampleTopology());
    ASSERT_TRUE(rates.bottleneck);
    EXPECT_EQ(*rates.bottleneck, 1U);
    EXPECT_EQ(rates.waiting, std::vector<std::size_t>{0});
}

TEST(RunRates, NameNobodyWhereAllAreIdle)
{
    EXPECT_FALSE(ratesBetween(snapshotAt(10, 1, 0), snapshotAt(11, 1, 0), sampleTopology()).bottleneck);
}

} // namespace
} // namespace streamwright
