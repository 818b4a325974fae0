#include "tests/support/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace streamwright::testing {
namespace {

constexpr std::chrono::milliseconds kPollInterval{5}; ///< waitpid has no deadline of its own

void redirect(const std::filesystem::path& file, int descriptor)
{
    if (file.empty()) {
        return;
    }
    const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (opened >= 0) {
        dup2(opened, descriptor);
    }
}

} // namespace

ChildProcess ChildProcess::start(const std::vector<std::string>& command, const Environment& environment,
                                 const std::filesystem::path& output, const std::filesystem::path& errors)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid != 0) {
        return ChildProcess(pid);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127); // the parent was gone before it could be watched
    }
    redirect(output, STDOUT_FILENO);
    redirect(errors, STDERR_FILENO);
    for (const auto& [name, value] : environment) {
        setenv(name.c_str(), value.c_str(), 1);
    }
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    std::perror(arguments[0]);
    _exit(127);
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    if (this != &other) {
        kill();
        m_pid = std::exchange(other.m_pid, -1);
        m_exitCode = other.m_exitCode;
    }
    return *this;
}

ChildProcess::~ChildProcess()
{
    kill();
}

bool ChildProcess::alive()
{
    int status = 0;
    if (m_pid > 0 && waitpid(m_pid, &status, WNOHANG) == m_pid) {
        m_pid = -1;
        m_exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return m_pid > 0;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds timeout)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (alive() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(kPollInterval);
    }
    return m_exitCode;
}

void ChildProcess::signal(int number) const
{
    if (m_pid > 0) {
        ::kill(m_pid, number);
    }
}

void ChildProcess::stop()
{
    signal(SIGTERM);
    (void)wait(std::chrono::seconds(15));
    kill();
}

void ChildProcess::kill()
{
    signal(SIGKILL);
    (void)wait(std::chrono::seconds(5));
}

double ChildProcess::cpuSeconds() const
{
    std::ifstream file("/proc/" + std::to_string(m_pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::size_t afterName = text.rfind(')');
    if (afterName == std::string::npos) {
        return 0;
    }
    std::istringstream rest(text.substr(afterName + 2));
    std::string skipped;
    for (int field = 3; field < 14; ++field) { // proc(5): utime and stime are fields 14 and 15
        rest >> skipped;
    }
    double user = 0;
    double system = 0;
    rest >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double ChildProcess::peakMb() const
{
    std::ifstream file("/proc/" + std::to_string(m_pid) + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::strtod(line.c_str() + 6, nullptr) / 1024;
        }
    }
    return 0;
}

} // namespace streamwright::testing
