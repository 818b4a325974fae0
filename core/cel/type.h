#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright::cel {

/// Kinds of values (CEL definition, "Values"). Error, Optional and Dyn are ours: a failed part of an
/// evaluation, an optional value, and what the checker says of something only the record knows.
enum class Kind : std::uint8_t {
    Error,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Type,
    Optional,
    Dyn
};

/// "int", "null_type", "google.protobuf.Timestamp": the name that type() gives and --typed prints.
[[nodiscard]] std::string_view typeName(Kind kind);
/// The name for messages: as typeName(), but "null", "timestamp" and "duration".
[[nodiscard]] std::string_view plainName(Kind kind);
[[nodiscard]] inline bool isNumeric(Kind kind)
{
    return kind == Kind::Int || kind == Kind::Uint || kind == Kind::Double;
}

/// What the checker knows of a part before it runs. Plain value of compile time.
/// List has one argument, Map two, Optional one; all others none.
struct Type {
    Kind kind = Kind::Dyn;
    std::vector<Type> arguments;

    [[nodiscard]] static Type of(Kind kind) { return {kind, {}}; }
    [[nodiscard]] static Type list(Type element);
    [[nodiscard]] static Type map(Type key, Type value);
    [[nodiscard]] static Type optional(Type inner);

    [[nodiscard]] bool isDyn() const { return kind == Kind::Dyn; }
    /// May a value of this type be of `wanted`: Dyn may be anything.
    [[nodiscard]] bool maybe(Kind wanted) const { return isDyn() || wanted == Kind::Dyn || kind == wanted; }
    [[nodiscard]] bool maybeNumeric() const { return isDyn() || isNumeric(kind); }
    /// Argument `index`, Dyn where there is none.
    [[nodiscard]] Type argument(std::size_t index) const
    {
        return index < arguments.size() ? arguments[index] : Type{};
    }
    bool operator==(const Type&) const = default;
};

/// "int", "list(string)", "map(string, dyn)".
[[nodiscard]] std::string toString(const Type& type);
/// The type that both are: itself where they are equal, else Dyn (in depth).
[[nodiscard]] Type join(const Type& left, const Type& right);

} // namespace streamwright::cel
