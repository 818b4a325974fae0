#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/client_settings.h"
#include "core/kafka/connection_config.h"
#include "core/kafka/message_batch.h"
#include "core/kafka/topic_partition.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace streamwright::kafka {

class GroupMetadata;

/// Is told when the group gives and takes partitions (eager: always all of them). Called inside consume() and
/// close(), on their thread; may call every method of the consumer but these two, subscribe() and assign().
/// The times are bounded by the caller's own budget: the whole group waits (kafka.md B).
class RebalanceListener {
public:
    RebalanceListener() = default;
    RebalanceListener(const RebalanceListener&) = delete;
    RebalanceListener& operator=(const RebalanceListener&) = delete;
    virtual ~RebalanceListener() = default;

    /// These partitions are ours now. Answers where to read each of them from: explicit offsets, normally
    /// committed() with the reset policy applied. An error leaves the consumer without partitions and is what
    /// consume() then returns.
    [[nodiscard]] virtual Result<std::vector<PartitionOffset>>
    onAssigned(std::span<const TopicPartition> partitions) = 0;
    /// They are about to go: finish the batch in hand and commit.
    virtual void onRevoked(std::span<const TopicPartition> partitions) = 0;
    /// They are gone and belong to others already: drop everything, commit nothing.
    virtual void onLost(std::span<const TopicPartition> partitions) = 0;
};

/// A consumer, alone (assign) or in a group (subscribe). Offsets are the caller's: nothing is stored or
/// committed by the library. Messages of partitions that are no longer assigned are never returned.
/// Lifecycle: create(), subscribe() or assign(), consume() …, close(). The destructor closes without leaving
/// the group's business in order, quickly. Thread: one thread for everything, except wakeUp(), lastError()
/// and memberId().
class Consumer {
public:
    static constexpr std::size_t kDefaultMessages = 1024;

    [[nodiscard]] static Result<std::unique_ptr<Consumer>> create(const ConnectionConfig& connection,
                                                                  const ConsumerSettings& settings,
                                                                  ClientListener* listener = nullptr);
    Consumer(const Consumer&) = delete;
    Consumer& operator=(const Consumer&) = delete;
    ~Consumer();

    /// Joins the group. `listener` must outlive the consumer's close.
    [[nodiscard]] Result<void> subscribe(std::span<const std::string> topics, RebalanceListener& listener);
    /// Reads exactly these from exactly there; also the way to rewind what a subscription assigned. Logical
    /// offsets are allowed. Resumes what was paused.
    [[nodiscard]] Result<void> assign(std::span<const PartitionOffset> offsets);
    [[nodiscard]] Result<void> unassign();
    /// What is assigned now; messages refer to it by index.
    [[nodiscard]] std::span<const TopicPartition> assignment() const;

    /// Waits for a first message at most `timeout`, then takes without waiting what else is there, up to
    /// `maxMessages`. Serves rebalances and events; must be called more often than maxPollInterval, also
    /// while paused. Errors of partitions are in the batch; the Result's are those after which the consumer
    /// is of no use (fenced, …) or that a RebalanceListener gave.
    [[nodiscard]] Result<void> consume(MessageBatch& batch, Millis timeout,
                                       std::size_t maxMessages = kDefaultMessages);
    /// Makes a consume() that waits return at once. Thread: any.
    void wakeUp();

    /// Committed offsets of the group with their metadata; kOffsetNone where nothing is.
    [[nodiscard]] Result<std::vector<PartitionOffset>> committed(std::span<const TopicPartition> partitions,
                                                                 Millis timeout);
    /// Commits and waits for the answer. After TimedOut it may still happen. Fenced and Conflict (the group
    /// has moved on: rejoin, read again) say who lost.
    [[nodiscard]] Result<void> commit(std::span<const PartitionOffset> offsets, Millis timeout);

    /// Behind the last message given out or, at a transactional topic's end, behind the control records.
    /// kOffsetNone before the first.
    [[nodiscard]] std::int64_t position(const TopicPartition& where) const;
    /// Asks the broker.
    [[nodiscard]] Result<Watermarks> watermarks(const TopicPartition& where, Millis timeout) const;
    /// As the last fetch response said; kOffsetNone before it. Costs no request.
    [[nodiscard]] Watermarks cachedWatermarks(const TopicPartition& where) const;
    /// For each partition the first offset whose record is at least as late as `timestampMs`; kOffsetEnd if
    /// none.
    [[nodiscard]] Result<std::vector<PartitionOffset>>
    offsetsAt(std::span<const TopicPartition> partitions, std::int64_t timestampMs, Millis timeout) const;

    /// Throws away what was prefetched: for stalls of seconds only.
    [[nodiscard]] Result<void> pause(std::span<const TopicPartition> partitions);
    [[nodiscard]] Result<void> resume(std::span<const TopicPartition> partitions);

    /// Who we are in the group now; fetch it afresh for every transaction. Only with a group.
    [[nodiscard]] Result<GroupMetadata> groupMetadata() const;
    [[nodiscard]] std::string memberId() const;
    /// The partitions were taken from us without asking (inside a listener's call or after an error).
    [[nodiscard]] bool assignmentLost() const;

    /// The last thing that went wrong with a broker, empty message if nothing did since the last success.
    [[nodiscard]] Error lastError() const;

    /// Leaves (a static member does not) after a last onRevoked(). TimedOut: librdkafka hangs; end the
    /// process with _exit once state is durable (kafka.md C9).
    [[nodiscard]] Result<void> close(Millis timeout);

private:
    struct Impl;
    explicit Consumer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace streamwright::kafka
