#pragma once

#include "core/base/arena.h"
#include "core/record/json_node.h"

#include <cstddef>

namespace streamwright {

/// Leaves each key once among `count` members: the last value at the first one's place, the order otherwise
/// kept (semantics.md, part 1). Gives how many are left. n log n for any keys. Part of the indexer.
[[nodiscard]] std::size_t removeDuplicates(JsonMember* members, std::size_t count, Arena& arena);

} // namespace streamwright
