#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace streamwright::bench {

/// A program under measurement: started, watched through /proc, ended. It dies with its parent. Thread: one.
class ChildProcess {
public:
    [[nodiscard]] static ChildProcess
    start(const std::vector<std::string>& command,
          const std::vector<std::pair<std::string, std::string>>& environment);
    ChildProcess(ChildProcess&& other) noexcept : m_pid(std::exchange(other.m_pid, -1)) {}
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();

    [[nodiscard]] bool alive();
    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// User and system time so far.
    [[nodiscard]] double cpuSeconds() const;
    /// Largest resident size so far (VmHWM).
    [[nodiscard]] double peakMb() const;
    /// SIGTERM, then SIGKILL after 15 s.
    void stop();
    void kill();

private:
    explicit ChildProcess(pid_t pid) : m_pid(pid) {}
    pid_t m_pid = -1;
};

} // namespace streamwright::bench
