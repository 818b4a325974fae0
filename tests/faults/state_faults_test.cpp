/// What happens to what a pipeline keeps: dead letters on a full disk, an unusable state directory, offsets
/// that another tool changed, memory behind a slow sink, an id that somebody else takes.
#include "core/kafka/admin.h"
#include "core/kafka/producer.h"
#include "tests/faults/fault_rig.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace streamwright::faults {
namespace {

using kafka::KafkaCluster;
using testing::ChildProcess;

constexpr Millis kAnswer{10'000};
constexpr std::chrono::seconds kEnds{40}; ///< a worker that must end by itself, on a loaded machine

/// A worker is run until everything that was sent so far has come out, and stopped.
void runToTheEnd(FaultRig& rig)
{
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    ASSERT_TRUE(rig.finish().exactlyOnce()) << rig.logs();
    worker.signal(SIGTERM);
    ASSERT_EQ(worker.wait(std::chrono::seconds(10)), 0) << rig.logs();
    ASSERT_TRUE(rig.waitForEmptyGroup());
}

/// The input's committed offset as another tool sets it: to the beginning, without our state.
void resetByAnotherTool(const FaultRig& rig)
{
    auto admin = kafka::Admin::create(KafkaCluster::shared().connection());
    ASSERT_TRUE(admin) << admin.error().message;
    const std::vector<kafka::PartitionOffset> beginning{{{rig.input(), 0}, 0, {}, std::nullopt}};
    const auto done = (*admin)->alterCommittedOffsets(rig.group(), beginning, kAnswer);
    ASSERT_TRUE(done) << done.error().message;
}

std::int64_t greatestNumber(const std::vector<Output>& outputs)
{
    std::int64_t greatest = 0;
    for (const Output& output : outputs) {
        greatest = std::max(greatest, output.number);
    }
    return greatest;
}

TEST(FullDisk, StopsThePipelineByNameAndLosesNothing)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(),
                 {.guarantee = Guarantee::ExactlyOnce, .perSecond = 1'000, .deadLetterFile = "/dev/full"});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    EXPECT_EQ(worker.wait(kEnds), 1) << rig.logs();
    EXPECT_NE(rig.logs().find("/dev/full"), std::string::npos) << "the error names the file\n" << rig.logs();
    rig.change([](FaultRig::Options& options) { options.deadLetterFile = "rejects.jsonl"; });
    ChildProcess mended = rig.startWorker();
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    mended.signal(SIGTERM);
    EXPECT_EQ(mended.wait(std::chrono::seconds(10)), 0) << rig.logs();
    std::ifstream file(rig.directory() / "rejects.jsonl");
    std::uint64_t lines = 0;
    for (std::string line; std::getline(file, line);) {
        ++lines;
    }
    const std::uint64_t rejected = rig.load().sent() - requestsAmong(rig.load().sent());
    EXPECT_GE(lines, rejected) << "dead letters are written before their offsets";
    printFigure("dead-letter file on a full disk", verdict.text() + "; " + std::to_string(lines) +
                                                       " dead letters of " + std::to_string(rejected));
}

TEST(StateDirectory, ThatIsAFileIsNamed)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.perSecond = 100});
    std::ofstream(rig.stateDirectory()) << "not a directory\n";
    ChildProcess worker = rig.startWorker();
    const std::optional<int> code = worker.wait(kEnds);
    ASSERT_TRUE(code) << "still running\n" << rig.logs();
    EXPECT_TRUE(*code == 1 || *code == 2) << *code << rig.logs();
    EXPECT_NE(rig.logs().find(rig.stateDirectory().string()), std::string::npos) << rig.logs();
}

TEST(LostState, IsNoticedWhenAnotherToolResetTheOffsets)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.perSecond = 1'000});
    runToTheEnd(rig);
    const std::vector<Output> before = rig.reader().outputs();
    resetByAnotherTool(rig);

    ChildProcess refused = rig.startWorker();
    EXPECT_EQ(refused.wait(kEnds), 1) << rig.logs();
    EXPECT_NE(rig.logs().find("on_lost_state"), std::string::npos) << rig.logs();
    EXPECT_EQ(rig.reader().count(), before.size()) << "nothing may be numbered";

    ASSERT_TRUE(rig.waitForEmptyGroup());
    rig.change([](FaultRig::Options& options) { options.onLostState = "from_output"; });
    ChildProcess goesOn = rig.startWorker();
    ASSERT_GE(rig.reader().waitForProgress(2 * before.size() - 1, std::chrono::seconds(60)), 0) << rig.logs();
    const std::vector<Output> all = rig.reader().outputs();
    EXPECT_EQ(all[before.size()].number, greatestNumber(before) + 1) << "no number is given twice";
    goesOn.signal(SIGTERM);
    EXPECT_EQ(goesOn.wait(std::chrono::seconds(10)), 0) << rig.logs();

    ASSERT_TRUE(rig.waitForEmptyGroup());
    resetByAnotherTool(rig);
    rig.change([](FaultRig::Options& options) { options.onLostState = "start"; });
    ChildProcess anew = rig.startWorker();
    ASSERT_GE(rig.reader().waitForProgress(all.size(), std::chrono::seconds(60)), 0) << rig.logs();
    EXPECT_EQ(rig.reader().outputs()[all.size()].number, 1) << "start means the first number";
}

TEST(LostState, IsNoticedWhenTheOffsetsHaveExpired)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.perSecond = 1'000});
    runToTheEnd(rig);
    const std::uint64_t before = rig.reader().count();
    auto admin = kafka::Admin::create(KafkaCluster::shared().connection());
    ASSERT_TRUE(admin) << admin.error().message;
    const auto gone = (*admin)->deleteGroup(rig.group(), kAnswer);
    ASSERT_TRUE(gone) << gone.error().message;

    ChildProcess refused = rig.startWorker();
    EXPECT_EQ(refused.wait(kEnds), 1) << rig.logs();
    EXPECT_NE(rig.logs().find("is not empty"), std::string::npos) << rig.logs();
    EXPECT_EQ(rig.reader().count(), before) << "nothing may be numbered";
}

TEST(SlowSink, KeepsWithinTheMemoryThatItWasGiven)
{
    SW_NEEDS_REAL_KAFKA();
    constexpr int kMaxMemoryMb = 192;
    constexpr double kMargin = 1.10;
    constexpr int kAsFastAsPossible = 1'000'000;
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::AtLeastOnce,
                                          .perSecond = kAsFastAsPossible,
                                          .throttlePerS = 500,
                                          .maxMemoryMb = kMaxMemoryMb});
    rig.startLoad();
    const auto wanted =
        static_cast<std::uint64_t>(rounds(3'000'000, 1'200'000)); // 200 bytes each: more than fits
    const auto loadDeadline = std::chrono::steady_clock::now() + std::chrono::seconds(180);
    while (rig.load().sent() < wanted && std::chrono::steady_clock::now() < loadDeadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50)); // waits for the backlog, with a deadline
    }
    const std::uint64_t sent = rig.load().finish();
    ASSERT_GE(sent, wanted) << "no backlog";
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork(std::chrono::seconds(60))) << rig.logs();
    const std::chrono::seconds period(rounds(300, 15));
    std::this_thread::sleep_for(period); // how long the sink is slow is the fault
    EXPECT_TRUE(worker.alive()) << rig.logs();
    const double peak = worker.peakMb();
    EXPECT_GT(peak, 0);
    EXPECT_LE(peak, kMaxMemoryMb * kMargin);
    const std::uint64_t written = rig.reader().count();
    const auto elapsed = static_cast<double>(period.count());
    EXPECT_LE(static_cast<double>(written), 500 * (elapsed + 30)) << "the throttle holds";
    worker.kill();
    const Verdict verdict = judge(rig.reader().outputs(), sent, 1);
    EXPECT_EQ(verdict.wrongContents + verdict.outOfOrder + verdict.numberGaps + verdict.numberConflicts, 0U)
        << verdict.text();
    printFigure("slow sink before a backlog of " + std::to_string(sent) + " records, " +
                    std::to_string(period.count()) + " s",
                "peak " + std::to_string(peak) + " MB of " + std::to_string(kMaxMemoryMb));
}

TEST(StolenTransactionalId, StopsTheWorkerAsFenced)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::ExactlyOnce, .perSecond = 500});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    kafka::ProducerSettings settings;
    settings.transactionalId = rig.group() + ".requests.sole.0"; // as the worker's own
    auto thief = kafka::Producer::create(KafkaCluster::shared().connection(), settings);
    ASSERT_TRUE(thief) << thief.error().message;
    ASSERT_TRUE((*thief)->initTransactions(kAnswer).done());
    EXPECT_EQ(worker.wait(kEnds), 4) << rig.logs();
    (void)rig.load().finish();
    const Verdict verdict = rig.judgeNow();
    EXPECT_EQ(verdict.twice + verdict.numberConflicts + verdict.numberGaps, 0U) << verdict.text();
}

} // namespace
} // namespace streamwright::faults
