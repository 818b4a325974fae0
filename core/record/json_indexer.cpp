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
    ObjectIndexing(JsonScanner& scanner, std::span<const JsonShape> shapes, std::size_t current, Arena& arena,
                   std::size_t expectedMembers)
        : m_scanner(scanner), m_shapes(shapes), m_shape(&shapes[current]), m_arena(arena),
          m_capacity(expectedMembers), m_members(allocate(m_capacity))
    {
    }

    /// Reads the object whose brace is at `at`; the place behind it, or nullptr.
    [[nodiscard]] const char* read(const char* at);

    [[nodiscard]] JsonMember* members() const { return m_members; }
    [[nodiscard]] std::size_t count() const { return m_count; }
    /// Every key was where the shape has it, or further on: so none stands twice.
    [[nodiscard]] bool inShape() const { return m_inShape; }
    /// Position of that shape.
    [[nodiscard]] std::size_t shape() const { return static_cast<std::size_t>(m_shape - m_shapes.data()); }

private:
    [[nodiscard]] JsonMember* allocate(std::size_t count)
    {
        return static_cast<JsonMember*>(m_arena.allocate(count * sizeof(JsonMember), alignof(JsonMember)));
    }
    [[nodiscard]] const char* key(const char* at, JsonMember& member);
    [[nodiscard]] std::size_t predictedKey(const char* at);
    [[nodiscard]] JsonMember& addMember();

    JsonScanner& m_scanner;
    std::span<const JsonShape> m_shapes;
    const JsonShape* m_shape; ///< the one that this object is taken to have
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

/// Length of the key at `at`, with its quotes, when a shape has it where it stands; else 0.
std::size_t ObjectIndexing::predictedKey(const char* at)
{
    std::size_t predicted = m_shape->quotedKeyAt(m_next, at, m_scanner.end());
    const std::size_t before = m_count - 1; // the member that waits for its key is counted already
    if (predicted == 0 && m_inShape && m_next == before) {
        // So far it was this shape, without a gap: another that began alike may go on with this key.
        for (const JsonShape& other : m_shapes) {
            predicted = other.quotedKeyAt(m_next, at, m_scanner.end());
            if (predicted != 0 && other.beginsWith({m_members, before})) {
                m_shape = &other;
                break;
            }
            predicted = 0;
        }
    }
    m_next += predicted != 0 ? 1 : 0;
    return predicted;
}

/// The key whose quote is at `at`; the place behind its closing quote, or nullptr.
const char* ObjectIndexing::key(const char* at, JsonMember& member)
{
    const std::size_t predicted = m_inShape ? predictedKey(at) : 0;
    if (predicted != 0) {
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
        const std::size_t found = scanned.escaped ? m_shape->size() : m_shape->find(member.key, m_next);
        m_inShape = found != m_shape->size();
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

bool JsonShape::beginsWith(std::span<const JsonMember> members) const
{
    if (members.size() > m_keys.size()) {
        return false;
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::string_view key = members[i].key;
        if (members[i].keyEscaped || m_keys[i].size != key.size() + 2 ||
            std::memcmp(m_text.data() + m_keys[i].offset + 1, key.data(), key.size()) != 0) {
            return false;
        }
    }
    return true;
}

bool JsonShape::learn(std::span<const JsonMember> members)
{
    const bool plain = std::none_of(members.begin(), members.end(),
                                    [](const JsonMember& member) { return member.keyEscaped; });
    if (!plain || members.size() > kMaxKeys) {
        return false;
    }
    m_keys.clear();
    m_text.clear();
    for (const JsonMember& member : members) {
        m_keys.push_back(
            {static_cast<std::uint32_t>(m_text.size()), static_cast<std::uint32_t>(member.key.size() + 2)});
        m_text.append(1, '"').append(member.key).append(1, '"');
    }
    m_text.append(ByteBlock::kBytes, '\0');
    return true;
}

void JsonIndexer::learn(std::span<const JsonMember> members)
{
    if (m_shapes[m_oldest].learn(members)) {
        m_current = m_oldest;
        m_oldest = (m_oldest + 1) % kShapes;
    }
}

const JsonValue* JsonIndexer::index(std::string_view text, Arena& arena, JsonError& error)
{
    JsonScanner scanner(text);
    const char* const start = scanner.skipSpace(text.data());
    JsonValue value{.source = text};
    const char* end = nullptr;
    if (start != scanner.end() && *start == '{') {
        ObjectIndexing object(scanner, m_shapes, m_current, arena, m_expectedMembers);
        end = object.read(start);
        if (end != nullptr) {
            std::size_t count = object.count();
            if (object.inShape()) {
                m_current = object.shape();
            } else {
                count = removeDuplicates(object.members(), count, arena);
                value.hasDuplicates = count != object.count();
                if (!value.hasDuplicates) {
                    learn({object.members(), count});
                }
            }
            constexpr std::size_t kFewest = 4;
            constexpr std::size_t kMost = 64; // one large record must not make the next ones waste memory
            m_expectedMembers = std::clamp(object.count(), kFewest, kMost);
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
