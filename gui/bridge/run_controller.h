#pragma once

#include "core/engine/engine_snapshot.h"
#include "core/engine/tap.h"
#include "core/pipeline/pipeline.h"
#include "core/topology/topology.h"
#include "gui/bridge/run_rates.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

namespace streamwright {

class Engine;
class NodeRegistry;
class VariableSource;
enum class OnConflict : std::uint8_t;

/// Runs one document in the core's engine and tells the window what happens in it. The only QObject that
/// holds an Engine. It pulls: a timer takes a snapshot five times a second; nothing of the engine ever waits
/// for it. Lifecycle: one per window; start() -> snapshots -> stop() or the engine's own end -> start()
/// again. Thread: GUI thread; no method waits for Kafka or the engine, and an engine that is let go ends on a
/// thread of its own.
class RunController final : public QObject {
    Q_OBJECT

public:
    /// What a run needs that is not in the document.
    struct Context {
        std::filesystem::path dataDir;
        std::filesystem::path stateDir;
        const VariableSource* variables = nullptr; ///< must outlive start()
        bool takeOver = false;                     ///< from another instance of a pipeline that must run once
    };

    explicit RunController(const NodeRegistry& registry, QObject* parent = nullptr);
    ~RunController() override;

    /// Compiles and starts. With errors nothing starts and the diagnostics come back.
    Diagnostics start(const Pipeline& pipeline, const Context& context);
    /// Drains and stops; the end comes with stateChanged().
    void stop();
    /// Replaces the running version by `pipeline` through a clean drain and start; where the new one cannot
    /// start, the former one is started again and applyFailed() says why.
    Diagnostics apply(const Pipeline& pipeline);

    /// Created before the first run; the engine's state from then on.
    [[nodiscard]] EngineState state() const { return m_state; }
    [[nodiscard]] bool isActive() const;
    /// The document as it runs (or ran last); empty before the first run. Staged changes are counted against
    /// it.
    [[nodiscard]] const std::optional<Pipeline>& runningVersion() const { return m_running; }
    [[nodiscard]] std::shared_ptr<const Topology> topology() const { return m_topology; }
    [[nodiscard]] const EngineSnapshot& snapshot() const { return m_snapshot; }
    [[nodiscard]] const RunRates& rates() const { return m_rates; }
    /// Start-up step, draining, failure: one line for the status bar.
    [[nodiscard]] QString stateText() const;

    /// A viewer of an edge of the running version; nullptr while nothing runs.
    [[nodiscard]] std::unique_ptr<Tap> openTap(std::size_t edge, const TapLimits& limits);
    [[nodiscard]] QString embeddedBootstrap() const;

    static constexpr int kDefaultPollMs = 200;
    void setPollInterval(int ms) { m_timer.setInterval(ms); }

Q_SIGNALS:
    void stateChanged(streamwright::EngineState state);
    /// A new snapshot with its rates is there: at the poll interval while a run is active, once at its end.
    void updated();
    /// The version that apply() was given could not start; the former one runs again.
    void applyFailed(const QString& why);

private:
    Diagnostics launch(const Pipeline& pipeline);
    void poll();
    void finish();
    void release();

    const NodeRegistry& m_registry;
    QTimer m_timer;
    Context m_context;
    std::shared_ptr<Engine> m_engine;
    std::shared_ptr<const Topology> m_topology;
    std::optional<Pipeline> m_running;
    std::optional<Pipeline> m_next;     ///< started once the running engine has drained
    std::optional<Pipeline> m_fallback; ///< the version before apply(), until the new one runs
    EngineState m_state = EngineState::Created;
    EngineSnapshot m_snapshot;
    std::deque<EngineSnapshot> m_history; ///< of the last second, oldest first
    RunRates m_rates;
    std::jthread m_reaper; ///< ends the former engine
};

} // namespace streamwright
