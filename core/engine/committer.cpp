#include "core/engine/committer.h"

#include "core/base/assert.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace streamwright {
namespace {

using SteadyClock = std::chrono::steady_clock;

Millis until(SteadyClock::time_point deadline)
{
    return std::max(std::chrono::duration_cast<Millis>(deadline - SteadyClock::now()), Millis{0});
}

/// All queued records are acknowledged, or why not.
CommitOutcome flushProducer(kafka::Producer& producer, Millis budget)
{
    auto flushed = producer.flush(budget);
    if (producer.failureCount() > 0) {
        std::vector<kafka::DeliveryReport> failures = producer.takeFailures();
        for (kafka::DeliveryReport& failure : failures) {
            if (failure.error) {
                return {CommitVerdict::Rewind, std::move(*failure.error)};
            }
        }
    }
    if (auto fatal = producer.fatalError()) {
        const bool fenced = fatal->code == Errc::Fenced;
        return {fenced ? CommitVerdict::Fenced : CommitVerdict::Rewind, std::move(*fatal)};
    }
    if (!flushed) {
        return {CommitVerdict::Pending, std::move(flushed).error()};
    }
    return {};
}

CommitOutcome outcomeOf(Error error)
{
    CommitVerdict verdict = CommitVerdict::Failed;
    switch (error.code) {
    case Errc::Fenced: verdict = CommitVerdict::Fenced; break;
    case Errc::Conflict: verdict = CommitVerdict::Moved; break;
    case Errc::TimedOut:
    case Errc::Transport:
    case Errc::ConnectionRefused: verdict = CommitVerdict::Pending; break;
    default:
        verdict = error.fatal       ? CommitVerdict::Rejoin
                  : error.retriable ? CommitVerdict::Pending
                                    : CommitVerdict::Failed;
    }
    return {verdict, std::move(error)};
}

class AtLeastOnceCommitter final : public Committer {
public:
    explicit AtLeastOnceCommitter(CommitClients clients) : m_clients(std::move(clients)) {}

    CommitOutcome begin() override { return {}; }

    CommitOutcome commit(std::span<const kafka::PartitionOffset> offsets, Millis budget) override
    {
        const SteadyClock::time_point deadline = SteadyClock::now() + budget;
#ifndef SW_MUTATION_OFFSETS_BEFORE_FLUSH // tests/faults/mutations: without it a kill loses what was queued
        for (kafka::Producer* const producer : m_clients.producers) {
            if (CommitOutcome flushed = flushProducer(*producer, until(deadline)); !flushed.committed()) {
                return flushed;
            }
        }
#endif
        if (m_clients.consumer == nullptr || offsets.empty()) {
            return {};
        }
        constexpr Millis kLeast{100}; // the outputs are out: give the last step a chance
        auto done = m_clients.consumer->commit(offsets, std::max(until(deadline), kLeast));
        if (!done) {
            return outcomeOf(std::move(done).error());
        }
        return {};
    }

    void abandon() override
    {
        for (kafka::Producer* const producer : m_clients.producers) {
            producer->purge();
        }
    }

private:
    CommitClients m_clients;
};

class ExactlyOnceCommitter final : public Committer {
public:
    explicit ExactlyOnceCommitter(CommitClients clients) : m_clients(std::move(clients))
    {
        SW_ASSERT(m_clients.consumer != nullptr && !m_clients.producers.empty(),
                  "exactly once goes from Kafka to Kafka");
    }

    CommitOutcome begin() override
    {
        if (m_open) {
            return {};
        }
        CommitOutcome begun = verdictOf(transactional().beginTransaction());
        m_open = begun.committed();
        return begun;
    }

    CommitOutcome commit(std::span<const kafka::PartitionOffset> offsets, Millis budget) override
    {
        if (!m_open) {
            // Nothing was written since the last commit; only positions behind control records moved.
            if (offsets.empty()) {
                return {};
            }
            auto done = m_clients.consumer->commit(offsets, budget);
            return done ? CommitOutcome{} : outcomeOf(std::move(done).error());
        }
        const SteadyClock::time_point deadline = SteadyClock::now() + budget;
        for (std::size_t i = 1; i < m_clients.producers.size(); ++i) {
            if (CommitOutcome flushed = flushProducer(*m_clients.producers[i], until(deadline));
                !flushed.committed()) {
                return flushed;
            }
        }
        auto group = m_clients.consumer->groupMetadata(); // fresh at every commit (KIP-447)
        if (!group) {
            return {CommitVerdict::Rejoin, std::move(group).error()};
        }
#ifndef SW_MUTATION_NO_OFFSETS_IN_TRANSACTION // tests/faults/mutations: outputs come true without offsets
        CommitOutcome sent = verdictOf(transactional().sendOffsets(offsets, *group));
        if (!sent.committed()) {
            return sent;
        }
#endif
        CommitOutcome done = verdictOf(transactional().commitTransaction());
        if (done.committed()) {
            m_open = false;
        }
        return done;
    }

    void abandon() override
    {
        if (m_open && m_clients.consumer != nullptr) {
            m_open = false;
            static_cast<void>(transactional().abortTransaction());
        }
        for (kafka::Producer* const producer : m_clients.producers) {
            producer->purge();
        }
    }

private:
    [[nodiscard]] kafka::Producer& transactional()
    {
        return *m_clients.producers.front();
    }

    /// After anything but success the producer is replaced: aborting and a new epoch (init) are one act then,
    /// and an indeterminate commit cannot leak into the next transaction (kafka.md, fact 5).
    [[nodiscard]] CommitOutcome verdictOf(kafka::TransactionOutcome outcome)
    {
        switch (outcome.verdict) {
        case kafka::TransactionVerdict::Done: return {};
        case kafka::TransactionVerdict::Abort:
        case kafka::TransactionVerdict::Recreate:
        case kafka::TransactionVerdict::Indeterminate:
            return {CommitVerdict::Rewind, std::move(outcome.error)};
        case kafka::TransactionVerdict::Fenced: return {CommitVerdict::Fenced, std::move(outcome.error)};
        }
        return {CommitVerdict::Failed, std::move(outcome.error)};
    }

    CommitClients m_clients;
    bool m_open = false;
};

} // namespace

std::string_view toString(CommitVerdict verdict)
{
    switch (verdict) {
    case CommitVerdict::Committed: return "committed";
    case CommitVerdict::Pending: return "pending";
    case CommitVerdict::Moved: return "moved";
    case CommitVerdict::Rewind: return "rewind";
    case CommitVerdict::Rejoin: return "rejoin";
    case CommitVerdict::Fenced: return "fenced";
    case CommitVerdict::Failed: return "failed";
    }
    return "failed";
}

std::unique_ptr<Committer> makeAtLeastOnceCommitter(CommitClients clients)
{
    return std::make_unique<AtLeastOnceCommitter>(std::move(clients));
}

std::unique_ptr<Committer> makeExactlyOnceCommitter(CommitClients clients)
{
    return std::make_unique<ExactlyOnceCommitter>(std::move(clients));
}

} // namespace streamwright
