#include "core/engine/task_state.h"

namespace streamwright {

std::string_view toString(TaskState state)
{
    switch (state) {
    case TaskState::Created: return "created";
    case TaskState::Restoring: return "restoring";
    case TaskState::Running: return "running";
    case TaskState::Suspended: return "suspended";
    case TaskState::Failed: return "failed";
    case TaskState::Closed: return "closed";
    }
    return "created";
}

bool isAllowed(TaskState from, TaskState to)
{
    using enum TaskState;
    switch (from) {
    case Created: return to == Restoring || to == Closed; // assigned | revoked before it began
    case Restoring:
        return to == Running || to == Suspended || to == Failed; // restored | revoked | state unreadable
    case Running: return to == Suspended || to == Failed;        // drained and committed | failed for good
    case Suspended: return to == Restoring || to == Closed;      // assigned again | lost or the end
    case Failed: return to == Closed;
    case Closed: return false;
    }
    return false;
}

} // namespace streamwright
