#include "core/cel/parser.h"

#include "core/base/diagnostic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace streamwright::cel {
namespace {

constexpr std::array<std::string_view, 17> kReserved{
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

struct MacroName {
    std::string_view name;
    MacroKind kind;
    bool extension;
};
constexpr std::array<MacroName, 8> kMacros{{{"all", MacroKind::All, false},
                                            {"exists", MacroKind::Exists, false},
                                            {"exists_one", MacroKind::ExistsOne, false},
                                            {"existsOne", MacroKind::ExistsOne, false},
                                            {"map", MacroKind::Map, false},
                                            {"filter", MacroKind::Filter, false},
                                            {"optMap", MacroKind::OptMap, true},
                                            {"optFlatMap", MacroKind::OptFlatMap, true}}};

struct Level {
    std::string_view text;
    BinaryOp op;
};
constexpr std::array<Level, 6> kRelations{{{"==", BinaryOp::Equal},
                                           {"!=", BinaryOp::NotEqual},
                                           {"<=", BinaryOp::LessEqual},
                                           {">=", BinaryOp::GreaterEqual},
                                           {"<", BinaryOp::Less},
                                           {">", BinaryOp::Greater}}};
constexpr std::array<Level, 2> kAdditions{{{"+", BinaryOp::Add}, {"-", BinaryOp::Subtract}}};
constexpr std::array<Level, 3> kMultiplications{
    {{"*", BinaryOp::Multiply}, {"/", BinaryOp::Divide}, {"%", BinaryOp::Modulo}}};

/// Recursive descent over the grammar of the definition. Every function gives nullptr once an error is set.
class Parser {
public:
    Parser(std::vector<Token> tokens, bool strict) : m_tokens(std::move(tokens)), m_strict(strict) {}

    Parsed run()
    {
        Parsed parsed;
        parsed.root = expression();
        if (parsed.root != nullptr && peek().type != TokenType::End) {
            unexpectedAfterExpression();
        }
        if (m_error) {
            parsed.root.reset();
            parsed.error = std::move(m_error);
        }
        return parsed;
    }

private:
    /// Counts the nesting while a bracket, call, unary operator or branch is open.
    class Nested {
    public:
        explicit Nested(Parser& parser) : m_parser(parser) { ++m_parser.m_depth; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;
        ~Nested() { --m_parser.m_depth; }
        [[nodiscard]] bool tooDeep() const { return m_parser.m_depth > kMaxNesting; }

    private:
        Parser& m_parser;
    };

    [[nodiscard]] const Token& peek(std::size_t ahead = 0) const
    {
        return m_tokens[std::min(m_at + ahead, m_tokens.size() - 1)];
    }
    const Token& take() { return m_tokens[m_at + 1 < m_tokens.size() ? m_at++ : m_at]; }
    bool accept(std::string_view op)
    {
        if (peek().is(op)) {
            take();
            return true;
        }
        return false;
    }

    ExprPtr fail(Span span, std::string message, std::string hint = {})
    {
        if (!m_error) {
            m_error = SyntaxError{std::move(message), std::move(hint), span};
        }
        return nullptr;
    }

    static std::string found(const Token& token)
    {
        return token.type == TokenType::End ? std::string("the end of the expression") : quoted(token.text);
    }

    bool expect(std::string_view op, std::string_view purpose)
    {
        if (accept(op)) {
            return true;
        }
        fail(peek().span,
             "Expected " + quoted(op) + " " + std::string(purpose) + ", found " + found(peek()) + ".");
        return false;
    }

    void unexpectedAfterExpression()
    {
        const Token& token = peek();
        std::string hint;
        if (m_at > 0 && m_tokens[m_at - 1].text == "not") {
            fail(m_tokens[m_at - 1].span, "\"not\" is no operator.",
                 "Write \"!\" before what is to be negated.");
            return;
        }
        if (token.type == TokenType::Identifier) {
            if (token.text == "and" || token.text == "AND") {
                hint = "Write \"&&\" for \"and\".";
            } else if (token.text == "or" || token.text == "OR") {
                hint = "Write \"||\" for \"or\".";
            } else if (token.text == "not") {
                hint = "Write \"!\" for \"not\", for example !(a in b).";
            } else if (token.text == "is") {
                hint = "Write \"==\" to compare.";
            } else if (token.text == "LIKE" || token.text == "like") {
                hint = "Use .contains(), .startsWith() or .matches().";
            } else if (token.text == "between" || token.text == "BETWEEN") {
                hint = "Write both ends: a >= 1 && a <= 5.";
            }
        } else if (token.is(")") || token.is("]") || token.is("}")) {
            hint = "It closes nothing; remove it or open it before.";
        }
        fail(token.span, "Unexpected " + found(token) + " after the expression.", hint);
    }

    ExprPtr make(ExprKind kind, Span span, Span nameSpan)
    {
        auto expr = std::make_unique<Expr>();
        expr->kind = kind;
        expr->span = span;
        expr->nameSpan = nameSpan;
        return expr;
    }

    /// Adds a child; false where the tree has become too high.
    bool adopt(Expr& parent, ExprPtr child)
    {
        if (child == nullptr) {
            return false;
        }
        parent.height = std::max(parent.height, child->height + 1);
        const std::uint32_t end = std::max(parent.span.end(), child->span.end());
        parent.span.offset = std::min(parent.span.offset, child->span.offset);
        parent.span.length = end - parent.span.offset;
        const Span span = child->span;
        parent.children.push_back(std::move(child));
        if (parent.height > kMaxHeight) {
            fail(span, "More than " + std::to_string(kMaxHeight) + " operators in one chain.",
                 "Split the expression over several nodes.");
            return false;
        }
        return true;
    }

    static void endAt(Expr& expr, const Token& last)
    {
        expr.span.length = last.span.end() - expr.span.offset;
    }

    ExprPtr tooDeep()
    {
        return fail(peek().span,
                    "The expression is nested deeper than " + std::to_string(kMaxNesting) + " levels.",
                    "Split it over several nodes.");
    }

    ExprPtr expression()
    {
        const Nested nested(*this);
        if (nested.tooDeep()) {
            return tooDeep();
        }
        ExprPtr condition = logical(ExprKind::Or);
        if (condition == nullptr || !peek().is("?")) {
            return condition;
        }
        ExprPtr result = make(ExprKind::Conditional, condition->span, take().span);
        if (!adopt(*result, std::move(condition)) || !adopt(*result, logical(ExprKind::Or)) ||
            !expect(":", "between the two answers of \"?\"") || !adopt(*result, expression())) {
            return nullptr;
        }
        return result;
    }

    /// A chain of || or &&, flat: its length adds no depth.
    ExprPtr logical(ExprKind kind)
    {
        const std::string_view op = kind == ExprKind::Or ? "||" : "&&";
        const auto operand = [this, kind] {
            return kind == ExprKind::Or ? logical(ExprKind::And) : relation();
        };
        ExprPtr first = operand();
        if (first == nullptr || !peek().is(op)) {
            return first;
        }
        ExprPtr result = make(kind, first->span, peek().span);
        if (!adopt(*result, std::move(first))) {
            return nullptr;
        }
        while (accept(op)) {
            if (!adopt(*result, operand())) {
                return nullptr;
            }
        }
        return result;
    }

    ExprPtr binary(BinaryOp op, Span opSpan, ExprPtr left, ExprPtr right)
    {
        if (left == nullptr || right == nullptr) {
            return nullptr;
        }
        ExprPtr result = make(ExprKind::Binary, left->span, opSpan);
        result->op = op;
        if (!adopt(*result, std::move(left)) || !adopt(*result, std::move(right))) {
            return nullptr;
        }
        return result;
    }

    template <std::size_t N>
    const Level* acceptLevel(const std::array<Level, N>& levels)
    {
        for (const Level& level : levels) {
            if (accept(level.text)) {
                return &level;
            }
        }
        return nullptr;
    }

    ExprPtr relation()
    {
        ExprPtr left = addition();
        while (left != nullptr) {
            const Span span = peek().span;
            if (const Level* const level = acceptLevel(kRelations)) {
                left = binary(level->op, span, std::move(left), addition());
            } else if (peek().type == TokenType::Identifier && peek().text == "in") {
                take();
                left = binary(BinaryOp::In, span, std::move(left), addition());
            } else {
                break;
            }
        }
        return left;
    }

    ExprPtr addition()
    {
        ExprPtr left = multiplication();
        while (left != nullptr) {
            const Span span = peek().span;
            const Level* const level = acceptLevel(kAdditions);
            if (level == nullptr) {
                break;
            }
            left = binary(level->op, span, std::move(left), multiplication());
        }
        return left;
    }

    ExprPtr multiplication()
    {
        ExprPtr left = unary();
        while (left != nullptr) {
            const Span span = peek().span;
            const Level* const level = acceptLevel(kMultiplications);
            if (level == nullptr) {
                break;
            }
            left = binary(level->op, span, std::move(left), unary());
        }
        return left;
    }

    ExprPtr unary()
    {
        const Token& op = peek();
        if (!op.is("!") && !op.is("-")) {
            return member();
        }
        const Nested nested(*this);
        if (nested.tooDeep()) {
            return tooDeep();
        }
        const Span span = op.span;
        const bool negate = op.is("-");
        take();
        if (negate && (peek().type == TokenType::Int || peek().type == TokenType::Double)) {
            m_negative = true; // the sign belongs to the literal: the least int has no positive twin
            m_negativeSpan = span;
            return member();
        }
        ExprPtr result = make(negate ? ExprKind::Negate : ExprKind::Not, span, span);
        if (!adopt(*result, unary())) {
            return nullptr;
        }
        return result;
    }

    ExprPtr member()
    {
        ExprPtr operand = primary();
        while (operand != nullptr) {
            if (peek().is(".")) {
                operand = select(std::move(operand));
            } else if (peek().is("[")) {
                operand = index(std::move(operand));
            } else {
                break;
            }
        }
        return operand;
    }

    ExprPtr select(ExprPtr operand)
    {
        const Span dot = take().span;
        const bool optional = peek().is("?") && peek().span.offset == dot.end();
        if (optional) {
            if (m_strict) {
                return fail(peek().span, "Optional fields (.?) are not part of strict CEL.");
            }
            take();
        }
        const Token& name = peek();
        if (name.type != TokenType::Identifier && name.type != TokenType::Quoted) {
            return fail(name.span, "Expected a field or function after \".\", found " + found(name) + ".");
        }
        take();
        if (peek().is("(") && !optional && name.type == TokenType::Identifier) {
            return memberCall(std::move(operand), name);
        }
        ExprPtr result = make(ExprKind::Select, operand->span, name.span);
        result->name = name.type == TokenType::Quoted ? name.value : std::string(name.text);
        result->optional = optional;
        if (!adopt(*result, std::move(operand))) {
            return nullptr;
        }
        endAt(*result, name);
        return result;
    }

    ExprPtr index(ExprPtr operand)
    {
        const Span bracket = take().span;
        ExprPtr result = make(ExprKind::Index, operand->span, bracket);
        if (peek().is("?") && peek().span.offset == bracket.end()) {
            if (m_strict) {
                return fail(peek().span, "Optional elements ([?) are not part of strict CEL.");
            }
            take();
            result->optional = true;
        }
        if (!adopt(*result, std::move(operand)) || !adopt(*result, expression())) {
            return nullptr;
        }
        const Token& close = peek();
        if (!expect("]", "after the index")) {
            return nullptr;
        }
        endAt(*result, close);
        return result;
    }

    /// The arguments up to and with the ")"; the "(" is next.
    bool arguments(Expr& call)
    {
        take();
        if (!peek().is(")")) {
            do {
                if (!adopt(call, expression())) {
                    return false;
                }
            } while (accept(","));
        }
        const Token& close = peek();
        if (!expect(")", "after the arguments of " + quoted(call.name))) {
            return false;
        }
        endAt(call, close);
        return true;
    }

    ExprPtr memberCall(ExprPtr operand, const Token& name)
    {
        ExprPtr call = make(ExprKind::Call, operand->span, name.span);
        call->name = std::string(name.text);
        call->receiver = true;
        if (!adopt(*call, std::move(operand)) || !arguments(*call)) {
            return nullptr;
        }
        for (const MacroName& macro : kMacros) {
            if (call->name == macro.name && (!macro.extension || !m_strict)) {
                return expandMacro(std::move(call), macro.kind);
            }
        }
        return call;
    }

    ExprPtr expandMacro(ExprPtr call, MacroKind kind)
    {
        const std::size_t given = call->children.size() - 1;
        const bool fits = given == 2 || (kind == MacroKind::Map && given == 3);
        if (!fits) {
            return fail(call->nameSpan, quoted(call->name) +
                                            " takes a variable and an expression, for example list." +
                                            call->name + "(x, x > 0).");
        }
        const Expr& variable = *call->children[1];
        if (variable.kind != ExprKind::Identifier || variable.rooted) {
            return fail(variable.span,
                        "The first argument of " + quoted(call->name) + " is the name of a variable.",
                        "For example list." + call->name + "(x, x > 0).");
        }
        call->kind = ExprKind::Macro;
        call->macro = kind;
        call->name = variable.name;
        call->children.erase(call->children.begin() + 1);
        return call;
    }

    ExprPtr primary()
    {
        const Token& token = peek();
        switch (token.type) {
        case TokenType::Int:
        case TokenType::Uint:
        case TokenType::Double: return number();
        case TokenType::String:
        case TokenType::Bytes: return text();
        case TokenType::Identifier: return named(false);
        case TokenType::Quoted:
            return fail(token.span, "A name in backticks stands after a dot, for example value.`a-b`.");
        case TokenType::End: return fail(token.span, missingOperand());
        case TokenType::Operator: break;
        }
        if (token.is("(")) {
            return parenthesised();
        }
        if (token.is("[")) {
            return list();
        }
        if (token.is("{")) {
            return map();
        }
        if (token.is(".") && peek(1).type == TokenType::Identifier) {
            return named(true);
        }
        return fail(token.span, "Expected a value, found " + found(token) + ".");
    }

    [[nodiscard]] std::string missingOperand() const
    {
        if (m_tokens.size() == 1) {
            return "The expression is empty.";
        }
        const Token& last = m_tokens[m_tokens.size() - 2];
        return "Expected a value after " + quoted(last.text) + ", found the end of the expression.";
    }

    ExprPtr parenthesised()
    {
        const Span open = take().span;
        ExprPtr inner = expression();
        if (inner == nullptr) {
            return nullptr;
        }
        const Token& close = peek();
        if (!expect(")", "to close the \"(\"")) {
            return nullptr;
        }
        inner->span = {open.offset, close.span.end() - open.offset};
        return inner;
    }

    ExprPtr number()
    {
        const Token& token = take();
        const bool negative = std::exchange(m_negative, false);
        const std::uint32_t begin = negative ? m_negativeSpan.offset : token.span.offset;
        const Span span{begin, token.span.end() - begin};
        ExprPtr result = make(ExprKind::Literal, span, span);
        Literal& literal = result->literal;
        const std::string digits(token.text);
        if (token.type == TokenType::Double) {
            literal.kind = Kind::Double;
            const double value = std::strtod(digits.c_str(), nullptr);
            literal.real = negative ? -value : value;
            return result;
        }
        const bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
        std::uint64_t magnitude = 0;
        const auto parsed = std::from_chars(digits.data() + (hex ? 2 : 0), digits.data() + digits.size(),
                                            magnitude, hex ? 16 : 10);
        constexpr std::uint64_t kLeast = std::uint64_t{1} << 63U;
        const std::uint64_t limit =
            token.type == TokenType::Uint ? UINT64_MAX : (negative ? kLeast : kLeast - 1);
        if (parsed.ec != std::errc() || magnitude > limit) {
            return fail(span,
                        digits + (token.type == TokenType::Uint ? " is out of range for uint."
                                                                : " is out of range for int."),
                        token.type == TokenType::Int ? "Write it as a double, with \".0\" at the end." : "");
        }
        literal.kind = token.type == TokenType::Uint ? Kind::Uint : Kind::Int;
        literal.unsignedInteger = magnitude;
        literal.integer = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
        return result;
    }

    ExprPtr text()
    {
        const Token& token = take();
        ExprPtr result = make(ExprKind::Literal, token.span, token.span);
        result->literal.kind = token.type == TokenType::String ? Kind::String : Kind::Bytes;
        result->literal.text = token.value;
        return result;
    }

    /// true, false, null, a variable or a call of a function.
    ExprPtr named(bool rooted)
    {
        const std::uint32_t begin = peek().span.offset;
        if (rooted) {
            take();
        }
        const Token& token = take();
        const Span span{begin, token.span.end() - begin};
        if (!rooted && (token.text == "true" || token.text == "false" || token.text == "null")) {
            ExprPtr literal = make(ExprKind::Literal, span, span);
            literal->literal.kind = token.text == "null" ? Kind::Null : Kind::Bool;
            literal->literal.integer = token.text == "true" ? 1 : 0;
            return literal;
        }
        if (token.text == "in" ||
            std::find(kReserved.begin(), kReserved.end(), token.text) != kReserved.end()) {
            return fail(token.span, quoted(token.text) + " is a reserved word and cannot be a name.",
                        token.text == "if" ? "A choice is written condition ? one : other."
                                           : "A field of that name is value[" + quoted(token.text) + "].");
        }
        ExprPtr result = make(peek().is("(") ? ExprKind::Call : ExprKind::Identifier, span, token.span);
        result->name = std::string(token.text);
        result->rooted = rooted;
        if (result->kind == ExprKind::Call) {
            return arguments(*result) ? expandHas(std::move(result)) : nullptr;
        }
        if (peek().is("{")) {
            return fail(peek().span, "Messages are not supported.", "A map is written {\"key\": value}.");
        }
        return result;
    }

    ExprPtr expandHas(ExprPtr call)
    {
        if (call->name != "has") {
            return call;
        }
        const bool fits = call->children.size() == 1 && call->children[0]->kind == ExprKind::Select &&
                          !call->children[0]->optional;
        if (!fits) {
            return fail(call->span, "\"has\" takes one field selection, for example has(value.name).",
                        "For other keys write \"key\" in value.");
        }
        ExprPtr select = std::move(call->children[0]);
        select->kind = ExprKind::Has;
        select->span = call->span;
        return select;
    }

    /// One element or key after an optional "?".
    bool item(Expr& container)
    {
        const bool optional = accept("?");
        if (optional && m_strict) {
            fail(peek().span, "Optional elements (?) are not part of strict CEL.");
            return false;
        }
        container.optionalItems.push_back(optional);
        return adopt(container, expression());
    }

    ExprPtr list()
    {
        const Span open = take().span;
        ExprPtr result = make(ExprKind::List, open, open);
        while (!peek().is("]")) {
            if (!item(*result)) {
                return nullptr;
            }
            if (!accept(",")) {
                break;
            }
        }
        const Token& close = peek();
        if (!expect("]", "to close the list")) {
            return nullptr;
        }
        endAt(*result, close);
        return result;
    }

    ExprPtr map()
    {
        const Span open = take().span;
        ExprPtr result = make(ExprKind::Map, open, open);
        while (!peek().is("}")) {
            if (!item(*result) || !expect(":", "after the key") || !adopt(*result, expression())) {
                return nullptr;
            }
            if (!accept(",")) {
                break;
            }
        }
        const Token& close = peek();
        if (!expect("}", "to close the map")) {
            return nullptr;
        }
        endAt(*result, close);
        return result;
    }

    std::vector<Token> m_tokens;
    bool m_strict;
    std::size_t m_at = 0;
    int m_depth = 0;
    bool m_negative = false;
    Span m_negativeSpan;
    std::optional<SyntaxError> m_error;
};

} // namespace

std::string_view toString(BinaryOp op)
{
    switch (op) {
    case BinaryOp::Equal: return "==";
    case BinaryOp::NotEqual: return "!=";
    case BinaryOp::Less: return "<";
    case BinaryOp::LessEqual: return "<=";
    case BinaryOp::Greater: return ">";
    case BinaryOp::GreaterEqual: return ">=";
    case BinaryOp::In: return "in";
    case BinaryOp::Add: return "+";
    case BinaryOp::Subtract: return "-";
    case BinaryOp::Multiply: return "*";
    case BinaryOp::Divide: return "/";
    case BinaryOp::Modulo: return "%";
    }
    return "==";
}

Parsed parse(std::string_view source, bool strict)
{
    Tokens tokens = tokenize(source);
    if (tokens.failed) {
        return {nullptr, std::move(tokens.error)};
    }
    return Parser(std::move(tokens.tokens), strict).run();
}

} // namespace streamwright::cel
