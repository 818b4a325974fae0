#include "core/engine/task_thread.h"

#include "core/base/diagnostic.h"

#include <algorithm>
#include <exception>

namespace streamwright {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr Millis kPollWait{100};                         ///< longest wait for a first record
constexpr Millis kBlockedWait{2};                        ///< between two looks at what is blocked
constexpr Millis kCommitSlice{1'000};                    ///< of one attempt to commit
constexpr Millis kPendingSlice{50};                      ///< of the attempts after it
constexpr std::int64_t kPauseAfterNs = 5'000 * kNsPerMs; ///< Blocked so long: pause, and go on polling
constexpr std::int64_t kStalledAfterNs = 10'000 * kNsPerMs;
constexpr std::int64_t kSinkStalledAfterNs = 30'000 * kNsPerMs;
constexpr std::int64_t kPublishEveryNs = 200 * kNsPerMs;
constexpr std::int64_t kClientErrorEveryNs = 10'000 * kNsPerMs;
constexpr Millis kRevokeBudget{10'000};
constexpr Millis kCloseBudget{5'000};
constexpr Millis kQuickClose{1'000};
constexpr Millis kFirstRetry{200};
constexpr Millis kLongestRetry{5'000};
constexpr std::size_t kChunkRecords = 256; ///< driven through a chain at once: its index stays in the cache
constexpr Millis kEndsTimeout{5'000};

} // namespace

TaskThread::TaskThread(RunContext& run, FlowRun& flow, std::size_t number)
    : m_run(run), m_flow(flow), m_number(number),
      m_probes(run.topology->nodes.size(), run.topology->edgeCount)
{
    m_origins.reserve(kChunkRecords);
}

TaskThread::~TaskThread()
{
    join();
}

void TaskThread::start()
{
    m_thread = std::thread([this] { main(); });
}

void TaskThread::join()
{
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void TaskThread::main()
{
    try {
        if (auto ended = body(); !ended) {
            m_error = std::move(ended).error();
        }
    } catch (const std::exception& exception) {
        m_error = Error{Errc::Internal,
                        std::string("A task thread failed unexpectedly: ") + exception.what() + '.'};
    }
    close(m_error ? kQuickClose : kCloseBudget);
    publish(nowNs(), true);
    m_flow.atEnd[m_number] = true;
    m_done = true;
    m_run.notify();
}

Result<void> TaskThread::body()
{
    for (int attempt = 0;; ++attempt) {
        m_probes.turn(nowNs());
        if (auto opened = open(); !opened) {
            const Error error = opened.error();
            if (error.code == Errc::Cancelled) {
                return {};
            }
            close(kQuickClose);
            if (!error.retriable || !waitBeforeRetry(error, attempt)) {
                return m_run.stop.stop_requested() && error.retriable ? Result<void>() : Result<void>(error);
            }
            continue;
        }
        if (m_flow.plan.kafkaSources.empty()) {
            m_flow.setStep("running");
            ++m_flow.consuming;
            m_run.notify();
        }
        const Round round = loop();
        if (round == Round::Ended) {
            return {};
        }
        if (round == Round::Failed) {
            return *m_error;
        }
        attempt = 0;
        close(kQuickClose);
        if (m_run.stop.stop_requested() && !m_run.unhurried) {
            return {};
        }
    }
}

bool TaskThread::waitBeforeRetry(const Error& error, int attempt)
{
    m_run.event(EngineEvent::Kind::Warning, {}, error.message + " Trying again.");
    const Millis wait = std::min(kFirstRetry * (1 << std::min(attempt, 5)), kLongestRetry);
    std::mutex mutex;
    std::condition_variable_any sleeper;
    std::unique_lock lock(mutex);
    sleeper.wait_for(lock, m_run.stop.get_token(), wait, [] { return false; });
    return !m_run.stop.stop_requested();
}

TaskThread::Round TaskThread::loop()
{
    m_lastCommitNs = nowNs();
    for (;;) {
        const std::int64_t now = nowNs();
        m_probes.turn(now);
        publish(now);
        if (const std::optional<Round> ended = step(now)) {
            return *ended;
        }
    }
}

std::optional<TaskThread::Round> TaskThread::step(std::int64_t now)
{
    if (m_run.stop.stop_requested()) {
        return finish(m_run.unhurried);
    }
    if (m_producersBroken) {
        if (auto opened = openProducers(); !opened) {
            return opened.error().retriable ? recover(opened.error()) : fail(opened.error());
        }
        makeCommitter();
    }
    if (m_commitPending || commitDue(now)) {
        const CommitOutcome outcome = commitOnce(m_commitPending ? kPendingSlice : kCommitSlice);
        if (const std::optional<Round> ended = afterCommit(outcome)) {
            return ended;
        }
    }
    if (m_flow.endsWanted && !m_commitPending && reachedEnds()) {
        m_flow.atEnd[m_number] = true;
        if (m_flow.allAtEnd()) {
            return finish(true);
        }
    }
    const bool localDone =
        std::all_of(m_local.begin(), m_local.end(), [](const LocalSource& one) { return one.finished; });
    if (m_consumer == nullptr && localDone) {
        return finish(true);
    }
    const Demand wanted = demand();
    if (wanted.maxRecords == 0) {
        waitBlocked(wanted, now);
        return std::nullopt;
    }
    if (auto unblocked = unblock(); !unblocked) {
        return recover(unblocked.error());
    }
    const std::size_t most = reserve(std::min(wanted.maxRecords, kMaxBatchRecords));
    if (most == 0) {
        return finish(true); // --count is reached
    }
    const std::size_t before = m_takenSinceCommit;
    Result<void> taken;
    if (!m_local.empty() && !localDone) {
        taken = takeFromLocal(most);
    }
    if (taken && m_consumer != nullptr && m_takenSinceCommit - before < most) {
        taken = takeFromKafka(most - (m_takenSinceCommit - before));
    }
    giveBack(most - std::min(most, m_takenSinceCommit - before));
    if (taken) {
        return std::nullopt;
    }
    if (taken.error().code == Errc::Cancelled) {
        return finish(false); // stopped while a queue was full: the batch is not finished
    }
    if (taken.error().code == Errc::Fenced || !(taken.error().retriable)) {
        return fail(taken.error());
    }
    return recover(taken.error());
}

std::size_t TaskThread::reserve(std::size_t most)
{
    std::int64_t left = m_run.recordsLeft.load();
    while (left >= 0) {
        const std::int64_t mine = std::min(left, static_cast<std::int64_t>(most));
        if (m_run.recordsLeft.compare_exchange_weak(left, left - mine)) {
            return static_cast<std::size_t>(mine);
        }
    }
    return most;
}

void TaskThread::giveBack(std::size_t records)
{
    if (m_run.options.count) {
        m_run.recordsLeft += static_cast<std::int64_t>(records);
    }
}

Demand TaskThread::demand()
{
    if (m_commitPending) {
        return {0, 0, "waiting for the broker to acknowledge what was written"};
    }
#ifdef SW_FORCE_BLOCKED
    m_forceTurn = !m_forceTurn;
    if (m_forceTurn) {
        return {0, 0, "forced"};
    }
#endif
    Demand least;
    for (const std::unique_ptr<Task>& task : m_tasks) {
        const Demand one = task->chain().demand();
        if (one.maxRecords < least.maxRecords ||
            (one.maxRecords == 0 && one.blockedUntilNs > least.blockedUntilNs)) {
            least = one;
        }
    }
    return least;
}

void TaskThread::waitBlocked(const Demand& wanted, std::int64_t now)
{
    if (m_blockedSinceNs == 0) {
        m_blockedSinceNs = now;
        for (const std::size_t index : m_flow.plan.nodes) {
            if (node(index).spec().category == NodeCategory::Source) {
                m_probes.node(index).setBlocked(wanted.reason);
            }
        }
    }
    std::int64_t waitNs = std::chrono::nanoseconds(kBlockedWait).count();
    if (wanted.blockedUntilNs > 0) {
        waitNs = std::clamp<std::int64_t>(wanted.blockedUntilNs - now, 0,
                                          std::chrono::nanoseconds(kPollWait).count());
    }
    const Millis wait{(waitNs + kNsPerMs - 1) / kNsPerMs};
    if (m_consumer != nullptr && now - m_blockedSinceNs > kPauseAfterNs) {
        // Long enough: the group must go on seeing us, so poll with nothing to come.
        if (!m_paused) {
            m_paused = m_consumer->pause(m_consumer->assignment()).hasValue();
        }
        if (m_paused) {
            static_cast<void>(m_consumer->consume(m_batch, Millis{0}));
        }
    }
    bool waited = false;
    for (const auto& [connection, producer] : m_producers) {
        producer->poll(waited ? Millis{0} : wait);
        waited = true;
    }
    if (!waited) {
        std::mutex mutex;
        std::condition_variable_any sleeper;
        std::unique_lock lock(mutex);
        sleeper.wait_for(lock, m_run.stop.get_token(), wait, [] { return false; });
    }
    for (const std::size_t index : m_flow.plan.nodes) {
        if (node(index).spec().category == NodeCategory::Source) {
            m_probes.node(index).waitOutputNs.add(static_cast<std::uint64_t>(nowNs() - now));
        }
    }
}

Result<void> TaskThread::unblock()
{
    if (m_blockedSinceNs == 0) {
        return {};
    }
    m_blockedSinceNs = 0;
    for (const std::size_t index : m_flow.plan.nodes) {
        if (node(index).spec().category == NodeCategory::Source) {
            m_probes.node(index).setBlocked({});
        }
    }
    if (m_sinkStalled) {
        m_sinkStalled = false;
        m_run.event(EngineEvent::Kind::Recovered, {},
                    "Flow " + streamwright::quoted(m_flow.plan.name) + " writes again.");
    }
    if (m_paused) {
        m_paused = false;
        // Not resume(): explicit offsets are right whatever became of the prefetched records (kafka.md B).
        return m_consumer->assign(m_tracker.resumeFrom());
    }
    return {};
}

Result<void> TaskThread::takeFromLocal(std::size_t most)
{
    for (LocalSource& local : m_local) {
        const std::int64_t now = nowNs();
        if (local.finished || now < local.nextPollNs || m_tasks.empty()) {
            continue;
        }
        m_arena.reset();
        m_origins.clear();
        auto polled = local.source->poll(m_arena, std::min(most, kChunkRecords), m_origins);
        if (!polled) {
            return polled.error();
        }
        local.finished = polled->state == Source::State::Finished;
        local.nextPollNs = polled->state == Source::State::Idle ? polled->nextPollNs : 0;
        if (m_origins.empty()) {
            continue;
        }
        m_takenSinceCommit += m_origins.size();
        m_uncommitted = true;
        if (auto done = m_tasks.front()->chain().run(local.node, m_origins, m_arena, now); !done) {
            return done;
        }
        for (const auto& [connection, producer] : m_producers) {
            producer->poll(Millis{0});
        }
        return {};
    }
    if (m_consumer != nullptr) {
        return {};
    }
    // All idle: wait for the first that may have something, or for the next commit.
    const std::int64_t now = nowNs();
    std::int64_t until = now + std::chrono::nanoseconds(kPollWait).count();
    for (const LocalSource& local : m_local) {
        if (!local.finished) {
            until = std::min(until, std::max(local.nextPollNs, now));
        }
    }
    if (until > now) {
        const Millis wait{(until - now + kNsPerMs - 1) / kNsPerMs};
        std::mutex mutex;
        std::condition_variable_any sleeper;
        std::unique_lock lock(mutex);
        sleeper.wait_for(lock, m_run.stop.get_token(), wait, [] { return false; });
        for (const LocalSource& local : m_local) {
            m_probes.node(local.node).waitInputNs.add(static_cast<std::uint64_t>(nowNs() - now));
        }
    }
    return {};
}

Result<void> TaskThread::takeFromKafka(std::size_t most)
{
    const std::int64_t before = nowNs();
    const std::int64_t untilCommit =
        m_lastCommitNs + m_run.topology->settings.effectiveCommitIntervalMs() * kNsPerMs - before;
    Millis wait = kPollWait;
    if (m_uncommitted) {
        wait = std::clamp(Millis{untilCommit / kNsPerMs}, Millis{1}, kPollWait);
    }
    if (std::any_of(m_local.begin(), m_local.end(), [](const LocalSource& one) { return !one.finished; })) {
        wait = Millis{1};
    }
    auto consumed = m_consumer->consume(m_batch, wait, most);
    if (!consumed) {
        return judgeFencing(consumed.error());
    }
    if (!m_batch.errors().empty()) {
        if (auto looked = look(m_batch.errors()); !looked) {
            return looked;
        }
    }
    if (m_batch.empty()) {
        const auto waited = static_cast<std::uint64_t>(nowNs() - before);
        for (const std::size_t source : m_flow.plan.kafkaSources) {
            m_probes.node(source).waitInputNs.add(waited);
        }
        whenIdle();
        for (const auto& [connection, producer] : m_producers) {
            producer->poll(Millis{0});
        }
        return {};
    }
    m_takenSinceCommit += m_batch.size();
    auto done = process(m_batch);
    m_batch.clear();
    for (const auto& [connection, producer] : m_producers) {
        producer->poll(Millis{0});
    }
    return done;
}

Result<void> TaskThread::process(const kafka::MessageBatch& batch)
{
    const std::int64_t arrivalNs = nowNs();
    if (!m_uncommitted) {
        const CommitOutcome begun = m_committer->begin();
        if (!begun.committed()) {
            Error error = begun.error;
            error.retriable =
                begun.verdict != CommitVerdict::Fenced && begun.verdict != CommitVerdict::Failed;
            return error;
        }
        m_uncommitted = true;
    }
    for (Group& group : m_groups) {
        group.messages.clear();
    }
    const std::span<const kafka::ConsumedMessage> messages = batch.messages();
    for (std::uint32_t i = 0; i < messages.size(); ++i) {
        const std::uint32_t place = messages[i].assignmentIndex;
        if (m_tracker.isNew(place, messages[i].offset)) {
            m_groups[m_groupOf[place]].messages.push_back(i);
        }
    }
    for (const Group& group : m_groups) {
        if (auto done = runGroup(group, batch, arrivalNs); !done) {
            return done;
        }
    }
    return {};
}

Result<void> TaskThread::runGroup(const Group& group, const kafka::MessageBatch& batch,
                                  std::int64_t arrivalNs)
{
    const std::span<const kafka::ConsumedMessage> messages = batch.messages();
    ChainExecutor* const chain = group.messages.empty() ? nullptr : &m_tasks[group.task]->chain();
    for (std::size_t first = 0; first < group.messages.size(); first += kChunkRecords) {
        const std::size_t last = std::min(first + kChunkRecords, group.messages.size());
        m_arena.reset();
        m_origins.clear();
        for (std::size_t i = first; i < last; ++i) {
            const std::uint32_t number = group.messages[i];
            const kafka::ConsumedMessage& message = messages[number];
            m_origins.push_back({.topic = message.topic,
                                 .partition = message.partition,
                                 .offset = message.offset,
                                 .key = message.key,
                                 .value = message.value,
                                 .headers = batch.headers(number, m_arena),
                                 .timestampMs = message.timestampMs,
                                 .timestampType = message.timestampType});
        }
        if (auto done = chain->run(group.source, m_origins, m_arena, arrivalNs); !done) {
            return done;
        }
        for (std::size_t i = first; i < last; ++i) {
            const kafka::ConsumedMessage& message = messages[group.messages[i]];
            m_tracker.processed(message.assignmentIndex, message.offset, arrivalNs);
            if (EmbeddedTopic* const topic = m_embeddedOf[message.assignmentIndex]) {
                topic->consumedBytes += static_cast<std::int64_t>(message.key.size() + message.value.size());
            }
        }
    }
    return {};
}

Result<void> TaskThread::look(std::span<const kafka::ConsumeError> errors)
{
    for (const kafka::ConsumeError& error : errors) {
        if (error.error.code == Errc::Fenced) {
            return judgeFencing(error.error);
        }
        if (error.where.topic.empty()) {
            onClientError(error.error);
            continue;
        }
        if (error.error.code == Errc::UnknownTopic) {
            Error gone = error.error;
            gone.retriable = false;
            return gone;
        }
        std::string& last = m_partitionErrors[error.where];
        if (last != error.error.message) {
            last = error.error.message;
            m_run.event(EngineEvent::Kind::Warning, node(sourceNodeOf(error.where.topic)).id, last);
        }
    }
    return {};
}

/// Behind the last record of a transactional topic stand control records that are never delivered.
void TaskThread::whenIdle()
{
    const std::int64_t now = nowNs();
    const auto partitions = m_tracker.partitions();
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const std::int64_t position = m_consumer->position(partitions[i].where);
        if (position > partitions[i].next) {
            m_tracker.skipTo(i, position, now);
        }
    }
}

bool TaskThread::reachedEnds()
{
    if (std::any_of(m_local.begin(), m_local.end(), [](const LocalSource& one) { return !one.finished; })) {
        return false;
    }
    if (m_consumer == nullptr) {
        return true;
    }
    if (!m_joined) {
        return false;
    }
    for (const CommitTracker::Partition& one : m_tracker.partitions()) {
        auto end = m_ends.find(one.where);
        if (end == m_ends.end()) {
            auto marks = m_consumer->watermarks(one.where, kEndsTimeout);
            if (!marks) {
                return false;
            }
            end = m_ends.emplace(one.where, marks->high).first;
        }
        if (one.next < end->second) {
            return false;
        }
    }
    return true;
}

bool TaskThread::commitDue(std::int64_t now) const
{
    return (m_uncommitted || m_tracker.dirty()) &&
           now - m_lastCommitNs >= m_run.topology->settings.effectiveCommitIntervalMs() * kNsPerMs;
}

CommitOutcome TaskThread::commitOnce(Millis budget)
{
    if (!m_uncommitted && !m_tracker.dirty()) {
        m_commitPending = false;
        return {};
    }
    std::vector<std::string> metadata(m_tasks.size());
    if (m_flow.plan.stateful && m_consumer != nullptr) {
        for (std::size_t i = 0; i < m_tasks.size(); ++i) {
            auto text = encodeSmallState(m_tasks[i]->chain().smallState());
            if (!text) {
                return {CommitVerdict::Failed, std::move(text).error()};
            }
            metadata[i] = std::move(*text);
        }
    }
    for (std::size_t index = 0; index < m_sinks.size(); ++index) {
        if (m_sinks[index] != nullptr && m_run.localSinks[index] != nullptr) {
            if (auto flushed = m_run.localSinks[index]->flush(); !flushed) {
                return {CommitVerdict::Failed, std::move(flushed).error()};
            }
        }
    }
    const bool all = oneTask() && m_flow.plan.stateful;
    const std::vector<kafka::PartitionOffset> offsets =
        m_tracker.toCommit(all, [&](std::size_t place) { return metadata[m_taskOf[place]]; });
    CommitOutcome outcome = m_committer->commit(offsets, budget);
    m_commitPending = outcome.verdict == CommitVerdict::Pending;
    if (!outcome.committed()) {
        return outcome;
    }
    if (auto stored = storeLocalPosition(); !stored) {
        return {CommitVerdict::Failed, std::move(stored).error()};
    }
    m_tracker.committed(offsets);
    m_uncommitted = false;
    m_takenSinceCommit = 0;
    m_failuresInARow = 0;
    m_lastCommitNs = nowNs();
    const std::lock_guard lock(m_flow.mutex);
    ++m_flow.snapshot.commits;
    m_flow.snapshot.lastCommitMs = m_run.clock.wallMs();
    return outcome;
}

Result<void> TaskThread::storeLocalPosition()
{
    if (!m_positionFile || m_local.empty()) {
        return {};
    }
    LocalPosition position;
    for (const LocalSource& local : m_local) {
        // What has been read to its end begins anew with the next run.
        position.sources[node(local.node).id] = local.finished ? std::string() : local.source->position();
    }
    if (m_consumer == nullptr && !m_tasks.empty()) {
        position.nodes = m_tasks.front()->chain().smallState();
    }
    return m_positionFile->store(position);
}

std::optional<TaskThread::Round> TaskThread::afterCommit(const CommitOutcome& outcome)
{
    switch (outcome.verdict) {
    case CommitVerdict::Committed:
    case CommitVerdict::Pending: return std::nullopt;
    case CommitVerdict::Moved:
        m_lastCommitNs = nowNs(); // the next consume() brings the rebalance; until then nothing is lost
        return std::nullopt;
    case CommitVerdict::Rewind:
    case CommitVerdict::Rejoin: return recover(outcome.error);
    case CommitVerdict::Fenced: {
        Error error = outcome.error;
        error.code = Errc::Fenced;
        if (!exactlyOnce()) { // of a transaction the producer was fenced, and that is final
            error = judgeFencing(std::move(error));
        }
        return error.code == Errc::Fenced ? fail(std::move(error)) : recover(error);
    }
    case CommitVerdict::Failed: return fail(outcome.error);
    }
    return std::nullopt;
}

/// Ends the thread's work: everything finished is committed. Without `mayWait` within the stop budget; what
/// is not committed then is read again next time.
TaskThread::Round TaskThread::finish(bool mayWait)
{
    const std::int64_t deadline = nowNs() + std::chrono::nanoseconds(m_run.options.stopBudget).count();
    for (;;) {
        const std::int64_t now = nowNs();
        publish(now);
        const bool hurried = !mayWait || (m_run.stop.stop_requested() && !m_run.unhurried);
        if (hurried && now >= deadline) {
            m_run.event(EngineEvent::Kind::Warning, {},
                        "Flow " + streamwright::quoted(m_flow.plan.name) +
                            " could not finish in time; what is not committed is read again next time.");
            return Round::Ended;
        }
        if (m_producersBroken) {
            return Round::Ended;
        }
        const CommitOutcome outcome = commitOnce(kCommitSlice / 2);
        if (outcome.committed()) {
            return Round::Ended;
        }
        if (outcome.verdict == CommitVerdict::Pending || outcome.verdict == CommitVerdict::Moved) {
            if (hurried && outcome.verdict == CommitVerdict::Moved) {
                return Round::Ended;
            }
            if (m_consumer != nullptr) { // stay in the group
                if (!m_paused && !m_tracker.empty()) {
                    m_paused = m_consumer->pause(m_consumer->assignment()).hasValue();
                }
                m_blockedSinceNs = m_blockedSinceNs == 0 ? now : m_blockedSinceNs;
                static_cast<void>(m_consumer->consume(m_batch, Millis{0}));
            }
            continue;
        }
        if (outcome.verdict == CommitVerdict::Fenced || outcome.verdict == CommitVerdict::Failed) {
            return *afterCommit(outcome);
        }
        if (hurried) {
            m_run.event(EngineEvent::Kind::Warning, {},
                        outcome.error.message + " What is not committed is read again next time.");
            return Round::Ended;
        }
        return recover(outcome.error);
    }
}

/// Something broke that new clients mend: everything since the last commit is read again.
TaskThread::Round TaskThread::recover(const Error& error)
{
    ++m_failuresInARow;
    if (m_committer != nullptr) {
        m_committer->abandon();
    }
    giveBack(m_takenSinceCommit);
    m_takenSinceCommit = 0;
    return waitBeforeRetry(error, m_failuresInARow - 1) || m_run.unhurried ? Round::Again : Round::Ended;
}

TaskThread::Round TaskThread::fail(Error error)
{
    if (m_committer != nullptr) {
        m_committer->abandon();
    }
    m_error = std::move(error);
    return Round::Failed;
}

void TaskThread::dropTasks()
{
    if (!m_tracker.empty()) {
        publish(nowNs(), true); // where they stood at last
    }
    m_tasks.clear();
    m_tracker.clear();
    m_taskOf.clear();
    m_groupOf.clear();
    m_groups.clear();
    m_embeddedOf.clear();
    m_commitPending = false;
    m_uncommitted = false;
    m_paused = false;
}

Result<std::vector<kafka::PartitionOffset>>
TaskThread::onAssigned(std::span<const kafka::TopicPartition> partitions)
{
    {
        const std::lock_guard lock(m_flow.mutex);
        ++m_flow.snapshot.rebalances;
    }
    std::size_t all = 0;
    for (const std::size_t source : m_flow.plan.kafkaSources) {
        for (const std::string& topic : m_run.sources[source]->topics) {
            const auto count = m_run.inputPartitions.find(topic);
            all += count == m_run.inputPartitions.end() ? 0 : static_cast<std::size_t>(count->second);
        }
    }
    m_run.event(EngineEvent::Kind::Rebalance, {},
                "Flow " + streamwright::quoted(m_flow.plan.name) + " has " +
                    std::to_string(partitions.size()) + " of " + std::to_string(all) + " partitions.");
    m_joined = true;
    if (m_flow.plan.scope == TaskScope::Pipeline && partitions.size() < all) {
        m_run.event(EngineEvent::Kind::Warning, {},
                    "Flow " + streamwright::quoted(m_flow.plan.name) +
                        " must run once and waits until all partitions of group " +
                        streamwright::quoted(m_flow.plan.groupId) +
                        " are its own; another member of the group has the others.");
        m_joined = false;
        dropTasks();
        return std::vector<kafka::PartitionOffset>();
    }
    giveBack(m_takenSinceCommit);
    m_takenSinceCommit = 0;
    auto starts = prepare(partitions);
    if (starts) {
        if (m_flow.consuming.load() < m_flow.threadCount) {
            ++m_flow.consuming;
        }
        m_run.notify();
    }
    return starts;
}

void TaskThread::onRevoked(std::span<const kafka::TopicPartition>)
{
#ifdef SW_MUTATION_REVOKE_IGNORED // tests/faults/mutations: the transaction at hand outlives its partitions
    return;
#endif
    const std::int64_t deadline = nowNs() + std::chrono::nanoseconds(kRevokeBudget).count();
    CommitOutcome outcome;
    if (!m_tracker.empty() && !m_producersBroken) {
        do {
            outcome = commitOnce(kCommitSlice / 2);
        } while (outcome.verdict == CommitVerdict::Pending && nowNs() < deadline &&
                 !(m_run.stop.stop_requested() && !m_run.unhurried));
        if (!outcome.committed()) {
            m_run.event(EngineEvent::Kind::Warning, {},
                        "Partitions were given up before everything was committed (" + outcome.error.message +
                            "); their next owner reads it again.");
            m_committer->abandon();
            m_producersBroken = true;
        }
    }
    giveBack(m_takenSinceCommit);
    m_takenSinceCommit = 0;
    dropTasks();
    publish(nowNs(), true);
}

void TaskThread::onLost(std::span<const kafka::TopicPartition>)
{
    m_run.event(EngineEvent::Kind::Rebalance, {},
                "Flow " + streamwright::quoted(m_flow.plan.name) +
                    " lost its partitions to others; what was not committed is read again there.");
    if (m_uncommitted && m_committer != nullptr && !m_producersBroken) {
        m_committer->abandon();
        m_producersBroken = true;
    }
    giveBack(m_takenSinceCommit);
    m_takenSinceCommit = 0;
    dropTasks();
    publish(nowNs(), true);
}

void TaskThread::onClientError(const Error& error)
{
    const std::int64_t now = nowNs();
    if (error.message == m_lastClientError && now - m_lastClientErrorNs < kClientErrorEveryNs) {
        return;
    }
    m_lastClientError = error.message;
    m_lastClientErrorNs = now;
    m_run.event(EngineEvent::Kind::Warning, {}, error.message);
}

void TaskThread::watchStalls(std::int64_t now)
{
    if (m_blockedSinceNs > 0 && now - m_blockedSinceNs > kSinkStalledAfterNs && !m_sinkStalled) {
        m_sinkStalled = true;
        m_run.event(EngineEvent::Kind::Stalled, {},
                    "Flow " + streamwright::quoted(m_flow.plan.name) +
                        " could not write for 30 s. It goes on trying; nothing is lost." +
                        (m_lastClientError.empty() ? std::string() : ' ' + m_lastClientError));
    }
}

void TaskThread::publish(std::int64_t now, bool always)
{
    if (!always && now - m_publishedNs < kPublishEveryNs) {
        return;
    }
    m_publishedNs = now;
    watchStalls(now);
    std::vector<PartitionSnapshot> all;
    const auto partitions = m_tracker.partitions();
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const CommitTracker::Partition& one = partitions[i];
        PartitionSnapshot snapshot;
        snapshot.node = node(sourceNodeOf(one.where.topic)).id;
        snapshot.topic = one.where.topic;
        snapshot.partition = one.where.partition;
        snapshot.next = one.next;
        snapshot.committed = one.committed;
        snapshot.assigned = true;
        const kafka::Watermarks marks = m_consumer->cachedWatermarks(one.where);
        if (marks.high >= 0) {
            snapshot.end = std::max(marks.high, one.next);
            snapshot.lag = snapshot.end - one.next;
        }
        if (snapshot.lag <= 0) {
            m_tracker.idle(i, now);
        }
        snapshot.stalled = now - one.progressNs > kStalledAfterNs;
        if (const auto error = m_partitionErrors.find(one.where); error != m_partitionErrors.end()) {
            snapshot.lastError = error->second;
        }
        bool& stalled = m_stalled[one.where];
        if (stalled != snapshot.stalled) {
            stalled = snapshot.stalled;
            const std::string place = one.where.topic + '[' + std::to_string(one.where.partition) + ']';
            m_run.event(stalled ? EngineEvent::Kind::Stalled : EngineEvent::Kind::Recovered, snapshot.node,
                        stalled ? "Partition " + place + " has " + std::to_string(snapshot.lag) +
                                      " records waiting and made no progress for 10 s. " + snapshot.lastError
                                : "Partition " + place + " makes progress again.");
            if (!stalled) {
                m_partitionErrors.erase(one.where);
            }
        }
        all.push_back(std::move(snapshot));
    }
    const std::lock_guard lock(m_flow.mutex);
    if (!all.empty()) {
        m_flow.partitions[m_number] = std::move(all);
        return;
    }
    for (PartitionSnapshot& last : m_flow.partitions[m_number]) { // what was seen last, for the summary
        last.assigned = false;
    }
}

} // namespace streamwright
