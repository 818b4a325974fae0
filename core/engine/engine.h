#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/engine_snapshot.h"
#include "core/engine/tap.h"
#include "core/topology/topology.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

/// What to do when a pipeline that must run once already runs elsewhere.
enum class OnConflict : std::uint8_t { Wait, Fail, Takeover };

/// Lines of a file sent to a topic as messages (`--feed`).
struct Feed {
    std::string topic;
    std::filesystem::path file;
    double perSecond = 0; ///< 0: as fast as the pipeline takes them
    bool records = false; ///< lines as `peek --format json` prints them
};

/// Everything about a run that is not in the document.
struct EngineOptions {
    std::filesystem::path dataDir;
    std::filesystem::path stateDir;
    std::string instance; ///< slot name; empty: host and the first free slot; "none": dynamic membership
    OnConflict onConflict = OnConflict::Wait;
    std::vector<std::pair<std::string, std::string>> extraProperties; ///< -X, every connection
    std::vector<Feed> feeds;
    bool feedReal = false;
    bool untilEnd = false;
    std::optional<std::uint64_t> count; ///< stop after so many records taken from sources
    std::optional<std::chrono::milliseconds> duration;
    std::chrono::milliseconds connectTimeout{15'000};
    std::chrono::milliseconds stopBudget{10'000};
};

/// Why a run ended; the summary's `stopped_by`.
enum class StoppedBy : std::uint8_t { UntilEnd, Count, Duration, Signal, Finished, Error, Record, Fenced };
[[nodiscard]] std::string_view toString(StoppedBy reason);

/// Runs a topology on its own threads until it is stopped, has ended or has failed. Lifecycle: create ->
/// start() -> [requestStop()] -> wait() -> destroyed (which stops and waits). A failed or stopped engine is
/// not started again; make a new one. Thread: every method from any thread; none but wait() and the
/// destructor blocks.
class Engine {
public:
    [[nodiscard]] static std::unique_ptr<Engine> create(std::shared_ptr<const Topology> topology,
                                                        EngineOptions options);
    virtual ~Engine() = default;

    /// Begins the start-up steps on the engine's own thread: connect, make topics, check topics and rights,
    /// restore, consume. How it goes is in snapshot().
    virtual void start() = 0;
    /// Drains, commits and stops, within the stop budget. Again: no change.
    virtual void requestStop(StoppedBy reason = StoppedBy::Signal) = 0;
    /// True when the engine has ended (Stopped, Failed, Fenced).
    [[nodiscard]] virtual bool wait(std::chrono::milliseconds timeout) = 0;

    [[nodiscard]] virtual EngineSnapshot snapshot() const = 0;
    [[nodiscard]] virtual StoppedBy stoppedBy() const = 0;
    /// Exit code of the contract (document.md part 2): 0, 1, 3, 4 or 5. Meaningful once it has ended.
    [[nodiscard]] virtual int exitCode() const = 0;

    /// Opens a tap on an edge by its number in the document; nullptr where there is no such edge.
    [[nodiscard]] virtual std::unique_ptr<Tap> openTap(std::size_t edge, TapLimits limits) = 0;

    /// Address of the embedded broker of this run, empty without one (known from Running on).
    [[nodiscard]] virtual std::string embeddedBootstrap() const = 0;

protected:
    Engine() = default;
};

} // namespace streamwright
