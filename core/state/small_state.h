#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// Small state by node id: what each stateful operator's smallState() gave, compact JSON.
using SmallState = std::map<std::string, std::string, std::less<>>;

/// Kafka's default limit of the metadata beside a committed offset (offset.metadata.max.bytes).
constexpr std::size_t kMaxMetadataBytes = 4096;

/// `{"v":1,"nodes":{"number":{"count":120,"start":1,"step":1}}}`: what rides in the offset commit
/// (semantics.md part 3). Empty state gives an empty text. Errors: TooLarge beyond kMaxMetadataBytes.
[[nodiscard]] Result<std::string> encodeSmallState(const SmallState& state);

/// The reverse; an empty text is an empty state. Errors: ParseError for anything that this version did not
/// write.
[[nodiscard]] Result<SmallState> decodeSmallState(std::string_view metadata);

/// The member `count` of a node's state; empty where it has none. Of several partitions that carry the state
/// of one task, the greatest count is the newest.
[[nodiscard]] std::optional<std::uint64_t> countOf(std::string_view nodeState);

/// The newest state of each node out of `a` and `b`.
[[nodiscard]] SmallState newest(SmallState a, const SmallState& b);

} // namespace streamwright
