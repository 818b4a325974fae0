#include "core/base/assert.h"
#include "core/base/diagnostic.h"
#include "core/engine/task_thread.h"
#include "core/kafka/admin.h"
#include "core/state/atomic_file.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <functional>

namespace streamwright {
namespace {

constexpr Millis kTopicTimeout{10'000};
constexpr Millis kGroupTimeout{5'000};
constexpr Millis kStandbyInterval{1'000};
constexpr Millis kInitTransactionsTimeout{30'000};
constexpr Millis kLeastTransactionTimeout{10'000};
constexpr std::size_t kQueueRecords = 1'000'000;

/// A sink that is not Kafka, as a chain sees it.
class LocalSinkEnd final : public ChainSink {
public:
    explicit LocalSinkEnd(Sink& sink) : m_sink(sink) {}
    Demand demand() override { return m_sink.demand(); }
    Result<std::size_t> write(const Batch& batch, Emitter&) override
    {
        auto done = m_sink.write(batch);
        if (!done) {
            return std::move(done).error();
        }
        return bytesOf(batch);
    }

private:
    Sink& m_sink;
};

std::string idPart(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; }, '-');
    return text;
}

/// FNV-1a: stable over builds and machines, which std::hash is not.
std::string hashOf(const std::vector<std::string>& topics)
{
    constexpr std::uint64_t kBasis = 14695981039346656037ULL;
    constexpr std::uint64_t kPrime = 1099511628211ULL;
    std::uint64_t hash = kBasis;
    for (const std::string& topic : topics) {
        for (const char c : topic + '\n') {
            hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
        }
    }
    char digits[20];
    constexpr int kHex = 16;
    const auto end = std::to_chars(digits, digits + sizeof digits, hash & 0xffffffffU, kHex);
    return {digits, end.ptr};
}

/// Whether a member with this client.id may be running now: another host, or a living process of this one
/// (kafka.md B). A dead process of this host is our predecessor, and our own process is no conflict.
bool mayBeAlive(const std::string& clientId)
{
    const std::string own = kafka::defaultClientId(); // streamwright-<host>-<pid>
    const std::string prefix = own.substr(0, own.rfind('-') + 1);
    if (!clientId.starts_with(prefix)) {
        return true;
    }
    pid_t pid = 0;
    const char* const end = clientId.data() + clientId.size();
    if (std::from_chars(clientId.data() + prefix.size(), end, pid).ptr != end || pid <= 0) {
        return true;
    }
    return pid != ::getpid() && (::kill(pid, 0) == 0 || errno == EPERM);
}

} // namespace

Task::~Task()
{
    if (m_state == TaskState::Running || m_state == TaskState::Restoring) {
        enter(TaskState::Suspended);
    }
    enter(TaskState::Closed);
}

void Task::enter(TaskState state)
{
    SW_ASSERT(isAllowed(m_state, state), "a task follows its state table");
    m_state = state;
}

bool TaskThread::exactlyOnce() const
{
    return m_run.topology->settings.guarantee == ProcessingGuarantee::ExactlyOnce &&
           !m_flow.plan.kafkaSources.empty() && !m_producers.empty();
}

bool TaskThread::oneTask() const
{
    return m_flow.plan.scope == TaskScope::Pipeline || !m_flow.plan.stateful;
}

/// `<group>.<flow>.<slot>.<thread>[.<hash of topics>]`, "sole" for the slot of what runs once (kafka.md B,
/// D).
std::string TaskThread::instanceId(bool withTopics) const
{
    const bool sole = m_flow.plan.scope == TaskScope::Pipeline;
    if (!sole && m_run.slot.empty()) {
        return {};
    }
    std::string id = m_flow.plan.groupId + '.' + m_flow.plan.name + '.' + (sole ? "sole" : m_run.slot) + '.' +
                     std::to_string(m_number);
    if (withTopics) {
        std::vector<std::string> topics;
        for (const std::size_t source : m_flow.plan.kafkaSources) {
            const std::vector<std::string>& more = m_run.sources[source]->topics;
            topics.insert(topics.end(), more.begin(), more.end());
        }
        std::sort(topics.begin(), topics.end());
        id += '.' + hashOf(topics);
    }
    return idPart(id);
}

Result<void> TaskThread::open()
{
    if (m_sinks.empty()) {
        makeSinks();
    }
    if (!m_flow.plan.kafkaSources.empty()) {
        // Before anything that would fence whoever runs now: a transactional producer does.
        if (auto turn = awaitOurTurn(); !turn) {
            return turn;
        }
    }
    if (auto opened = openProducers(); !opened) {
        return opened;
    }
    m_probes.turn(nowNs());
    if (!m_flow.plan.kafkaSources.empty()) {
        if (auto opened = openConsumer(); !opened) {
            return opened;
        }
    }
    makeCommitter();
    if (!m_flow.plan.localSources.empty() && m_number == 0) {
        if (auto opened = openLocalSources(); !opened) {
            return opened;
        }
    }
    return {};
}

void TaskThread::makeSinks()
{
    const Topology& topology = *m_run.topology;
    m_sinks.resize(topology.nodes.size());
    m_writers.resize(topology.nodes.size(), nullptr);
    const auto make = [&](std::size_t index) {
        if (m_sinks[index] != nullptr) {
            return;
        }
        if (m_run.localSinks[index] != nullptr) {
            m_sinks[index] = std::make_unique<LocalSinkEnd>(*m_run.localSinks[index]);
        } else if (m_run.sinks[index]) {
            const KafkaSinkBinding& binding = *m_run.sinks[index];
            const bool embedded = m_run.connections.at(binding.connection).embedded;
            auto writer = std::make_unique<KafkaSinkWriter>(KafkaSinkContext{
                .topology = topology,
                .node = index,
                .binding = binding,
                .maxMessageBytes = m_run.maxMessageBytes[binding.connection],
                .clock = m_run.clock,
                .keepsPartition = m_flow.plan.localSources.empty(),
                .stop = m_run.stop.get_token(),
                .probe = &m_probes.node(index),
                .embeddedTopic = embedded ? m_run.embeddedTopic(binding.topic) : nullptr,
                .embedded = embedded ? m_run.embedded.get() : nullptr,
                .queueLimitBytes = m_run.sendBytes,
                .queueLimitRecords = kQueueRecords,
            });
            m_writers[index] = writer.get();
            m_sinks[index] = std::move(writer);
        }
    };
    for (const std::size_t index : m_flow.plan.nodes) {
        make(index);
    }
    if (topology.deadLetterNode < topology.nodes.size()) {
        make(topology.deadLetterNode);
    }
}

Result<void> TaskThread::openProducers()
{
    m_committer.reset();
    for (KafkaSinkWriter* const writer : m_writers) {
        if (writer != nullptr) {
            static_cast<void>(writer->use(nullptr, kTopicTimeout));
        }
    }
    m_producers.clear();
    const bool transactional = m_run.topology->settings.guarantee == ProcessingGuarantee::ExactlyOnce &&
                               !m_flow.plan.kafkaSources.empty();
    const Millis commitInterval{m_run.topology->settings.effectiveCommitIntervalMs()};
    for (std::size_t index = 0; index < m_writers.size(); ++index) {
        if (m_writers[index] == nullptr) {
            continue;
        }
        const std::string& connection = m_run.sinks[index]->connection;
        std::unique_ptr<kafka::Producer>& producer = m_producers[connection];
        if (producer != nullptr) {
            continue;
        }
        kafka::ProducerSettings settings;
        settings.bufferBytes = m_run.sendBytes;
        settings.bufferMessages = kQueueRecords;
        std::size_t least = kDefaultMaxMessageBytes;
        std::size_t most = 0;
        for (const auto& [topic, limit] : m_run.maxMessageBytes[connection]) {
            least = std::min(least, limit);
            most = std::max(most, limit);
        }
        settings.batchBytes = least;
        settings.maxMessageBytes = most == 0 ? kDefaultMaxMessageBytes : most;
        const bool inTransactions = transactional && connection == m_flow.plan.connection;
        if (inTransactions) {
#ifndef SW_MUTATION_NO_FENCING // tests/faults/mutations: each process has an id that nobody can fence
            settings.transactionalId = instanceId(false);
#endif
            if (settings.transactionalId.empty()) { // --instance none: still one of our own
                settings.transactionalId = m_flow.plan.groupId + '.' + m_flow.plan.name + '.' +
                                           kafka::defaultClientId() + '.' + std::to_string(m_number);
            }
            settings.transactionTimeout = std::max(kLeastTransactionTimeout, 3 * commitInterval + Millis{1});
        }
        auto made = kafka::Producer::create(m_run.connections.at(connection), settings, this);
        if (!made) {
            return made.error();
        }
        producer = std::move(*made);
        if (inTransactions) {
            const kafka::TransactionOutcome ready = producer->initTransactions(kInitTransactionsTimeout);
            if (!ready.done()) {
                Error error = ready.error;
                error.retriable =
                    ready.verdict != kafka::TransactionVerdict::Fenced && error.code != Errc::Authorization;
                return error;
            }
        }
    }
    for (std::size_t index = 0; index < m_writers.size(); ++index) {
        if (m_writers[index] != nullptr) {
            auto used =
                m_writers[index]->use(m_producers.at(m_run.sinks[index]->connection).get(), kTopicTimeout);
            if (!used) {
                return used;
            }
        }
    }
    m_producersBroken = false;
    return {};
}

void TaskThread::makeCommitter()
{
    CommitClients clients;
    clients.consumer = m_consumer.get();
    if (const auto own = m_producers.find(m_flow.plan.connection); own != m_producers.end()) {
        clients.producers.push_back(own->second.get()); // the transactional one goes first
    }
    for (const auto& [connection, producer] : m_producers) {
        if (connection != m_flow.plan.connection) {
            clients.producers.push_back(producer.get());
        }
    }
    const bool inTransactions = exactlyOnce() && m_producers.contains(m_flow.plan.connection);
    m_committer = inTransactions ? makeExactlyOnceCommitter(std::move(clients))
                                 : makeAtLeastOnceCommitter(std::move(clients));
}

Result<void> TaskThread::awaitOurTurn()
{
    const kafka::ConnectionConfig& connection = m_run.connections.at(m_flow.plan.connection);
    if (m_flow.plan.scope != TaskScope::Pipeline || connection.embedded ||
        m_run.options.onConflict == OnConflict::Takeover) {
        return {};
    }
    auto admin = kafka::Admin::create(connection);
    if (!admin) {
        return admin.error();
    }
    bool said = false;
    while (!m_run.stop.stop_requested()) {
        m_probes.turn(nowNs());
        auto group = (*admin)->describeGroup(m_flow.plan.groupId, kGroupTimeout);
        if (!group) {
            if (group.error().code == Errc::NotFound || group.error().code == Errc::Authorization) {
                return {}; // a new group, or one that we may use but not look at
            }
            return group.error();
        }
        const auto other =
            std::find_if(group->members.begin(), group->members.end(),
                         [](const kafka::GroupMember& member) { return mayBeAlive(member.clientId); });
        if (other == group->members.end()) {
            const std::lock_guard lock(m_flow.mutex);
            m_flow.snapshot.standby = false;
            m_flow.snapshot.standbyFor.clear();
            return {};
        }
        const std::string who = "host " + other->host + ", client " + other->clientId;
        if (m_run.options.onConflict == OnConflict::Fail) {
            return Error{Errc::Conflict, "Flow " + streamwright::quoted(m_flow.plan.name) +
                                             " must run once and already runs in group " +
                                             streamwright::quoted(m_flow.plan.groupId) + " (" + who +
                                             "). Stop it there, or use --on-conflict wait or takeover."};
        }
        {
            const std::lock_guard lock(m_flow.mutex);
            m_flow.snapshot.standby = true;
            m_flow.snapshot.standbyFor = who;
            m_flow.snapshot.step = "standing by for " + who;
        }
        if (!said) {
            said = true;
            m_run.event(EngineEvent::Kind::State, {},
                        "Flow " + streamwright::quoted(m_flow.plan.name) +
                            " must run once and runs elsewhere (" + who +
                            "); this process stands by and takes over when it ends.");
        }
        std::unique_lock lock(m_run.wakeMutex);
        std::condition_variable_any sleeper;
        sleeper.wait_for(lock, m_run.stop.get_token(), kStandbyInterval, [] { return false; });
    }
    return Error{Errc::Cancelled, "Stopped while standing by."};
}

/// A broker that was away for longer than a session may hold our own second attempt to join for a rival of
/// the first. Only where another process has the place we are fenced (kafka.md D); otherwise joining again
/// mends it, and the error says so.
Error TaskThread::judgeFencing(Error error)
{
    const kafka::ConnectionConfig& connection = m_run.connections.at(m_flow.plan.connection);
    const std::string instance = instanceId(true);
    if (error.code != Errc::Fenced || instance.empty() || !connection.clientId.empty()) {
        return error; // a client.id of the user's does not tell processes apart
    }
    auto admin = kafka::Admin::create(connection);
    if (!admin) {
        return error;
    }
    const auto group = (*admin)->describeGroup(m_flow.plan.groupId, kGroupTimeout);
    if (!group) {
        return error;
    }
    const bool taken = std::any_of(group->members.begin(), group->members.end(), [&](const auto& member) {
        return member.instanceId == instance && member.clientId != kafka::defaultClientId();
    });
    if (!taken) {
        error.code = Errc::Conflict;
        error.retriable = true;
        error.fatal = false;
        error.message = "Group " + streamwright::quoted(m_flow.plan.groupId) +
                        " lost sight of this process while the broker was away. Joining again.";
    }
    return error;
}

Result<void> TaskThread::openConsumer()
{
    m_flow.setStep("joining group " + m_flow.plan.groupId);
    kafka::ConsumerSettings settings;
    settings.groupId = m_flow.plan.groupId;
    settings.groupInstanceId = instanceId(true);
    settings.prefetchBytes = m_run.prefetchBytes;
    auto made = kafka::Consumer::create(m_run.connections.at(m_flow.plan.connection), settings, this);
    if (!made) {
        return made.error();
    }
    m_consumer = std::move(*made);
    std::vector<std::string> topics;
    for (const std::size_t source : m_flow.plan.kafkaSources) {
        for (const std::string& topic : m_run.sources[source]->topics) {
            if (std::find(topics.begin(), topics.end(), topic) == topics.end()) {
                topics.push_back(topic);
            }
        }
    }
    m_joined = false;
    return m_consumer->subscribe(topics, *this);
}

Result<void> TaskThread::openLocalSources()
{
    if (auto made = ensurePrivateDirectory(m_run.options.stateDir / "positions"); !made) {
        return made;
    }
    m_positionFile.emplace(m_run.options.stateDir / "positions" / (m_flow.plan.name + ".json"));
    auto stored = m_positionFile->load();
    if (!stored) {
        return stored.error();
    }
    const bool alone = m_flow.plan.kafkaSources.empty();
    if (alone) {
        auto task = makeTask(-1);
        if (!task) {
            return task.error();
        }
        RestoredState::Kind kind = RestoredState::Kind::Restored;
        std::string why;
        if (!*stored) {
            kind = RestoredState::Kind::Fresh;
            if (m_flow.plan.stateful) {
                auto output = nonEmptyOutput();
                if (!output) {
                    return output.error();
                }
                if (!output->empty()) {
                    kind = RestoredState::Kind::Lost;
                    why = "the state directory has no position file of this flow, but output topic " +
                          streamwright::quoted(*output) + " is not empty";
                }
            }
        }
        if (auto restored = (*task)->chain().restore(kind, *stored ? (*stored)->nodes : SmallState{}, why);
            !restored) {
            return restored;
        }
        (*task)->enter(TaskState::Running);
        m_tasks.push_back(std::move(*task));
    }
    m_local.clear();
    for (const std::size_t index : m_flow.plan.localSources) {
        if (node(index).mode == NodeMode::Off) {
            continue;
        }
        MakeContext context = m_run.makeContext(index);
        auto made = node(index).type->make(node(index).config, context);
        if (!made) {
            return made.error();
        }
        auto* const source = std::get_if<std::unique_ptr<Source>>(&*made);
        SW_ASSERT(source != nullptr, "the plan lists local sources only");
        std::optional<std::string_view> position;
        if (*stored) {
            const auto found = (*stored)->sources.find(node(index).id);
            if (found != (*stored)->sources.end() && found->second != "null") {
                position = found->second;
            }
        }
        m_sourceContexts.push_back(std::make_unique<SourceContext>(m_run.clock, node(index).id));
        if (auto opened = (*source)->open(*m_sourceContexts.back(), position); !opened) {
            return opened;
        }
        m_local.push_back({index, std::move(*source), false, 0});
    }
    return {};
}

Result<std::unique_ptr<Task>> TaskThread::makeTask(std::int32_t partition)
{
    const Topology& topology = *m_run.topology;
    std::vector<ChainNode> nodes(topology.nodes.size());
    const auto fill = [&](std::size_t index) -> Result<void> {
        ChainNode& chainNode = nodes[index];
        const PlannedNode& planned = topology.nodes[index];
        if (planned.mode != NodeMode::On && planned.spec().category == NodeCategory::Transform) {
            return {};
        }
        switch (planned.spec().category) {
        case NodeCategory::Sink: chainNode.sink = m_sinks[index].get(); return {};
        case NodeCategory::Source:
            if (m_run.sources[index]) {
                chainNode.sourceFormat = m_run.sources[index]->format;
                chainNode.skipTombstones = m_run.sources[index]->skipTombstones;
                return {};
            }
            break;
        case NodeCategory::Transform: break;
        }
        MakeContext context = m_run.makeContext(index);
        auto made = planned.type->make(planned.config, context);
        if (!made) {
            return made.error();
        }
        if (auto* const transform = std::get_if<std::unique_ptr<Operator>>(&*made)) {
            chainNode.transform = std::move(*transform);
        } else if (const auto* const source = std::get_if<std::unique_ptr<Source>>(&*made)) {
            chainNode.sourceFormat = (*source)->format();
        }
        return {};
    };
    for (const std::size_t index : m_flow.plan.nodes) {
        if (auto filled = fill(index); !filled) {
            return filled.error();
        }
    }
    if (topology.deadLetterNode < topology.nodes.size()) {
        nodes[topology.deadLetterNode].sink = m_sinks[topology.deadLetterNode].get();
    }
    auto chain =
        std::make_unique<ChainExecutor>(ChainEnvironment{topology, m_flow.plan.index, m_probes, &m_run.taps,
                                                         &m_run.log, m_run.clock, partition, this},
                                        std::move(nodes));
    auto task = std::make_unique<Task>(std::move(chain));
    task->enter(TaskState::Restoring);
    if (auto opened = task->chain().open(); !opened) {
        return opened.error();
    }
    return task;
}

void TaskThread::close(Millis budget)
{
    m_batch.clear();
    dropTasks();
    m_local.clear();
    m_sourceContexts.clear();
    m_committer.reset();
    if (m_consumer != nullptr) {
        if (auto closed = m_consumer->close(budget); !closed) {
            m_hung = true;
            m_run.event(EngineEvent::Kind::Warning, {}, closed.error().message);
        }
        m_consumer.reset();
    }
    for (KafkaSinkWriter* const writer : m_writers) {
        if (writer != nullptr) {
            static_cast<void>(writer->use(nullptr, Millis{0}));
        }
    }
    m_producers.clear();
    m_paused = false;
    m_commitPending = false;
    m_uncommitted = false;
}

} // namespace streamwright
