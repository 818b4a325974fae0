#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/topic_partition.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::kafka {

/// A broker inside this process (librdkafka's mock cluster): 127.0.0.1, a port that cannot be chosen, RAM
/// only, everything is lost with the object. For the demo and quick tests; it knows no TLS, no SASL, no list
/// by timestamp, no administration, and its transactions prove nothing (kafka.md E). Topics must be made here
/// before they are used. A partition holds at most kPartitionBytes and kPartitionBatches; the oldest go
/// first. Lifecycle: lives until destroyed, after its clients. Thread: any; calls are serialised.
class EmbeddedBroker {
public:
    /// Whether an embedded broker, in whichever process, calls its cluster so: by it others know what not to
    /// ask.
    [[nodiscard]] static bool isClusterId(std::string_view id) { return id.starts_with("mockCluster"); }
    static constexpr std::size_t kPartitionBytes = 5 * 1024 * 1024;
    static constexpr std::size_t kPartitionBatches = 100'000;

    [[nodiscard]] static Result<std::unique_ptr<EmbeddedBroker>> start(int brokers = 1);
    EmbeddedBroker(const EmbeddedBroker&) = delete;
    EmbeddedBroker& operator=(const EmbeddedBroker&) = delete;
    ~EmbeddedBroker();

    /// 127.0.0.1:PORT
    [[nodiscard]] const std::string& bootstrap() const;

    /// Makes the topic; a topic that is there already stays as it is.
    [[nodiscard]] Result<void> createTopic(const std::string& name, int partitions = 1);
    [[nodiscard]] bool hasTopic(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> topics() const;

    /// Tells that records went to a topic (bytes of keys and values, uncompressed), so that fill() can
    /// estimate.
    void noteProduced(const std::string& topic, std::uint64_t records, std::uint64_t bytes);

    /// How near a partition is to losing its oldest records.
    struct Fill {
        TopicPartition where;
        std::int64_t records = 0;     ///< there now
        std::int64_t lostRecords = 0; ///< removed because the partition was full
        double used = 0;              ///< estimated share of kPartitionBytes, 0..1; 1 once something was lost
    };
    /// Asks each partition of each topic.
    [[nodiscard]] Result<std::vector<Fill>> fill(Millis timeout) const;

    // Faults, for tests.
    [[nodiscard]] Result<void> setBrokerUp(std::int32_t id, bool up);
    [[nodiscard]] Result<void> setRoundTripTime(std::int32_t id, Millis time);
    /// The next `count` requests of this kind (Kafka's API key) fail with this error code of the protocol.
    void failRequests(std::int16_t apiKey, std::int32_t errorCode, int count);

private:
    struct Impl;
    explicit EmbeddedBroker(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace streamwright::kafka
