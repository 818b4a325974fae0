#pragma once

#include "core/base/diagnostic.h"
#include "core/cel/ast.h"
#include "core/cel/code.h"
#include "core/cel/program.h"

#include <string_view>

namespace streamwright::cel {

/// Resolves the names of a tree, chooses overloads and finds the types that can be known before a record is
/// there. Fills in Expr::type, binding, slot and overloads.
struct Checked {
    Diagnostics diagnostics;
    std::uint16_t locals = 0; ///< slots that the macros' variables need
};
[[nodiscard]] Checked checkTree(Expr& root, std::string_view source, const CompileOptions& options);

/// A diagnostic about a part of `source`: place counted in characters, line and column from 1.
[[nodiscard]] Diagnostic diagnosticAt(std::string_view source, Span span, std::string code,
                                      std::string message, std::string hint = {},
                                      Severity severity = Severity::Error);

/// "an int", "a string".
[[nodiscard]] std::string withArticle(std::string_view noun);

} // namespace streamwright::cel
