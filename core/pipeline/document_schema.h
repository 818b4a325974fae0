#pragma once

#include "core/node/node_type.h"

namespace streamwright {

/// JSON Schema (2020-12) of a pipeline document with these node types, for editors.
[[nodiscard]] Json documentSchema(const NodeRegistry& registry);

} // namespace streamwright
