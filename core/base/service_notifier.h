#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// Tells the service manager that started this process how it goes: systemd's notify protocol, a datagram of
/// `NAME=value` lines to the socket that $NOTIFY_SOCKET names (sd_notify(3)). Without that variable every
/// call does nothing. Lifecycle: made once from the environment, lives as long as the run. Thread: any, one
/// at a time.
class ServiceNotifier {
public:
    [[nodiscard]] static ServiceNotifier fromEnvironment();

    /// The start is over: units that come after this one may begin. Again: no harm.
    void ready() const;
    /// The stop has begun.
    void stopping() const;
    /// One line for `systemctl status`.
    void status(std::string_view line) const;
    /// Still alive. To be sent at least every watchdogInterval(), and only while there is progress.
    void alive() const;

    /// Half of what the manager allows between two signs of life; empty where it asks for none.
    [[nodiscard]] std::optional<std::chrono::milliseconds> watchdogInterval() const
    {
        return m_watchdogInterval;
    }

private:
    void send(std::string_view message) const;

    std::string m_socket; ///< path, or '@' and an abstract name; empty: nobody listens
    std::optional<std::chrono::milliseconds> m_watchdogInterval;
};

} // namespace streamwright
