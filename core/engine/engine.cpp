#include "core/engine/engine.h"

#include "core/base/assert.h"
#include "core/base/diagnostic.h"
#include "core/engine/feeder.h"
#include "core/engine/run_context.h"
#include "core/engine/start_up.h"
#include "core/engine/task_thread.h"
#include "core/state/instance_slot.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace streamwright {
namespace {

constexpr Millis kLook{100}; ///< how often the engine's thread looks round when nobody wakes it
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kFillEveryNs = 2'000 * kNsPerMs;
constexpr double kNearlyFull = 0.8;
constexpr int kExitFailed = 1;
constexpr int kExitBroker = 3;
constexpr int kExitFenced = 4;
constexpr int kExitRecord = 5;

class EngineImpl final : public Engine {
public:
    EngineImpl(std::shared_ptr<const Topology> topology, EngineOptions options)
        : m_run(std::move(topology), std::move(options))
    {
        const Settings& settings = m_run.topology->settings;
        for (const PlannedFlow& flow : m_run.topology->flows) {
            const bool shared = flow.scope == TaskScope::Partition && !flow.kafkaSources.empty();
            const auto threads = static_cast<std::size_t>(shared ? std::max(settings.threads, 1) : 1);
            m_flows.push_back(std::make_unique<FlowRun>(flow, threads));
        }
        if (m_run.options.count) {
            m_run.recordsLeft = static_cast<std::int64_t>(*m_run.options.count);
        }
    }

    ~EngineImpl() override
    {
        requestStop(StoppedBy::Signal);
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

    void start() override
    {
        SW_ASSERT(m_state.load() == EngineState::Created, "an engine is started once");
        m_startedAtMs = m_run.clock.wallMs();
        m_startedNs = m_run.clock.monotonicNs();
        enter(EngineState::Starting);
        m_thread = std::thread([this] { main(); });
    }

    void requestStop(StoppedBy reason) override
    {
        StoppedBy none = kRunning;
        m_stoppedBy.compare_exchange_strong(none, reason);
        m_run.stop.request_stop();
        m_run.notify();
    }

    bool wait(std::chrono::milliseconds timeout) override
    {
        std::unique_lock lock(m_endMutex);
        return m_endSignal.wait_for(lock, timeout, [this] { return m_ended.load(); });
    }

    EngineSnapshot snapshot() const override;
    StoppedBy stoppedBy() const override
    {
        const StoppedBy reason = m_stoppedBy.load();
        return reason == kRunning ? StoppedBy::Finished : reason;
    }
    int exitCode() const override { return m_exitCode.load(); }

    std::unique_ptr<Tap> openTap(std::size_t edge, TapLimits limits) override
    {
        return m_run.taps.open(edge, limits);
    }
    std::string embeddedBootstrap() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_embeddedBootstrap;
    }

private:
    static constexpr StoppedBy kRunning = static_cast<StoppedBy>(0xff);

    void main();
    void enter(EngineState state);
    [[nodiscard]] Result<void> prepare();
    void startThreads();
    void supervise();
    void lookAtThreads();
    void lookAtEnds();
    void lookAtEmbedded(std::int64_t now);
    void finish();
    [[nodiscard]] bool allDone() const;
    [[nodiscard]] bool feedsUpstream(const FlowRun& flow) const;
    void flowFailed(FlowRun& flow, const Error& error);
    [[nodiscard]] int exitCodeOf(const Error& error, bool starting) const;

    RunContext m_run;
    std::vector<std::unique_ptr<FlowRun>> m_flows;
    std::vector<std::vector<std::unique_ptr<TaskThread>>> m_threads; ///< by flow
    std::vector<std::unique_ptr<Feeder>> m_feeders;
    InstanceSlot m_slot;

    std::atomic<EngineState> m_state{EngineState::Created};
    std::atomic<StoppedBy> m_stoppedBy{kRunning};
    std::atomic<int> m_exitCode{0};
    std::atomic<bool> m_threadsMade{false};
    std::int64_t m_startedAtMs = 0;
    std::int64_t m_startedNs = 0;
    std::int64_t m_filledNs = 0;
    std::set<kafka::TopicPartition> m_saidFull;
    std::set<std::size_t> m_endedFlows;

    mutable std::mutex m_mutex; ///< of what follows
    std::optional<Error> m_failure;
    std::string m_embeddedBootstrap;

    std::mutex m_endMutex;
    std::condition_variable m_endSignal;
    std::atomic<bool> m_ended{false};
    std::thread m_thread;
};

void EngineImpl::enter(EngineState state)
{
    SW_ASSERT(isAllowed(m_state.load(), state), "an engine follows its state table");
    m_state = state;
    for (const std::unique_ptr<FlowRun>& flow : m_flows) {
        const std::lock_guard lock(flow->mutex);
        const EngineState now = flow->snapshot.state;
        if (now != EngineState::Stopped && now != EngineState::Failed && now != EngineState::Fenced) {
            flow->snapshot.state = state;
        }
    }
}

void EngineImpl::main()
{
    auto prepared = prepare();
    if (!prepared) {
        if (prepared.error().code == Errc::Cancelled || m_run.stop.stop_requested()) {
            enter(EngineState::Draining);
        } else {
            const std::lock_guard lock(m_mutex);
            m_failure = prepared.error();
            m_exitCode = exitCodeOf(prepared.error(), true);
        }
    } else {
        startThreads();
        supervise();
    }
    finish();
}

Result<void> EngineImpl::prepare()
{
    const EngineOptions& options = m_run.options;
    if (options.untilEnd) {
        for (const PlannedFlow& flow : m_run.topology->flows) {
            if (!flow.localSources.empty() && flow.endless) {
                return Error{
                    Errc::InvalidArgument,
                    "--until-end never comes: flow " + streamwright::quoted(flow.name) +
                        " has a source without an end (a generator without \"count\", or a followed file)."};
            }
        }
    }
    auto slot = InstanceSlot::take(options.stateDir, options.instance);
    if (!slot) {
        return slot.error();
    }
    m_slot = std::move(*slot);
    m_run.slot = m_slot.name();
    auto started = startUp(m_run, m_flows);
    if (!started) {
        return started;
    }
    const std::lock_guard lock(m_mutex);
    m_embeddedBootstrap = m_run.embedded == nullptr ? std::string() : m_run.embedded->bootstrap();
    return {};
}

void EngineImpl::startThreads()
{
    for (const std::unique_ptr<FlowRun>& flow : m_flows) {
        std::vector<std::unique_ptr<TaskThread>> threads;
        for (std::size_t number = 0; number < flow->threadCount; ++number) {
            threads.push_back(std::make_unique<TaskThread>(m_run, *flow, number));
        }
        m_threads.push_back(std::move(threads));
    }
    m_threadsMade = true;
    for (auto& threads : m_threads) {
        for (auto& thread : threads) {
            thread->start();
        }
    }
    for (const Feed& feed : m_run.options.feeds) {
        m_feeders.push_back(std::make_unique<Feeder>(m_run, feed));
        m_feeders.back()->start();
    }
}

bool EngineImpl::allDone() const
{
    return std::all_of(m_threads.begin(), m_threads.end(), [](const auto& threads) {
        return std::all_of(threads.begin(), threads.end(), [](const auto& thread) { return thread->done(); });
    });
}

void EngineImpl::supervise()
{
    const EngineOptions& options = m_run.options;
    while (!allDone()) {
        {
            std::unique_lock lock(m_run.wakeMutex);
            m_run.wake.wait_for(lock, kLook, [this] { return m_run.wakeFlag; });
            m_run.wakeFlag = false;
        }
        const std::int64_t now = m_run.clock.monotonicNs();
        lookAtThreads();
        lookAtEnds();
        lookAtEmbedded(now);
        if (options.duration && now - m_startedNs >= options.duration->count() * kNsPerMs) {
            requestStop(StoppedBy::Duration);
        }
        if (options.count && m_run.recordsLeft.load() == 0) {
            StoppedBy none = kRunning;
            m_stoppedBy.compare_exchange_strong(none, StoppedBy::Count);
        }
        for (const std::unique_ptr<Feeder>& feeder : m_feeders) {
            if (feeder->done() && feeder->error()) {
                const std::lock_guard lock(m_mutex);
                if (!m_failure) {
                    m_failure = feeder->error();
                    m_exitCode = feeder->error()->code == Errc::InvalidArgument ? 2 : kExitFailed;
                    requestStop(StoppedBy::Error);
                }
            }
        }
        if (m_state.load() == EngineState::Starting) {
            const bool all = std::all_of(m_flows.begin(), m_flows.end(), [](const auto& flow) {
                return flow->consuming.load() >= flow->threadCount;
            });
            if (all) {
                enter(EngineState::Running);
                m_run.event(EngineEvent::Kind::State, {}, "Running.");
            }
        }
        if (m_run.stop.stop_requested() &&
            (m_state.load() == EngineState::Starting || m_state.load() == EngineState::Running)) {
            enter(EngineState::Draining);
            m_run.event(EngineEvent::Kind::State, {}, "Stopping: finishing and committing what is in hand.");
        }
    }
    lookAtThreads();
}

void EngineImpl::lookAtThreads()
{
    for (std::size_t index = 0; index < m_flows.size(); ++index) {
        FlowRun& flow = *m_flows[index];
        bool done = true;
        const Error* error = nullptr;
        for (const auto& thread : m_threads[index]) {
            done = done && thread->done();
            if (thread->done() && thread->error() && error == nullptr) {
                error = &*thread->error();
            }
        }
        if (error != nullptr && !m_endedFlows.contains(index)) {
            m_endedFlows.insert(index);
            flowFailed(flow, *error);
        } else if (done && m_endedFlows.insert(index).second) {
            const std::lock_guard lock(flow.mutex);
            flow.snapshot.state = EngineState::Stopped;
            flow.snapshot.step = "ended";
        }
    }
}

void EngineImpl::flowFailed(FlowRun& flow, const Error& error)
{
    const bool fenced = error.code == Errc::Fenced;
    flow.setState(fenced ? EngineState::Fenced : EngineState::Failed);
    flow.setStep(fenced ? "fenced" : "failed");
    m_run.event(EngineEvent::Kind::Error, {},
                "Flow " + streamwright::quoted(flow.plan.name) + (fenced ? " is fenced: " : " failed: ") +
                    error.message);
    {
        const std::lock_guard lock(m_mutex);
        if (!m_failure) {
            m_failure = error;
            m_exitCode = exitCodeOf(error, false);
        }
    }
    if (!m_run.topology->settings.keepRunning) {
        const StoppedBy reason = fenced || error.code == Errc::Conflict ? StoppedBy::Fenced
                                 : error.code == Errc::RecordFailed     ? StoppedBy::Record
                                                                        : StoppedBy::Error;
        requestStop(reason);
    }
}

/// Some flow or feed that is still at work writes what this flow reads.
bool EngineImpl::feedsUpstream(const FlowRun& flow) const
{
    std::set<std::string> reads;
    for (const std::size_t source : flow.plan.kafkaSources) {
        reads.insert(m_run.sources[source]->topics.begin(), m_run.sources[source]->topics.end());
    }
    for (std::size_t i = 0; i < m_feeders.size(); ++i) {
        if (!m_feeders[i]->done()) {
            return true; // feeds first, whatever they feed
        }
    }
    for (std::size_t index = 0; index < m_flows.size(); ++index) {
        if (m_flows[index].get() == &flow || m_endedFlows.contains(index)) {
            continue;
        }
        if (m_flows[index]->plan.kafkaSources.empty()) {
            return true; // finite sources first
        }
        for (const std::size_t node : m_flows[index]->plan.nodes) {
            if (m_run.sinks[node] && reads.contains(m_run.sinks[node]->topic)) {
                return true;
            }
        }
    }
    return false;
}

void EngineImpl::lookAtEnds()
{
    if (!m_run.options.untilEnd) {
        return;
    }
    bool any = false;
    for (std::size_t index = 0; index < m_flows.size(); ++index) {
        FlowRun& flow = *m_flows[index];
        if (flow.endsWanted || m_endedFlows.contains(index)) {
            any = true;
        } else if (!feedsUpstream(flow)) {
            flow.endsWanted = true;
            any = true;
        }
    }
    if (!any) { // flows that feed each other in a ring: their ends are now
        for (const std::unique_ptr<FlowRun>& flow : m_flows) {
            const bool onlyRings = std::all_of(m_feeders.begin(), m_feeders.end(),
                                               [](const auto& feeder) { return feeder->done(); });
            flow->endsWanted = onlyRings;
        }
    }
}

void EngineImpl::lookAtEmbedded(std::int64_t now)
{
    if (m_run.embedded == nullptr || now - m_filledNs < kFillEveryNs) {
        return;
    }
    m_filledNs = now;
    auto fill = m_run.embedded->fill(kLook);
    if (!fill) {
        return;
    }
    for (const kafka::EmbeddedBroker::Fill& one : *fill) {
        if (one.used >= kNearlyFull && m_saidFull.insert(one.where).second) {
            m_run.event(
                EngineEvent::Kind::Warning, {},
                "Partition " + one.where.topic + '[' + std::to_string(one.where.partition) +
                    "] of the embedded broker is nearly full (5 MiB, 100,000 batches); from then on its "
                    "oldest records are dropped. Use a real Kafka for more.");
        }
    }
}

int EngineImpl::exitCodeOf(const Error& error, bool starting) const
{
    switch (error.code) {
    case Errc::Fenced:
    case Errc::Conflict: return kExitFenced;
    case Errc::RecordFailed: return kExitRecord;
    case Errc::InvalidArgument: return starting ? 2 : kExitFailed;
    default: break;
    }
    const bool notYetConsuming = starting || m_state.load() == EngineState::Starting;
    return notYetConsuming && isBrokerError(error) ? kExitBroker : kExitFailed;
}

void EngineImpl::finish()
{
    m_run.stop.request_stop(); // feeders
    for (const std::unique_ptr<Feeder>& feeder : m_feeders) {
        feeder->join();
    }
    for (auto& threads : m_threads) {
        for (auto& thread : threads) {
            thread->join();
        }
    }
    std::optional<Error> failure;
    {
        const std::lock_guard lock(m_mutex);
        failure = m_failure;
    }
    StoppedBy none = kRunning;
    if (failure) {
        const bool fenced = failure->code == Errc::Fenced || failure->code == Errc::Conflict;
        m_stoppedBy.compare_exchange_strong(none, fenced ? StoppedBy::Fenced : StoppedBy::Error);
        enter(fenced ? EngineState::Fenced : EngineState::Failed);
    } else {
        const bool counted = m_run.options.count && m_run.recordsLeft.load() == 0;
        m_stoppedBy.compare_exchange_strong(none, counted                  ? StoppedBy::Count
                                                  : m_run.options.untilEnd ? StoppedBy::UntilEnd
                                                                           : StoppedBy::Finished);
        if (m_state.load() != EngineState::Draining) {
            if (m_state.load() == EngineState::Starting) {
                enter(EngineState::Running);
            }
            enter(EngineState::Draining);
        }
        enter(EngineState::Stopped);
    }
    for (const std::unique_ptr<FlowRun>& flow : m_flows) {
        const std::lock_guard lock(flow->mutex);
        if (flow->snapshot.state != EngineState::Failed && flow->snapshot.state != EngineState::Fenced) {
            flow->snapshot.state = failure && m_threads.empty() ? m_state.load() : EngineState::Stopped;
        }
    }
    {
        const std::lock_guard lock(m_endMutex);
        m_ended = true;
    }
    m_endSignal.notify_all();
}

EngineSnapshot EngineImpl::snapshot() const
{
    EngineSnapshot snapshot;
    snapshot.state = m_state.load();
    snapshot.takenAtMs = m_run.clock.wallMs();
    snapshot.monotonicNs = m_run.clock.monotonicNs();
    snapshot.startedAtMs = m_startedAtMs;
    snapshot.nodes.resize(m_run.topology->nodes.size());
    for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
        snapshot.nodes[i].id = m_run.topology->nodes[i].id;
    }
    snapshot.edges.resize(m_run.topology->edgeCount);
    if (m_threadsMade.load()) {
        for (const auto& threads : m_threads) {
            for (const auto& thread : threads) {
                thread->probes().addTo(snapshot);
                const std::int64_t turn = thread->probes().lastTurnNs();
                if (turn > 0 && !thread->done()) {
                    snapshot.stuckNs = std::max(snapshot.stuckNs, snapshot.monotonicNs - turn);
                }
            }
        }
    }
    for (std::size_t i = 0; i < snapshot.edges.size(); ++i) {
        snapshot.edges[i].tapDropped = m_run.taps.dropped(i);
    }
    for (const std::unique_ptr<FlowRun>& flow : m_flows) {
        const std::lock_guard lock(flow->mutex);
        snapshot.flows.push_back(flow->snapshot);
        for (const auto& [thread, partitions] : flow->partitions) {
            snapshot.partitions.insert(snapshot.partitions.end(), partitions.begin(), partitions.end());
        }
    }
    m_run.log.copyTo(snapshot);
    const std::lock_guard lock(m_mutex);
    snapshot.failure = m_failure;
    return snapshot;
}

} // namespace

std::string_view toString(StoppedBy reason)
{
    switch (reason) {
    case StoppedBy::UntilEnd: return "until_end";
    case StoppedBy::Count: return "count";
    case StoppedBy::Duration: return "duration";
    case StoppedBy::Signal: return "signal";
    case StoppedBy::Finished: return "finished";
    case StoppedBy::Error: return "error";
    case StoppedBy::Record: return "record";
    case StoppedBy::Fenced: return "fenced";
    }
    return "error";
}

std::unique_ptr<Engine> Engine::create(std::shared_ptr<const Topology> topology, EngineOptions options)
{
    return std::make_unique<EngineImpl>(std::move(topology), std::move(options));
}

} // namespace streamwright
