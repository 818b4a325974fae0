#pragma once

#include "core/base/arena.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace streamwright {

/// Kinds of JSON values. A number stays text; Int says that its literal is an integer (no fraction, no
/// exponent).
enum class JsonType : std::uint8_t { Null, False, True, Int, Double, String, Array, Object };
[[nodiscard]] std::string_view
toString(JsonType type); ///< "null", "bool", "number", "string", "array", "object"

/// One JSON value as a view of validated text (RFC 8259): `text` begins and ends with the value itself, with
/// the quotes of a string. `escaped`: a string that has at least one backslash.
struct JsonNode {
    std::string_view text;
    JsonType type = JsonType::Null;
    bool escaped = false;

    [[nodiscard]] bool isNumber() const { return type == JsonType::Int || type == JsonType::Double; }
    [[nodiscard]] bool isBool() const { return type == JsonType::True || type == JsonType::False; }
};

/// A member of an indexed object. `key` is the text between the quotes, escapes as they stand.
struct JsonMember {
    std::string_view key;
    JsonNode value;
    bool keyEscaped = false;
    bool valueInPlace = false;      ///< `value` is the one that follows `key` in the source
    std::uint32_t place = kNoPlace; ///< which member of the source `key` is; kNoPlace: not from the source

    static constexpr std::uint32_t kNoPlace = std::numeric_limits<std::uint32_t>::max();
};

/// An indexed JSON value: the validated original text and, for an object, its members in their order, each
/// key once (a duplicate: the last value at the first one's place). Nested objects are not indexed; find()
/// goes through them. Immutable; an edit makes a new JsonValue that shares what it did not touch. Lives in an
/// arena.
struct JsonValue {
    JsonNode root;                       ///< root.text: the original, without surrounding white space
    std::string_view source;             ///< the text as it came, white space included
    std::span<const JsonMember> members; ///< objects only
    bool edited = false;                 ///< members differ from the source: write() splices
    bool hasDuplicates = false;          ///< the source has a key twice

    [[nodiscard]] bool isObject() const { return root.type == JsonType::Object; }
};

/// Depth of nesting that is accepted: an array in an array has depth 2.
constexpr int kMaxJsonDepth = 128;

/// Member of `object` by its unescaped name, nullptr where there is none. Objects of any state of edit.
[[nodiscard]] const JsonMember* findMember(const JsonValue& object, std::string_view name);

/// Member `name` (unescaped) of an object given as text, the last one where it stands twice.
[[nodiscard]] std::optional<JsonNode> findIn(JsonNode object, std::string_view name);

/// A node over text that is known to be valid JSON (a constant of the configuration, a rendered value).
[[nodiscard]] JsonNode jsonNodeOf(std::string_view validText);

/// An indexed value over validated text, for example an element taken out of an array.
[[nodiscard]] const JsonValue* valueOf(JsonNode node, Arena& arena);

} // namespace streamwright
