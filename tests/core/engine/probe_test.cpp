#include "core/engine/probe.h"
#include "core/engine/run_log.h"
#include "core/engine/tap_board.h"

#include <gtest/gtest.h>

#include <thread>

namespace streamwright {
namespace {

TEST(Probe, IsReadWhileItIsWritten)
{
    ThreadProbes probes(1, 1);
    constexpr std::uint64_t kRounds = 20'000;

    std::thread writer([&probes] {
        for (std::uint64_t i = 0; i < kRounds; ++i) {
            probes.node(0).recordsIn.add(2);
            probes.node(0).addLatency(10, 2);
            probes.edge(0).records.add(2);
        }
    });
    std::uint64_t last = 0;
    while (last < 2 * kRounds) {
        EngineSnapshot snapshot;
        snapshot.nodes.resize(1);
        snapshot.edges.resize(1);
        probes.addTo(snapshot);
        EXPECT_GE(snapshot.nodes[0].counters.recordsIn, last);
        last = snapshot.nodes[0].counters.recordsIn;
    }
    writer.join();

    EngineSnapshot snapshot;
    snapshot.nodes.resize(1);
    snapshot.edges.resize(1);
    probes.addTo(snapshot);
    EXPECT_EQ(snapshot.nodes[0].latencyUs.total(), 2 * kRounds);
    EXPECT_EQ(snapshot.edges[0].records, 2 * kRounds);
}

TEST(TapBoard, LosesNothingSilentlyWhileATapIsReadOpenedAndClosed)
{
    constexpr std::size_t kBatches = 5'000;
    TapBoard board(1);
    auto tap = board.open(0, TapLimits{.perBatch = 4, .perSecond = 1'000'000'000, .capacity = 64});

    std::thread writer([&board] {
        Arena arena;
        Origin origin{.topic = "t", .value = "v"};
        for (std::size_t i = 0; i < kBatches; ++i) {
            arena.reset();
            std::span<Record> records = arena.makeArray<Record>(4);
            for (Record& record : records) {
                record = restoredFrom(origin, nullptr);
            }
            board.sample(0, Batch::all(arena, records), 1);
        }
    });
    std::uint64_t seen = 0;
    std::uint64_t opened = 0;
    while (seen + tap->dropped() < 4 * kBatches) {
        seen += tap->drain(16).size();
        const auto other = board.open(0, {});
        opened += other != nullptr ? 1 : 0;
    }
    writer.join();
    seen += tap->drain(1'000).size();

    EXPECT_EQ(seen + tap->dropped(), 4 * kBatches);
    EXPECT_GT(opened, 0U);
}

TEST(RunLog, KeepsTheNewestRejectsAndCountsAllOfThem)
{
    RunLog log;
    Origin origin{.topic = "t", .partition = 1, .offset = 0, .value = "v"};
    RecordError error{.code = RecordErrorCode::NoMatch, .message = "m", .node = "n"};

    for (int i = 0; i < 250; ++i) {
        origin.offset = i;
        const FailedRecord failed{&origin, &error};
        log.addRejects(std::span(&failed, 1), 1);
    }

    EngineSnapshot snapshot;
    log.copyTo(snapshot);
    EXPECT_EQ(snapshot.rejectsTotal, 250U);
    ASSERT_EQ(snapshot.rejects.size(), RunLog::kKept);
    EXPECT_EQ(snapshot.rejects.front().offset, 50);
    EXPECT_EQ(snapshot.rejects.back().offset, 249);
    EXPECT_EQ(snapshot.rejects.back().number, 250U);
}

} // namespace
} // namespace streamwright
