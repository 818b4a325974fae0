#pragma once

#include "core/base/arena.h"
#include "core/cel/value.h"

#include <optional>
#include <string>

namespace streamwright::cel {

/// The value as JSON: bytes as base64, timestamps as RFC 3339, durations as "1.5s", a type as its name, an
/// optional as what is in it (null for none). Lists and maps out of a record keep their text. Empty for NaN,
/// infinities and where the budget is used up.
[[nodiscard]] std::optional<JsonNode> toJsonNode(const Value& value, Arena& arena, Budget& budget);
[[nodiscard]] std::optional<JsonNode> toJsonNode(const Value& value, Arena& arena);
/// The key of a map as the name of a member, with its quotes.
void appendJsonKey(std::string& out, const Value& key);

/// `{"type": T, "value": V}` as `eval --typed` prints it (document.md, part 2).
[[nodiscard]] std::string toTypedJson(const Value& value, Arena& arena);

/// Shortest text that reads back as the number: "1.5", "100000", "1e+21"; "NaN", "Infinity", "-Infinity".
[[nodiscard]] std::string doubleText(double number);

} // namespace streamwright::cel
