#include "core/base/service_notifier.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace streamwright {
namespace {

/// The manager's end: an abstract datagram socket of this test's own, named in the environment while it
/// lives.
class ManagerSocket {
public:
    ManagerSocket() : m_name("@streamwright-notify-" + std::to_string(getpid()))
    {
        m_descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        m_name.copy(address.sun_path, m_name.size());
        address.sun_path[0] = '\0';
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_name.size());
        EXPECT_EQ(0, bind(m_descriptor, reinterpret_cast<const sockaddr*>(&address), length));
        setenv("NOTIFY_SOCKET", m_name.c_str(), 1);
    }
    ~ManagerSocket()
    {
        unsetenv("NOTIFY_SOCKET");
        close(m_descriptor);
    }
    ManagerSocket(const ManagerSocket&) = delete;
    ManagerSocket& operator=(const ManagerSocket&) = delete;

    /// The next message; "" where none waits.
    std::string receive() const
    {
        std::array<char, 256> buffer{};
        const ssize_t size = recv(m_descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
        return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
    }

private:
    std::string m_name;
    int m_descriptor = -1;
};

TEST(ServiceNotifier, TellsTheManagerHowTheRunGoes)
{
    const ManagerSocket manager;
    const ServiceNotifier notifier = ServiceNotifier::fromEnvironment();

    notifier.ready();
    notifier.status("waiting for\nhost b");
    notifier.alive();
    notifier.stopping();

    EXPECT_EQ("READY=1", manager.receive());
    EXPECT_EQ("STATUS=waiting for host b", manager.receive());
    EXPECT_EQ("WATCHDOG=1", manager.receive());
    EXPECT_EQ("STOPPING=1", manager.receive());
}

TEST(ServiceNotifier, KeepsSilentWithoutAManager)
{
    const ServiceNotifier notifier = ServiceNotifier::fromEnvironment();
    const ManagerSocket later;

    notifier.ready();

    EXPECT_EQ("", later.receive());
    EXPECT_EQ(std::nullopt, notifier.watchdogInterval());
}

TEST(ServiceNotifier, TakesHalfOfTheTimeThatTheWatchdogAllows)
{
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    EXPECT_EQ(std::chrono::seconds(15), ServiceNotifier::fromEnvironment().watchdogInterval());

    setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(std::nullopt, ServiceNotifier::fromEnvironment().watchdogInterval());

    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    setenv("WATCHDOG_USEC", "soon", 1);
    EXPECT_EQ(std::nullopt, ServiceNotifier::fromEnvironment().watchdogInterval());
    unsetenv("WATCHDOG_PID");
    unsetenv("WATCHDOG_USEC");
}

} // namespace
} // namespace streamwright
