#include "core/cel/checker.h"

#include "core/cel/pattern.h"
#include "core/cel/text.h"
#include "core/cel/time_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace streamwright::cel {
namespace {

struct TypeIdentifier {
    std::string_view name;
    Kind kind;
};
constexpr std::array<TypeIdentifier, 12> kTypeIdentifiers{{{"bool", Kind::Bool},
                                                           {"int", Kind::Int},
                                                           {"uint", Kind::Uint},
                                                           {"double", Kind::Double},
                                                           {"string", Kind::String},
                                                           {"bytes", Kind::Bytes},
                                                           {"list", Kind::List},
                                                           {"map", Kind::Map},
                                                           {"null_type", Kind::Null},
                                                           {"type", Kind::Type},
                                                           {"google.protobuf.Timestamp", Kind::Timestamp},
                                                           {"google.protobuf.Duration", Kind::Duration}}};

/// What people write who come from other languages.
struct Alias {
    std::string_view theirs;
    std::string_view ours;
};
constexpr std::array<Alias, 20> kAliases{
    {{"length", "size"},      {"len", "size"},          {"count", "size"},     {"toLowerCase", "lower"},
     {"toLower", "lower"},    {"toUpperCase", "upper"}, {"toUpper", "upper"},  {"includes", "contains"},
     {"any", "exists"},       {"some", "exists"},       {"every", "all"},      {"strip", "trim"},
     {"str", "string"},       {"float", "double"},      {"number", "double"},  {"long", "int"},
     {"substr", "substring"}, {"find", "indexOf"},      {"date", "timestamp"}, {"regex", "matches"}}};

constexpr std::array<std::string_view, 5> kErrorFields{"code", "message", "detail", "node", "stage"};
constexpr std::array<std::string_view, 4> kNamespaces{"math", "base64", "regex", "optional"};

bool hasOrder(Kind kind)
{
    switch (kind) {
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::String:
    case Kind::Bytes:
    case Kind::Timestamp:
    case Kind::Duration:
    case Kind::Dyn: return true;
    default: return false;
    }
}

/// Both known, and never equal.
bool neverEqual(const Type& left, const Type& right)
{
    return !left.isDyn() && !right.isDyn() && left.kind != right.kind && left.kind != Kind::Null &&
           right.kind != Kind::Null && !(isNumeric(left.kind) && isNumeric(right.kind));
}

/// Type of a sum, difference and so on; empty where no operator takes these operands.
std::optional<Type> arithmeticType(BinaryOp op, const Type& left, const Type& right, bool strict)
{
    const bool add = op == BinaryOp::Add;
    const bool additive = add || op == BinaryOp::Subtract;
    if (left.isDyn() && right.isDyn()) {
        return Type{};
    }
    if (left.isDyn() || right.isDyn()) {
        const Type& known = left.isDyn() ? right : left;
        switch (known.kind) {
        case Kind::Int:
        case Kind::Uint:
        case Kind::Timestamp:
        case Kind::Duration: break;
        case Kind::Double:
            if (op == BinaryOp::Modulo) {
                return std::nullopt;
            }
            return known;
        case Kind::String:
        case Kind::Bytes: return add ? std::optional(known) : std::nullopt;
        case Kind::List: return add ? std::optional(Type::list({})) : std::nullopt;
        default: return std::nullopt;
        }
        const bool ofTime = !isNumeric(known.kind);
        return ofTime && !additive ? std::nullopt : std::optional(Type{});
    }
    if (left.kind == right.kind) {
        switch (left.kind) {
        case Kind::Int:
        case Kind::Uint: return left;
        case Kind::Double: return op == BinaryOp::Modulo ? std::nullopt : std::optional(left);
        case Kind::String:
        case Kind::Bytes: return add ? std::optional(left) : std::nullopt;
        case Kind::List: return add ? std::optional(join(left, right)) : std::nullopt;
        case Kind::Duration: return additive ? std::optional(left) : std::nullopt;
        case Kind::Timestamp:
            return op == BinaryOp::Subtract ? std::optional(Type::of(Kind::Duration)) : std::nullopt;
        default: return std::nullopt;
        }
    }
    if (!strict && isNumeric(left.kind) && isNumeric(right.kind) && op != BinaryOp::Modulo &&
        (left.kind == Kind::Double || right.kind == Kind::Double)) {
        return Type::of(Kind::Double);
    }
    if (left.kind == Kind::Timestamp && right.kind == Kind::Duration && additive) {
        return left;
    }
    if (left.kind == Kind::Duration && right.kind == Kind::Timestamp && add) {
        return right;
    }
    return std::nullopt;
}

class Checker {
public:
    Checker(std::string_view source, const CompileOptions& options) : m_source(source), m_options(options) {}

    Checked run(Expr& root)
    {
        check(root);
        return {std::move(m_diagnostics), m_slots};
    }

private:
    struct Local {
        std::string name;
        Type type;
        std::uint16_t slot;
    };

    void report(Span span, std::string code, std::string message, std::string hint = {},
                Severity severity = Severity::Error)
    {
        m_diagnostics.push_back(
            diagnosticAt(m_source, span, std::move(code), std::move(message), std::move(hint), severity));
    }

    [[nodiscard]] std::string textOf(const Expr& expr) const
    {
        constexpr std::size_t kShown = 60;
        const std::string_view text = m_source.substr(expr.span.offset, expr.span.length);
        if (text.size() <= kShown) {
            return std::string(text);
        }
        std::size_t end = kShown;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        return std::string(text.substr(0, end)) + "...";
    }

    const Type& check(Expr& expr)
    {
        switch (expr.kind) {
        case ExprKind::Literal: expr.type = Type::of(expr.literal.kind); break;
        case ExprKind::Identifier: checkIdentifier(expr); break;
        case ExprKind::Select: checkSelect(expr); break;
        case ExprKind::Has: checkHas(expr); break;
        case ExprKind::Index: checkIndex(expr); break;
        case ExprKind::Call: checkCall(expr); break;
        case ExprKind::List: checkList(expr); break;
        case ExprKind::Map: checkMap(expr); break;
        case ExprKind::Not: checkNot(expr); break;
        case ExprKind::Negate: checkNegate(expr); break;
        case ExprKind::Binary: checkBinary(expr); break;
        case ExprKind::And:
        case ExprKind::Or: checkLogical(expr); break;
        case ExprKind::Conditional: checkConditional(expr); break;
        case ExprKind::Macro: checkMacro(expr); break;
        }
        return expr.type;
    }

    [[nodiscard]] const Local* findLocal(std::string_view name) const
    {
        const auto found = std::find_if(m_scope.rbegin(), m_scope.rend(),
                                        [name](const Local& local) { return local.name == name; });
        return found == m_scope.rend() ? nullptr : &*found;
    }

    /// Binds the expression to a variable or type of this (dotted) name; false where there is none.
    bool bind(Expr& expr, std::string_view name)
    {
        const auto& extra = m_options.extraVariables;
        if (const auto found = std::find(extra.begin(), extra.end(), name); found != extra.end()) {
            expr.binding = {Binding::Of::ExtraVariable, static_cast<std::uint16_t>(found - extra.begin())};
            expr.type = {};
            return true;
        }
        if (m_options.record) {
            for (std::size_t i = 0; i < kRecordVariables; ++i) {
                const auto variable = static_cast<RecordVariable>(i);
                const bool known = variable != RecordVariable::Error || m_options.hasError;
                if (known && recordVariableName(variable) == name) {
                    expr.binding = {Binding::Of::RecordVariable, static_cast<std::uint16_t>(i)};
                    expr.type = typeOf(variable);
                    return true;
                }
            }
        }
        for (const TypeIdentifier& type : kTypeIdentifiers) {
            if (type.name == name) {
                expr.binding = {Binding::Of::TypeName, static_cast<std::uint16_t>(type.kind)};
                expr.type = Type::of(Kind::Type);
                return true;
            }
        }
        return false;
    }

    static Type typeOf(RecordVariable variable)
    {
        switch (variable) {
        case RecordVariable::Value:
        case RecordVariable::Key: return {};
        case RecordVariable::Headers: return Type::map(Type::of(Kind::String), {});
        case RecordVariable::Timestamp: return Type::of(Kind::Timestamp);
        case RecordVariable::Topic: return Type::of(Kind::String);
        case RecordVariable::Partition:
        case RecordVariable::Offset: return Type::of(Kind::Int);
        case RecordVariable::Error: return Type::map(Type::of(Kind::String), Type::of(Kind::String));
        }
        return {};
    }

    void checkIdentifier(Expr& expr)
    {
        const Local* const local = expr.rooted ? nullptr : findLocal(expr.name);
        if (local != nullptr) {
            expr.binding = {Binding::Of::Local, local->slot};
            expr.type = local->type;
            return;
        }
        if (!bind(expr, expr.name)) {
            unknownVariable(expr);
        }
    }

    void unknownVariable(Expr& expr)
    {
        std::string message = "Unknown variable " + quoted(expr.name);
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kForeign{
            {{"True", "true"},
             {"TRUE", "true"},
             {"False", "false"},
             {"FALSE", "false"},
             {"None", "null"},
             {"nil", "null"},
             {"NULL", "null"},
             {"undefined", "null"},
             {"not", "!"}}};
        for (const auto& [theirs, ours] : kForeign) {
            if (expr.name == theirs) {
                report(expr.span, "unknown_variable", message + ", did you mean " + std::string(ours) + "?");
                return;
            }
        }
        std::vector<std::string> known = variableNames(m_options);
        for (const Local& local : m_scope) {
            known.push_back(local.name);
        }
        if (expr.name == "error" && m_options.record) {
            report(expr.span, "unknown_variable", message + ".", "It is known only behind an error port.");
            return;
        }
        const std::string near = nearest(expr.name, known);
        if (!near.empty()) {
            message += ", did you mean " + near + "?";
        } else if (m_options.record) {
            message += ", did you mean value." + expr.name + "?";
        } else {
            message += ".";
        }
        report(expr.span, "unknown_variable", std::move(message),
               near.empty() && !m_options.record ? "Bind it with --bind " + expr.name + "=JSON." : "");
    }

    /// `a.b.c` of plain selections down to an identifier, empty for anything else.
    [[nodiscard]] std::string dottedName(const Expr& expr) const
    {
        std::vector<std::string_view> parts;
        const Expr* at = &expr;
        for (; at->kind == ExprKind::Select && !at->optional; at = at->children[0].get()) {
            parts.push_back(at->name);
        }
        if (at->kind != ExprKind::Identifier || (!at->rooted && findLocal(at->name) != nullptr)) {
            return {};
        }
        std::string name = at->name;
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
            name += '.' + std::string(*part);
        }
        return name;
    }

    [[nodiscard]] bool anyDottedVariable() const
    {
        return std::any_of(m_options.extraVariables.begin(), m_options.extraVariables.end(),
                           [](const std::string& name) { return name.find('.') != std::string::npos; });
    }

    /// The longest prefix of a dotted name that is a variable wins (CEL definition, "Name Resolution").
    bool bindDotted(Expr& expr)
    {
        const Expr* root = &expr;
        while (root->kind == ExprKind::Select) {
            root = root->children[0].get();
        }
        if (root->kind != ExprKind::Identifier || (!anyDottedVariable() && root->name != "google")) {
            return false;
        }
        const std::string name = dottedName(expr);
        if (name.empty() || !bind(expr, name)) {
            return false;
        }
        expr.kind = ExprKind::Identifier;
        expr.children.clear();
        return true;
    }

    void checkSelect(Expr& expr)
    {
        if (!expr.optional && bindDotted(expr)) {
            return;
        }
        const Type operand = check(*expr.children[0]);
        expr.type = memberType(expr, operand);
    }

    void checkHas(Expr& expr)
    {
        (void)memberType(expr, check(*expr.children[0]));
        expr.type = Type::of(Kind::Bool);
    }

    /// Type of field `expr.name` of `operand`.
    Type memberType(Expr& expr, const Type& operand)
    {
        switch (operand.kind) {
        case Kind::Dyn: return expr.optional ? Type::optional({}) : Type{};
        case Kind::Map:
            checkErrorField(expr);
            return expr.optional ? Type::optional(operand.argument(1)) : operand.argument(1);
        case Kind::Optional: return Type::optional({});
        default: break;
        }
        std::string hint;
        if (operand.kind == Kind::List) {
            hint = "Take an element with [0], or go through all with .exists(x, ...) or .map(x, ...).";
        } else if (!overloadsOf(expr.name, Style::Member, m_options.strict).empty()) {
            hint = "A function is called with brackets: ." + expr.name + "().";
        }
        report(expr.nameSpan, "wrong_type",
               sentence(withArticle(toString(operand))) + " has no field " + quoted(expr.name) + ".", hint);
        return {};
    }

    static std::string sentence(std::string text)
    {
        if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
            text[0] = static_cast<char>(text[0] - 'a' + 'A');
        }
        return text;
    }

    void checkErrorField(const Expr& expr)
    {
        const Binding& of = expr.children[0]->binding;
        if (of.of != Binding::Of::RecordVariable ||
            static_cast<RecordVariable>(of.index) != RecordVariable::Error ||
            std::find(kErrorFields.begin(), kErrorFields.end(), expr.name) != kErrorFields.end()) {
            return;
        }
        const std::string near = nearest(expr.name, {kErrorFields.begin(), kErrorFields.end()});
        report(expr.nameSpan, "unknown_field",
               "Variable \"error\" has no field " + quoted(expr.name) +
                   (near.empty() ? "." : ", did you mean error." + near + "?"),
               near.empty() ? "It has code, message, detail, node and stage." : "");
    }

    void checkIndex(Expr& expr)
    {
        const Type operand = check(*expr.children[0]);
        const Type key = check(*expr.children[1]);
        const Kind keyKind = key.kind;
        if (operand.kind == Kind::List) {
            if (!key.maybeNumeric()) {
                report(expr.children[1]->span, "wrong_type",
                       "The index of a list is an int, not " + withArticle(toString(key)) + ".");
            }
            expr.type = operand.argument(0);
        } else if (operand.kind == Kind::Map || operand.isDyn() || operand.kind == Kind::Optional) {
            if (!key.isDyn() && !isMapKey(keyKind) && keyKind != Kind::Double) {
                report(expr.children[1]->span, "wrong_type",
                       "A key is a string, a number or a bool, not " + withArticle(toString(key)) + ".");
            }
            expr.type = operand.kind == Kind::Map ? operand.argument(1) : Type{};
        } else {
            report(expr.nameSpan, "wrong_type",
                   sentence(withArticle(toString(operand))) + " has no elements.",
                   operand.kind == Kind::String ? "A character is text.charAt(0)." : "");
        }
        if (expr.optional || operand.kind == Kind::Optional) {
            expr.type = Type::optional(expr.type);
        }
    }

    void checkCall(Expr& expr)
    {
        if (expr.receiver && makeNamespaced(expr)) {
            expr.receiver = false;
        }
        const Style style = expr.receiver ? Style::Member : Style::Global;
        const std::vector<const Overload*> candidates = overloadsOf(expr.name, style, m_options.strict);
        if (candidates.empty()) {
            if (expr.receiver) {
                check(*expr.children[0]);
            }
            unknownFunction(expr, style); // its arguments may be those of a macro: nothing is said of them
            return;
        }
        for (const ExprPtr& child : expr.children) {
            check(*child);
        }
        std::vector<Kind> kinds;
        for (const ExprPtr& child : expr.children) {
            kinds.push_back(child->type.kind);
        }
        for (const Overload* const candidate : candidates) {
            if (accepts(*candidate, kinds)) {
                expr.overloads.push_back(candidate);
            }
        }
        if (expr.overloads.empty()) {
            wrongArguments(expr, candidates);
            return;
        }
        expr.type = callType(expr);
        checkConstantArguments(expr);
    }

    /// `math.abs(x)`: a function whose name has a dot, not a call on a variable `math`.
    bool makeNamespaced(Expr& expr)
    {
        const Expr& receiver = *expr.children[0];
        if (receiver.kind != ExprKind::Identifier ||
            std::find(kNamespaces.begin(), kNamespaces.end(), receiver.name) == kNamespaces.end() ||
            findLocal(receiver.name) != nullptr) {
            return false;
        }
        const auto& extra = m_options.extraVariables;
        if (std::find(extra.begin(), extra.end(), receiver.name) != extra.end()) {
            return false;
        }
        expr.name = receiver.name + '.' + expr.name;
        expr.nameSpan = {receiver.span.offset, expr.nameSpan.end() - receiver.span.offset};
        expr.children.erase(expr.children.begin());
        return true;
    }

    void unknownFunction(const Expr& expr, Style style)
    {
        const Style other = style == Style::Member ? Style::Global : Style::Member;
        const std::string message = "Unknown function " + quoted(expr.name);
        if (m_options.strict && !overloadsOf(expr.name, style, false).empty()) {
            report(expr.nameSpan, "unknown_function", message + ".", "It is not part of strict CEL.");
            return;
        }
        if (!overloadsOf(expr.name, other, m_options.strict).empty()) {
            report(expr.nameSpan, "unknown_function", message + " in this form.",
                   other == Style::Member
                       ? "It is called on its first argument: x." + expr.name + "(...)."
                       : "It is called with its argument in brackets: " + expr.name + "(x).");
            return;
        }
        std::string near;
        for (const Alias& alias : kAliases) {
            if (alias.theirs == expr.name) {
                near = alias.ours;
            }
        }
        if (near.empty()) {
            std::vector<std::string> names = functionNames(style, m_options.strict);
            if (style == Style::Member) {
                names.insert(names.end(), {"all", "exists", "exists_one", "map", "filter"});
            } else {
                names.emplace_back("has");
            }
            near = nearest(expr.name, names);
        }
        report(expr.nameSpan, "unknown_function",
               message + (near.empty() ? "." : ", did you mean " + near + "?"));
    }

    void wrongArguments(const Expr& expr, const std::vector<const Overload*>& candidates)
    {
        std::string given;
        for (std::size_t i = expr.receiver ? 1 : 0; i < expr.children.size(); ++i) {
            given += (given.empty() ? "" : ", ") + toString(expr.children[i]->type);
        }
        std::string forms;
        for (std::size_t i = 0; i < candidates.size() && i < 4; ++i) {
            forms += (forms.empty() ? "" : " or ") + signature(*candidates[i]);
        }
        const std::string on = expr.receiver ? " on " + withArticle(toString(expr.children[0]->type)) : "";
        report(expr.nameSpan, "wrong_type",
               "Function " + quoted(expr.name) + on + " does not take (" + given + ").",
               "It is " + forms + ".");
    }

    [[nodiscard]] Type callType(const Expr& expr) const
    {
        const Overload& first = *expr.overloads.front();
        const std::string_view name = first.name;
        if (name == "optional.of" || name == "optional.ofNonZeroValue") {
            return Type::optional(expr.children[0]->type);
        }
        if (name == "value") {
            return expr.children[0]->type.argument(0);
        }
        if (name == "orValue") {
            return join(expr.children[0]->type.argument(0), expr.children[1]->type);
        }
        if (name == "math.greatest" || name == "math.least") {
            Type type = expr.children[0]->type;
            for (const ExprPtr& child : expr.children) {
                type = cel::join(type, child->type);
            }
            return type.kind == Kind::List ? type.argument(0) : type;
        }
        const bool same = std::all_of(expr.overloads.begin(), expr.overloads.end(),
                                      [&](const Overload* o) { return o->result == first.result; });
        if (!same) {
            return {};
        }
        return first.result == Kind::List ? Type::list(Type::of(first.element)) : Type::of(first.result);
    }

    /// Patterns and time zones that are written out are checked now.
    void checkConstantArguments(const Expr& expr)
    {
        const bool pattern = expr.name == "matches" || expr.name == "regex.extract";
        const bool zone = expr.receiver ? expr.name.starts_with("get") && expr.children.size() == 2
                                        : expr.name == "format" && expr.children.size() == 3;
        if (!pattern && !zone) {
            return;
        }
        const Expr& last = *expr.children.back();
        if (last.kind != ExprKind::Literal || last.literal.kind != Kind::String) {
            return;
        }
        const std::string& text = last.literal.text;
        if (zone && !isZone(text)) {
            report(last.span, "bad_time_zone", "Unknown time zone " + quoted(text) + ".",
                   "Known are names such as Europe/Berlin, UTC, and offsets such as +02:00.");
        }
        if (pattern) {
            const RE2 compiled(text, patternOptions());
            if (!compiled.ok()) {
                report(last.span, "bad_pattern", patternProblem(compiled, text) + ".");
            }
        }
    }

    void checkList(Expr& expr)
    {
        Type element;
        for (std::size_t i = 0; i < expr.children.size(); ++i) {
            Type type = check(*expr.children[i]);
            if (expr.optionalItems[i]) {
                type = optionalItem(*expr.children[i]);
            }
            element = i == 0 ? type : join(element, type);
        }
        expr.type = Type::list(element);
    }

    Type optionalItem(const Expr& item)
    {
        if (!item.type.maybe(Kind::Optional)) {
            report(item.span, "wrong_type",
                   "\"?\" wants an optional value, not " + withArticle(toString(item.type)) + ".");
        }
        return item.type.argument(0);
    }

    void checkMap(Expr& expr)
    {
        Type key;
        Type value;
        for (std::size_t i = 0; i < expr.children.size(); i += 2) {
            const Type keyType = check(*expr.children[i]);
            if (!keyType.isDyn() && !isMapKey(keyType.kind)) {
                report(expr.children[i]->span, "wrong_type",
                       "A key of a map is a string, int, uint or bool, not " +
                           withArticle(toString(keyType)) + ".");
            }
            Type valueType = check(*expr.children[i + 1]);
            if (expr.optionalItems[i / 2]) {
                valueType = optionalItem(*expr.children[i + 1]);
            }
            key = i == 0 ? keyType : join(key, keyType);
            value = i == 0 ? valueType : join(value, valueType);
        }
        expr.type = Type::map(key, value);
    }

    void wantBool(const Expr& operand, std::string_view where)
    {
        if (!operand.type.maybe(Kind::Bool)) {
            report(operand.span, "wrong_type",
                   quoted(where) + " wants a bool, but " + quoted(textOf(operand)) + " gives " +
                       withArticle(toString(operand.type)) + ".",
                   "Compare it with a value.");
        }
    }

    void checkNot(Expr& expr)
    {
        check(*expr.children[0]);
        wantBool(*expr.children[0], "!");
        expr.type = Type::of(Kind::Bool);
    }

    void checkNegate(Expr& expr)
    {
        expr.type = check(*expr.children[0]);
        const Kind kind = expr.type.kind;
        if (kind != Kind::Dyn && kind != Kind::Int && kind != Kind::Double && kind != Kind::Duration) {
            report(expr.nameSpan, "wrong_type",
                   "No operator \"-\" for " + withArticle(toString(expr.type)) + ".");
        }
    }

    void checkBinary(Expr& expr)
    {
        const Type left = check(*expr.children[0]);
        const Type right = check(*expr.children[1]);
        expr.type = Type::of(Kind::Bool);
        switch (expr.op) {
        case BinaryOp::Equal:
        case BinaryOp::NotEqual:
            if (neverEqual(left, right)) {
                report(expr.span, "never_equal",
                       sentence(withArticle(toString(left))) + " and " + withArticle(toString(right)) +
                           " are never equal.",
                       "", Severity::Warning);
            }
            return;
        case BinaryOp::In:
            if (!right.maybe(Kind::List) && right.kind != Kind::Map) {
                noOperator(expr, left, right,
                           right.kind == Kind::String ? "Part of a text is text.contains(part)." : "");
            }
            return;
        case BinaryOp::Less:
        case BinaryOp::LessEqual:
        case BinaryOp::Greater:
        case BinaryOp::GreaterEqual:
            if (!hasOrder(left.kind) || !hasOrder(right.kind) ||
                (!left.isDyn() && !right.isDyn() && left.kind != right.kind &&
                 !(isNumeric(left.kind) && isNumeric(right.kind)))) {
                noOperator(expr, left, right, comparisonHint(left, right));
            }
            return;
        default: break;
        }
        const std::optional<Type> type = arithmeticType(expr.op, left, right, m_options.strict);
        if (!type) {
            noOperator(expr, left, right, arithmeticHint(expr.op, left, right));
        }
        expr.type = type.value_or(Type{});
    }

    void noOperator(const Expr& expr, const Type& left, const Type& right, std::string hint)
    {
        report(expr.nameSpan, "wrong_type",
               "No operator " + quoted(toString(expr.op)) + " for " + toString(left) + " and " +
                   toString(right) + ".",
               std::move(hint));
    }

    static std::string comparisonHint(const Type& left, const Type& right)
    {
        if (left.kind == Kind::Timestamp || right.kind == Kind::Timestamp) {
            return "A point in time is timestamp(\"2026-01-31T12:00:00Z\").";
        }
        if ((left.kind == Kind::String && isNumeric(right.kind)) ||
            (right.kind == Kind::String && isNumeric(left.kind))) {
            return "A number is read out of text with int() or double().";
        }
        return {};
    }

    static std::string arithmeticHint(BinaryOp op, const Type& left, const Type& right)
    {
        const bool text = left.kind == Kind::String || right.kind == Kind::String;
        if (op == BinaryOp::Add && text) {
            return "Make text of the other one with string().";
        }
        if (text) {
            return "A number is read out of text with int() or double().";
        }
        if (left.kind == Kind::Timestamp || right.kind == Kind::Timestamp) {
            return "A length of time is duration(\"90s\").";
        }
        if (isNumeric(left.kind) && isNumeric(right.kind)) {
            return op == BinaryOp::Modulo ? "A remainder is one of whole numbers: int(x) % 2."
                                          : "Convert one of them with int(), uint() or double().";
        }
        return {};
    }

    void checkLogical(Expr& expr)
    {
        for (const ExprPtr& child : expr.children) {
            check(*child);
            wantBool(*child, expr.kind == ExprKind::And ? "&&" : "||");
        }
        expr.type = Type::of(Kind::Bool);
    }

    void checkConditional(Expr& expr)
    {
        check(*expr.children[0]);
        wantBool(*expr.children[0], "?");
        const Type first = check(*expr.children[1]);
        expr.type = join(first, check(*expr.children[2]));
    }

    void checkMacro(Expr& expr)
    {
        const Type range = check(*expr.children[0]);
        const bool ofOptional = expr.macro == MacroKind::OptMap || expr.macro == MacroKind::OptFlatMap;
        const bool fits =
            ofOptional ? range.maybe(Kind::Optional) : range.maybe(Kind::List) || range.kind == Kind::Map;
        if (!fits) {
            report(expr.nameSpan, "wrong_type",
                   sentence(withArticle(toString(range))) +
                       (ofOptional ? " is not optional." : " has no elements to go through."),
                   ofOptional ? "An optional field is read with \".?\": value.?name." : "");
        }
        expr.slot = static_cast<std::uint16_t>(m_scope.size());
        m_scope.push_back({expr.name, fits ? range.argument(0) : Type{}, expr.slot});
        m_slots = std::max<std::uint16_t>(m_slots, static_cast<std::uint16_t>(m_scope.size()));
        const Type body = check(*expr.children[1]);
        const bool withCondition = expr.children.size() == 3;
        Type last = withCondition ? check(*expr.children[2]) : body;
        m_scope.pop_back();
        if (withCondition || expr.macro == MacroKind::All || expr.macro == MacroKind::Exists ||
            expr.macro == MacroKind::ExistsOne || expr.macro == MacroKind::Filter) {
            wantBool(*expr.children[1], "the condition of the macro");
        }
        switch (expr.macro) {
        case MacroKind::Map: expr.type = Type::list(std::move(last)); break;
        case MacroKind::Filter: expr.type = Type::list(range.argument(0)); break;
        case MacroKind::OptMap: expr.type = Type::optional(std::move(last)); break;
        case MacroKind::OptFlatMap: expr.type = Type::optional(last.argument(0)); break;
        default: expr.type = Type::of(Kind::Bool); break;
        }
    }

    std::string_view m_source;
    const CompileOptions& m_options;
    Diagnostics m_diagnostics;
    std::vector<Local> m_scope;
    std::uint16_t m_slots = 0;
};

} // namespace

std::string withArticle(std::string_view noun)
{
    if (noun == "null") {
        return "null";
    }
    const bool vowel = !noun.empty() && std::string_view("aeio").find(noun.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(noun);
}

Diagnostic diagnosticAt(std::string_view source, Span span, std::string code, std::string message,
                        std::string hint, Severity severity)
{
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    const std::string_view before = source.substr(0, span.offset);
    const std::size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    diagnostic.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    diagnostic.column = 1 + static_cast<int>(characters(before.substr(lineStart)));
    diagnostic.fieldOffset = static_cast<int>(characters(before));
    diagnostic.fieldLength = static_cast<int>(characters(source.substr(span.offset, span.length)));
    return diagnostic;
}

Checked checkTree(Expr& root, std::string_view source, const CompileOptions& options)
{
    return Checker(source, options).run(root);
}

} // namespace streamwright::cel
