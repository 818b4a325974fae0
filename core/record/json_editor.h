#pragma once

#include "core/base/arena.h"
#include "core/record/json_node.h"
#include "core/record/json_path.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace streamwright {

/// Edits an object; the original stays as it is. One per record and node, lives on the stack.
/// Fields keep their place when set; new ones are appended last.
class JsonEditor {
public:
    /// `object` must be an object and outlive the editor.
    JsonEditor(const JsonValue& object, Arena& arena);

    /// Sets the value at `path`, making objects on the way. False where a step goes through something that is
    /// neither object nor (existing element of an) array.
    [[nodiscard]] bool set(const JsonPath& path, JsonNode value);
    /// Removes the member or element at `path`; false where there is none.
    bool remove(const JsonPath& path);
    /// Starts over with no members at all (a projection appends what it keeps).
    void clear();
    /// Appends a member without looking for its name. `rawKey` is escaped text between the quotes.
    void append(std::string_view rawKey, bool keyEscaped, JsonNode value);

    /// The edited object, in the arena; the original where nothing was changed.
    [[nodiscard]] const JsonValue* finish();

private:
    using Steps = std::span<const JsonStep>;

    [[nodiscard]] bool setAt(Steps steps, JsonNode value);
    [[nodiscard]] bool removeAt(Steps steps);
    [[nodiscard]] static std::optional<JsonNode> withValue(JsonNode node, Steps steps, JsonNode value,
                                                           Arena& arena);
    [[nodiscard]] static std::optional<JsonNode> without(JsonNode node, Steps steps, Arena& arena);

    void makeRoom(std::size_t count);
    [[nodiscard]] std::size_t find(std::string_view name) const; ///< m_count when it is not there

    const JsonValue& m_original;
    Arena& m_arena;
    const JsonMember* m_members; ///< the original's until the first change, then m_own
    JsonMember* m_own = nullptr;
    std::size_t m_count;
    std::size_t m_capacity = 0; ///< of m_own; 0: there is none, or it was handed out
    bool m_changed = false;
};

} // namespace streamwright
