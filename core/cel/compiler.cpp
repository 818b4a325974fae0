#include "core/cel/compiler.h"

#include "core/cel/checker.h"
#include "core/cel/evaluation.h"
#include "core/cel/pattern.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace streamwright::cel {
namespace {

/// Work that computing a constant part may cost; a costlier one is left to the evaluation.
constexpr std::int64_t kFoldSteps = 10'000;

class Compiler {
public:
    Compiler(Code& code, Diagnostics& diagnostics) : m_code(code), m_diagnostics(diagnostics) {}

    NodeIndex compile(const Expr& expr)
    {
        const NodeIndex index = compilePart(expr);
        return fold(index, expr);
    }

private:
    static Node nodeFor(Op op, const Expr& expr)
    {
        Node node;
        node.op = op;
        node.span = expr.span;
        node.optional = expr.optional;
        return node;
    }

    NodeIndex add(Node node)
    {
        m_code.nodes.push_back(node);
        return static_cast<NodeIndex>(m_code.nodes.size() - 1);
    }

    NodeIndex compilePart(const Expr& expr)
    {
        switch (expr.kind) {
        case ExprKind::Literal: return literal(expr);
        case ExprKind::Identifier: return identifier(expr);
        case ExprKind::Select: return select(expr);
        case ExprKind::Has: {
            const NodeIndex operand = compile(*expr.children[0]);
            return named(Op::Has, expr, operand);
        }
        case ExprKind::Index: return children(nodeFor(Op::Index, expr), expr);
        case ExprKind::Call: return call(expr);
        case ExprKind::List: return listOf(Op::List, expr);
        case ExprKind::Map: return listOf(Op::Map, expr);
        case ExprKind::Not: return children(nodeFor(Op::Not, expr), expr);
        case ExprKind::Negate: return children(nodeFor(Op::Negate, expr), expr);
        case ExprKind::Binary: {
            Node node = nodeFor(Op::Binary, expr);
            node.binary = expr.op;
            return children(node, expr);
        }
        case ExprKind::And: return listOf(Op::And, expr);
        case ExprKind::Or: return listOf(Op::Or, expr);
        case ExprKind::Conditional: return children(nodeFor(Op::Conditional, expr), expr);
        case ExprKind::Macro: {
            Node node = nodeFor(Op::Macro, expr);
            node.macro = expr.macro;
            node.slot = expr.slot;
            return children(node, expr);
        }
        }
        return 0;
    }

    /// A node with one to three children.
    NodeIndex children(Node node, const Expr& expr)
    {
        node.left = compile(*expr.children[0]);
        node.cost += m_code.nodes[node.left].cost;
        if (expr.children.size() > 1) {
            node.right = compile(*expr.children[1]);
            node.cost += m_code.nodes[node.right].cost;
        }
        if (expr.children.size() > 2) {
            node.third = compile(*expr.children[2]);
            node.cost += m_code.nodes[node.third].cost;
        }
        return add(node);
    }

    NodeIndex literal(const Expr& expr)
    {
        Node node = nodeFor(Op::Constant, expr);
        const Literal& value = expr.literal;
        switch (value.kind) {
        case Kind::Bool: node.constant = Value::boolean(value.integer != 0); break;
        case Kind::Int: node.constant = Value::ofInt(value.integer); break;
        case Kind::Uint: node.constant = Value::ofUint(value.unsignedInteger); break;
        case Kind::Double: node.constant = Value::ofDouble(value.real); break;
        case Kind::String: node.constant = Value::string(m_code.constants.copy(value.text)); break;
        case Kind::Bytes: node.constant = Value::bytes(m_code.constants.copy(value.text)); break;
        default: break;
        }
        return add(node);
    }

    NodeIndex identifier(const Expr& expr)
    {
        Node node = nodeFor(Op::Constant, expr);
        node.slot = expr.binding.index;
        switch (expr.binding.of) {
        case Binding::Of::RecordVariable: node.op = Op::Variable; break;
        case Binding::Of::ExtraVariable: node.op = Op::Extra; break;
        case Binding::Of::Local: node.op = Op::Local; break;
        case Binding::Of::TypeName: node.constant = Value::type(static_cast<Kind>(expr.binding.index)); break;
        case Binding::Of::Unresolved: break;
        }
        return add(node);
    }

    static bool isRecordValue(const Expr& expr)
    {
        return expr.kind == ExprKind::Identifier && expr.binding.of == Binding::Of::RecordVariable &&
               static_cast<RecordVariable>(expr.binding.index) == RecordVariable::Value;
    }

    /// A step from one part into a member whose name is known: `.name` or `["name"]`.
    static const std::string* memberName(const Expr& expr)
    {
        if (expr.optional) {
            return nullptr;
        }
        if (expr.kind == ExprKind::Select) {
            return &expr.name;
        }
        const bool named = expr.kind == ExprKind::Index && expr.children[1]->kind == ExprKind::Literal &&
                           expr.children[1]->literal.kind == Kind::String;
        return named ? &expr.children[1]->literal.text : nullptr;
    }

    NodeIndex select(const Expr& expr)
    {
        if (const std::optional<NodeIndex> path = field(expr)) {
            return *path;
        }
        const NodeIndex operand = compile(*expr.children[0]);
        return named(Op::Select, expr, operand);
    }

    /// `value.a.b` in one node.
    std::optional<NodeIndex> field(const Expr& expr)
    {
        std::vector<std::string> names;
        const Expr* at = &expr;
        for (const std::string* name = memberName(*at); name != nullptr; name = memberName(*at)) {
            names.push_back(*name);
            at = at->children[0].get();
        }
        if (names.empty() || !isRecordValue(*at)) {
            return std::nullopt;
        }
        std::reverse(names.begin(), names.end());
        FieldPath& path = m_code.paths.emplace_back();
        path.names = std::move(names);
        Node node = nodeFor(Op::Field, expr);
        node.path = &path;
        return add(node);
    }

    NodeIndex named(Op op, const Expr& expr, NodeIndex operand)
    {
        Node node = nodeFor(op, expr);
        node.left = operand;
        node.cost += m_code.nodes[operand].cost;
        node.name = &m_code.names.emplace_back(expr.name);
        return add(node);
    }

    NodeIndex listOf(Op op, const Expr& expr)
    {
        Node node = nodeFor(op, expr);
        gather(node, expr);
        if (std::find(expr.optionalItems.begin(), expr.optionalItems.end(), true) !=
            expr.optionalItems.end()) {
            node.optionalItems = &m_code.optionalItems.emplace_back(expr.optionalItems);
        }
        return add(node);
    }

    void gather(Node& node, const Expr& expr)
    {
        std::vector<NodeIndex> indices;
        for (const ExprPtr& child : expr.children) {
            indices.push_back(compile(*child));
            node.cost += m_code.nodes[indices.back()].cost;
        }
        node.first = static_cast<std::uint32_t>(m_code.children.size());
        node.count = static_cast<std::uint32_t>(indices.size());
        m_code.children.insert(m_code.children.end(), indices.begin(), indices.end());
    }

    NodeIndex call(const Expr& expr)
    {
        Node node = nodeFor(Op::Call, expr);
        gather(node, expr);
        node.name = &m_code.names.emplace_back(expr.name);
        node.overloads = &m_code.overloads.emplace_back(expr.overloads);
        node.lazy = expr.receiver && (expr.name == "orValue" || expr.name == "or");
        node.keepsOptional = expr.name == "or";
        const bool takesPattern = expr.name == "matches" || expr.name == "regex.extract";
        if (takesPattern) {
            const Node& pattern = m_code.nodes[m_code.children[node.first + 1]];
            if (pattern.op == Op::Constant && pattern.constant.isString()) {
                auto compiled = std::make_unique<RE2>(
                    re2::StringPiece(pattern.constant.chars, pattern.constant.size), patternOptions());
                if (compiled->ok()) {
                    node.pattern = m_code.patterns.emplace_back(std::move(compiled)).get();
                }
            }
        }
        return add(node);
    }

    [[nodiscard]] bool isConstant(NodeIndex index) const { return m_code.nodes[index].op == Op::Constant; }

    [[nodiscard]] bool allConstant(const Node& node) const
    {
        for (std::uint32_t i = 0; i < node.count; ++i) {
            if (!isConstant(m_code.children[node.first + i])) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] bool canFold(const Node& node) const
    {
        switch (node.op) {
        case Op::List:
        case Op::Map: return allConstant(node);
        case Op::Call:
            return allConstant(node) && std::all_of(node.overloads->begin(), node.overloads->end(),
                                                    [](const Overload* overload) { return overload->pure; });
        case Op::Select:
        case Op::Has:
        case Op::Not:
        case Op::Negate: return isConstant(node.left);
        case Op::Index:
        case Op::Binary: return isConstant(node.left) && isConstant(node.right);
        default: return false;
        }
    }

    /// Replaces a part whose operands are constant by its value. One that fails stays: another operator may
    /// absorb its error.
    NodeIndex fold(NodeIndex index, const Expr& expr)
    {
        if (!canFold(m_code.nodes[index])) {
            return index;
        }
        EvalContext context{.arena = m_code.constants};
        Evaluation evaluation(m_code, nullptr, context, kFoldSteps);
        const Value value = evaluation.evaluate(index);
        if (evaluation.budget().exhausted()) {
            return index;
        }
        if (value.isError()) {
            m_diagnostics.push_back(diagnosticAt(m_code.source, expr.span, "always_fails",
                                                 "This always fails: " + std::string(value.message()), "",
                                                 Severity::Warning));
            return index;
        }
        Node& node = m_code.nodes[index];
        const Span span = node.span;
        node = Node{};
        node.op = Op::Constant;
        node.constant = value;
        node.span = span;
        return index;
    }

    Code& m_code;
    Diagnostics& m_diagnostics;
};

} // namespace

std::shared_ptr<const Code> generate(const Expr& root, std::string source, const CompileOptions& options,
                                     std::uint16_t locals, Diagnostics& diagnostics)
{
    auto code = std::make_shared<Code>();
    code->source = std::move(source);
    code->strict = options.strict;
    code->resultType = root.type;
    Compiler compiler(*code, diagnostics);
    compiler.compile(root);
    code->locals = locals; // only now: no constant part has a local
    return code;
}

} // namespace streamwright::cel
