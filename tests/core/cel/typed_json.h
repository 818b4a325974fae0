#pragma once

#include "core/base/arena.h"
#include "core/cel/value.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace streamwright::cel {

/// A value of CEL out of the typed form of `eval --typed` (`{"type": "int", "value": "5"}`).
[[nodiscard]] Value valueOfTyped(const nlohmann::json& typed, Arena& arena);

} // namespace streamwright::cel
