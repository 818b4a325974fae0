#include "core/kafka/admin.h"
#include "core/kafka/embedded_broker.h"
#include "tests/core/kafka/embedded_fixture.h"

using namespace streamwright;
using namespace streamwright::kafka;

class EmbeddedBrokerTest : public EmbeddedFixture {};

TEST_F(EmbeddedBrokerTest, ListensOnThisMachineOnly)
{
    EXPECT_EQ(broker->bootstrap().rfind("127.0.0.1:", 0), 0U) << broker->bootstrap();
}

TEST_F(EmbeddedBrokerTest, MakesTopicsOnce)
{
    ASSERT_TRUE(broker->createTopic("in", 3));
    ASSERT_TRUE(broker->createTopic("in", 3));

    EXPECT_TRUE(broker->hasTopic("in"));
    EXPECT_FALSE(broker->hasTopic("out"));
    auto admin = Admin::create(connection);
    ASSERT_TRUE(admin);
    auto topic = (*admin)->describeTopic("in", kPatience);
    ASSERT_TRUE(topic) << topic.error().message;
    EXPECT_EQ(topic->partitions.size(), 3U);
    auto cluster = (*admin)->describeCluster(kPatience);
    ASSERT_TRUE(cluster) << cluster.error().message;
    EXPECT_EQ(cluster->brokers.size(), 1U);
    auto missing = (*admin)->describeTopic("nowhere", Millis{3000});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::UnknownTopic) << missing.error().message;
}

TEST_F(EmbeddedBrokerTest, TellsHowFullItIsBeforeAndAfterItDropsRecords)
{
    ASSERT_TRUE(broker->createTopic("in"));
    const std::string value(100'000, 'x');
    auto sender = producer();
    auto topic = sender->topic("in", {.compression = "none"}, kPatience);
    ASSERT_TRUE(topic);
    const auto sendRecords = [&](int count) {
        for (int i = 0; i < count; ++i) {
            ASSERT_TRUE(sender->produce({.topic = *topic, .value = value}));
            ASSERT_TRUE(sender->flush(kPatience));
        }
        broker->noteProduced("in", static_cast<std::uint64_t>(count),
                             static_cast<std::uint64_t>(count) * value.size());
    };

    sendRecords(26); // half of 5 MiB
    auto half = broker->fill(kPatience);
    ASSERT_TRUE(half) << half.error().message;
    ASSERT_EQ(half->size(), 1U);
    EXPECT_EQ((*half)[0].records, 26);
    EXPECT_EQ((*half)[0].lostRecords, 0);
    EXPECT_NEAR((*half)[0].used, 0.5, 0.01);

    sendRecords(40);
    auto full = broker->fill(kPatience);
    ASSERT_TRUE(full);
    EXPECT_GT((*full)[0].lostRecords, 0);
    EXPECT_EQ((*full)[0].used, 1);
    EXPECT_EQ((*full)[0].records + (*full)[0].lostRecords, 66);
}

TEST_F(EmbeddedBrokerTest, AnswersQuestionsAboutOffsets)
{
    ASSERT_TRUE(broker->createTopic("in"));
    send("in", {"a", "b", "c"});
    auto admin = Admin::create(connection);
    ASSERT_TRUE(admin);
    const std::vector<OffsetSpec> where{{{"in", 0}, OffsetSpec::kLatest}};

    auto ends = (*admin)->listOffsets(where, true, kPatience);

    ASSERT_TRUE(ends) << ends.error().message;
    ASSERT_EQ(ends->size(), 1U);
    EXPECT_EQ((*ends)[0].offset, 3);
    const TopicPartition partition{"in", 0};
    auto committed = (*admin)->committedOffsets("nobody", std::span(&partition, 1), kPatience);
    ASSERT_TRUE(committed) << committed.error().message;
    ASSERT_EQ(committed->size(), 1U);
    EXPECT_EQ((*committed)[0].offset, kOffsetNone);
}
