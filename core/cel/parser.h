#pragma once

#include "core/cel/ast.h"

#include <optional>
#include <string_view>

namespace streamwright::cel {

/// Deepest nesting of brackets, calls, unary operators and conditionals.
constexpr int kMaxNesting = 250;
/// Longest chain of operators or selections; deeper trees would need a deeper stack than a thread has.
constexpr std::uint32_t kMaxHeight = 1000;

/// The tree of an expression, macros recognised, or the first syntax error.
struct Parsed {
    ExprPtr root;
    std::optional<SyntaxError> error;
};
/// `strict`: without optional syntax and its macros.
[[nodiscard]] Parsed parse(std::string_view source, bool strict);

} // namespace streamwright::cel
