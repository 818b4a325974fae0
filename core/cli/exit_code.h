#pragma once

namespace streamwright {

/// Exit codes of the program (document.md part 2). A supervisor should not restart on BadInput, Fenced and
/// StoppedByRecord.
enum ExitCode : int {
    kExitDone = 0,            ///< stopped as asked
    kExitFailed = 1,          ///< failed while running; `test`: a case failed
    kExitBadInput = 2,        ///< document, variables, secrets or command line wrong
    kExitNotReachable = 3,    ///< broker, topic or credentials not usable at the start
    kExitFenced = 4,          ///< another instance took over, or already runs
    kExitStoppedByRecord = 5, ///< on_error: fail
    kExitInterrupted = 130    ///< a second SIGINT
};

} // namespace streamwright
