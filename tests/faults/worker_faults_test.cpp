/// What happens to the worker: killed, stopped for too long, replaced, joined and left by others.
#include "core/kafka/producer.h"
#include "tests/faults/fault_rig.h"
#include "tests/support/seed_records.h"

#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <thread>

namespace streamwright::faults {
namespace {

using kafka::KafkaCluster;
using testing::ChildProcess;

constexpr std::chrono::seconds kSessionTimeout{10};

class WorkerFaults : public ::testing::TestWithParam<Guarantee> {};

TEST_P(WorkerFaults, LoseNothingWhenTheWorkerIsKilledUnderLoad)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = GetParam(), .perSecond = rounds(4'000, 1'500)});
    rig.startLoad();
    std::mt19937 random(20261123);
    std::uniform_int_distribution<int> delay(20, 700);
    const int kills = rounds(100, 8);
    double slowest = 0;
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    for (int i = 0; i < kills; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(delay(random))); // the fault falls anywhere
        worker.kill();
        const std::uint64_t before = rig.outputsSoFar();
        worker = rig.startWorker();
        const double away = rig.reader().waitForProgress(before, std::chrono::seconds(30));
        ASSERT_GE(away, 0) << "no output within 30 s after kill " << i << '\n' << rig.logs();
        slowest = std::max(slowest, away);
    }
    const Verdict verdict = rig.finish();
    EXPECT_EQ(verdict.lost, 0U) << verdict.text() << rig.logs();
    EXPECT_TRUE(GetParam() == Guarantee::ExactlyOnce ? verdict.exactlyOnce() : verdict.nothingLost())
        << verdict.text();
    worker.signal(SIGTERM);
    EXPECT_EQ(worker.wait(std::chrono::seconds(10)), 0) << rig.logs();
    printFigure("kill -9 of the worker, " + std::string(toString(GetParam())),
                std::to_string(kills) + " kills: " + verdict.text() + "; slowest return " +
                    std::to_string(slowest) + " s");
}

/// Outputs that wait in the client's queue are where offsets that are committed too early lose records.
TEST(LingeringOutputs, AreNotLostWhenTheWorkerIsKilled)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::AtLeastOnce, .perSecond = 1'000});
    rig.startLoad();
    const std::vector<std::string> lingering{"-X", "linger.ms=800"};
    const int kills = rounds(20, 3);
    ChildProcess worker = rig.startWorker("", lingering);
    for (int i = 0; i < kills; ++i) {
        ASSERT_GE(rig.reader().waitForProgress(rig.reader().count() + 100, std::chrono::seconds(30)), 0)
            << rig.logs();
        worker.kill();
        worker = rig.startWorker("", lingering);
    }
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.nothingLost()) << verdict.text() << rig.logs();
    printFigure("kill -9 while outputs linger", std::to_string(kills) + " kills: " + verdict.text());
}

/// The producer of the input uses transactions too, and gives every second one up.
TEST(Input, OfAbortedTransactionsIsNotProcessed)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::ExactlyOnce});
    kafka::ProducerSettings settings;
    settings.transactionalId = rig.input() + ".writer";
    auto producer = kafka::Producer::create(KafkaCluster::shared().connection(), settings);
    ASSERT_TRUE(producer) << producer.error().message;
    constexpr Millis kAnswer{10'000};
    ASSERT_TRUE((*producer)->initTransactions(kAnswer).done());
    auto topic = (*producer)->topic(rig.input(), {}, kAnswer);
    ASSERT_TRUE(topic) << topic.error().message;
    ChildProcess worker = rig.startWorker();
    const int transactions = rounds(200, 40);
    constexpr std::uint64_t kPerTransaction = 50;
    std::uint64_t committed = 0;
    for (int i = 0; i < transactions; ++i) {
        const bool abort = i % 2 == 1;
        ASSERT_TRUE((*producer)->beginTransaction().done());
        for (std::uint64_t k = 0; k < kPerTransaction; ++k) {
            // An aborted one carries what the next one sends: seen, it would be there twice.
            const testing::SeedRecord record = testing::seedRecord(committed + k);
            ASSERT_TRUE((*producer)->produce(
                {.topic = *topic, .partition = 0, .key = record.key, .value = record.value}));
        }
        ASSERT_TRUE((*producer)->flush(kAnswer)); // in the log, committed or not
        ASSERT_TRUE(abort ? (*producer)->abortTransaction().done() : (*producer)->commitTransaction().done());
        committed += abort ? 0 : kPerTransaction;
    }
    EXPECT_TRUE(rig.reader().waitForDistinct(requestsAmong(committed), std::chrono::seconds(60)))
        << rig.logs();
    worker.signal(SIGTERM); // drains: whatever else it would write is written then
    EXPECT_EQ(worker.wait(std::chrono::seconds(10)), 0) << rig.logs();
    EXPECT_TRUE(rig.reader().waitForQuiet(std::chrono::seconds(20)));
    const Verdict verdict = judge(rig.reader().outputs(), committed, 1);
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    printFigure("input with aborted transactions", verdict.text());
}

TEST_P(WorkerFaults, AreStoppedBySigtermWithinTenSeconds)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = GetParam(), .perSecond = rounds(2'000, 1'000)});
    rig.startLoad();
    const int stops = rounds(100, 4);
    double slowest = 0;
    for (int i = 0; i < stops; ++i) {
        ChildProcess worker = rig.startWorker();
        ASSERT_TRUE(rig.waitForWork()) << rig.logs();
        const auto begin = std::chrono::steady_clock::now();
        worker.signal(SIGTERM);
        ASSERT_EQ(worker.wait(std::chrono::seconds(10)), 0) << rig.logs();
        slowest = std::max(slowest,
                           std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    ChildProcess worker = rig.startWorker();
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.exactlyOnce()) << "a clean stop repeats nothing: " << verdict.text() << rig.logs();
    printFigure("SIGTERM, " + std::string(toString(GetParam())),
                std::to_string(stops) + " stops: " + verdict.text() + "; slowest " + std::to_string(slowest) +
                    " s");
}

INSTANTIATE_TEST_SUITE_P(Guarantees, WorkerFaults,
                         ::testing::Values(Guarantee::AtLeastOnce, Guarantee::ExactlyOnce),
                         [](const ::testing::TestParamInfo<Guarantee>& chosen) {
                             return chosen.param == Guarantee::ExactlyOnce ? "ExactlyOnce" : "AtLeastOnce";
                         });

TEST(Zombie, GoesOnWhereNobodyTookItsPlace)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::ExactlyOnce, .perSecond = 1'000});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    const int pauses = rounds(10, 1);
    for (int i = 0; i < pauses; ++i) {
        worker.signal(SIGSTOP);
        std::this_thread::sleep_for(kSessionTimeout + std::chrono::seconds(3)); // past the session timeout
        const std::uint64_t before = rig.outputsSoFar();
        worker.signal(SIGCONT);
        ASSERT_GE(rig.reader().waitForProgress(before, std::chrono::seconds(30)), 0) << rig.logs();
    }
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    printFigure("SIGSTOP past the session timeout, nobody else",
                std::to_string(pauses) + " times: " + verdict.text());
}

TEST(Zombie, IsFencedWhereSomebodyTookItsPlace)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::ExactlyOnce, .perSecond = 1'000});
    rig.startLoad();
    const int pauses = rounds(10, 1);
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    for (int i = 0; i < pauses; ++i) {
        worker.signal(SIGSTOP);
        const std::uint64_t before = rig.outputsSoFar();
        ChildProcess successor = rig.startWorker("", {"--on-conflict", "takeover"});
        ASSERT_GE(rig.reader().waitForProgress(before, std::chrono::seconds(30)), 0) << rig.logs();
        worker.signal(SIGCONT);
        EXPECT_EQ(worker.wait(std::chrono::seconds(30)), 4) << rig.logs();
        worker = std::move(successor);
    }
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    printFigure("zombie replaced by another", std::to_string(pauses) + " times: " + verdict.text());
}

TEST(Membership, ChangesWithoutLossOrRepetition)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::ExactlyOnce,
                                          .partitions = 6,
                                          .countPerPartition = true,
                                          .perSecond = rounds(3'000, 1'000)});
    rig.startLoad();
    std::vector<ChildProcess> workers;
    for (const char* slot : {"a", "b", "c"}) {
        workers.push_back(rig.startWorker(slot));
    }
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    std::mt19937 random(7);
    const int changes = rounds(50, 4);
    for (int i = 0; i < changes; ++i) {
        const std::size_t which = random() % workers.size();
        const std::string slot(1, static_cast<char>('a' + which));
        ASSERT_TRUE(rig.waitForStart(slot)) << rig.logs(); // a stop before the start proves nothing
        if (i % 2 == 0) {
            workers[which].signal(SIGTERM);
            ASSERT_EQ(workers[which].wait(std::chrono::seconds(15)), 0) << rig.logs();
        } else {
            workers[which].kill();
        }
        const std::uint64_t before = rig.outputsSoFar();
        workers[which] = rig.startWorker(slot);
        if (i % 2 == 1) {
            // One that comes back under its name moves nothing; a guest takes partitions from those at work,
            // and the group gives them back when it has forgotten the guest.
            const std::string guest = "guest-" + std::to_string(i);
            ChildProcess visitor = rig.startWorker(guest);
            ASSERT_TRUE(rig.waitForStart(guest)) << rig.logs();
            visitor.signal(SIGTERM);
            ASSERT_EQ(visitor.wait(std::chrono::seconds(15)), 0) << rig.logs();
        }
        ASSERT_GE(rig.reader().waitForProgress(before, std::chrono::seconds(30)), 0) << rig.logs();
    }
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    printFigure("membership changes, three workers", std::to_string(changes) + " changes: " + verdict.text());
}

TEST(StandBy, TakesOverWhenTheRunningOneDies)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(),
                 {.guarantee = Guarantee::ExactlyOnce, .perSecond = rounds(2'000, 1'000)});
    rig.startLoad();
    ChildProcess first = rig.startWorker("first");
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    ChildProcess second = rig.startWorker("second");
    ChildProcess refused = rig.startWorker("third", {"--on-conflict", "fail"});
    EXPECT_EQ(refused.wait(std::chrono::seconds(20)), 4) << rig.logs();
    ASSERT_TRUE(rig.waitForWork());
    EXPECT_TRUE(first.alive()) << "the stand-by must not disturb the running one\n" << rig.logs();
    first.kill();
    const std::uint64_t before = rig.outputsSoFar();
    const double away = rig.reader().waitForProgress(before + 100, std::chrono::seconds(20));
    EXPECT_GE(away, 0) << rig.logs();
    EXPECT_LE(away, 15);
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    printFigure("stand-by takes over after kill -9", std::to_string(away) + " s; " + verdict.text());
}

} // namespace
} // namespace streamwright::faults
