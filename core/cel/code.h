#pragma once

#include "core/base/arena.h"
#include "core/cel/ast.h"
#include "core/cel/functions.h"
#include "core/cel/value.h"

#include <re2/re2.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace streamwright::cel {

/// The record's variables. The order is that of recordVariableName().
enum class RecordVariable : std::uint8_t { Value, Key, Headers, Timestamp, Topic, Partition, Offset, Error };
constexpr std::size_t kRecordVariables = 8;
[[nodiscard]] std::string_view recordVariableName(RecordVariable variable);

enum class Op : std::uint8_t {
    Constant,
    Variable, ///< a record variable
    Extra,    ///< a bound variable
    Local,    ///< a macro's variable
    Field,    ///< value.a.b, through the slot index
    Select,
    Has,
    Index,
    Call,
    List,
    Map,
    Not,
    Negate,
    Binary,
    And,
    Or,
    Conditional,
    Macro
};

/// A path from `value` down. `seen` is where its first name stood in the last record that had it: most
/// records of a topic look alike.
struct FieldPath {
    std::vector<std::string> names;
    /// Written and read by every thread that runs the program; any value is right, for the key is compared.
    mutable std::atomic<std::uint32_t> seen{0};
};

using NodeIndex = std::uint32_t;

/// One step of a program. Children stand before their parent in Code::nodes.
struct Node {
    Op op = Op::Constant;
    BinaryOp binary = BinaryOp::Equal;
    MacroKind macro = MacroKind::All;
    bool optional = false;
    bool lazy = false;          ///< or, orValue: the second argument only where the first has no value
    bool keepsOptional = false; ///< or: gives the optional, not what is in it
    std::uint16_t slot = 0;     ///< Variable, Extra: which; Local, Macro: the local
    NodeIndex left = 0;         ///< first child
    NodeIndex right = 0;        ///< second child
    NodeIndex third = 0;        ///< third child; Macro: the transform, 0 without
    std::uint32_t first = 0;    ///< And, Or, Call, List, Map: first entry in Code::children
    std::uint32_t count = 0;
    std::uint32_t cost = 1; ///< nodes of the part, what one more round of a loop costs
    const FieldPath* path = nullptr;
    const std::string* name = nullptr;
    const std::vector<const Overload*>* overloads = nullptr;
    const RE2* pattern = nullptr; ///< of a call whose pattern is constant
    const std::vector<bool>* optionalItems = nullptr;
    Value constant;
    Span span;
};

/// A compiled expression: immutable once made, shared by all copies of its Program.
struct Code {
    std::string source;
    Type resultType;
    bool strict = false;
    std::vector<Node> nodes; ///< the root is the last
    std::vector<NodeIndex> children;
    std::deque<FieldPath> paths;
    std::deque<std::string> names;
    std::deque<std::vector<const Overload*>> overloads;
    std::deque<std::vector<bool>> optionalItems;
    std::deque<std::unique_ptr<RE2>> patterns;
    std::uint16_t locals = 0;
    Arena constants{4096};
};

} // namespace streamwright::cel
