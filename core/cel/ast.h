#pragma once

#include "core/cel/lexer.h"
#include "core/cel/type.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace streamwright::cel {

struct Overload;

enum class ExprKind : std::uint8_t {
    Literal,
    Identifier, ///< name
    Select,     ///< children[0].name
    Has,        ///< has(children[0].name)
    Index,      ///< children[0][children[1]]
    Call,       ///< name(children...), the receiver first where `receiver` is set
    List,       ///< children; optionalItems tells which were written ?x
    Map,        ///< key, value, key, value, ...
    Not,
    Negate,
    Binary,      ///< children[0] op children[1]
    And,         ///< two or more children
    Or,          ///< two or more children
    Conditional, ///< children[0] ? children[1] : children[2]
    Macro        ///< children[0].macro(name, children[1] [, children[2]])
};

enum class BinaryOp : std::uint8_t {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo
};
[[nodiscard]] std::string_view toString(BinaryOp op);

enum class MacroKind : std::uint8_t { All, Exists, ExistsOne, Map, Filter, OptMap, OptFlatMap };

/// A literal's value; `text` is that of String and Bytes.
struct Literal {
    Kind kind = Kind::Null;
    std::int64_t integer = 0; ///< Int, Bool
    std::uint64_t unsignedInteger = 0;
    double real = 0;
    std::string text;
};

/// What a name stands for, as the checker found.
struct Binding {
    enum class Of : std::uint8_t { Unresolved, RecordVariable, ExtraVariable, Local, TypeName };
    Of of = Of::Unresolved;
    std::uint16_t index = 0; ///< RecordVariable as a number, position in extraVariables, local slot, Kind
};

/// A part of an expression. The parser makes the tree, the checker fills in type, binding and overloads.
/// Owned by its parent. Lives at compile time only.
struct Expr {
    ExprKind kind = ExprKind::Literal;
    Span span;     ///< the whole part
    Span nameSpan; ///< the name, operator or field in it
    std::string name;
    Literal literal;
    BinaryOp op = BinaryOp::Equal;
    MacroKind macro = MacroKind::All;
    bool optional = false; ///< written .?name or [?key]
    bool receiver = false;
    bool rooted = false; ///< identifier written with a leading dot
    std::vector<std::unique_ptr<Expr>> children;
    std::vector<bool> optionalItems;
    std::uint32_t height = 1;

    Type type;
    Binding binding;
    std::uint16_t slot = 0; ///< local slot of a macro's variable
    std::vector<const Overload*> overloads;
};

using ExprPtr = std::unique_ptr<Expr>;

} // namespace streamwright::cel
