#pragma once

#include "core/base/arena.h"
#include "core/record/json_node.h"

#include <string>

namespace streamwright {

/// Appends the value's text to `out`: the original bytes where nothing was edited, else spliced: unchanged
/// runs are copied as they stand, changed members replaced, new ones before the closing brace.
void appendJson(std::string& out, const JsonValue& value);
/// A node for the whole value as it stands (renders into `arena` only where it was edited).
[[nodiscard]] JsonNode wholeNode(const JsonValue& value, Arena& arena);

} // namespace streamwright
