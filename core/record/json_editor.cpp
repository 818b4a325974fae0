#include "core/record/json_editor.h"

#include "core/base/assert.h"
#include "core/record/json_cursor.h"
#include "core/record/json_splice.h"
#include "core/record/json_text.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace streamwright {
namespace {

/// `whole` with the bytes from `begin` to `end`, which lie in it, replaced.
[[nodiscard]] JsonNode replaced(JsonNode whole, const char* begin, const char* end, std::string_view text,
                                Arena& arena)
{
    const std::string_view before{whole.text.data(), static_cast<std::size_t>(begin - whole.text.data())};
    const std::string_view after = whole.text.substr(static_cast<std::size_t>(end - whole.text.data()));
    const std::size_t size = before.size() + text.size() + after.size();
    char* const bytes = static_cast<char*>(arena.allocate(size, 1));
    char* at = bytes;
    for (const std::string_view piece : {before, text, after}) {
        at += piece.copy(at, piece.size());
    }
    return {{bytes, size}, whole.type};
}

/// The array without element `index` and the comma that it took.
[[nodiscard]] std::optional<JsonNode> withoutElement(JsonNode array, std::int64_t index, Arena& arena)
{
    if (array.type != JsonType::Array) {
        return std::nullopt;
    }
    JsonCursor cursor(array);
    const char* formerEnd = nullptr; // of the element before
    while (cursor.next()) {
        const std::string_view element = cursor.value().text;
        const char* const elementEnd = element.data() + element.size();
        if (index-- != 0) {
            formerEnd = elementEnd;
            continue;
        }
        if (formerEnd != nullptr) {
            return replaced(array, formerEnd, elementEnd, {}, arena);
        }
        return replaced(array, element.data(), cursor.next() ? cursor.value().text.data() : elementEnd, {},
                        arena);
    }
    return std::nullopt;
}

} // namespace

JsonEditor::JsonEditor(const JsonValue& object, Arena& arena)
    : m_original(object), m_arena(arena), m_members(object.members.data()), m_count(object.members.size())
{
    SW_ASSERT(object.isObject(), "only an object has members to edit");
}

/// Members of our own, with room for `count`.
void JsonEditor::makeRoom(std::size_t count)
{
    if (m_own != nullptr && count <= m_capacity) {
        return;
    }
    constexpr std::size_t kSpare = 4;
    m_capacity = std::max(count + kSpare, 2 * m_capacity);
    m_own = static_cast<JsonMember*>(m_arena.allocate(m_capacity * sizeof(JsonMember), alignof(JsonMember)));
    if (m_count != 0) {
        std::memcpy(static_cast<void*>(m_own), m_members, m_count * sizeof(JsonMember));
    }
    m_members = m_own;
}

std::size_t JsonEditor::find(std::string_view name) const
{
    for (std::size_t i = 0; i < m_count; ++i) {
        if (keyIs(m_members[i].key, m_members[i].keyEscaped, name)) {
            return i;
        }
    }
    return m_count;
}

bool JsonEditor::set(const JsonPath& path, JsonNode value)
{
    return setAt(path.steps(), value);
}

bool JsonEditor::setAt(Steps steps, JsonNode value)
{
    const JsonStep& step = steps.front();
    if (step.element >= 0) {
        return false;
    }
    const std::size_t position = find(step.name);
    if (steps.size() > 1) {
        const JsonNode former = position == m_count ? jsonNodeOf("{}") : m_members[position].value;
        const std::optional<JsonNode> changed = withValue(former, steps.subspan(1), value, m_arena);
        if (!changed) {
            return false;
        }
        value = *changed;
    }
    if (position == m_count) {
        append(m_arena.copy(step.rawName), step.nameEscaped, value); // the path may go before the value does
    } else {
        makeRoom(m_count);
        m_own[position].value = value;
        m_own[position].valueInPlace = false;
        m_changed = true;
    }
    return true;
}

/// `node` with `value` at `steps`; empty where a step finds nothing to go through. Recursive over the path,
/// which the configuration bounds.
std::optional<JsonNode> JsonEditor::withValue(JsonNode node, Steps steps, JsonNode value, Arena& arena)
{
    if (steps.empty()) {
        return value;
    }
    if (steps.front().element >= 0) {
        const std::optional<JsonNode> element = elementOf(node, steps.front().element);
        if (!element) {
            return std::nullopt;
        }
        const std::optional<JsonNode> changed = withValue(*element, steps.subspan(1), value, arena);
        const char* const begin = element->text.data();
        return changed
                   ? std::optional(replaced(node, begin, begin + element->text.size(), changed->text, arena))
                   : std::nullopt;
    }
    if (node.type != JsonType::Object) {
        return std::nullopt;
    }
    JsonEditor editor(*valueOf(node, arena), arena);
    return editor.setAt(steps, value) ? std::optional(wholeNode(*editor.finish(), arena)) : std::nullopt;
}

bool JsonEditor::remove(const JsonPath& path)
{
    return removeAt(path.steps());
}

bool JsonEditor::removeAt(Steps steps)
{
    const JsonStep& step = steps.front();
    const std::size_t position = step.element < 0 ? find(step.name) : m_count;
    if (position == m_count) {
        return false;
    }
    if (steps.size() > 1) {
        const std::optional<JsonNode> changed = without(m_members[position].value, steps.subspan(1), m_arena);
        if (!changed) {
            return false;
        }
        makeRoom(m_count);
        m_own[position].value = *changed;
        m_own[position].valueInPlace = false;
    } else {
        makeRoom(m_count);
        std::copy(m_own + position + 1, m_own + m_count, m_own + position);
        --m_count;
    }
    m_changed = true;
    return true;
}

/// `node` without what stands at `steps`; empty where nothing does.
std::optional<JsonNode> JsonEditor::without(JsonNode node, Steps steps, Arena& arena)
{
    if (steps.front().element >= 0) {
        if (steps.size() == 1) {
            return withoutElement(node, steps.front().element, arena);
        }
        const std::optional<JsonNode> element = elementOf(node, steps.front().element);
        const std::optional<JsonNode> changed =
            element ? without(*element, steps.subspan(1), arena) : std::nullopt;
        if (!changed) {
            return std::nullopt;
        }
        const char* const begin = element->text.data();
        return replaced(node, begin, begin + element->text.size(), changed->text, arena);
    }
    if (node.type != JsonType::Object) {
        return std::nullopt;
    }
    JsonEditor editor(*valueOf(node, arena), arena);
    return editor.removeAt(steps) ? std::optional(wholeNode(*editor.finish(), arena)) : std::nullopt;
}

void JsonEditor::clear()
{
    m_count = 0;
    m_changed = true;
}

void JsonEditor::append(std::string_view rawKey, bool keyEscaped, JsonNode value)
{
    makeRoom(m_count + 1);
    ::new (static_cast<void*>(m_own + m_count++))
        JsonMember{.key = rawKey, .value = value, .keyEscaped = keyEscaped};
    m_changed = true;
}

const JsonValue* JsonEditor::finish()
{
    if (!m_changed) {
        return &m_original;
    }
    JsonValue value = m_original;
    value.members = {m_members, m_count};
    value.edited = true;
    m_capacity = 0; // handed out: a further edit copies
    return m_arena.make<JsonValue>(value);
}

} // namespace streamwright
