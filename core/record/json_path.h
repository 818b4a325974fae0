#pragma once

#include "core/record/json_node.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A step of a path: a member's name or an array's element.
struct JsonStep {
    std::string name;
    std::int64_t element = -1; ///< >= 0: an element, name unused
    std::string rawName;       ///< the name as it stands between the quotes of a key
    bool nameEscaped = false;  ///< rawName has a backslash

    [[nodiscard]] static JsonStep ofName(std::string name);
};

/// A compiled path `a.b[0].c`, `a["x.y"]` (document.md part 4). Value, any thread.
class JsonPath {
public:
    /// Empty where `text` is no path; `problem` then says why, with the character.
    [[nodiscard]] static std::optional<JsonPath> parse(std::string_view text, std::string* problem = nullptr);
    /// The path of a top-level member, whatever characters its name has.
    [[nodiscard]] static JsonPath ofName(std::string name);

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::vector<JsonStep>& steps() const { return m_steps; }
    [[nodiscard]] bool isTopLevel() const { return m_steps.size() == 1 && m_steps.front().element < 0; }

    /// The value at the path; empty where a step is not there or goes into something that has no members.
    [[nodiscard]] std::optional<JsonNode> find(const JsonValue& value) const;

private:
    std::string m_text;
    std::vector<JsonStep> m_steps;
};

} // namespace streamwright
