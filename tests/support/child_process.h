#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace streamwright::testing {

/// A program under test or measurement: started, watched through /proc, ended. It dies with its parent.
/// Thread: one.
class ChildProcess {
public:
    using Environment = std::vector<std::pair<std::string, std::string>>;

    /// `output` and `errors`: files that stdout and stderr are appended to; empty: inherited.
    [[nodiscard]] static ChildProcess start(const std::vector<std::string>& command,
                                            const Environment& environment,
                                            const std::filesystem::path& output = {},
                                            const std::filesystem::path& errors = {});
    ChildProcess(ChildProcess&& other) noexcept
        : m_pid(std::exchange(other.m_pid, -1)), m_exitCode(other.m_exitCode)
    {
    }
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    [[nodiscard]] bool alive();
    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// Waits for the end; the exit code, 128 + signal, or empty where it still runs.
    std::optional<int> wait(std::chrono::milliseconds timeout);
    [[nodiscard]] std::optional<int> exitCode() const { return m_exitCode; }
    void signal(int number) const;
    /// SIGTERM, then SIGKILL after 15 s.
    void stop();
    void kill();

    /// User and system time so far.
    [[nodiscard]] double cpuSeconds() const;
    /// Largest resident size so far (VmHWM).
    [[nodiscard]] double peakMb() const;

private:
    explicit ChildProcess(pid_t pid) : m_pid(pid) {}
    pid_t m_pid = -1;
    std::optional<int> m_exitCode;
};

} // namespace streamwright::testing
