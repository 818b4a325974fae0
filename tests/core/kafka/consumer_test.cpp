#include "core/kafka/consumer.h"
#include "core/kafka/group_metadata.h"
#include "tests/core/kafka/embedded_fixture.h"

#include <thread>

using namespace streamwright;
using namespace streamwright::kafka;

class ConsumerTest : public EmbeddedFixture {};

TEST_F(ConsumerTest, ReadsAnAssignedPartitionFromTheAskedOffset)
{
    ASSERT_TRUE(broker->createTopic("in"));
    send("in", {"zero", "one", "two"});
    auto reader = consumer();
    const PartitionOffset from{.where = {"in", 0}, .offset = 1};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));

    std::vector<std::string> seen;
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        for (const ConsumedMessage& message : batch.messages()) {
            EXPECT_EQ(message.topic, "in");
            EXPECT_EQ(message.assignmentIndex, 0U);
            EXPECT_TRUE(isNull(message.key));
            seen.emplace_back(message.value);
        }
        return seen.size() >= 2;
    }));

    EXPECT_EQ(seen, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(reader->position({"in", 0}), 3);
    const auto marks = reader->watermarks({"in", 0}, kPatience);
    ASSERT_TRUE(marks);
    EXPECT_EQ(marks->low, 0);
    EXPECT_EQ(marks->high, 3);
}

TEST_F(ConsumerTest, ReturnsWithTheFirstMessageInsteadOfWaitingForTheTimeout)
{
    ASSERT_TRUE(broker->createTopic("in"));
    send("in", {"only"});
    auto reader = consumer();
    const PartitionOffset from{.where = {"in", 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    MessageBatch batch;

    const auto began = std::chrono::steady_clock::now();
    ASSERT_TRUE(reader->consume(batch, kPatience, 10'000));

    EXPECT_EQ(batch.size(), 1U);
    EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience / 3);
}

TEST_F(ConsumerTest, RewindsByAssigningAgain)
{
    ASSERT_TRUE(broker->createTopic("in"));
    send("in", {"a", "b", "c"});
    auto reader = consumer();
    MessageBatch batch;
    for (int round = 0; round < 2; ++round) {
        const PartitionOffset from{.where = {"in", 0}, .offset = 0};
        ASSERT_TRUE(reader->assign(std::span(&from, 1)));
        std::int64_t expected = 0;
        ASSERT_TRUE(eventually([&] {
            EXPECT_TRUE(reader->consume(batch, Millis{100}));
            for (const ConsumedMessage& message : batch.messages()) {
                EXPECT_EQ(message.offset, expected++);
            }
            return expected == 3;
        }));
    }
}

TEST_F(ConsumerTest, JoinsItsGroupCommitsWithMetadataAndFindsItAgain)
{
    ASSERT_TRUE(broker->createTopic("in", 2));
    send("in", {"a", "b"}, 0);
    send("in", {"c"}, 1);
    const std::vector<std::string> topics{"in"};
    const std::string state(2000, 's');
    {
        auto reader = consumer({.groupId = "g"});
        RecordingListener listener(*reader);
        ASSERT_TRUE(reader->subscribe(topics, listener));
        std::size_t seen = 0;
        MessageBatch batch;
        ASSERT_TRUE(eventually([&] {
            EXPECT_TRUE(reader->consume(batch, Millis{100}));
            seen += batch.size();
            return seen == 3;
        }));
        EXPECT_EQ(listener.assignments, 1);
        EXPECT_EQ(reader->assignment().size(), 2U);
        EXPECT_TRUE(reader->groupMetadata());
        EXPECT_FALSE(reader->memberId().empty());
        const std::vector<PartitionOffset> offsets{{.where = {"in", 0}, .offset = 2, .metadata = state},
                                                   {.where = {"in", 1}, .offset = 1}};
        const auto committed = reader->commit(offsets, kPatience);
        ASSERT_TRUE(committed) << committed.error().message;
        batch.clear();
        ASSERT_TRUE(reader->close(kPatience));
        EXPECT_EQ(listener.revoked, 2U);
    }
    auto reader = consumer({.groupId = "g"});
    RecordingListener listener(*reader);
    ASSERT_TRUE(reader->subscribe(topics, listener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{50}));
        EXPECT_TRUE(batch.empty()) << "read again what was committed";
        return listener.assignments == 1;
    }));
    ASSERT_EQ(listener.committed.size(), 2U);
    EXPECT_EQ(listener.committed[0].offset, 2);
    EXPECT_EQ(listener.committed[0].metadata, state);
    EXPECT_EQ(listener.committed[1].offset, 1);
    EXPECT_EQ(listener.committed[1].metadata, "");
    ASSERT_TRUE(reader->close(kPatience));
}

TEST_F(ConsumerTest, ReportsWhatTheListenerCouldNotDo)
{
    class Failing final : public RebalanceListener {
    public:
        Result<std::vector<PartitionOffset>>
        onAssigned(std::span<const TopicPartition> /*partitions*/) override
        {
            return Error{Errc::LostState, "no state"};
        }
        void onRevoked(std::span<const TopicPartition> /*partitions*/) override {}
        void onLost(std::span<const TopicPartition> /*partitions*/) override {}
    };
    ASSERT_TRUE(broker->createTopic("in"));
    auto reader = consumer({.groupId = "g"});
    Failing listener;
    const std::vector<std::string> topics{"in"};
    ASSERT_TRUE(reader->subscribe(topics, listener));

    MessageBatch batch;
    Result<void> result;
    ASSERT_TRUE(eventually([&] {
        result = reader->consume(batch, Millis{100});
        return !result;
    }));

    EXPECT_EQ(result.error().code, Errc::LostState);
    EXPECT_TRUE(reader->assignment().empty());
    EXPECT_TRUE(reader->close(kPatience));
}

TEST_F(ConsumerTest, ReportsAnOffsetThatIsNotThere)
{
    ASSERT_TRUE(broker->createTopic("in"));
    send("in", {"a"});
    auto reader = consumer();
    const PartitionOffset from{.where = {"in", 0}, .offset = 100};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));

    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        return !batch.errors().empty();
    }));

    EXPECT_EQ(batch.errors()[0].error.code, Errc::OffsetLost) << batch.errors()[0].error.message;
    EXPECT_EQ(batch.errors()[0].where, (TopicPartition{"in", 0}));
}

TEST_F(ConsumerTest, PausedPartitionsBringNothingUntilResumed)
{
    ASSERT_TRUE(broker->createTopic("in", 2));
    auto reader = consumer();
    const std::vector<PartitionOffset> from{{.where = {"in", 0}, .offset = 0},
                                            {.where = {"in", 1}, .offset = 0}};
    ASSERT_TRUE(reader->assign(from));
    const TopicPartition first{"in", 0};
    ASSERT_TRUE(reader->pause(std::span(&first, 1)));
    send("in", {"paused"}, 0);
    send("in", {"running"}, 1);

    MessageBatch batch;
    std::vector<std::string> seen;
    const auto readUntil = [&](std::size_t count) {
        return eventually([&] {
            EXPECT_TRUE(reader->consume(batch, Millis{50}));
            for (const ConsumedMessage& message : batch.messages()) {
                seen.emplace_back(message.value);
            }
            return seen.size() >= count;
        });
    };
    ASSERT_TRUE(readUntil(1));
    ASSERT_TRUE(reader->resume(std::span(&first, 1)));
    ASSERT_TRUE(readUntil(2));

    EXPECT_EQ(seen, (std::vector<std::string>{"running", "paused"}));
}

TEST_F(ConsumerTest, APauseDoesNotOutliveTheAssignment)
{
    ASSERT_TRUE(broker->createTopic("in"));
    auto reader = consumer();
    const PartitionOffset from{.where = {"in", 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    ASSERT_TRUE(reader->pause(std::span(&from.where, 1)));
    send("in", {"waiting"}, 0);
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));

    MessageBatch batch;
    EXPECT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{50}));
        return !batch.empty();
    }));
}

TEST_F(ConsumerTest, IsWokenFromItsWait)
{
    ASSERT_TRUE(broker->createTopic("in"));
    auto reader = consumer();
    const PartitionOffset from{.where = {"in", 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    MessageBatch batch;

    const auto began = std::chrono::steady_clock::now();
    std::jthread waker([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) { // again and again: the first may come before the wait
            reader->wakeUp();
            std::this_thread::yield();
        }
    });
    ASSERT_TRUE(reader->consume(batch, kPatience));

    EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience / 2);
}

TEST_F(ConsumerTest, GoesOnAfterTheBrokerWasAway)
{
    ASSERT_TRUE(broker->createTopic("in"));
    auto reader = consumer();
    const PartitionOffset from{.where = {"in", 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    MessageBatch batch;
    ASSERT_TRUE(broker->setBrokerUp(1, false));
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{50}));
        return !reader->lastError().message.empty();
    }));
    ASSERT_TRUE(broker->setBrokerUp(1, true));

    send("in", {"back"});

    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{50}));
        return batch.size() == 1;
    }));
    EXPECT_TRUE(reader->lastError().message.empty());
}
