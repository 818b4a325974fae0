#include "core/record/json_cursor.h"

#include "core/base/assert.h"
#include "core/base/byte_block.h"
#include "core/record/json_duplicates.h"
#include "core/record/json_scanner.h"
#include "core/record/json_text.h"

#include <bit>
#include <cstring>

namespace streamwright {
namespace {

/// The texts here were validated: no check but those that find the end of things.

struct StringEnd {
    const char* end;
    bool escaped;
};

/// `at` is behind the opening quote.
[[nodiscard]] StringEnd endOfString(const char* at, const char* end)
{
    const char* const begin = at;
    bool escaped = false;
    while (at != end) {
        const ByteBlock block = ByteBlock::load(begin, at, end);
        const ByteBlock::Mask stops = block.equalTo('"') | block.equalTo('\\');
        if (stops == 0) {
            at += block.size();
            continue;
        }
        at += std::countr_zero(stops);
        if (*at == '"') {
            return {at + 1, escaped};
        }
        escaped = true;
        at += 2;
    }
    return {end, escaped};
}

/// Behind the bracket that closes the one at `at`.
[[nodiscard]] const char* endOfContainer(const char* at, const char* end)
{
    int depth = 0;
    while (at != end) {
        switch (*at++) {
        case '{':
        case '[': ++depth; break;
        case '}':
        case ']':
            if (--depth == 0) {
                return at;
            }
            break;
        case '"': at = endOfString(at, end).end; break;
        default: break;
        }
    }
    return end;
}

/// The value that begins at `at`, in a text that ends at `end` and may go on behind the value.
[[nodiscard]] JsonNode nodeAt(const char* at, const char* end)
{
    const auto node = [at](const char* valueEnd, JsonType type, bool escaped = false) {
        return JsonNode{{at, static_cast<std::size_t>(valueEnd - at)}, type, escaped};
    };
    SW_ASSERT(at != end, "a validated text has a value where one must stand");
    switch (*at) {
    case '{': return node(endOfContainer(at, end), JsonType::Object);
    case '[': return node(endOfContainer(at, end), JsonType::Array);
    case 't': return node(at + 4, JsonType::True);
    case 'f': return node(at + 5, JsonType::False);
    case 'n': return node(at + 4, JsonType::Null);
    case '"': {
        const StringEnd string = endOfString(at + 1, end);
        return node(string.end, JsonType::String, string.escaped);
    }
    default: break;
    }
    JsonType type = JsonType::Int;
    const char* behind = at;
    for (; behind != end && !isJsonSpace(*behind) && *behind != ',' && *behind != '}' && *behind != ']';
         ++behind) {
        if (*behind == '.' || *behind == 'e' || *behind == 'E') {
            type = JsonType::Double;
        }
    }
    return node(behind, type);
}

} // namespace

JsonCursor::JsonCursor(JsonNode container)
    : m_at(container.text.data()), m_end(container.text.data() + container.text.size()),
      m_object(container.type == JsonType::Object)
{
    const bool hasElements = m_object || container.type == JsonType::Array;
    m_at = hasElements ? m_at + 1 : m_end;
    m_end = hasElements ? m_end - 1 : m_end;
}

bool JsonCursor::next()
{
    m_at = skipJsonSpace(m_at, m_end);
    if (m_at == m_end) {
        return false;
    }
    if (!m_first) {
        m_at = skipJsonSpace(m_at + 1, m_end); // the comma
    }
    m_first = false;
    if (m_object) {
        const StringEnd key = endOfString(m_at + 1, m_end);
        m_key = {m_at + 1, static_cast<std::size_t>(key.end - m_at) - 2};
        m_keyEscaped = key.escaped;
        m_at = skipJsonSpace(key.end, m_end);
        m_at = skipJsonSpace(m_at + 1, m_end); // the colon
    }
    m_value = nodeAt(m_at, m_end);
    m_at += m_value.text.size();
    return true;
}

std::optional<JsonNode> elementOf(JsonNode array, std::int64_t index)
{
    if (array.type != JsonType::Array || index < 0) {
        return std::nullopt;
    }
    JsonCursor cursor(array);
    while (cursor.next()) {
        if (index-- == 0) {
            return cursor.value();
        }
    }
    return std::nullopt;
}

std::optional<JsonNode> findIn(JsonNode object, std::string_view name)
{
    std::optional<JsonNode> found;
    if (object.type == JsonType::Object) {
        JsonCursor cursor(object);
        while (cursor.next()) {
            if (keyIs(cursor.key(), cursor.keyEscaped(), name)) {
                found = cursor.value();
            }
        }
    }
    return found;
}

const JsonMember* findMember(const JsonValue& object, std::string_view name)
{
    for (const JsonMember& member : object.members) {
        if (keyIs(member.key, member.keyEscaped, name)) {
            return &member;
        }
    }
    return nullptr;
}

JsonNode jsonNodeOf(std::string_view validText)
{
    const char* const end = validText.data() + validText.size();
    return nodeAt(skipJsonSpace(validText.data(), end), end);
}

const JsonValue* valueOf(JsonNode node, Arena& arena)
{
    JsonValue value{.root = node, .source = node.text};
    if (node.type == JsonType::Object) {
        std::size_t count = 0;
        for (JsonCursor cursor(node); cursor.next();) {
            ++count;
        }
        const std::span<JsonMember> members = arena.makeArray<JsonMember>(count);
        std::uint32_t place = 0;
        for (JsonCursor cursor(node); cursor.next(); ++place) {
            members[place] = {.key = cursor.key(),
                              .value = cursor.value(),
                              .keyEscaped = cursor.keyEscaped(),
                              .valueInPlace = true,
                              .place = place};
        }
        const std::size_t left = removeDuplicates(members.data(), count, arena);
        value.members = members.first(left);
        value.hasDuplicates = left != count;
    }
    return arena.make<JsonValue>(value);
}

} // namespace streamwright
