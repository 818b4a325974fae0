#pragma once

#include "core/kafka/consumer.h"
#include "core/kafka/embedded_broker.h"
#include "core/kafka/producer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace streamwright::kafka {

constexpr Millis kPatience{15'000};

/// Waits until `condition` holds, polling it; false when the patience is over.
template <typename Condition>
[[nodiscard]] bool eventually(Condition condition, Millis patience = kPatience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
    }
    return true;
}

/// An embedded broker of its own for each test.
class EmbeddedFixture : public ::testing::Test {
protected:
    void SetUp() override
    {
        auto started = EmbeddedBroker::start();
        ASSERT_TRUE(started) << started.error().message;
        broker = std::move(*started);
        connection = ConnectionConfig::plain("dev", "ignored:1").onEmbeddedBroker(broker->bootstrap());
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

    void send(const std::string& topic, const std::vector<std::string>& values, std::int32_t partition = 0)
    {
        auto sender = producer();
        auto target = sender->topic(topic, {}, kPatience);
        ASSERT_TRUE(target) << target.error().message;
        for (const std::string& value : values) {
            ASSERT_TRUE(sender->produce({.topic = *target, .partition = partition, .value = value}));
        }
        const auto flushed = sender->flush(kPatience);
        ASSERT_TRUE(flushed) << flushed.error().message;
        ASSERT_EQ(sender->failureCount(), 0U);
    }

    std::unique_ptr<EmbeddedBroker> broker;
    ConnectionConfig connection;
};

/// Reads each partition from its committed offset, or from the beginning, and remembers what it was told.
class RecordingListener final : public RebalanceListener {
public:
    explicit RecordingListener(Consumer& consumer) : m_consumer(consumer) {}

    Result<std::vector<PartitionOffset>> onAssigned(std::span<const TopicPartition> partitions) override
    {
        ++assignments;
        auto offsets = m_consumer.committed(partitions, kPatience);
        if (!offsets) {
            return offsets.error();
        }
        for (PartitionOffset& one : *offsets) {
            committed.push_back(one);
            one.offset = one.offset == kOffsetNone ? kOffsetBeginning : one.offset;
        }
        return std::move(*offsets);
    }
    void onRevoked(std::span<const TopicPartition> partitions) override { revoked += partitions.size(); }
    void onLost(std::span<const TopicPartition> partitions) override { lost += partitions.size(); }

    int assignments = 0;
    std::size_t revoked = 0;
    std::size_t lost = 0;
    std::vector<PartitionOffset> committed;

private:
    Consumer& m_consumer;
};

} // namespace streamwright::kafka
