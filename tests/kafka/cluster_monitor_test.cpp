#include "core/kafka/cluster_monitor.h"
#include "core/kafka/consumer.h"
#include "core/kafka/producer.h"
#include "tests/core/kafka/embedded_fixture.h"
#include "tests/kafka/kafka_cluster.h"

#include <gtest/gtest.h>

using namespace streamwright;
using namespace streamwright::kafka;

TEST(RealClusterMonitor, ShowsLagAndOwnersOfAGroup)
{
    SW_NEEDS_REAL_KAFKA();
    const ConnectionConfig connection = KafkaCluster::shared().connection();
    auto admin = Admin::create(connection);
    ASSERT_TRUE(admin);
    const std::string topic = uniqueName("topic");
    const std::string group = uniqueName("group");
    ASSERT_TRUE((*admin)->createTopic({.name = topic, .partitions = 2}, kPatience));
    auto sender = Producer::create(connection, {});
    ASSERT_TRUE(sender);
    auto target = (*sender)->topic(topic, {}, kPatience);
    ASSERT_TRUE(target);
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE((*sender)->produce({.topic = *target, .partition = 0, .value = "v"}));
    }
    ASSERT_TRUE((*sender)->flush(kPatience));
    auto reader = Consumer::create(connection, {.groupId = group, .clientId = "the-owner"});
    ASSERT_TRUE(reader);
    RecordingListener listener(**reader);
    const std::vector<std::string> topics{topic};
    ASSERT_TRUE((*reader)->subscribe(topics, listener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE((*reader)->consume(batch, Millis{100}));
        return listener.assignments == 1;
    }));
    const PartitionOffset next{.where = {topic, 0}, .offset = 2};
    ASSERT_TRUE((*reader)->commit(std::span(&next, 1), kPatience));

    const ClusterSnapshot once = takeClusterSnapshot(connection, group, topics, kPatience);
    ASSERT_FALSE(once.error) << once.error->message;
    ASSERT_EQ(once.lag.size(), 2U);
    EXPECT_EQ(once.lag[0].committed, 2);
    EXPECT_EQ(once.lag[0].end, 5);
    EXPECT_EQ(once.lag[0].lag, 3);
    EXPECT_EQ(once.lag[0].owner, "the-owner");
    EXPECT_EQ(once.lag[0].ownerHost, "/127.0.0.1");
    EXPECT_EQ(once.lag[1].committed, kOffsetNone);
    EXPECT_EQ(once.lag[1].lag, 0);
    EXPECT_EQ(once.groupState, "Stable");
    EXPECT_FALSE(once.cluster.clusterId.empty());

    ClusterMonitor monitor(connection, {.group = group, .topics = topics, .interval = Millis{50}});
    monitor.start();
    ASSERT_TRUE(eventually(
        [&] { return monitor.snapshot()->lag.size() == 2 && monitor.snapshot()->lag[0].lag == 3; }));
    const PartitionOffset all{.where = {topic, 0}, .offset = 5};
    ASSERT_TRUE((*reader)->commit(std::span(&all, 1), kPatience));
    EXPECT_TRUE(eventually([&] { return monitor.snapshot()->lag[0].lag == 0; }));
    batch.clear();
    ASSERT_TRUE((*reader)->close(kPatience));
    EXPECT_TRUE(eventually([&] { return monitor.snapshot()->members.empty(); }));
}
