#pragma once

#include "core/node/json.h"

#include <string>

namespace streamwright {

/// Checks `value` against `schema`: the keywords of JSON Schema that our schemas use; any other asserts, so
/// that the checker cannot pass over what it does not know. `root` resolves "#/$defs/…". Empty, or the first
/// problem.
[[nodiscard]] std::string schemaProblem(const Json& schema, const Json& value, const Json& root);

} // namespace streamwright
