#include "core/base/service_notifier.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace streamwright {
namespace {

std::optional<std::int64_t> numberFromEnvironment(const char* name)
{
    const char* const text = std::getenv(name);
    if (text == nullptr) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, number);
    return error == std::errc() && stop == end && number > 0 ? std::optional(number) : std::nullopt;
}

} // namespace

ServiceNotifier ServiceNotifier::fromEnvironment()
{
    ServiceNotifier notifier;
    if (const char* const socket = std::getenv("NOTIFY_SOCKET")) {
        notifier.m_socket = socket;
    }
    // The variables are inherited: a child of the service must not answer for it.
    const std::optional<std::int64_t> pid = numberFromEnvironment("WATCHDOG_PID");
    if (const auto us = numberFromEnvironment("WATCHDOG_USEC"); us && (!pid || *pid == getpid())) {
        notifier.m_watchdogInterval =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(*us / 2));
    }
    return notifier;
}

void ServiceNotifier::ready() const
{
    send("READY=1");
}

void ServiceNotifier::stopping() const
{
    send("STOPPING=1");
}

void ServiceNotifier::status(std::string_view line) const
{
    // A line end would begin the next assignment.
    std::string message = "STATUS=" + std::string(line);
    std::replace(message.begin(), message.end(), '\n', ' ');
    send(message);
}

void ServiceNotifier::alive() const
{
    send("WATCHDOG=1");
}

void ServiceNotifier::send(std::string_view message) const
{
    sockaddr_un address{};
    if (m_socket.empty() || m_socket.size() >= sizeof(address.sun_path)) {
        return;
    }
    address.sun_family = AF_UNIX;
    m_socket.copy(address.sun_path, m_socket.size());
    if (m_socket.front() == '@') {
        address.sun_path[0] = '\0';
    }
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return;
    }
    // Nobody to tell, or a full queue, must not hold up the run: the manager's own timeouts say so.
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_socket.size());
    static_cast<void>(sendto(descriptor, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), length));
    close(descriptor);
}

} // namespace streamwright
