#include "core/cel/assist.h"

#include "core/cel/checker.h"
#include "core/cel/parser.h"
#include "core/cel/text.h"
#include "core/cel/value_json.h"
#include "core/record/json_value.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <utility>

namespace streamwright::cel {
namespace {

constexpr std::size_t kMaxFields = 400;
constexpr int kMaxFieldDepth = 6;
constexpr std::size_t kShownErrors = 5;
constexpr std::size_t kShownValues = 5;
constexpr std::size_t kMaxShownValue = 200;
constexpr std::size_t kArenaBatch = 256;

struct MacroDoc {
    std::string_view name;
    std::string_view signature;
    std::string_view doc;
    bool extension;
};
constexpr std::array<MacroDoc, 7> kMacros{
    {{"all", "list.all(x, condition) -> bool", "Is the condition true for all elements.", false},
     {"exists", "list.exists(x, condition) -> bool", "Is the condition true for an element.", false},
     {"exists_one", "list.exists_one(x, condition) -> bool", "Is the condition true for exactly one element.",
      false},
     {"map", "list.map(x, expression) -> list", "What the expression gives for each element.", false},
     {"filter", "list.filter(x, condition) -> list", "The elements for which the condition is true.", false},
     {"optMap", "optional.optMap(x, expression) -> optional",
      "The expression of the value, where it is there.", true},
     {"optFlatMap", "optional.optFlatMap(x, expression) -> optional", "As optMap, for an optional result.",
      true}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kVariableDocs{
    {{"value", "The record's value."},
     {"key", "The record's key: text, bytes or null."},
     {"headers", "The headers, name to text; the last of a name."},
     {"timestamp", "The record's time."},
     {"topic", "The topic it came from."},
     {"partition", "The partition it came from."},
     {"offset", "Its offset there."},
     {"error", "Why the record failed: code, message, detail, node, stage."}}};

bool isWord(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class FieldCollector {
public:
    void add(const JsonNode& node, const std::string& path, int depth)
    {
        if (depth > kMaxFieldDepth) {
            return;
        }
        if (node.type == JsonType::Object) {
            const JsonValue* const value = valueOf(node, m_arena);
            for (const JsonMember& member : value->members) {
                addMember(member, path, depth);
            }
        } else if (node.type == JsonType::Array) {
            constexpr int kLooked = 3; // the first elements speak for the others
            JsonCursor cursor(node);
            for (int i = 0; i < kLooked && cursor.next(); ++i) {
                add(cursor.value(), path + "[]", depth + 1);
            }
        }
    }

    [[nodiscard]] std::vector<SeenField> take()
    {
        std::vector<SeenField> fields;
        for (const std::string& path : m_order) {
            std::string types;
            for (const std::string& type : m_types[path]) {
                types += (types.empty() ? "" : " or ") + type;
            }
            fields.push_back({path, types});
        }
        return fields;
    }

private:
    void addMember(const JsonMember& member, const std::string& path, int depth)
    {
        const std::string name(decodeKey(member, m_arena));
        const std::string full = path.empty() || path.ends_with('.') ? path + name : path + '.' + name;
        if (m_order.size() >= kMaxFields && !m_types.contains(full)) {
            return;
        }
        if (m_types[full].empty()) {
            m_order.push_back(full);
        }
        m_types[full].insert(std::string(toString(member.value.type)));
        add(member.value, full, depth + 1);
    }

    Arena m_arena;
    std::vector<std::string> m_order;
    std::map<std::string, std::set<std::string>> m_types;
};

/// The text before the cursor, as tokens, and what completion learns from them.
class Place {
public:
    Place(std::string_view before, const CompileOptions& options) : m_before(before), m_options(options)
    {
        while (m_wordBytes < before.size() && isWord(before[before.size() - 1 - m_wordBytes])) {
            ++m_wordBytes;
        }
        const Tokens tokens = tokenize(before.substr(0, before.size() - m_wordBytes));
        m_inText = tokens.failed || insideComment(before);
        m_tokens = tokens.tokens;
        if (!m_tokens.empty()) {
            m_tokens.pop_back(); // the end
        }
        if (!m_inText) {
            findLocals();
        }
    }

    [[nodiscard]] bool inText() const { return m_inText; }
    [[nodiscard]] std::string_view word() const { return m_before.substr(m_before.size() - m_wordBytes); }
    [[nodiscard]] bool afterDot() const
    {
        const std::size_t count = m_tokens.size();
        return count > 0 && (m_tokens[count - 1].is(".") ||
                             (count > 1 && m_tokens[count - 1].is("?") && m_tokens[count - 2].is(".")));
    }
    /// After a dot: the part before it, empty where that is nothing sensible.
    [[nodiscard]] std::string_view receiver() const
    {
        std::size_t end = m_tokens.size();
        while (end > 0 && (m_tokens[end - 1].is(".") || m_tokens[end - 1].is("?"))) {
            --end;
        }
        return operandBefore(end);
    }

    struct Local {
        std::string name;
        std::string_view range; ///< what the macro goes through
    };
    [[nodiscard]] const std::vector<Local>& locals() const { return m_locals; }

    /// Path of sample fields that a part stands for: "" for `value`, "address.", "items[]." for a macro's
    /// variable; empty optional for anything else.
    [[nodiscard]] std::optional<std::string> fieldPath(std::string_view part, int depth = 0) const
    {
        constexpr int kMaxDepth = 16;
        const Tokens tokens = tokenize(part);
        if (tokens.failed || tokens.tokens.size() < 2 || depth > kMaxDepth ||
            tokens.tokens[0].type != TokenType::Identifier) {
            return std::nullopt;
        }
        std::string path;
        const std::string_view root = tokens.tokens[0].text;
        const auto local = std::find_if(m_locals.rbegin(), m_locals.rend(),
                                        [root](const Local& l) { return l.name == root; });
        if (local != m_locals.rend()) {
            const std::optional<std::string> range = fieldPath(local->range, depth + 1);
            if (!range) {
                return std::nullopt;
            }
            path = *range + "[]";
        } else if (root != "value") {
            return std::nullopt;
        }
        for (std::size_t i = 1; i + 1 < tokens.tokens.size(); ++i) {
            const Token& token = tokens.tokens[i];
            if (token.is("[")) {
                i += 2; // one token and the closing bracket
                path += "[]";
            } else if (token.type == TokenType::Identifier) {
                path += (path.empty() ? "" : ".") + std::string(token.text);
            } else if (!token.is(".") && !token.is("?")) {
                return std::nullopt;
            }
        }
        return path;
    }

    /// Static type of a part; Dyn where it has an error.
    [[nodiscard]] Type typeOf(std::string_view part) const
    {
        Parsed parsed = parse(part, m_options.strict);
        if (parsed.root == nullptr) {
            return {};
        }
        CompileOptions options = m_options;
        for (const Local& local : m_locals) {
            options.extraVariables.push_back(local.name);
        }
        return hasErrors(checkTree(*parsed.root, part, options).diagnostics) ? Type{} : parsed.root->type;
    }

private:
    static bool insideComment(std::string_view before)
    {
        const std::size_t line = before.rfind('\n');
        const std::string_view last = line == std::string_view::npos ? before : before.substr(line + 1);
        const std::size_t slashes = last.find("//");
        // Two slashes inside a text begin no comment: then the text before them does not close.
        return slashes != std::string_view::npos && !tokenize(last.substr(0, slashes)).failed;
    }

    /// First token of the bracket pair that ends at `close`.
    [[nodiscard]] std::size_t openingOf(std::size_t close) const
    {
        int depth = 0;
        for (std::size_t i = close + 1; i-- > 0;) {
            const Token& token = m_tokens[i];
            if (token.is(")") || token.is("]") || token.is("}")) {
                ++depth;
            } else if (token.is("(") || token.is("[") || token.is("{")) {
                if (--depth == 0) {
                    return i;
                }
            }
        }
        return m_tokens.size();
    }

    /// The operand whose last token is before `end`: identifiers, calls and indices joined by dots.
    [[nodiscard]] std::string_view operandBefore(std::size_t end) const
    {
        std::size_t begin = end;
        while (begin > 0) {
            const Token& last = m_tokens[begin - 1];
            if (last.is(")") || last.is("]") || last.is("}")) {
                const std::size_t open = openingOf(begin - 1);
                if (open == m_tokens.size()) {
                    return {};
                }
                begin = open;
                const bool called = begin > 0 && (m_tokens[begin - 1].type == TokenType::Identifier ||
                                                  m_tokens[begin - 1].is("]") || m_tokens[begin - 1].is(")"));
                if (called && !last.is("}")) {
                    continue;
                }
            } else if (last.type != TokenType::Operator) {
                --begin;
            } else {
                break;
            }
            std::size_t dot = begin;
            if (dot > 0 && m_tokens[dot - 1].is("?")) {
                --dot;
            }
            if (dot == 0 || !m_tokens[dot - 1].is(".")) {
                break;
            }
            begin = dot - 1;
        }
        if (begin >= end) {
            return {};
        }
        return m_before.substr(m_tokens[begin].span.offset,
                               m_tokens[end - 1].span.end() - m_tokens[begin].span.offset);
    }

    /// Variables of macros whose bracket is still open at the cursor.
    void findLocals()
    {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (m_tokens[i].is("(")) {
                open.push_back(i);
            } else if (m_tokens[i].is(")") && !open.empty()) {
                open.pop_back();
            }
        }
        for (const std::size_t bracket : open) {
            const bool macro =
                bracket >= 2 && bracket + 2 < m_tokens.size() && m_tokens[bracket - 2].is(".") &&
                m_tokens[bracket + 1].type == TokenType::Identifier && m_tokens[bracket + 2].is(",") &&
                std::any_of(kMacros.begin(), kMacros.end(),
                            [&](const MacroDoc& m) { return m.name == m_tokens[bracket - 1].text; });
            if (macro) {
                m_locals.push_back({std::string(m_tokens[bracket + 1].text), operandBefore(bracket - 2)});
            }
        }
    }

    std::string_view m_before;
    const CompileOptions& m_options;
    std::size_t m_wordBytes = 0;
    bool m_inText = false;
    std::vector<Token> m_tokens;
    std::vector<Local> m_locals;
};

class Completer {
public:
    Completer(const Place& place, std::span<const std::string> fields, const CompileOptions& options)
        : m_place(place), m_fields(fields), m_options(options)
    {
    }

    std::vector<Completion> run()
    {
        if (m_place.inText()) {
            return {};
        }
        if (m_place.afterDot()) {
            members(m_place.receiver());
        } else {
            anything();
        }
        return std::move(m_found);
    }

private:
    void propose(std::string text, std::string detail, std::string_view doc, Completion::Of of)
    {
        const std::string_view word = m_place.word();
        const std::string_view name = std::string_view(text).substr(text.starts_with('`') ? 1 : 0);
        const bool begins = name.size() >= word.size() &&
                            std::equal(word.begin(), word.end(), name.begin(), [](char x, char y) {
                                return std::tolower(static_cast<unsigned char>(x)) ==
                                       std::tolower(static_cast<unsigned char>(y));
                            });
        const bool known =
            std::any_of(m_found.begin(), m_found.end(), [&](const Completion& c) { return c.text == text; });
        if (begins && !known) {
            m_found.push_back({std::move(text), std::move(detail), std::string(doc), of});
        }
    }

    /// Names right below `path` in the sample fields.
    void fieldsBelow(const std::string& path)
    {
        const std::string prefix = path.empty() ? "" : path + '.';
        for (const std::string& field : m_fields) {
            if (!field.starts_with(prefix)) {
                continue;
            }
            const std::string_view rest = std::string_view(field).substr(prefix.size());
            const std::string name(rest.substr(0, rest.find_first_of(".[")));
            const bool plain = !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
                               std::all_of(name.begin(), name.end(), isWord);
            if (!name.empty()) {
                propose(plain ? name : '`' + name + '`', "field", "", Completion::Of::Field);
            }
        }
    }

    void members(std::string_view receiver)
    {
        if (const std::optional<std::string> path = m_place.fieldPath(receiver)) {
            fieldsBelow(*path);
        }
        if (receiver == "error" && m_options.hasError) {
            for (const std::string_view name : {"code", "message", "detail", "node", "stage"}) {
                propose(std::string(name), "string", "", Completion::Of::Field);
            }
        }
        const std::string space = std::string(receiver) + '.';
        bool isNamespace = false;
        for (const Overload& overload : allOverloads()) {
            if (overload.style == Style::Global && overload.name.starts_with(space) && usable(overload)) {
                isNamespace = true;
                propose(std::string(overload.name.substr(space.size())) + '(', signature(overload),
                        overload.doc, Completion::Of::Function);
            }
        }
        if (isNamespace || receiver.empty()) {
            return;
        }
        memberFunctions(m_place.typeOf(receiver));
    }

    void memberFunctions(const Type& type)
    {
        for (const Overload& overload : allOverloads()) {
            if (overload.style == Style::Member && usable(overload) && type.maybe(overload.parameters[0])) {
                propose(std::string(overload.name) + '(', signature(overload), overload.doc,
                        Completion::Of::Function);
            }
        }
        for (const MacroDoc& macro : kMacros) {
            const bool fits = macro.extension ? type.maybe(Kind::Optional) && !m_options.strict
                                              : type.maybe(Kind::List) || type.kind == Kind::Map;
            if (fits) {
                propose(std::string(macro.name) + '(', std::string(macro.signature), macro.doc,
                        Completion::Of::Macro);
            }
        }
    }

    void anything()
    {
        for (const Place::Local& local : m_place.locals()) {
            propose(local.name, "", "The element that the macro looks at.", Completion::Of::Variable);
        }
        for (const std::string& name : variableNames(m_options)) {
            const auto* const doc = std::find_if(kVariableDocs.begin(), kVariableDocs.end(),
                                                 [&](const auto& d) { return d.first == name; });
            propose(name, toString(m_place.typeOf(name)), doc == kVariableDocs.end() ? "" : doc->second,
                    Completion::Of::Variable);
        }
        for (const Overload& overload : allOverloads()) {
            if (overload.style == Style::Global && usable(overload)) {
                propose(std::string(overload.name) + '(', signature(overload), overload.doc,
                        Completion::Of::Function);
            }
        }
        propose("has(", "has(value.name) -> bool", "Is the field there.", Completion::Of::Macro);
        for (const std::string_view word : {"true", "false", "null"}) {
            propose(std::string(word), word == "null" ? "null" : "bool", "", Completion::Of::Keyword);
        }
        // Whoever begins with the name of a field means value.NAME.
        if (!m_place.word().empty()) {
            const std::size_t before = m_found.size();
            fieldsBelow("");
            for (std::size_t i = before; i < m_found.size(); ++i) {
                m_found[i].text.insert(0, "value.");
            }
        }
    }

    [[nodiscard]] bool usable(const Overload& overload) const
    {
        return !(m_options.strict && overload.extension);
    }

    const Place& m_place;
    std::span<const std::string> m_fields;
    const CompileOptions& m_options;
    std::vector<Completion> m_found;
};

const Expr* smallestAt(const Expr& expr, std::size_t position)
{
    if (position < expr.span.offset || position > expr.span.end()) {
        return nullptr;
    }
    for (const ExprPtr& child : expr.children) {
        if (const Expr* const found = smallestAt(*child, position)) {
            // On the name of a call or selection the whole of it is meant, not what stands before the dot.
            const bool onName = position >= expr.nameSpan.offset && position <= expr.nameSpan.end() &&
                                position > found->span.end();
            return onName ? &expr : found;
        }
    }
    return &expr;
}

} // namespace

std::vector<SeenField> seenFields(std::span<const Record> samples)
{
    FieldCollector collector;
    for (const Record& record : samples) {
        if (record.value.format == ValueFormat::Json && record.value.json != nullptr) {
            Arena arena;
            collector.add(wholeNode(*record.value.json, arena), "", 0);
        }
    }
    return collector.take();
}

std::vector<std::string> paths(const std::vector<SeenField>& fields)
{
    std::vector<std::string> result;
    for (const SeenField& field : fields) {
        result.push_back(field.path);
    }
    return result;
}

std::vector<Completion> complete(std::string_view expression, std::size_t position,
                                 std::span<const std::string> fields, const CompileOptions& options)
{
    const Place place(expression.substr(0, std::min(position, expression.size())), options);
    return Completer(place, fields, options).run();
}

std::optional<PartType> typeAt(std::string_view expression, std::size_t position,
                               const CompileOptions& options)
{
    Parsed parsed = parse(expression, options.strict);
    if (parsed.root == nullptr || hasErrors(checkTree(*parsed.root, expression, options).diagnostics)) {
        return std::nullopt;
    }
    const Expr* const part = smallestAt(*parsed.root, position);
    if (part == nullptr) {
        return std::nullopt;
    }
    PartType found;
    found.offset = characters(expression.substr(0, part->span.offset));
    found.text = std::string(expression.substr(part->span.offset, part->span.length));
    found.length = characters(found.text);
    found.type = toString(part->type);
    if (!part->overloads.empty()) {
        found.signature = signature(*part->overloads.front());
        found.doc = std::string(part->overloads.front()->doc);
    }
    if (part->binding.of == Binding::Of::RecordVariable) {
        for (const auto& [name, doc] : kVariableDocs) {
            if (name == part->name) {
                found.doc = std::string(doc);
            }
        }
    }
    return found;
}

std::string DryRun::summary() const
{
    const std::string failed = failures == 0 ? "" : ", " + std::to_string(failures) + " failed";
    if (condition) {
        return "matches " + std::to_string(matches) + " of " + std::to_string(samples) + failed;
    }
    return "gives a value for " + std::to_string(samples - failures) + " of " + std::to_string(samples) +
           failed;
}

DryRun dryRun(const Program& program, std::span<const Record> samples)
{
    DryRun result;
    result.condition = program.resultType().maybe(Kind::Bool);
    Arena arena;
    EvalContext context{.arena = arena};
    for (const Record& record : samples) {
        if (result.samples++ % kArenaBatch == 0) {
            arena.reset();
        }
        const Value value = program.evaluate(record, context);
        const std::optional<JsonNode> node = value.isError() ? std::nullopt : toJsonNode(value, arena);
        if (!node) {
            ++result.failures;
            std::string message(value.isError() ? value.message()
                                                : "The value has no JSON form (NaN or infinite).");
            const bool known = std::find(result.firstErrors.begin(), result.firstErrors.end(), message) !=
                               result.firstErrors.end();
            if (!known && result.firstErrors.size() < kShownErrors) {
                result.firstErrors.push_back(std::move(message));
            }
            continue;
        }
        result.matches += value.isTrue() ? 1 : 0;
        result.condition = result.condition && value.isBool();
        if (result.firstValues.size() < kShownValues) {
            result.firstValues.emplace_back(node->text.substr(0, kMaxShownValue));
        }
    }
    return result;
}

} // namespace streamwright::cel
