#include "core/engine/engine_state.h"

namespace streamwright {

std::string_view toString(EngineState state)
{
    switch (state) {
    case EngineState::Created: return "created";
    case EngineState::Starting: return "starting";
    case EngineState::Running: return "running";
    case EngineState::Draining: return "draining";
    case EngineState::Stopped: return "stopped";
    case EngineState::Failed: return "failed";
    case EngineState::Fenced: return "fenced";
    }
    return "created";
}

bool isAllowed(EngineState from, EngineState to)
{
    using enum EngineState;
    switch (from) {
    case Created: return to == Starting;
    case Starting: return to == Running || to == Draining || to == Failed || to == Fenced;
    case Running: return to == Draining || to == Failed || to == Fenced;
    case Draining: return to == Stopped || to == Failed || to == Fenced;
    case Stopped:
    case Failed:
    case Fenced: return false;
    }
    return false;
}

} // namespace streamwright
