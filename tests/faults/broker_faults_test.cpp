/// What happens to the brokers: killed, restarted, frozen, their leaders moved.
#include "tests/faults/fault_rig.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace streamwright::faults {
namespace {

using kafka::KafkaCluster;
using testing::ChildProcess;

constexpr std::chrono::seconds kReturn{15}; ///< progress again after the broker's return

class BrokerFaults : public ::testing::TestWithParam<Guarantee> {
protected:
    void SetUp() override
    {
        SW_NEEDS_REAL_KAFKA();
        auto cluster = KafkaCluster::start({});
        ASSERT_TRUE(cluster) << cluster.error().message;
        m_cluster = std::move(*cluster);
    }

    /// Progress must come again after the broker has returned, without help.
    void expectReturn(FaultRig& rig, const std::string& what)
    {
        const double seconds = rig.reader().waitForProgress(rig.outputsSoFar(), std::chrono::seconds(60));
        ASSERT_GE(seconds, 0) << what << '\n' << rig.logs();
        EXPECT_LE(seconds, static_cast<double>(kReturn.count())) << what;
        m_slowest = std::max(m_slowest, seconds);
    }

    void conclude(FaultRig& rig, const std::string& what)
    {
        const Verdict verdict = rig.finish(std::chrono::seconds(180));
        EXPECT_TRUE(GetParam() == Guarantee::ExactlyOnce ? verdict.exactlyOnce() : verdict.nothingLost())
            << verdict.text() << rig.logs();
        printFigure(what + ", " + toString(GetParam()),
                    verdict.text() + "; slowest return " + std::to_string(m_slowest) + " s");
    }

    std::unique_ptr<KafkaCluster> m_cluster;
    double m_slowest = 0;
};

TEST_P(BrokerFaults, AreSurvivedWhenItIsKilledAndRestarted)
{
    if (!m_cluster) {
        return; // skipped by SetUp
    }
    FaultRig rig(*m_cluster, {.guarantee = GetParam(), .perSecond = rounds(1'000, 500)});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    for (int i = 0; i < rounds(5, 1); ++i) {
        m_cluster->kill();
        ASSERT_TRUE(m_cluster->restart());
        expectReturn(rig, "hard restart");
        m_cluster->stop();
        ASSERT_TRUE(m_cluster->restart());
        expectReturn(rig, "clean restart");
    }
    EXPECT_TRUE(worker.alive()) << rig.logs();
    conclude(rig, "hard and clean restarts of the broker");
}

TEST_P(BrokerFaults, AreSurvivedWhenItFreezes)
{
    if (!m_cluster) {
        return; // skipped by SetUp
    }
    FaultRig rig(*m_cluster, {.guarantee = GetParam(), .perSecond = rounds(1'000, 500)});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    m_cluster->pause();
    std::this_thread::sleep_for(std::chrono::seconds(rounds(30, 12))); // how long it is away is the fault
    m_cluster->resume();
    expectReturn(rig, "frozen");
    EXPECT_TRUE(worker.alive()) << rig.logs();
    conclude(rig, "frozen broker");
}

INSTANTIATE_TEST_SUITE_P(Guarantees, BrokerFaults,
                         ::testing::Values(Guarantee::AtLeastOnce, Guarantee::ExactlyOnce),
                         [](const ::testing::TestParamInfo<Guarantee>& chosen) {
                             return chosen.param == Guarantee::ExactlyOnce ? "ExactlyOnce" : "AtLeastOnce";
                         });

TEST(ThreeBrokers, MoveTheirLeadersWithoutLoss)
{
    SW_NEEDS_REAL_KAFKA();
    auto cluster = KafkaCluster::start({.brokers = 3, .heap = "256m"});
    ASSERT_TRUE(cluster) << cluster.error().message;
    FaultRig rig(**cluster, {.guarantee = Guarantee::ExactlyOnce,
                             .partitions = 3,
                             .perSecond = rounds(1'000, 300),
                             .replication = 3});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();
    double slowest = 0;
    for (int broker = 0; broker < rounds(3, 1); ++broker) {
        (*cluster)->kill(broker);
        const double away = rig.reader().waitForProgress(rig.reader().count(), std::chrono::seconds(60));
        ASSERT_GE(away, 0) << rig.logs();
        slowest = std::max(slowest, away);
        ASSERT_TRUE((*cluster)->restart(broker));
        ASSERT_TRUE(rig.waitForWork(std::chrono::seconds(30))) << rig.logs();
    }
    const Verdict verdict = rig.finish(std::chrono::seconds(180));
    EXPECT_TRUE(verdict.exactlyOnce()) << verdict.text() << rig.logs();
    printFigure(std::to_string(rounds(3, 1)) + " of three brokers killed",
                verdict.text() + "; longest silence " + std::to_string(slowest) + " s");
}

} // namespace
} // namespace streamwright::faults
