#include "core/kafka/admin.h"
#include "core/kafka/consumer.h"
#include "core/kafka/producer.h"
#include "tests/core/kafka/embedded_fixture.h"
#include "tests/kafka/kafka_cluster.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace streamwright;
using namespace streamwright::kafka;

/// Transactions on a real broker; the embedded one proves nothing about them.
class RealTransaction : public ::testing::Test {
protected:
    void SetUp() override
    {
        SW_NEEDS_REAL_KAFKA();
        connection = KafkaCluster::shared().connection();
        auto made = Admin::create(connection);
        ASSERT_TRUE(made) << made.error().message;
        admin = std::move(*made);
        topic = uniqueName("topic");
        const auto created = admin->createTopic({.name = topic}, kPatience);
        ASSERT_TRUE(created) << created.error().message;
        where = {topic, 0};
    }

    [[nodiscard]] std::unique_ptr<Producer> transactional(const std::string& id,
                                                          Millis transactionTimeout = Millis{30'000})
    {
        auto made =
            Producer::create(connection, {.transactionalId = id, .transactionTimeout = transactionTimeout});
        EXPECT_TRUE(made) << made.error().message;
        const TransactionOutcome outcome = (*made)->initTransactions(kPatience);
        EXPECT_TRUE(outcome.done()) << outcome.error.message;
        return std::move(*made);
    }

    void send(Producer& sender, const std::string& value)
    {
        auto target = sender.topic(topic, {}, kPatience);
        ASSERT_TRUE(target) << target.error().message;
        const auto done = sender.produce({.topic = *target, .partition = 0, .value = value});
        ASSERT_TRUE(done) << done.error().message;
    }

    /// Reads from the beginning to the last stable offset.
    [[nodiscard]] std::vector<std::string> readAll(std::int64_t* position = nullptr)
    {
        auto reader = Consumer::create(connection, {});
        EXPECT_TRUE(reader);
        const PartitionOffset from{.where = where, .offset = 0};
        EXPECT_TRUE((*reader)->assign(std::span(&from, 1)));
        const auto marks = (*reader)->watermarks(where, kPatience);
        EXPECT_TRUE(marks);
        std::vector<std::string> values;
        MessageBatch batch;
        EXPECT_TRUE(eventually([&] {
            EXPECT_TRUE((*reader)->consume(batch, Millis{50}));
            for (const ConsumedMessage& message : batch.messages()) {
                values.emplace_back(message.value);
            }
            return (*reader)->position(where) >= marks->high;
        }));
        if (position != nullptr) {
            *position = (*reader)->position(where);
        }
        return values;
    }

    ConnectionConfig connection;
    std::unique_ptr<Admin> admin;
    std::string topic;
    TopicPartition where;
};

TEST_F(RealTransaction, ShowsCommittedRecordsOnlyAndPositionsBehindTheControlRecords)
{
    auto sender = transactional(uniqueName("tx"));
    ASSERT_TRUE(sender->beginTransaction().done());
    send(*sender, "committed");
    ASSERT_TRUE(sender->commitTransaction().done());
    ASSERT_TRUE(sender->beginTransaction().done());
    send(*sender, "aborted");
    ASSERT_TRUE(sender->flush(kPatience));
    const TransactionOutcome aborted = sender->abortTransaction();
    ASSERT_TRUE(aborted.done()) << aborted.error.message;

    std::int64_t position = 0;
    const std::vector<std::string> seen = readAll(&position);

    EXPECT_EQ(seen, (std::vector<std::string>{"committed"}));
    // committed, its marker, aborted, its marker
    EXPECT_EQ(position, 4);
}

TEST_F(RealTransaction, CommitsOffsetsWithStateInTheSameTransaction)
{
    const std::string output = uniqueName("out");
    ASSERT_TRUE(admin->createTopic({.name = output}, kPatience));
    const std::string group = uniqueName("group");
    {
        auto plain = Producer::create(connection, {});
        ASSERT_TRUE(plain);
        auto target = (*plain)->topic(topic, {}, kPatience);
        ASSERT_TRUE(target);
        ASSERT_TRUE((*plain)->produce({.topic = *target, .value = "input"}));
        ASSERT_TRUE((*plain)->flush(kPatience));
    }
    auto reader = Consumer::create(connection, {.groupId = group});
    ASSERT_TRUE(reader);
    RecordingListener listener(**reader);
    const std::vector<std::string> topics{topic};
    ASSERT_TRUE((*reader)->subscribe(topics, listener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE((*reader)->consume(batch, Millis{100}));
        return batch.size() == 1;
    }));
    const std::string state(2000, 't');
    const PartitionOffset next{.where = where, .offset = batch.messages()[0].offset + 1, .metadata = state};
    auto sender = transactional(uniqueName("tx"));
    auto target = sender->topic(output, {}, kPatience);
    ASSERT_TRUE(target);

    // Aborted: no output, no offset.
    ASSERT_TRUE(sender->beginTransaction().done());
    ASSERT_TRUE(sender->produce({.topic = *target, .value = "output"}));
    {
        auto who = (*reader)->groupMetadata();
        ASSERT_TRUE(who);
        const TransactionOutcome sent = sender->sendOffsets(std::span(&next, 1), *who);
        ASSERT_TRUE(sent.done()) << sent.error.message;
    }
    ASSERT_TRUE(sender->abortTransaction().done());
    auto committed = (*reader)->committed(std::span(&where, 1), kPatience);
    ASSERT_TRUE(committed) << committed.error().message;
    EXPECT_EQ((*committed)[0].offset, kOffsetNone);

    // Committed: both.
    ASSERT_TRUE(sender->beginTransaction().done());
    ASSERT_TRUE(sender->produce({.topic = *target, .value = "output"}));
    {
        auto who = (*reader)->groupMetadata();
        ASSERT_TRUE(who);
        ASSERT_TRUE(sender->sendOffsets(std::span(&next, 1), *who).done());
    }
    const TransactionOutcome done = sender->commitTransaction();
    ASSERT_TRUE(done.done()) << done.error.message;
    committed = (*reader)->committed(std::span(&where, 1), kPatience);
    ASSERT_TRUE(committed);
    EXPECT_EQ((*committed)[0].offset, 1);
    EXPECT_EQ((*committed)[0].metadata, state);
    where = {output, 0};
    EXPECT_EQ(readAll(), (std::vector<std::string>{"output"}));
    batch.clear();
    ASSERT_TRUE((*reader)->close(kPatience));
}

TEST_F(RealTransaction, TheSameIdFencesTheOlderProducer)
{
    const std::string id = uniqueName("tx");
    auto older = transactional(id);
    ASSERT_TRUE(older->beginTransaction().done());
    send(*older, "of the older one");
    ASSERT_TRUE(older->flush(kPatience));

    auto newer = transactional(id);
    const TransactionOutcome refused = older->commitTransaction();

    EXPECT_EQ(refused.verdict, TransactionVerdict::Fenced)
        << toString(refused.verdict) << ": " << refused.error.message;
    EXPECT_EQ(refused.error.code, Errc::Fenced);
    EXPECT_NE(refused.error.message.find("\"" + id + "\""), std::string::npos) << refused.error.message;
    ASSERT_TRUE(newer->beginTransaction().done());
    send(*newer, "of the newer one");
    ASSERT_TRUE(newer->commitTransaction().done());
    EXPECT_EQ(readAll(), (std::vector<std::string>{"of the newer one"}));
}

TEST_F(RealTransaction, OffsetsOfAGoneGenerationAbortTheTransaction)
{
    const std::string group = uniqueName("group");
    const std::vector<std::string> topics{topic};
    auto sender = transactional(uniqueName("tx"));
    auto reader = Consumer::create(connection, {.groupId = group});
    ASSERT_TRUE(reader);
    RecordingListener listener(**reader);
    ASSERT_TRUE((*reader)->subscribe(topics, listener));
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE((*reader)->consume(batch, Millis{100}));
        return listener.assignments == 1;
    }));
    auto stale = (*reader)->groupMetadata();
    ASSERT_TRUE(stale);
    ASSERT_TRUE((*reader)->close(kPatience)); // left: the generation is over

    ASSERT_TRUE(sender->beginTransaction().done());
    send(*sender, "never seen");
    const PartitionOffset next{.where = where, .offset = 1};
    const TransactionOutcome refused = sender->sendOffsets(std::span(&next, 1), *stale);

    EXPECT_EQ(refused.verdict, TransactionVerdict::Abort)
        << toString(refused.verdict) << ": " << refused.error.message;
    EXPECT_EQ(refused.error.code, Errc::TransactionAbort);
    EXPECT_FALSE(refused.error.fatal);
    ASSERT_TRUE(sender->abortTransaction().done());
    EXPECT_TRUE(readAll().empty());
    // The producer is good for another one.
    ASSERT_TRUE(sender->beginTransaction().done());
    send(*sender, "seen");
    EXPECT_TRUE(sender->commitTransaction().done());
    EXPECT_EQ(readAll(), (std::vector<std::string>{"seen"}));
}

TEST_F(RealTransaction, ATransactionThatTookTooLongIsRecreatedNotFenced)
{
    const Millis timeout{2'000};
    const std::string id = uniqueName("tx");
    auto sender = transactional(id, timeout);
    ASSERT_TRUE(sender->beginTransaction().done());
    send(*sender, "too slow");
    ASSERT_TRUE(sender->flush(kPatience));
    // The coordinator ends it: an end offset that moves without us is the abort marker.
    auto reader = Consumer::create(connection, {});
    ASSERT_TRUE(reader);
    ASSERT_TRUE(eventually([&] {
        const auto marks = (*reader)->watermarks(where, kPatience);
        return marks && marks->high == 2;
    }));

    const TransactionOutcome late = sender->commitTransaction();

    EXPECT_TRUE(late.verdict == TransactionVerdict::Recreate || late.verdict == TransactionVerdict::Abort)
        << toString(late.verdict) << ": " << late.error.message;
    sender.reset();
    auto again = transactional(id);
    ASSERT_TRUE(again->beginTransaction().done());
    send(*again, "in time");
    ASSERT_TRUE(again->commitTransaction().done());
    EXPECT_EQ(readAll(), (std::vector<std::string>{"in time"}));
}
