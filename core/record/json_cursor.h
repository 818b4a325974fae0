#pragma once

#include "core/record/json_node.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace streamwright {

/// Walks an array or an object given as validated text, front to back, without building anything.
class JsonCursor {
public:
    explicit JsonCursor(JsonNode container);
    /// Moves to the next element or member; false at the end, and at once for a node that has none.
    [[nodiscard]] bool next();
    [[nodiscard]] const JsonNode& value() const { return m_value; }
    [[nodiscard]] std::string_view key() const { return m_key; } ///< objects: raw, between the quotes
    [[nodiscard]] bool keyEscaped() const { return m_keyEscaped; }

private:
    const char* m_at;
    const char* m_end;
    bool m_object;
    bool m_first = true;
    bool m_keyEscaped = false;
    std::string_view m_key;
    JsonNode m_value;
};

/// Element `index` of an array; empty where there is none.
[[nodiscard]] std::optional<JsonNode> elementOf(JsonNode array, std::int64_t index);

} // namespace streamwright
