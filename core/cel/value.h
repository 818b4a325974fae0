#pragma once

#include "core/base/arena.h"
#include "core/cel/type.h"
#include "core/record/record.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace streamwright::cel {

struct Value;
struct MapTable;

/// Why a part of an evaluation gave no value. Lives in the arena of the evaluation.
struct Failure {
    std::string_view message; ///< whole sentence that names the part
    std::int32_t offset = -1; ///< byte of the part in the expression's text, and its length
    std::int32_t length = 0;
};

/// How a list or map is held. Json ones are views of the record's text: nothing is built to read a field.
enum class Form : std::uint8_t {
    Plain,       ///< everything else
    Items,       ///< list: array of values
    JsonText,    ///< list, map or double: validated JSON text; a number is read when someone computes with it
    JsonIndexed, ///< map: the record's slot index
    Table        ///< map: table of entries
};

/// A value of CEL: two machine words, passed in registers. Views live in the record, the program's constants
/// or the arena of the evaluation; copying a Value copies none of them. Thread: the evaluation's.
struct Value {
    Kind kind = Kind::Null;
    Form form = Form::Plain;
    std::uint32_t size = 0; ///< bytes of text, elements of Items, nanoseconds within a timestamp's second
    union {
        std::int64_t integer =
            0; ///< Int, Bool; Timestamp: seconds since 1970; Duration: nanoseconds; Type: a Kind
        std::uint64_t unsignedInteger;
        double number;            ///< Double of form Plain; read it with real()
        const char* chars;        ///< String, Bytes, JsonText
        const Value* items;       ///< Items; Optional: the value inside, nullptr for none
        const MapTable* table;    ///< Table
        const JsonValue* indexed; ///< JsonIndexed
        const Failure* failure;   ///< Error
    };

    [[nodiscard]] static Value null() { return {}; }
    [[nodiscard]] static Value boolean(bool value) { return whole(Kind::Bool, value ? 1 : 0); }
    [[nodiscard]] static Value ofInt(std::int64_t value) { return whole(Kind::Int, value); }
    [[nodiscard]] static Value ofUint(std::uint64_t value)
    {
        return whole(Kind::Uint, static_cast<std::int64_t>(value));
    }
    [[nodiscard]] static Value ofDouble(double value)
    {
        Value result;
        result.kind = Kind::Double;
        result.number = value;
        return result;
    }
    /// A view: `text` must outlive the value. At most 4 GiB.
    [[nodiscard]] static Value string(std::string_view text) { return view(Kind::String, text); }
    [[nodiscard]] static Value bytes(std::string_view data) { return view(Kind::Bytes, data); }
    [[nodiscard]] static Value timestamp(std::int64_t seconds, std::uint32_t nanos)
    {
        Value result = whole(Kind::Timestamp, seconds);
        result.size = nanos;
        return result;
    }
    [[nodiscard]] static Value duration(std::int64_t nanos) { return whole(Kind::Duration, nanos); }
    [[nodiscard]] static Value type(Kind kind) { return whole(Kind::Type, static_cast<std::int64_t>(kind)); }
    [[nodiscard]] static Value list(std::span<const Value> items);
    [[nodiscard]] static Value map(const MapTable* table);
    [[nodiscard]] static Value optional(const Value* inner);
    [[nodiscard]] static Value error(const Failure* failure);

    [[nodiscard]] bool isError() const { return kind == Kind::Error; }
    [[nodiscard]] bool isNull() const { return kind == Kind::Null; }
    [[nodiscard]] bool isBool() const { return kind == Kind::Bool; }
    [[nodiscard]] bool isTrue() const { return kind == Kind::Bool && integer != 0; }
    [[nodiscard]] bool isString() const { return kind == Kind::String; }
    [[nodiscard]] bool isBytes() const { return kind == Kind::Bytes; }
    [[nodiscard]] bool isList() const { return kind == Kind::List; }
    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
    /// Of String, Bytes, JsonText.
    [[nodiscard]] std::string_view text() const { return {chars, size}; }
    [[nodiscard]] Kind typeKind() const { return static_cast<Kind>(integer); }
    /// Of Double.
    [[nodiscard]] double real() const { return form == Form::Plain ? number : realOfText(); }
    /// Of Error: the message, else empty.
    [[nodiscard]] std::string_view message() const
    {
        return isError() ? failure->message : std::string_view();
    }

private:
    [[nodiscard]] double realOfText() const;
    [[nodiscard]] static Value whole(Kind kind, std::int64_t value)
    {
        Value result;
        result.kind = kind;
        result.integer = value;
        return result;
    }
    [[nodiscard]] static Value view(Kind kind, std::string_view text)
    {
        Value result;
        result.kind = kind;
        result.size = static_cast<std::uint32_t>(text.size());
        result.chars = text.data();
        return result;
    }
};
static_assert(sizeof(Value) == 2 * sizeof(void*), "values travel in two registers");

struct MapEntry {
    Value key;
    Value value;
};

/// A map in entry form; larger ones carry a hash table of entry numbers.
struct MapTable {
    std::span<const MapEntry> entries;
    std::span<const std::uint32_t>
        slots; ///< a power of two of entry number + 1, 0 = free; empty for small maps
};

/// Work that an evaluation may still do. One for all parts of an evaluation.
struct Budget {
    std::int64_t steps;
    /// False once the work is used up.
    [[nodiscard]] bool take(std::size_t count)
    {
        steps -= static_cast<std::int64_t>(count);
        return steps >= 0;
    }
    [[nodiscard]] bool exhausted() const { return steps < 0; }
};

/// The value of a piece of validated JSON; text with escapes is decoded into the arena. No allocation else.
[[nodiscard]] Value fromJson(const JsonNode& node, Arena& arena);
/// The value of an indexed one (the record's `value`).
[[nodiscard]] Value fromJson(const JsonValue* value, Arena& arena);

/// Elements of a list in entry form: as they stand, or read out of the JSON text into the arena.
[[nodiscard]] std::span<const Value> itemsOf(const Value& list, Arena& arena, Budget& budget);
/// Entries of a map in any form.
[[nodiscard]] std::span<const MapEntry> entriesOf(const Value& map, Arena& arena, Budget& budget);
/// Number of elements or entries.
[[nodiscard]] std::size_t sizeOf(const Value& listOrMap, Arena& arena, Budget& budget);

/// Builds a table over `entries`, which live in `arena`; empty where a key stands twice.
[[nodiscard]] std::optional<Value> makeMap(std::span<const MapEntry> entries, Arena& arena);
/// The value of `key`; empty where the map has none. Numbers find each other across their types.
[[nodiscard]] std::optional<Value> find(const Value& map, const Value& key, Arena& arena, Budget& budget);
[[nodiscard]] bool isMapKey(Kind kind);

/// Equality of all kinds, heterogeneous for numbers; different kinds are unequal (CEL definition,
/// "Equality").
[[nodiscard]] bool equal(const Value& left, const Value& right, Arena& arena, Budget& budget);

/// Order of two values. `comparable` is false for kinds that have none, `unordered` with a NaN.
struct Order {
    int sign = 0;
    bool comparable = true;
    bool unordered = false;
};
[[nodiscard]] Order compare(const Value& left, const Value& right);

} // namespace streamwright::cel
