#pragma once

#include <cstdint>
#include <string_view>

namespace streamwright {

/// State of an engine.
///
///   Created --> Starting --> Running --> Draining --> Stopped
///                  |            |            |
///                  +------------+------------+--> Failed | Fenced
///   Starting --> Draining: stopped before it ran
enum class EngineState : std::uint8_t { Created, Starting, Running, Draining, Stopped, Failed, Fenced };

[[nodiscard]] std::string_view toString(EngineState state);
/// Whether `to` may follow `from`; an illegal change asserts.
[[nodiscard]] bool isAllowed(EngineState from, EngineState to);

} // namespace streamwright
