#include "core/kafka/cluster_monitor.h"
#include "tests/core/kafka/embedded_fixture.h"

using namespace streamwright;
using namespace streamwright::kafka;

class ClusterMonitorTest : public EmbeddedFixture {};

TEST_F(ClusterMonitorTest, PublishesTopicsAndLag)
{
    ASSERT_TRUE(broker->createTopic("in", 2));
    send("in", {"a", "b", "c"}, 1);
    ClusterMonitor monitor(connection, {.group = "g", .topics = {"in"}, .interval = Millis{50}});
    EXPECT_EQ(monitor.snapshot()->takenAtMs, 0);

    monitor.start();
    ASSERT_TRUE(
        eventually([&] { return monitor.snapshot()->reachable && monitor.snapshot()->lag.size() == 2; }));

    const auto snapshot = monitor.snapshot();
    EXPECT_EQ(snapshot->cluster.brokers.size(), 1U);
    ASSERT_EQ(snapshot->cluster.topics.size(), 1U);
    EXPECT_EQ(snapshot->lag[1].where, (TopicPartition{"in", 1}));
    EXPECT_EQ(snapshot->lag[1].end, 3);
    EXPECT_EQ(snapshot->lag[1].committed, kOffsetNone);
    monitor.stop();
}

TEST_F(ClusterMonitorTest, SaysThatTheBrokerIsAwayAndStopsInTime)
{
    ASSERT_TRUE(broker->createTopic("in"));
    ASSERT_TRUE(broker->setBrokerUp(1, false));
    ClusterMonitor monitor(connection, {.interval = Millis{10}, .timeout = Millis{500}});
    monitor.start();

    ASSERT_TRUE(eventually([&] { return monitor.snapshot()->error.has_value(); }));
    EXPECT_FALSE(monitor.snapshot()->reachable);
    EXPECT_FALSE(monitor.snapshot()->error->message.empty());

    const auto began = std::chrono::steady_clock::now();
    monitor.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST_F(ClusterMonitorTest, LooksAgainWhenAsked)
{
    ASSERT_TRUE(broker->createTopic("first"));
    ClusterMonitor monitor(connection, {.interval = std::chrono::hours(1)});
    monitor.start();
    ASSERT_TRUE(eventually([&] { return monitor.snapshot()->reachable; }));
    ASSERT_TRUE(broker->createTopic("second"));

    monitor.refresh();

    EXPECT_TRUE(eventually([&] { return monitor.snapshot()->cluster.topics.size() == 2; }));
}
