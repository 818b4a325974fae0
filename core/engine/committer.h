#pragma once

#include "core/base/result.h"
#include "core/kafka/consumer.h"
#include "core/kafka/producer.h"

#include <memory>
#include <span>
#include <vector>

namespace streamwright {

/// How a commit ended, and what its caller has to do.
enum class CommitVerdict : std::uint8_t {
    Committed,
    Pending, ///< not yet (outputs on their way, broker away): nothing is lost, try again
    Moved,   ///< the group has moved on: the next consume() tells; do not go on with these offsets
    Rewind,  ///< outputs failed or the transaction is gone: new producer, read again from the committed
             ///< offsets
    Rejoin,  ///< the consumer is of no more use: new consumer and producer
    Fenced,  ///< another instance has taken the place: stop
    Failed   ///< nothing that waiting or repeating mends
};
[[nodiscard]] std::string_view toString(CommitVerdict verdict);

struct CommitOutcome {
    CommitVerdict verdict = CommitVerdict::Committed;
    Error error; ///< filled unless Committed
    [[nodiscard]] bool committed() const { return verdict == CommitVerdict::Committed; }
};

/// Makes outputs, state and offsets come true together, in the order of kafka.md B and D: outputs first,
/// offsets last. Two kinds: at least once, and in a transaction. Thread: the task thread.
class Committer {
public:
    Committer() = default;
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;
    virtual ~Committer() = default;

    /// Before the first record after a commit.
    [[nodiscard]] virtual CommitOutcome begin() = 0;
    /// Outputs are made durable and acknowledged, then `offsets` with their small state are committed. Waits
    /// at most `budget`; Pending then, and called again with the same offsets.
    [[nodiscard]] virtual CommitOutcome commit(std::span<const kafka::PartitionOffset> offsets,
                                               Millis budget) = 0;
    /// Gives up what is not committed; the producers are of no use afterwards.
    virtual void abandon() = 0;
};

/// The clients of a committer; they outlive it.
struct CommitClients {
    kafka::Consumer* consumer = nullptr;     ///< null: a flow without Kafka sources has no offsets to commit
    std::vector<kafka::Producer*> producers; ///< all that the flow writes with
};

/// flush, look for delivery errors, commit with the consumer.
[[nodiscard]] std::unique_ptr<Committer> makeAtLeastOnceCommitter(CommitClients clients);
/// One transaction of `clients.producers.front()` around everything, others are flushed first.
[[nodiscard]] std::unique_ptr<Committer> makeExactlyOnceCommitter(CommitClients clients);

} // namespace streamwright
