#pragma once

#include "core/base/arena.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

struct JsonError {
    enum class Code : std::uint8_t { BadJson, BadUtf8, TooDeep };
    Code code = Code::BadJson;
    std::size_t offset = 0;  ///< byte in the text
    const char* reason = ""; ///< literal, "unexpected '}'"; the caller adds the place
};

constexpr int kMaxJsonDepth = 128;

/// Validates and indexes in one pass (semantics.md part 1: strict RFC 8259, UTF-8, depth 128). Keeps what it
/// learnt of the last records' shape (which key stands where) to find duplicates and fields quickly.
/// Thread: one at a time, one per source and task.
class JsonIndexer {
public:
    /// nullptr and `error` set where `text` is not JSON. The result lives in `arena`, its views in `text`.
    [[nodiscard]] const JsonValue* index(std::string_view text, Arena& arena, JsonError& error);

private:
    static constexpr std::size_t kPredicted = 32;
    std::string_view m_unused; // the record layer's own state goes here
};

/// Member of `object` by its unescaped name, nullptr where there is none. Objects of any state of edit.
[[nodiscard]] const JsonMember* findMember(const JsonValue& object, std::string_view name);

/// A step of a path: a member's name or an array's element.
struct JsonStep {
    std::string name;
    std::int64_t element = -1; ///< >= 0: an element, name unused
};

/// A compiled path `a.b[0].c`, `a["x.y"]` (document.md part 4). Value, any thread.
class JsonPath {
public:
    /// Empty where `text` is no path; `problem` then says why, with the character.
    [[nodiscard]] static std::optional<JsonPath> parse(std::string_view text, std::string* problem = nullptr);
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

/// Member `name` (unescaped) of an object given as text, the last one where it stands twice.
[[nodiscard]] std::optional<JsonNode> findIn(JsonNode object, std::string_view name);

/// Walks an array or an object given as validated text, front to back, without building anything.
class JsonCursor {
public:
    explicit JsonCursor(JsonNode container);
    /// Moves to the next element or member; false at the end.
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

/// Text of a JSON string, unescaped: a view into the node where nothing is escaped, else a copy in `arena`.
[[nodiscard]] std::string_view decodeString(const JsonNode& string, Arena& arena);
[[nodiscard]] std::string_view decodeKey(const JsonMember& member, Arena& arena);
/// `text` (valid UTF-8) as a JSON string with its quotes: shortest escapes, non-ASCII as it is.
void appendJsonString(std::string& out, std::string_view text);
[[nodiscard]] JsonNode makeJsonString(std::string_view text, Arena& arena);
[[nodiscard]] JsonNode makeJsonInt(std::int64_t number, Arena& arena);
/// Shortest text that reads back as `number`; with a fraction or exponent, so that it stays a double. Finite
/// only.
[[nodiscard]] JsonNode makeJsonDouble(double number, Arena& arena);
[[nodiscard]] JsonNode makeJsonBool(bool value);
[[nodiscard]] JsonNode makeJsonNull();
/// A node over text that is known to be valid JSON (a constant of the configuration, a rendered value).
[[nodiscard]] JsonNode jsonNodeOf(std::string_view validText);

/// Numbers of a node, by the rule of semantics.md part 1: an integer literal within int64 is an int, one only
/// within uint64 a uint, all else a double.
[[nodiscard]] std::optional<std::int64_t> asInt64(const JsonNode& number);
[[nodiscard]] std::optional<std::uint64_t> asUint64(const JsonNode& number);
[[nodiscard]] double asDouble(const JsonNode& number);

/// Edits an object; the original stays as it is. One per record and node, lives on the stack.
/// Fields keep their place when set; new ones are appended last.
class JsonEditor {
public:
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

    /// The edited object, in the arena.
    [[nodiscard]] const JsonValue* finish();

private:
    struct Member;
    const JsonValue& m_original;
    Arena& m_arena;
    JsonMember* m_members = nullptr;
    std::size_t m_count = 0;
    std::size_t m_capacity = 0;
};

/// Appends the value's text to `out`: the original bytes where nothing was edited, else spliced: unchanged
/// runs are copied as they stand, changed members replaced, new ones before the closing brace.
void appendJson(std::string& out, const JsonValue& value);
/// A node for the whole value as it stands (renders into `arena` only where it was edited).
[[nodiscard]] JsonNode wholeNode(const JsonValue& value, Arena& arena);
/// An indexed value over validated text, for example an element taken out of an array.
[[nodiscard]] const JsonValue* valueOf(JsonNode node, Arena& arena);

} // namespace streamwright
