#include "core/base/arena.h"
#include "core/kafka/producer.h"
#include "tests/core/kafka/embedded_fixture.h"

#include <array>

using namespace streamwright;
using namespace streamwright::kafka;

namespace {

constexpr std::int16_t kProduceApi = 0;

} // namespace

class ProducerTest : public EmbeddedFixture {};

TEST_F(ProducerTest, CarriesNullsEmptiesHeadersAndTimestamps)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer();
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic) << topic.error().message;
    const std::array<Header, 3> headers{Header{"a", "1"}, Header{"a", NullableBytes()},
                                        Header{"b", NullableBytes("", 0)}};

    ASSERT_TRUE(sender->produce({.topic = *topic, .key = "k"}));                    // tombstone
    ASSERT_TRUE(sender->produce({.topic = *topic, .value = NullableBytes("", 0)})); // empty value
    ASSERT_TRUE(
        sender->produce({.topic = *topic, .key = "", .value = "v", .headers = headers, .timestampMs = 1000}));
    ASSERT_TRUE(sender->flush(kPatience));

    auto reader = consumer();
    const PartitionOffset from{.where = {"out", 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    Arena arena;
    std::size_t seen = 0;
    MessageBatch batch;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        for (std::size_t i = 0; i < batch.size(); ++i, ++seen) {
            const ConsumedMessage& message = batch.messages()[i];
            const HeadersView found = batch.headers(i, arena);
            if (message.offset == 0) {
                EXPECT_EQ(message.key, "k");
                EXPECT_TRUE(isNull(message.value));
                EXPECT_TRUE(found.empty());
                EXPECT_EQ(message.timestampType, TimestampType::Create);
            } else if (message.offset == 1) {
                EXPECT_TRUE(isNull(message.key));
                EXPECT_FALSE(isNull(message.value));
                EXPECT_TRUE(message.value.empty());
            } else {
                EXPECT_FALSE(isNull(message.key));
                EXPECT_EQ(message.timestampMs, 1000);
                EXPECT_EQ(found.size(), 3U);
                if (found.size() == 3) {
                    EXPECT_EQ(found[0].name, "a");
                    EXPECT_EQ(found[0].value, "1");
                    EXPECT_TRUE(isNull(found[1].value));
                    EXPECT_EQ(found[2].name, "b");
                    EXPECT_FALSE(isNull(found[2].value));
                }
            }
        }
        return seen >= 3;
    }));
    EXPECT_EQ(Producer::producedRecords(**topic), 3U);
    EXPECT_EQ(Producer::producedBytes(**topic), 2U);
}

TEST_F(ProducerTest, NamesAMissingTopicAndAMissingPartition)
{
    ASSERT_TRUE(broker->createTopic("out", 2));
    auto sender = producer();

    auto missing = sender->topic("nowhere", {}, Millis{3000});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::UnknownTopic) << missing.error().message;
    EXPECT_NE(missing.error().message.find("\"nowhere\""), std::string::npos);

    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    EXPECT_EQ(Producer::partitionCount(**topic), 2);
    const auto refused = sender->produce({.topic = *topic, .partition = 2, .value = "x"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::UnknownTopic);
    EXPECT_EQ(refused.error().message, "Topic \"out\" has no partition 2 (it has 2).");
}

TEST_F(ProducerTest, WaitsForRoomInAFullQueueServingReports)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer({.bufferMessages = 10});
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);

    for (int i = 0; i < 500; ++i) {
        const auto done = sender->produce({.topic = *topic, .value = "value"});
        ASSERT_TRUE(done) << i << ": " << done.error().message;
        ASSERT_LE(sender->queuedRecords(), 20U);
    }
    ASSERT_TRUE(sender->flush(kPatience));
    EXPECT_EQ(sender->failureCount(), 0U);
    EXPECT_EQ(sender->queuedRecords(), 0U);
}

TEST_F(ProducerTest, SaysThatTheQueueIsFullWhenTheBrokerIsAway)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer({.bufferMessages = 3});
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    ASSERT_TRUE(broker->setBrokerUp(1, false));

    Result<void> last;
    for (int i = 0; i < 10 && last; ++i) {
        last = sender->produce({.topic = *topic, .value = "value"}, Millis{100});
    }
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, Errc::QueueFull) << last.error().message;
    EXPECT_TRUE(last.error().retriable);
    EXPECT_GT(sender->queuedBytes(), 0U);

    std::stop_source stop;
    stop.request_stop();
    const auto cancelled = sender->produce({.topic = *topic, .value = "value"}, kPatience, stop.get_token());
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, Errc::Cancelled);
    const auto flushed = sender->flush(Millis{200});
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, Errc::TimedOut);
}

TEST_F(ProducerTest, CollectsDeliveryFailuresWithTheirTags)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer();
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    constexpr std::int32_t kTopicAuthorizationFailed = 29;
    broker->failRequests(kProduceApi, kTopicAuthorizationFailed, 1);

    ASSERT_TRUE(sender->produce({.topic = *topic, .value = "refused", .tag = 42}));
    ASSERT_TRUE(sender->flush(kPatience));

    const std::vector<DeliveryReport> failures = sender->takeFailures();
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0].tag, 42U);
    EXPECT_EQ(failures[0].where.topic, "out");
    ASSERT_TRUE(failures[0].error);
    EXPECT_EQ(failures[0].error->code, Errc::Authorization) << failures[0].error->message;
    EXPECT_TRUE(sender->takeFailures().empty());
    EXPECT_EQ(sender->failureCount(), 1U);
}

TEST_F(ProducerTest, RetriesWhatPassesWithoutLosingTheOrder)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer();
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    constexpr std::int32_t kNotLeader = 6;
    broker->failRequests(kProduceApi, kNotLeader, 2);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(sender->produce({.topic = *topic, .value = std::to_string(i)}));
    }
    const auto flushed = sender->flush(kPatience);
    ASSERT_TRUE(flushed) << flushed.error().message;
    EXPECT_EQ(sender->failureCount(), 0U);

    auto reader = consumer();
    const PartitionOffset from{.where = {"out", 0}, .offset = 0};
    ASSERT_TRUE(reader->assign(std::span(&from, 1)));
    MessageBatch batch;
    int expected = 0;
    ASSERT_TRUE(eventually([&] {
        EXPECT_TRUE(reader->consume(batch, Millis{100}));
        for (const ConsumedMessage& message : batch.messages()) {
            EXPECT_EQ(message.value, std::to_string(expected++));
        }
        return expected == 20;
    }));
}

TEST_F(ProducerTest, ReportsSuccessesWhereAskedFor)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer({.fullReports = true});
    auto topic = sender->topic("out", {.compression = "zstd"}, kPatience);
    ASSERT_TRUE(topic);
    ASSERT_TRUE(sender->produce({.topic = *topic, .value = "a", .tag = 1}));
    ASSERT_TRUE(sender->produce({.topic = *topic, .value = "b", .tag = 2}));
    ASSERT_TRUE(sender->flush(kPatience));

    const std::vector<DeliveryReport> delivered = sender->takeDelivered();

    ASSERT_EQ(delivered.size(), 2U);
    EXPECT_EQ(delivered[1].tag, 2U);
    EXPECT_EQ(delivered[1].offset, 1);
    EXPECT_FALSE(delivered[1].error);
}

TEST_F(ProducerTest, RefusesARecordOverTheLimitAtOnce)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer({.maxMessageBytes = 2000});
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    const std::string large(3000, 'x');

    const auto refused = sender->produce({.topic = *topic, .value = large});

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::TooLarge) << refused.error().message;
}

TEST_F(ProducerTest, RefusesACompressionThatDoesNotExist)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer();

    auto topic = sender->topic("out", {.compression = "rar"}, kPatience);

    ASSERT_FALSE(topic);
    EXPECT_EQ(topic.error().code, Errc::InvalidArgument);
}

TEST_F(ProducerTest, PurgesWhatCannotBeSent)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer();
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    ASSERT_TRUE(broker->setBrokerUp(1, false));
    ASSERT_TRUE(sender->produce({.topic = *topic, .value = "lost on purpose", .tag = 7}));

    sender->purge();

    ASSERT_TRUE(eventually([&] {
        sender->poll(Millis{50});
        return sender->failureCount() == 1;
    }));
    const std::vector<DeliveryReport> failures = sender->takeFailures();
    EXPECT_EQ(failures[0].error->code, Errc::Cancelled);
    EXPECT_EQ(failures[0].tag, 7U);
}

TEST_F(ProducerTest, TellsItsListenerWhatGoesOn)
{
    class Recording final : public ClientListener {
    public:
        void onClientError(const Error& error) override { errors.push_back(error); }
        void onStatistics(std::string_view json) override { statistics = json; }
        std::vector<Error> errors;
        std::string statistics;
    };
    Recording listener;
    auto made = Producer::create(connection, {.statisticsInterval = Millis{20}}, &listener);
    ASSERT_TRUE(made);
    Producer& sender = **made;

    ASSERT_TRUE(eventually([&] {
        sender.poll(Millis{20});
        return !listener.statistics.empty();
    }));
    EXPECT_EQ(listener.statistics.front(), '{');
    ASSERT_TRUE(broker->setBrokerUp(1, false));
    ASSERT_TRUE(eventually([&] {
        sender.poll(Millis{20});
        return !listener.errors.empty();
    }));
    EXPECT_TRUE(listener.errors[0].retriable);
    EXPECT_FALSE(sender.lastError().message.empty());
    EXPECT_FALSE(sender.fatalError());
}

TEST_F(ProducerTest, WalksThroughATransaction)
{
    ASSERT_TRUE(broker->createTopic("out"));
    auto sender = producer({.transactionalId = "t", .transactionTimeout = Millis{10'000}});
    const TransactionOutcome initialised = sender->initTransactions(kPatience);
    ASSERT_TRUE(initialised.done()) << initialised.error.message;
    auto topic = sender->topic("out", {}, kPatience);
    ASSERT_TRUE(topic);
    ASSERT_TRUE(sender->beginTransaction().done());
    ASSERT_TRUE(sender->produce({.topic = *topic, .value = "a"}));

    const TransactionOutcome committed = sender->commitTransaction();

    EXPECT_TRUE(committed.done()) << committed.error.message;
    EXPECT_EQ(toString(committed.verdict), "done");
}
