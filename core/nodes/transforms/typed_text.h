#pragma once

#include "core/base/arena.h"
#include "core/record/record.h"

#include <cstdint>
#include <string_view>

namespace streamwright {

/// What the text of a parsed part becomes (semantics.md part 4).
enum class TextType : std::uint8_t { String, Int, Double, Bool, Timestamp };
[[nodiscard]] std::string_view toString(TextType type); ///< "string", …

/// A part of a text as a JSON value, or the reason why it is none.
struct TypedValue {
    JsonNode node;
    bool ok = false;
    RecordErrorCode code = RecordErrorCode::WrongType;
    std::string_view reason; ///< `"12a" is not an int`, in the arena
};

/// Reads `text` as `type`: a string as it stands; all others without surrounding ASCII white space. An int is
/// an optional sign and ASCII digits within int64, a double JSON's number with an optional leading plus, a
/// bool true or false, a timestamp RFC 3339 (kept as text).
[[nodiscard]] TypedValue typedValue(std::string_view text, TextType type, Arena& arena);

} // namespace streamwright
