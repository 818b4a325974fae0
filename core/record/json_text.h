#pragma once

#include "core/base/arena.h"
#include "core/record/json_node.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// Text of a JSON string, unescaped: a view into the node where nothing is escaped, else a copy in `arena`.
[[nodiscard]] std::string_view decodeString(const JsonNode& string, Arena& arena);
[[nodiscard]] std::string_view decodeKey(const JsonMember& member, Arena& arena);
/// Appends `raw` (a string's text between its quotes) unescaped.
void appendUnescaped(std::string& out, std::string_view raw);
/// Whether `raw` (between the quotes, valid, with escapes) reads as `text`, without building it.
[[nodiscard]] bool unescapesTo(std::string_view raw, std::string_view text);
/// The same for a key that may have escapes or not.
[[nodiscard]] inline bool keyIs(std::string_view key, bool keyEscaped, std::string_view name)
{
    return keyEscaped ? unescapesTo(key, name) : key == name;
}

/// `text` (valid UTF-8) as a JSON string with its quotes: shortest escapes, non-ASCII as it is.
void appendJsonString(std::string& out, std::string_view text);
[[nodiscard]] JsonNode makeJsonString(std::string_view text, Arena& arena);
[[nodiscard]] JsonNode makeJsonInt(std::int64_t number, Arena& arena);
[[nodiscard]] JsonNode makeJsonUint(std::uint64_t number, Arena& arena);
/// Shortest text that reads back as `number`; with a fraction or exponent, so that it stays a double. Finite
/// only.
[[nodiscard]] JsonNode makeJsonDouble(double number, Arena& arena);
[[nodiscard]] JsonNode makeJsonBool(bool value);
[[nodiscard]] JsonNode makeJsonNull();

/// Numbers of a node, by the rule of semantics.md part 1: an integer literal within int64 is an int, one only
/// within uint64 a uint, all else a double.
[[nodiscard]] std::optional<std::int64_t> asInt64(const JsonNode& number);
[[nodiscard]] std::optional<std::uint64_t> asUint64(const JsonNode& number);
/// Beyond the range of a double: infinity, or zero.
[[nodiscard]] double asDouble(const JsonNode& number);

} // namespace streamwright
