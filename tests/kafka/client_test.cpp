#include "core/base/arena.h"
#include "core/kafka/admin.h"
#include "core/kafka/consumer.h"
#include "core/kafka/partitioner.h"
#include "core/kafka/producer.h"
#include "tests/core/kafka/embedded_fixture.h"
#include "tests/kafka/kafka_cluster.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

using namespace streamwright;
using namespace streamwright::kafka;

/// Consumer, Producer and Admin against one plain broker of Apache Kafka.
class RealClient : public ::testing::Test {
protected:
    void SetUp() override
    {
        SW_NEEDS_REAL_KAFKA();
        connection = KafkaCluster::shared().connection();
        auto made = Admin::create(connection);
        ASSERT_TRUE(made) << made.error().message;
        admin = std::move(*made);
    }

    [[nodiscard]] std::string newTopic(int partitions = 1, std::map<std::string, std::string> config = {})
    {
        const std::string name = uniqueName("topic");
        const auto created = admin->createTopic(
            {.name = name, .partitions = partitions, .config = std::move(config)}, kPatience);
        EXPECT_TRUE(created) << created.error().message;
        return name;
    }

    [[nodiscard]] std::unique_ptr<Producer> producer(const ProducerSettings& settings = {})
    {
        auto made = Producer::create(connection, settings);
        EXPECT_TRUE(made) << made.error().message;
        return std::move(*made);
    }

    [[nodiscard]] std::unique_ptr<Consumer> consumer(const ConsumerSettings& settings = {})
    {
        auto made = Consumer::create(connection, settings);
        EXPECT_TRUE(made) << made.error().message;
        return std::move(*made);
    }

    void send(const std::string& topic, int count)
    {
        auto sender = producer();
        auto target = sender->topic(topic, {}, kPatience);
        ASSERT_TRUE(target) << target.error().message;
        for (int i = 0; i < count; ++i) {
            const std::string value = std::to_string(i);
            ASSERT_TRUE(sender->produce({.topic = *target, .partition = 0, .value = value}));
        }
        ASSERT_TRUE(sender->flush(kPatience));
        ASSERT_EQ(sender->failureCount(), 0U);
    }

    ConnectionConfig connection;
    std::unique_ptr<Admin> admin;
};

TEST_F(RealClient, KeepsMetadataOf2000BytesBesideACommittedOffset)
{
    const std::string topic = newTopic();
    const std::string group = uniqueName("group");
    const std::string state(2000, 'm');
    const std::vector<std::string> topics{topic};
    const TopicPartition where{topic, 0};
    {
        auto reader = consumer({.groupId = group});
        RecordingListener listener(*reader);
        ASSERT_TRUE(reader->subscribe(topics, listener));
        MessageBatch batch;
        ASSERT_TRUE(eventually([&] {
            EXPECT_TRUE(reader->consume(batch, Millis{100}));
            return listener.assignments == 1;
        }));
        const PartitionOffset next{.where = where, .offset = 7, .metadata = state};
        const auto committed = reader->commit(std::span(&next, 1), kPatience);
        ASSERT_TRUE(committed) << committed.error().message;
        auto group1 = admin->describeGroup(group, kPatience);
        ASSERT_TRUE(group1) << group1.error().message;
        EXPECT_EQ(group1->state, "Stable");
        ASSERT_EQ(group1->members.size(), 1U);
        EXPECT_EQ(group1->members[0].clientId, defaultClientId());
        EXPECT_EQ(group1->members[0].partitions, (std::vector<TopicPartition>{where}));
        EXPECT_EQ(group1->members[0].memberId, reader->memberId());
        ASSERT_TRUE(reader->close(kPatience));
        EXPECT_EQ(listener.revoked, 1U);
    }

    auto offsets = admin->committedOffsets(group, std::span(&where, 1), kPatience);

    ASSERT_TRUE(offsets) << offsets.error().message;
    EXPECT_EQ((*offsets)[0].offset, 7);
    EXPECT_EQ((*offsets)[0].metadata, state);
}

TEST_F(RealClient, StaticMemberTakesItsPlaceOverAndTheOlderOneIsFenced)
{
    const std::string topic = newTopic(2);
    const ConsumerSettings settings{.groupId = uniqueName("group"), .groupInstanceId = "slot-1"};
    const std::vector<std::string> topics{topic};
    auto older = consumer(settings);
    RecordingListener olderListener(*older);
    ASSERT_TRUE(older->subscribe(topics, olderListener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(older->consume(batch, Millis{100}));
        return olderListener.assignments == 1;
    }));

    auto newer = consumer(settings);
    RecordingListener newerListener(*newer);
    ASSERT_TRUE(newer->subscribe(topics, newerListener));
    MessageBatch newerBatch;
    Result<void> fenced;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(newer->consume(newerBatch, Millis{50}));
        fenced = older->consume(batch, Millis{50});
        return newerListener.assignments == 1 && !fenced;
    }));

    EXPECT_EQ(newer->assignment().size(), 2U);
    EXPECT_EQ(fenced.error().code, Errc::Fenced) << fenced.error().message;
    EXPECT_TRUE(fenced.error().fatal);
    EXPECT_TRUE(older->close(kPatience));
    EXPECT_TRUE(newer->close(kPatience));
}

TEST_F(RealClient, TwoMembersShareThePartitionsAndHandThemOver)
{
    const std::string topic = newTopic(4);
    const ConsumerSettings settings{.groupId = uniqueName("group"), .sessionTimeout = Millis{6000}};
    const std::vector<std::string> topics{topic};
    auto first = consumer(settings);
    RecordingListener firstListener(*first);
    ASSERT_TRUE(first->subscribe(topics, firstListener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(first->consume(batch, Millis{50}));
        return first->assignment().size() == 4;
    }));
    auto second = consumer(settings);
    RecordingListener secondListener(*second);
    ASSERT_TRUE(second->subscribe(topics, secondListener));
    MessageBatch secondBatch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(first->consume(batch, Millis{20}));
        EXPECT_TRUE(second->consume(secondBatch, Millis{20}));
        return first->assignment().size() == 2 && second->assignment().size() == 2;
    }));
    EXPECT_EQ(firstListener.revoked, 4U);
    EXPECT_EQ(firstListener.lost, 0U);

    ASSERT_TRUE(second->close(kPatience));
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(first->consume(batch, Millis{50}));
        return first->assignment().size() == 4;
    }));
    ASSERT_TRUE(first->close(kPatience));
}

TEST_F(RealClient, PlacesKeysWhereMurmur2Says)
{
    constexpr int kPartitions = 7;
    const std::string topic = newTopic(kPartitions);
    auto sender = producer({.fullReports = true});
    auto target = sender->topic(topic, {}, kPatience);
    ASSERT_TRUE(target);
    std::vector<std::string> keys{"", "a", "21", "foobar", "ключ", "a-little-bit-longer-string"};
    for (int i = 0; i < 50; ++i) {
        keys.push_back("key-" + std::to_string(i));
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        ASSERT_TRUE(sender->produce({.topic = *target, .key = keys[i], .value = "v", .tag = i}));
    }
    ASSERT_TRUE(sender->flush(kPatience));

    const std::vector<DeliveryReport> delivered = sender->takeDelivered();

    ASSERT_EQ(delivered.size(), keys.size());
    for (const DeliveryReport& report : delivered) {
        EXPECT_EQ(report.where.partition, murmur2Partition(keys[report.tag], kPartitions))
            << keys[report.tag];
    }
}

TEST_F(RealClient, CarriesNullsEmptiesAndHeaders)
{
    const std::string topic = newTopic();
    auto sender = producer();
    auto target = sender->topic(topic, {.compression = "zstd"}, kPatience);
    ASSERT_TRUE(target);
    const std::vector<Header> headers{{"h", "1"}, {"h", NullableBytes()}, {"", NullableBytes("", 0)}};
    ASSERT_TRUE(sender->produce({.topic = *target, .partition = 0, .key = "k"}));
    ASSERT_TRUE(sender->produce({.topic = *target,
                                 .partition = 0,
                                 .value = NullableBytes("", 0),
                                 .headers = headers,
                                 .timestampMs = 12345}));
    ASSERT_TRUE(sender->flush(kPatience));
    auto reader = consumer();
    const PartitionOffset from{.where = {topic, 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));

    MessageBatch batch;
    Arena arena;
    std::size_t seen = 0;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        for (std::size_t i = 0; i < batch.size(); ++i, ++seen) {
            const ConsumedMessage& message = batch.messages()[i];
            if (message.offset == 0) {
                EXPECT_EQ(message.key, "k");
                EXPECT_TRUE(isNull(message.value));
                continue;
            }
            EXPECT_TRUE(isNull(message.key));
            EXPECT_FALSE(isNull(message.value));
            EXPECT_TRUE(message.value.empty());
            EXPECT_EQ(message.timestampMs, 12345);
            const HeadersView found = batch.headers(i, arena);
            EXPECT_EQ(found.size(), 3U);
            if (found.size() == 3) {
                EXPECT_EQ(found[0].value, "1");
                EXPECT_TRUE(isNull(found[1].value));
                EXPECT_FALSE(isNull(found[2].value));
            }
        }
        return seen == 2;
    }));
}

TEST_F(RealClient, RefusesOnlyTheRecordThatIsTooLargeForItsTopic)
{
    const std::string topic = newTopic(1, {{"max.message.bytes", "8000"}});
    auto config = admin->topicConfig(topic, kPatience);
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_EQ((*config)["max.message.bytes"], "8000");
    auto sender = producer({.batchBytes = 6000});
    auto target = sender->topic(topic, {.compression = "none"}, kPatience);
    ASSERT_TRUE(target);
    const std::string small(200, 's');
    const std::string large(9000, 'l');
    for (std::uint64_t i = 0; i < 100; ++i) {
        ASSERT_TRUE(
            sender->produce({.topic = *target, .partition = 0, .value = i == 50 ? large : small, .tag = i}));
    }
    ASSERT_TRUE(sender->flush(kPatience));

    const std::vector<DeliveryReport> failures = sender->takeFailures();

    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0].tag, 50U);
    EXPECT_EQ(failures[0].error->code, Errc::TooLarge) << failures[0].error->message;
}

TEST_F(RealClient, FindsOffsetsByTimeAndAfterRetention)
{
    const std::string topic = newTopic();
    auto sender = producer();
    auto target = sender->topic(topic, {}, kPatience);
    ASSERT_TRUE(target);
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(
            sender->produce({.topic = *target, .partition = 0, .value = "v", .timestampMs = 1000 + i}));
    }
    ASSERT_TRUE(sender->flush(kPatience));
    const TopicPartition where{topic, 0};
    const std::vector<OffsetSpec> specs{
        {where, 1004}, {where, OffsetSpec::kLatest}, {where, OffsetSpec::kEarliest}, {where, 5000}};
    for (const auto& [spec, expected] :
         std::map<std::size_t, std::int64_t>{{0, 4}, {1, 10}, {2, 0}, {3, -1}}) {
        auto found = admin->listOffsets(std::span(&specs[spec], 1), true, kPatience);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ((*found)[0].offset, expected);
    }
    auto reader = consumer();
    auto byTime = reader->offsetsAt(std::span(&where, 1), 1007, kPatience);
    ASSERT_TRUE(byTime) << byTime.error().message;
    EXPECT_EQ((*byTime)[0].offset, 7);

    const PartitionOffset before{.where = where, .offset = 6};
    const auto removed = admin->deleteRecords(std::span(&before, 1), kPatience);
    ASSERT_TRUE(removed) << removed.error().message;
    auto marks = reader->watermarks(where, kPatience);
    ASSERT_TRUE(marks);
    EXPECT_EQ(marks->low, 6);
    const PartitionOffset gone{.where = where, .offset = 2};
    ASSERT_TRUE(reader->assign(std::span(&gone, 1)));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        return !batch.errors().empty();
    }));
    EXPECT_EQ(batch.errors()[0].error.code, Errc::OffsetLost) << batch.errors()[0].error.message;
}

TEST_F(RealClient, SetsOffsetsOfAGroupOnlyWithoutMembers)
{
    const std::string topic = newTopic();
    const std::string group = uniqueName("group");
    const PartitionOffset next{.where = {topic, 0}, .offset = 3, .metadata = "state"};
    const auto set = admin->alterCommittedOffsets(group, std::span(&next, 1), kPatience);
    ASSERT_TRUE(set) << set.error().message;
    const std::vector<std::string> topics{topic};
    auto reader = consumer({.groupId = group});
    RecordingListener listener(*reader);
    ASSERT_TRUE(reader->subscribe(topics, listener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        return listener.assignments == 1;
    }));
    EXPECT_EQ(listener.committed[0].offset, 3);
    EXPECT_EQ(listener.committed[0].metadata, "state");

    const auto refused = admin->alterCommittedOffsets(group, std::span(&next, 1), kPatience);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Conflict) << refused.error().message;
    batch.clear();
    ASSERT_TRUE(reader->close(kPatience));
    const auto deleted = admin->deleteGroup(group, kPatience);
    EXPECT_TRUE(deleted) << deleted.error().message;
}

TEST_F(RealClient, ReportsATopicThatIsThereAlreadyOrNotAtAll)
{
    const std::string topic = newTopic();

    const auto again = admin->createTopic({.name = topic}, kPatience);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::AlreadyExists) << again.error().message;
    const auto missing = admin->describeTopic(uniqueName("missing"), kPatience);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::UnknownTopic) << missing.error().message;
    auto sender = producer();
    const auto target = sender->topic(uniqueName("missing"), {}, kPatience);
    ASSERT_FALSE(target);
    EXPECT_EQ(target.error().code, Errc::UnknownTopic);
    ASSERT_TRUE(admin->deleteTopic(topic, kPatience));
    EXPECT_TRUE(eventually([&] { return !admin->describeTopic(topic, kPatience).hasValue(); }));
    auto id = admin->clusterId(kPatience);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->size(), 22U);
}

TEST_F(RealClient, GoesOnAfterARestartOfTheBroker)
{
    auto started = KafkaCluster::start({});
    ASSERT_TRUE(started) << started.error().message;
    KafkaCluster& cluster = **started;
    connection = cluster.connection();
    admin = std::move(*Admin::create(connection));
    const std::string topic = newTopic();
    auto sender = producer();
    auto target = sender->topic(topic, {}, kPatience);
    ASSERT_TRUE(target);
    auto reader = consumer();
    const PartitionOffset from{.where = {topic, 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    ASSERT_TRUE(sender->produce({.topic = *target, .value = "before"}));
    ASSERT_TRUE(sender->flush(kPatience));

    cluster.kill();
    EXPECT_FALSE(cluster.isRunning());
    ASSERT_TRUE(sender->produce({.topic = *target, .value = "while away"}));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        return !reader->lastError().message.empty();
    }));
    const auto again = cluster.restart();
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_TRUE(sender->produce({.topic = *target, .value = "after"}));

    EXPECT_TRUE(sender->flush(Millis{60'000}));
    EXPECT_EQ(sender->failureCount(), 0U);
    std::vector<std::string> seen;
    ASSERT_TRUE(eventually(
        [&] {
            EXPECT_TRUE(reader->consume(batch, Millis{100}));
            for (const ConsumedMessage& message : batch.messages()) {
                seen.emplace_back(message.value);
            }
            return !seen.empty() && seen.back() == "after";
        },
        Millis{60'000}));
}

TEST_F(RealClient, LosesNothingWhenOneOfThreeBrokersIsKilledOrStandsStill)
{
    auto started = KafkaCluster::start({.brokers = 3, .heap = "256m"});
    ASSERT_TRUE(started) << started.error().message;
    KafkaCluster& cluster = **started;
    connection = cluster.connection();
    admin = std::move(*Admin::create(connection));
    const std::string topic = newTopic(3);
    auto description = admin->describeTopic(topic, kPatience);
    ASSERT_TRUE(description) << description.error().message;
    EXPECT_EQ(description->partitions[0].replicas, 3);
    auto sender = producer({.fullReports = true});
    auto target = sender->topic(topic, {}, kPatience);
    ASSERT_TRUE(target);
    constexpr std::size_t kRecords = 3000;

    for (std::size_t i = 0; i < kRecords; ++i) {
        if (i == kRecords / 3) {
            cluster.kill(1);
        }
        if (i == 2 * kRecords / 3) {
            ASSERT_TRUE(cluster.restart(1));
            cluster.pause(2);
        }
        ASSERT_TRUE(sender->produce({.topic = *target, .value = "v", .tag = i}));
    }
    static_cast<void>(sender->flush(Millis{3'000})); // what the broker that stands still has to answer stays

    cluster.resume(2);
    const auto flushed = sender->flush(Millis{60'000});
    EXPECT_TRUE(flushed) << flushed.error().message;
    EXPECT_EQ(sender->failureCount(), 0U);
    EXPECT_EQ(sender->takeDelivered().size(), kRecords);
    cluster.stop(0);
    EXPECT_FALSE(cluster.isRunning(0));
    EXPECT_TRUE(cluster.isRunning(1));
}
