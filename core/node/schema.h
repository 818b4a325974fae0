#pragma once

#include "core/node/json.h"
#include "core/node/spec.h"

#include <vector>

namespace streamwright {

/// JSON Schema (2020-12) of an object with these fields; unknown keys other than `x-…` are refused.
[[nodiscard]] Json objectSchema(const std::vector<FieldSpec>& fields);

} // namespace streamwright
