#include "core/cli/service_notice.h"

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

TEST(ServiceNotice, TellsTheManagerHowTheRunGoes)
{
    const ManagerSocket manager;

    noticeService("READY=1");
    noticeService("STOPPING=1");

    EXPECT_EQ("READY=1", manager.receive());
    EXPECT_EQ("STOPPING=1", manager.receive());
    EXPECT_EQ("", manager.receive());
}

TEST(ServiceNotice, DoesNothingWithoutAManagerOrWithOneThatIsGone)
{
    noticeService("READY=1");
    setenv("NOTIFY_SOCKET", "@streamwright-nobody-listens", 1);
    noticeService("READY=1");
    setenv("NOTIFY_SOCKET", std::string(200, 'x').c_str(), 1);
    noticeService("READY=1");
    unsetenv("NOTIFY_SOCKET");
}

} // namespace
} // namespace streamwright
