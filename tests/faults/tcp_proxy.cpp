#include "tests/faults/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace streamwright::faults {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTurnMs = 5; ///< how soon a change or a due chunk is seen
constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kMostQueued = 8 * 1024 * 1024; ///< of one direction; then the sender feels it

sockaddr_in local(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

[[noreturn]] void giveUp(const char* what)
{
    std::perror(what);
    std::abort();
}

/// Bytes on their way in one direction.
struct Direction {
    struct Chunk {
        Clock::time_point due;
        std::string bytes;
    };
    int from = -1;
    int to = -1;
    std::deque<Chunk> queue;
    std::size_t queued = 0;

    [[nodiscard]] bool mayRead() const { return queued < kMostQueued; }

    /// False: the sender has ended.
    [[nodiscard]] bool read(std::chrono::milliseconds latency)
    {
        std::string bytes(kChunk, '\0');
        const ssize_t got = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got > 0) {
            bytes.resize(static_cast<std::size_t>(got));
            queued += bytes.size();
            queue.push_back({Clock::now() + latency, std::move(bytes)});
            return true;
        }
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    }

    /// Bytes that were sent, negative where the receiver has ended.
    [[nodiscard]] ssize_t write()
    {
        ssize_t sent = 0;
        while (!queue.empty() && queue.front().due <= Clock::now()) {
            std::string& bytes = queue.front().bytes;
            const ssize_t put = ::send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (put < 0) {
                return errno == EAGAIN || errno == EINTR ? sent : -1;
            }
            sent += put;
            queued -= static_cast<std::size_t>(put);
            if (static_cast<std::size_t>(put) < bytes.size()) {
                bytes.erase(0, static_cast<std::size_t>(put));
                return sent;
            }
            queue.pop_front();
        }
        return sent;
    }
};

} // namespace

struct TcpProxy::Connection {
    Direction up;
    Direction down;

    void close() const
    {
        ::close(up.from);
        ::close(up.to);
    }
};

TcpProxy::TcpProxy()
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = local(0);
    socklen_t size = sizeof address;
    constexpr int kBacklog = 64;
    if (m_listener < 0 || ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(m_listener, kBacklog) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        giveUp("tcp proxy");
    }
    m_port = ntohs(address.sin_port);
    m_thread = std::thread(&TcpProxy::run, this);
}

TcpProxy::~TcpProxy()
{
    m_stop = true;
    m_thread.join();
    ::close(m_listener);
}

void TcpProxy::run()
{
    std::vector<Connection> connections;
    while (!m_stop.load()) {
        const Link link = m_link.load();
        const std::chrono::milliseconds latency(m_latencyMs.load());
        std::vector<pollfd> polled{{m_listener, POLLIN, 0}};
        for (const Connection& one : connections) {
            const auto watch = [&polled](bool open, const Direction& direction) {
                // -1: not looked at, or a hang-up on a silent link would end every wait at once.
                polled.push_back(
                    {open ? direction.from : -1, static_cast<short>(direction.mayRead() ? POLLIN : 0), 0});
            };
            watch(link == Link::Open || link == Link::ToServer, one.up);
            watch(link == Link::Open || link == Link::FromServer, one.down);
        }
        ::poll(polled.data(), polled.size(), kTurnMs);
        std::vector<bool> ended(connections.size(), link == Link::Refused);
        for (std::size_t i = 0; i < connections.size(); ++i) {
            Connection& one = connections[i];
            const auto serve = [&](Direction& direction, const pollfd& state, bool open) {
                if (!open) {
                    return;
                }
                // A hang-up is seen by reading; what is queued is still delivered first.
                if ((state.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !direction.read(latency) &&
                    direction.queue.empty()) {
                    ended[i] = true;
                    return;
                }
                const ssize_t sent = direction.write();
                if (sent < 0) {
                    ended[i] = true;
                    return;
                }
                m_forwarded += static_cast<std::size_t>(sent);
            };
            serve(one.up, polled[1 + 2 * i], link == Link::Open || link == Link::ToServer);
            serve(one.down, polled[2 + 2 * i], link == Link::Open || link == Link::FromServer);
        }
        for (std::size_t i = connections.size(); i-- > 0;) {
            if (ended[i]) {
                connections[i].close();
                connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) {
            continue;
        }
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = local(m_target.load());
        if (link == Link::Refused ||
            ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(client);
            ::close(server);
            continue;
        }
        const int yes = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connections.push_back({.up = {.from = client, .to = server}, .down = {.from = server, .to = client}});
    }
    for (const Connection& one : connections) {
        one.close();
    }
}

} // namespace streamwright::faults
