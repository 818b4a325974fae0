#pragma once

#include "core/engine/run_context.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>

namespace streamwright {

/// Sends the lines of a file to a topic as messages (`--feed`). On the embedded broker not faster than the
/// pipeline takes them. Lifecycle: start(), ends by itself (done()), join(). Thread: its own; the public part
/// the engine's.
class Feeder {
public:
    Feeder(RunContext& run, const Feed& feed) : m_run(run), m_feed(feed) {}
    ~Feeder() { join(); }

    void start()
    {
        m_thread = std::thread([this] { main(); });
    }
    void join()
    {
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }
    [[nodiscard]] bool done() const { return m_done.load(); }
    /// Only after done().
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    void main();
    [[nodiscard]] Result<void> feed();
    [[nodiscard]] std::optional<std::string> connectionName() const;

    RunContext& m_run;
    const Feed& m_feed;
    std::atomic<bool> m_done{false};
    std::optional<Error> m_error;
    std::thread m_thread;
};

} // namespace streamwright
