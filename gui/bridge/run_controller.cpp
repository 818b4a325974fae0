#include "gui/bridge/run_controller.h"

#include "core/engine/engine.h"
#include "core/topology/compile.h"
#include "core/topology/topology.h"

#include <QLocale>

#include <chrono>
#include <thread>
#include <utility>

namespace streamwright {
namespace {

constexpr std::int64_t kRateWindowNs = 1'000'000'000;

bool hasEnded(EngineState state)
{
    return state == EngineState::Stopped || state == EngineState::Failed || state == EngineState::Fenced;
}

} // namespace

RunController::RunController(const NodeRegistry& registry, QObject* parent)
    : QObject(parent), m_registry(registry)
{
    m_timer.setInterval(kDefaultPollMs);
    connect(&m_timer, &QTimer::timeout, this, &RunController::poll);
}

RunController::~RunController()
{
    if (m_engine) {
        m_engine->requestStop();
        (void)m_engine->wait(std::chrono::seconds(12)); // the window is closed: the stop budget and a little
    }
}

bool RunController::isActive() const
{
    return m_engine != nullptr && !hasEnded(m_state);
}

Diagnostics RunController::start(const Pipeline& pipeline, const Context& context)
{
    if (isActive()) {
        return {};
    }
    m_context = context;
    m_fallback.reset();
    return launch(pipeline);
}

Diagnostics RunController::launch(const Pipeline& pipeline)
{
    CompileOptions options;
    options.requireVariables = true;
    options.variables = m_context.variables;
    Compiled compiled = compile(pipeline, m_registry, options);
    if (!compiled.topology) {
        return compiled.diagnostics;
    }
    release();
    EngineOptions engineOptions;
    engineOptions.dataDir = m_context.dataDir;
    engineOptions.stateDir = m_context.stateDir;
    engineOptions.onConflict = m_context.takeOver ? OnConflict::Takeover : OnConflict::Wait;
    m_topology = compiled.topology;
    m_running = pipeline;
    m_engine = Engine::create(m_topology, std::move(engineOptions));
    m_snapshot = {};
    m_history.clear();
    m_rates = {};
    m_state = EngineState::Starting;
    m_engine->start();
    m_timer.start();
    Q_EMIT stateChanged(m_state);
    return compiled.diagnostics;
}

void RunController::stop()
{
    m_next.reset();
    if (m_engine) {
        m_engine->requestStop();
    }
}

Diagnostics RunController::apply(const Pipeline& pipeline)
{
    CompileOptions options;
    options.requireVariables = true;
    options.variables = m_context.variables;
    Compiled compiled = compile(pipeline, m_registry, options);
    if (!compiled.topology) {
        return compiled.diagnostics; // the running version is not touched
    }
    if (!isActive()) {
        return launch(pipeline);
    }
    m_fallback = m_running;
    m_next = pipeline;
    m_engine->requestStop();
    return compiled.diagnostics;
}

void RunController::poll()
{
    if (!m_engine) {
        m_timer.stop();
        return;
    }
    m_snapshot = m_engine->snapshot();
    m_history.push_back(m_snapshot);
    while (m_history.size() > 2 && m_snapshot.monotonicNs - m_history[1].monotonicNs >= kRateWindowNs) {
        m_history.pop_front();
    }
    m_rates = ratesBetween(m_history.front(), m_snapshot, *m_topology);
    const EngineState before = std::exchange(m_state, m_snapshot.state);
    if (m_state == EngineState::Running) {
        m_fallback.reset();
    }
    Q_EMIT updated();
    if (m_state != before) {
        Q_EMIT stateChanged(m_state);
    }
    if (hasEnded(m_state)) {
        finish();
    }
}

void RunController::finish()
{
    m_timer.stop();
    if (m_next) {
        const Pipeline next = *std::exchange(m_next, std::nullopt);
        if (hasErrors(launch(next)) && m_fallback) {
            Q_EMIT applyFailed(tr("The new version could not be started."));
            (void)launch(*std::exchange(m_fallback, std::nullopt));
        }
        return;
    }
    if (m_state == EngineState::Failed && m_fallback) {
        const QString why =
            m_snapshot.failure ? QString::fromStdString(m_snapshot.failure->message) : QString();
        Q_EMIT applyFailed(why);
        (void)launch(*std::exchange(m_fallback, std::nullopt));
    }
}

void RunController::release()
{
    if (m_engine) {
        // Its destructor waits for its threads; the window does not.
        m_reaper = std::jthread([engine = std::exchange(m_engine, nullptr)]() mutable { engine.reset(); });
    }
}

QString RunController::stateText() const
{
    using enum EngineState;
    switch (m_state) {
    case Created: return tr("Ready");
    case Starting:
        for (const FlowSnapshot& flow : m_snapshot.flows) {
            if (flow.standby) {
                return tr("Waiting: runs at %1").arg(QString::fromStdString(flow.standbyFor));
            }
            if (!flow.step.empty()) {
                return tr("Starting: %1").arg(QString::fromStdString(flow.step));
            }
        }
        return tr("Starting");
    case Running: {
        const std::int64_t seconds = (m_snapshot.takenAtMs - m_snapshot.startedAtMs) / 1000;
        return tr("Running %1:%2:%3")
            .arg(seconds / 3600, 2, 10, QLatin1Char('0'))
            .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
            .arg(seconds % 60, 2, 10, QLatin1Char('0'));
    }
    case Draining: return tr("Draining");
    case Stopped: return tr("Stopped");
    case Failed:
        return tr("Failed: %1")
            .arg(m_snapshot.failure ? QString::fromStdString(m_snapshot.failure->message) : QString());
    case Fenced: return tr("Another instance took over");
    }
    return {};
}

std::unique_ptr<Tap> RunController::openTap(std::size_t edge, const TapLimits& limits)
{
    return isActive() ? m_engine->openTap(edge, limits) : nullptr;
}

QString RunController::embeddedBootstrap() const
{
    return m_engine ? QString::fromStdString(m_engine->embeddedBootstrap()) : QString();
}

} // namespace streamwright
