#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::cel {

/// A stretch of the expression's text, in bytes.
struct Span {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    [[nodiscard]] std::uint32_t end() const { return offset + length; }
};

/// What is wrong with the text of an expression, and where.
struct SyntaxError {
    std::string message;
    std::string hint;
    Span span;
};

enum class TokenType : std::uint8_t {
    End,
    Identifier,
    Quoted, ///< `name` in backticks
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Operator ///< punctuation too; `text` tells which
};

/// One lexical element. `text` is a view of the source; `value` what a string or a quoted name stands for.
struct Token {
    TokenType type = TokenType::End;
    std::string_view text;
    std::string value;
    Span span;

    [[nodiscard]] bool is(std::string_view op) const { return type == TokenType::Operator && text == op; }
};

/// Largest expression, in bytes.
constexpr std::size_t kMaxExpressionBytes = 64 * 1024;

/// Tokens of `source`, ending with one of type End, or the first thing that is no token. White space and
/// comments are left out (CEL definition, "Syntax").
struct Tokens {
    std::vector<Token> tokens;
    SyntaxError error;
    bool failed = false;
};
[[nodiscard]] Tokens tokenize(std::string_view source);

} // namespace streamwright::cel
