#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/client_settings.h"
#include "core/kafka/connection_config.h"
#include "core/kafka/group_metadata.h"
#include "core/kafka/topic_partition.h"
#include "core/record/record.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::kafka {

/// librdkafka chooses: by key as Java does (murmur2), spread where there is none.
constexpr std::int32_t kPartitionAuto = -1;
/// "now", at produce.
constexpr std::int64_t kTimestampNow = 0;

/// One topic of a Producer: its handle, partition count and counters. Owned by the producer.
class ProducerTopic;

/// A record to send: views that must live until produce() returns; the bytes are copied there.
struct OutgoingRecord {
    ProducerTopic* topic = nullptr;
    std::int32_t partition = kPartitionAuto;
    NullableBytes key;
    NullableBytes value;
    HeadersView headers;
    std::int64_t timestampMs =
        kTimestampNow;     ///< anything else than "now" takes the slower path, as headers do
    std::uint64_t tag = 0; ///< comes back with the delivery report
};

/// What became of a record.
struct DeliveryReport {
    std::uint64_t tag = 0;
    TopicPartition where;
    std::int64_t offset = kOffsetNone;
    std::optional<Error> error; ///< empty: it is in the topic
};

/// How a step of a transaction ended (kafka.md D).
enum class TransactionVerdict : std::uint8_t {
    Done,
    Abort,    ///< abort(), rewind to the committed offsets, begin again
    Recreate, ///< destroy this producer, create one with the same id, init(), rewind
    Fenced,   ///< another instance took the id: stop. (After a timeout of our own: Recreate, by the caller's
              ///< clock)
    Indeterminate ///< the deadline passed in commit or abort: Recreate, then the committed offsets say what
                  ///< happened
};
[[nodiscard]] std::string_view toString(TransactionVerdict verdict);

struct TransactionOutcome {
    TransactionVerdict verdict = TransactionVerdict::Done;
    Error error; ///< filled unless Done
    [[nodiscard]] bool done() const { return verdict == TransactionVerdict::Done; }
};

/// An idempotent producer, with transactions where its settings name an id.
/// Delivery: poll(), produce() on a full queue and flush() take the reports in; failures are collected until
/// takeFailures(). At least once: flush(), look at the failures, only then commit offsets.
/// Lifecycle: create(), topic() for each topic, produce() …, flush(), destroy. The destructor purges what is
/// left. Thread: one, except queued*() and lastError().
class Producer {
public:
    [[nodiscard]] static Result<std::unique_ptr<Producer>> create(const ConnectionConfig& connection,
                                                                  const ProducerSettings& settings,
                                                                  ClientListener* listener = nullptr);
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;
    ~Producer();

    /// Per-topic settings of a sink.
    struct TopicSettings {
        std::string compression; ///< none, lz4, zstd, gzip, snappy; empty = lz4
    };
    /// The topic, ready to send to: asks for its partitions (the first time), which also primes librdkafka.
    /// Cached; the first settings for a name count. Errors: UnknownTopic, Authorization, TimedOut, …
    [[nodiscard]] Result<ProducerTopic*> topic(std::string_view name, const TopicSettings& settings,
                                               Millis timeout);
    [[nodiscard]] static std::int32_t partitionCount(const ProducerTopic& topic);
    [[nodiscard]] static std::string_view topicName(const ProducerTopic& topic);
    /// Records and bytes (keys and values) handed to the library for this topic, for an embedded broker's
    /// limits.
    [[nodiscard]] static std::uint64_t producedRecords(const ProducerTopic& topic);
    [[nodiscard]] static std::uint64_t producedBytes(const ProducerTopic& topic);

    /// Queues a record. A full queue is waited for, serving reports, at most `maxWait` and until `stop`:
    /// QueueFull or Cancelled then. TooLarge: over maxMessageBytes. UnknownTopic: no such partition.
    [[nodiscard]] Result<void> produce(const OutgoingRecord& record, Millis maxWait = Millis{30'000},
                                       const std::stop_token& stop = {});

    /// Serves reports and events; returns how many.
    int poll(Millis timeout);
    /// Records in the library's queue or on their way. Thread: any.
    [[nodiscard]] std::size_t queuedRecords() const;
    /// Their bytes, estimated by the mean size of the records sent last (the library does not tell).
    [[nodiscard]] std::size_t queuedBytes() const;

    /// Sends all and waits for the answers. TimedOut: some are still on their way. Delivery failures are not
    /// an error here; see takeFailures().
    [[nodiscard]] Result<void> flush(Millis timeout, const std::stop_token& stop = {});
    /// Failed deliveries since the last call; at most kKeptFailures are kept, failureCount() counts all of
    /// them.
    [[nodiscard]] std::vector<DeliveryReport> takeFailures();
    [[nodiscard]] std::uint64_t failureCount() const;
    /// With fullReports: the successful ones since the last call.
    [[nodiscard]] std::vector<DeliveryReport> takeDelivered();
    /// Gives up everything queued and in flight; their reports say so (Cancelled).
    void purge();

    [[nodiscard]] TransactionOutcome initTransactions(Millis timeout);
    [[nodiscard]] TransactionOutcome beginTransaction();
    /// Makes `offsets` (next ones, with metadata) part of the transaction.
    [[nodiscard]] TransactionOutcome sendOffsets(std::span<const PartitionOffset> offsets,
                                                 const GroupMetadata& group);
    /// Flushes and commits; takes as long as transactionTimeout allows.
    [[nodiscard]] TransactionOutcome commitTransaction();
    [[nodiscard]] TransactionOutcome abortTransaction();

    /// Set once the library says so; the producer is then of no use.
    [[nodiscard]] std::optional<Error> fatalError() const;
    /// The last thing that went wrong with a broker, empty message if nothing did since the last success.
    [[nodiscard]] Error lastError() const;

    static constexpr std::size_t kKeptFailures = 1000;

private:
    struct Impl;
    explicit Producer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace streamwright::kafka
