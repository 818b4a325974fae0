#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

namespace streamwright::faults {

/// A network that can be made bad: forwards TCP from a port of 127.0.0.1 to another one, later, in one
/// direction only, or not at all. Changes hold for open connections too. Lifecycle: made (listens at once) …
/// destroyed (all connections closed). Thread: its own forwards; the methods from any.
class TcpProxy {
public:
    enum class Link {
        Open,
        Silent,     ///< nothing passes, connections stay open: a cable that was pulled
        ToServer,   ///< only what the client sends passes
        FromServer, ///< only what the server sends passes
        Refused     ///< connections are cut, new ones refused
    };

    TcpProxy();
    ~TcpProxy();
    TcpProxy(const TcpProxy&) = delete;
    TcpProxy& operator=(const TcpProxy&) = delete;

    [[nodiscard]] int port() const { return m_port; }
    void forwardTo(int port) { m_target = port; }
    void set(Link link) { m_link = link; }
    /// Added in each direction.
    void setLatency(std::chrono::milliseconds latency) { m_latencyMs = latency.count(); }
    /// Bytes that were passed on so far.
    [[nodiscard]] std::size_t forwarded() const { return m_forwarded.load(); }

private:
    struct Connection;
    void run();

    int m_listener = -1;
    int m_port = 0;
    std::atomic<int> m_target{0};
    std::atomic<Link> m_link{Link::Open};
    std::atomic<std::int64_t> m_latencyMs{0};
    std::atomic<std::size_t> m_forwarded{0};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace streamwright::faults
