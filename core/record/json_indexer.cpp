#include "core/record/json_indexer.h"

#include "core/base/byte_block.h"
#include "core/record/json_duplicates.h"
#include "core/record/json_scanner.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace streamwright {
namespace {

/// One object being indexed: its members so far, in the arena. Lives for one call.
class ObjectIndexing {
public:
    ObjectIndexing(JsonScanner& scanner, const JsonShape& shape, Arena& arena, std::size_t expectedMembers)
        : m_scanner(scanner), m_shape(shape), m_arena(arena), m_capacity(expectedMembers),
          m_members(allocate(m_capacity))
    {
    }

    /// Reads the object whose brace is at `at`; the place behind it, or nullptr.
    [[nodiscard]] const char* read(const char* at);

    [[nodiscard]] JsonMember* members() const { return m_members; }
    [[nodiscard]] std::size_t count() const { return m_count; }
    /// Every key was where the shape has it, or further on: so none stands twice.
    [[nodiscard]] bool inShape() const { return m_inShape; }

private:
    [[nodiscard]] JsonMember* allocate(std::size_t count)
    {
        return static_cast<JsonMember*>(m_arena.allocate(count * sizeof(JsonMember), alignof(JsonMember)));
    }
    [[nodiscard]] const char* key(const char* at, JsonMember& member);
    [[nodiscard]] JsonMember& addMember();

    JsonScanner& m_scanner;
    const JsonShape& m_shape;
    Arena& m_arena;
    std::size_t m_capacity;
    JsonMember* m_members;
    std::size_t m_count = 0;
    std::size_t m_next = 0; ///< the key of the shape that is expected next
    bool m_inShape = true;
};

JsonMember& ObjectIndexing::addMember()
{
    if (m_count == m_capacity) {
        m_capacity *= 2;
        JsonMember* const larger = allocate(m_capacity);
        std::memcpy(static_cast<void*>(larger), m_members, m_count * sizeof(JsonMember));
        m_members = larger;
    }
    return *::new (static_cast<void*>(m_members + m_count++)) JsonMember;
}

/// The key whose quote is at `at`; the place behind its closing quote, or nullptr.
const char* ObjectIndexing::key(const char* at, JsonMember& member)
{
    const std::size_t predicted = m_shape.quotedKeyAt(m_next, at, m_scanner.end());
    if (predicted != 0) {
        ++m_next;
        member.key = {at + 1, predicted - 2};
        return at + predicted;
    }
    const JsonScanner::Scanned scanned = m_scanner.string(at + 1);
    if (scanned.end == nullptr) {
        return nullptr;
    }
    member.key = {at + 1, static_cast<std::size_t>(scanned.end - at) - 2};
    member.keyEscaped = scanned.escaped;
    if (m_inShape) {
        const std::size_t found = scanned.escaped ? m_shape.size() : m_shape.find(member.key, m_next);
        m_inShape = found != m_shape.size();
        m_next = found + 1;
    }
    return scanned.end;
}

const char* ObjectIndexing::read(const char* at)
{
    at = m_scanner.skipSpace(at + 1);
    if (at != m_scanner.end() && *at == '}') {
        return at + 1;
    }
    for (;;) {
        if (at == m_scanner.end() || *at != '"') {
            return m_scanner.refuseUnexpected(at);
        }
        JsonMember& member = addMember();
        at = key(at, member);
        at = at == nullptr ? nullptr : m_scanner.colon(at);
        if (at == nullptr) {
            return nullptr;
        }
        const JsonScanner::Scanned value = m_scanner.value(at, 1);
        if (value.end == nullptr) {
            return nullptr;
        }
        member.value = {{at, static_cast<std::size_t>(value.end - at)}, value.type, value.escaped};
        member.valueInPlace = true;
        member.place = static_cast<std::uint32_t>(m_count - 1);
        at = m_scanner.skipSpace(value.end);
        if (at != m_scanner.end() && *at == ',') {
            at = m_scanner.skipSpace(at + 1);
        } else if (at != m_scanner.end() && *at == '}') {
            return at + 1;
        } else {
            return m_scanner.refuseUnexpected(at);
        }
    }
}

} // namespace

std::size_t JsonShape::find(std::string_view key, std::size_t from) const
{
    for (std::size_t i = from; i < m_keys.size(); ++i) {
        if (m_keys[i].size == key.size() + 2 &&
            std::memcmp(m_text.data() + m_keys[i].offset + 1, key.data(), key.size()) == 0) {
            return i;
        }
    }
    return m_keys.size();
}

void JsonShape::learn(std::span<const JsonMember> members)
{
    const bool plain = std::none_of(members.begin(), members.end(),
                                    [](const JsonMember& member) { return member.keyEscaped; });
    if (!plain || members.size() > kMaxKeys) {
        return;
    }
    m_keys.clear();
    m_text.clear();
    for (const JsonMember& member : members) {
        m_keys.push_back(
            {static_cast<std::uint32_t>(m_text.size()), static_cast<std::uint32_t>(member.key.size() + 2)});
        m_text.append(1, '"').append(member.key).append(1, '"');
    }
    m_text.append(ByteBlock::kBytes, '\0');
}

const JsonValue* JsonIndexer::index(std::string_view text, Arena& arena, JsonError& error)
{
    JsonScanner scanner(text);
    const char* const start = scanner.skipSpace(text.data());
    JsonValue value{.source = text};
    const char* end = nullptr;
    if (start != scanner.end() && *start == '{') {
        ObjectIndexing object(scanner, m_shape, arena, m_expectedMembers);
        end = object.read(start);
        if (end != nullptr) {
            std::size_t count = object.count();
            if (!object.inShape()) {
                count = removeDuplicates(object.members(), count, arena);
                value.hasDuplicates = count != object.count();
                if (!value.hasDuplicates) {
                    m_shape.learn({object.members(), count});
                }
            }
            m_expectedMembers = std::clamp<std::size_t>(object.count(), 4, JsonShape::kMaxKeys);
            value.members = {object.members(), count};
            value.root = {{start, static_cast<std::size_t>(end - start)}, JsonType::Object, false};
        }
    } else {
        const JsonScanner::Scanned scanned = scanner.value(start, 0);
        end = scanned.end;
        if (end != nullptr) {
            value.root = {{start, static_cast<std::size_t>(end - start)}, scanned.type, scanned.escaped};
        }
    }
    if (end != nullptr && scanner.skipSpace(end) != scanner.end()) {
        end = scanner.refuse(scanner.skipSpace(end), "more text after the value");
    }
    if (end == nullptr) {
        error = scanner.error();
        return nullptr;
    }
    return arena.make<JsonValue>(value);
}

} // namespace streamwright
