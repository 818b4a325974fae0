#pragma once

#include "core/engine/chain_executor.h"
#include "core/engine/commit_tracker.h"
#include "core/engine/committer.h"
#include "core/engine/kafka_sink_writer.h"
#include "core/engine/run_context.h"
#include "core/engine/task_state.h"
#include "core/kafka/consumer.h"
#include "core/kafka/message_batch.h"
#include "core/state/position_file.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace streamwright {

/// A chain at work: one flow on one partition, or on all that this thread has. Thread: its task thread's.
class Task {
public:
    explicit Task(std::unique_ptr<ChainExecutor> chain) : m_chain(std::move(chain)) {}
    ~Task();

    [[nodiscard]] ChainExecutor& chain() { return *m_chain; }
    [[nodiscard]] const ChainExecutor& chain() const { return *m_chain; }
    void enter(TaskState state);

private:
    std::unique_ptr<ChainExecutor> m_chain;
    TaskState m_state = TaskState::Created;
};

/// What a source that is not Kafka is given.
class SourceContext final : public OperatorContext {
public:
    SourceContext(const Clock& clock, std::string_view node) : m_clock(clock), m_node(node) {}

    const Clock& clock() const override { return m_clock; }
    std::string_view nodeId() const override { return m_node; }
    std::int32_t partition() const override { return -1; }
    Result<std::optional<std::int64_t>> greatestInOutput(std::string_view) override
    {
        return std::optional<std::int64_t>();
    }

private:
    const Clock& m_clock;
    std::string_view m_node;
};

/// One thread of a flow: takes what its consumer (or its local sources) has, drives it through the chains to
/// the sinks, commits when due, gives partitions up and takes them over. Owns its clients. What breaks and
/// can be mended is mended here: a failed delivery makes new producers and reads again from the committed
/// offsets, a lost consumer joins anew. Lifecycle: made, start(), ends by itself (done()), join(). Thread:
/// everything private runs on its own; the public part is the engine's thread's, probes() anybody's.
class TaskThread final : private kafka::RebalanceListener,
                         private kafka::ClientListener,
                         private OutputReader {
public:
    TaskThread(RunContext& run, FlowRun& flow, std::size_t number);
    ~TaskThread() override;

    void start();
    void join();
    [[nodiscard]] bool done() const { return m_done.load(); }
    /// Why it failed; only after done().
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// A client of librdkafka did not close: end the process with _exit (kafka.md C9). Only after done().
    [[nodiscard]] bool hung() const { return m_hung; }
    [[nodiscard]] const ThreadProbes& probes() const { return m_probes; }

private:
    /// How a round of the loop ended.
    enum class Round : std::uint8_t { Ended, Again, Failed };
    struct LocalSource {
        std::size_t node = 0;
        std::unique_ptr<Source> source;
        bool finished = false;
        std::int64_t nextPollNs = 0;
    };
    /// Records of one consume() that go through one chain, in their order.
    struct Group {
        std::size_t task = 0;
        std::size_t source = 0;
        std::vector<std::uint32_t> messages;
    };

    void main();
    [[nodiscard]] Result<void> body();
    [[nodiscard]] bool waitBeforeRetry(const Error& error, int attempt);

    // opening and closing: task_thread_open.cpp
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> openProducers();
    [[nodiscard]] Result<void> openConsumer();
    [[nodiscard]] Result<void> openLocalSources();
    [[nodiscard]] Result<void> awaitOurTurn();
    [[nodiscard]] Error judgeFencing(Error error);
    [[nodiscard]] std::string instanceId(bool withTopics) const;
    void makeSinks();
    void makeCommitter();
    void close(Millis budget);
    [[nodiscard]] Result<std::unique_ptr<Task>> makeTask(std::int32_t partition);

    // where to begin and with which state: task_thread_restore.cpp
    [[nodiscard]] Result<std::vector<kafka::PartitionOffset>>
    prepare(std::span<const kafka::TopicPartition> partitions);
    [[nodiscard]] Result<std::int64_t> startOf(const kafka::PartitionOffset& committed);
    [[nodiscard]] Result<void> makeTasks(std::span<const kafka::PartitionOffset> committed);
    [[nodiscard]] Result<void> restoreTask(Task& task, std::span<const kafka::PartitionOffset> committed);
    [[nodiscard]] Result<void> commitStart(std::span<const kafka::PartitionOffset> committed);
    [[nodiscard]] Result<bool> groupHasCommits();
    [[nodiscard]] Result<std::string> nonEmptyOutput();
    [[nodiscard]] std::vector<std::size_t> sinksBehind(std::size_t node) const;
    [[nodiscard]] const KafkaSourceBinding& bindingOf(std::string_view topic) const;
    [[nodiscard]] std::size_t sourceNodeOf(std::string_view topic) const;
    Result<std::optional<std::int64_t>> greatestInOutput(std::size_t node, std::string_view field) override;

    // the loop: task_thread.cpp
    [[nodiscard]] Round loop();
    [[nodiscard]] std::optional<Round> step(std::int64_t now);
    [[nodiscard]] Demand demand();
    void waitBlocked(const Demand& demand, std::int64_t now);
    [[nodiscard]] Result<void> unblock();
    [[nodiscard]] Result<void> takeFromKafka(std::size_t most);
    [[nodiscard]] Result<void> takeFromLocal(std::size_t most);
    [[nodiscard]] Result<void> process(const kafka::MessageBatch& batch);
    [[nodiscard]] Result<void> runGroup(const Group& group, const kafka::MessageBatch& batch,
                                        std::int64_t arrivalNs);
    [[nodiscard]] Result<void> look(std::span<const kafka::ConsumeError> errors);
    void whenIdle();
    [[nodiscard]] bool reachedEnds();
    [[nodiscard]] std::size_t reserve(std::size_t most);
    void giveBack(std::size_t records);

    [[nodiscard]] bool commitDue(std::int64_t now) const;
    [[nodiscard]] CommitOutcome commitOnce(Millis budget);
    [[nodiscard]] Result<void> storeLocalPosition();
    [[nodiscard]] std::optional<Round> afterCommit(const CommitOutcome& outcome);
    [[nodiscard]] Round finish(bool mayWait);
    [[nodiscard]] Round recover(const Error& error);
    [[nodiscard]] Round fail(Error error);
    void dropTasks();

    Result<std::vector<kafka::PartitionOffset>>
    onAssigned(std::span<const kafka::TopicPartition> partitions) override;
    void onRevoked(std::span<const kafka::TopicPartition> partitions) override;
    void onLost(std::span<const kafka::TopicPartition> partitions) override;
    void onClientError(const Error& error) override;

    void publish(std::int64_t now, bool always = false);
    void watchStalls(std::int64_t now);
    [[nodiscard]] std::int64_t nowNs() const { return m_run.clock.monotonicNs(); }
    [[nodiscard]] const PlannedNode& node(std::size_t index) const { return m_run.topology->nodes[index]; }
    [[nodiscard]] bool exactlyOnce() const;
    [[nodiscard]] bool oneTask() const;

    RunContext& m_run;
    FlowRun& m_flow;
    std::size_t m_number;
    ThreadProbes m_probes;

    std::map<std::string, std::unique_ptr<kafka::Producer>, std::less<>> m_producers; ///< by connection
    std::vector<std::unique_ptr<ChainSink>> m_sinks;                                  ///< by node
    std::vector<KafkaSinkWriter*> m_writers; ///< by node, null for others
    std::unique_ptr<kafka::Consumer> m_consumer;
    std::unique_ptr<Committer> m_committer;
    CommitTracker m_tracker;
    std::vector<std::unique_ptr<Task>> m_tasks;
    std::vector<std::size_t> m_taskOf;  ///< by place in the assignment
    std::vector<std::size_t> m_groupOf; ///< by place in the assignment
    std::vector<EmbeddedTopic*> m_embeddedOf;
    std::vector<Group> m_groups;
    std::vector<std::unique_ptr<SourceContext>> m_sourceContexts;
    std::vector<LocalSource> m_local;
    std::optional<PositionFile> m_positionFile;

    kafka::MessageBatch m_batch;
    Arena m_arena;
    std::vector<Origin> m_origins;

    bool m_uncommitted = false;     ///< something was processed since the last commit
    bool m_commitPending = false;   ///< the last commit is still on its way
    bool m_producersBroken = false; ///< what was queued was given up: new ones before the next record
    bool m_paused = false;
    bool m_joined = false;    ///< the group has spoken at least once
    bool m_forceTurn = false; ///< SW_FORCE_BLOCKED
    std::size_t m_takenSinceCommit = 0;
    std::int64_t m_lastCommitNs = 0;
    std::int64_t m_blockedSinceNs = 0; ///< 0: not blocked
    std::int64_t m_publishedNs = 0;
    bool m_sinkStalled = false;
    int m_failuresInARow = 0;
    std::map<kafka::TopicPartition, std::int64_t> m_ends;
    std::map<kafka::TopicPartition, std::string> m_partitionErrors;
    std::map<kafka::TopicPartition, bool> m_stalled;
    std::string m_lastClientError;
    std::int64_t m_lastClientErrorNs = 0;

    std::atomic<bool> m_done{false};
    bool m_hung = false;
    std::optional<Error> m_error;
    std::thread m_thread;
};

} // namespace streamwright
