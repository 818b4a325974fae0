#include "core/cli/stop_signals.h"

#include "core/cli/exit_code.h"

#include <unistd.h>

#include <atomic>

namespace streamwright {
namespace {

std::atomic<int> stopSignals{0}; // NOLINT: a signal handler reaches nothing else

extern "C" void onStopSignal(int number)
{
    if (stopSignals.fetch_add(1) > 0 && number == SIGINT) {
        ::_exit(kExitInterrupted);
    }
}

} // namespace

StopSignals::StopSignals()
{
    stopSignals = 0;
    struct sigaction action = {};
    action.sa_handler = onStopSignal;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, &m_interrupt);
    ::sigaction(SIGTERM, &action, &m_terminate);
}

StopSignals::~StopSignals()
{
    ::sigaction(SIGINT, &m_interrupt, nullptr);
    ::sigaction(SIGTERM, &m_terminate, nullptr);
}

bool StopSignals::came()
{
    return stopSignals.load() > 0;
}

} // namespace streamwright
