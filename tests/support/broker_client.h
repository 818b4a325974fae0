#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace streamwright::testing {

struct Message {
    int partition = 0;
    std::string key;
    std::string value;
    std::int64_t timestampMs = 0;
};

/// The benchmark's own client, independent of the code under measurement. Any failure ends the program with a
/// message: a benchmark without its broker has nothing to say. Thread: one.
class BrokerClient {
public:
    explicit BrokerClient(const std::string& bootstrap);
    ~BrokerClient();
    BrokerClient(const BrokerClient&) = delete;
    BrokerClient& operator=(const BrokerClient&) = delete;

    void createTopic(const std::string& topic, int partitions, int replication = 1);
    void deleteTopic(const std::string& topic);
    /// Sends make(0) to make(count - 1) and waits until all are acknowledged.
    void produce(const std::string& topic, std::uint64_t count,
                 const std::function<Message(std::uint64_t)>& make);
    /// Sum of the end offsets of all partitions.
    [[nodiscard]] std::uint64_t endOffsets(const std::string& topic);
    /// Every committed record from the beginning to the present end, until `take` returns false.
    void
    readAll(const std::string& topic,
            const std::function<bool(int partition, std::string_view key, std::string_view value)>& take);

private:
    [[nodiscard]] int partitionsOf(const std::string& topic);

    std::string m_bootstrap;
    rd_kafka_t* m_client = nullptr;
    std::string m_partitionsTopic;
    int m_partitions = 0;
};

} // namespace streamwright::testing
