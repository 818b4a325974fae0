/// What happens to the link between worker and broker: slow, cut, silent, open in one direction only.
#include "tests/faults/fault_rig.h"
#include "tests/faults/tcp_proxy.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace streamwright::faults {
namespace {

using kafka::KafkaCluster;
using testing::ChildProcess;

constexpr std::chrono::seconds kReturn{15}; ///< progress again after the link's return

class LinkFaults : public ::testing::TestWithParam<Guarantee> {
protected:
    void SetUp() override
    {
        SW_NEEDS_REAL_KAFKA();
        auto cluster = KafkaCluster::start({.advertisedProxyPort = m_proxy.port()});
        ASSERT_TRUE(cluster) << cluster.error().message;
        m_cluster = std::move(*cluster);
        m_proxy.forwardTo(m_cluster->proxiedPort());
    }

    [[nodiscard]] std::string throughProxy() const { return "127.0.0.1:" + std::to_string(m_proxy.port()); }

    TcpProxy m_proxy;
    std::unique_ptr<KafkaCluster> m_cluster;
};

TEST_P(LinkFaults, AreSurvivedWithoutHelp)
{
    if (!m_cluster) {
        return; // skipped by SetUp
    }
    FaultRig rig(*m_cluster, {.guarantee = GetParam(), .perSecond = 500, .bootstrap = throughProxy()});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork(std::chrono::seconds(60))) << rig.logs();
    EXPECT_GT(m_proxy.forwarded(), 0U) << "the worker goes through the proxy";
    m_proxy.setLatency(std::chrono::milliseconds(100));
    ASSERT_TRUE(rig.waitForWork(std::chrono::seconds(30))) << "a slow link only delays\n" << rig.logs();
    m_proxy.setLatency(std::chrono::milliseconds(0));
    const std::vector<std::pair<TcpProxy::Link, const char*>> faults{
        {TcpProxy::Link::Refused, "cut"},
        {TcpProxy::Link::Silent, "silent"},
        {TcpProxy::Link::ToServer, "answers lost"},
        {TcpProxy::Link::FromServer, "requests lost"},
    };
    double slowest = 0;
    for (int round = 0; round < rounds(5, 1); ++round) {
        for (const auto& [link, name] : faults) {
            m_proxy.set(link);
            std::this_thread::sleep_for(
                std::chrono::seconds(rounds(20, 4))); // how long it lasts is the fault
            const std::uint64_t before = rig.outputsSoFar();
            m_proxy.set(TcpProxy::Link::Open);
            const double away = rig.reader().waitForProgress(before, std::chrono::seconds(60));
            ASSERT_GE(away, 0) << name << '\n' << rig.logs();
            EXPECT_LE(away, static_cast<double>(kReturn.count())) << name;
            slowest = std::max(slowest, away);
        }
    }
    EXPECT_TRUE(worker.alive()) << rig.logs();
    const Verdict verdict = rig.finish();
    EXPECT_TRUE(GetParam() == Guarantee::ExactlyOnce ? verdict.exactlyOnce() : verdict.nothingLost())
        << verdict.text() << rig.logs();
    printFigure(std::string("link slow, cut, silent, one-way, ") + toString(GetParam()),
                verdict.text() + "; slowest return " + std::to_string(slowest) + " s");
}

INSTANTIATE_TEST_SUITE_P(Guarantees, LinkFaults,
                         ::testing::Values(Guarantee::AtLeastOnce, Guarantee::ExactlyOnce),
                         [](const ::testing::TestParamInfo<Guarantee>& chosen) {
                             return chosen.param == Guarantee::ExactlyOnce ? "ExactlyOnce" : "AtLeastOnce";
                         });

} // namespace
} // namespace streamwright::faults
