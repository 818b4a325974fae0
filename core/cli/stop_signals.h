#pragma once

#include <csignal>

namespace streamwright {

/// SIGINT and SIGTERM ask to stop while this lives; a second SIGINT ends the process at once (exit code 130).
/// One at a time. Thread: came() any.
class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();

    [[nodiscard]] static bool came();

private:
    struct sigaction m_interrupt = {};
    struct sigaction m_terminate = {};
};

} // namespace streamwright
