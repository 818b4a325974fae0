#include "core/cel/evaluation.h"

#include "core/base/clock.h"
#include "core/base/utf8.h"
#include "core/cel/value_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>

namespace streamwright::cel {
namespace {

/// Longest stretch of an expression that a message quotes.
constexpr std::size_t kQuotedBytes = 80;
/// Bytes of text that cost one step.
constexpr std::size_t kTextPerStep = 64;
/// Arguments of a call that need no memory of their own.
constexpr std::size_t kInlineArguments = 4;

bool holds(BinaryOp op, int sign)
{
    switch (op) {
    case BinaryOp::Less: return sign < 0;
    case BinaryOp::LessEqual: return sign <= 0;
    case BinaryOp::Greater: return sign > 0;
    case BinaryOp::GreaterEqual: return sign >= 0;
    default: return false;
    }
}

bool holdsOfInts(BinaryOp op, std::int64_t left, std::int64_t right)
{
    switch (op) {
    case BinaryOp::Equal: return left == right;
    case BinaryOp::NotEqual: return left != right;
    case BinaryOp::Less: return left < right;
    case BinaryOp::LessEqual: return left <= right;
    case BinaryOp::Greater: return left > right;
    default: return left >= right;
    }
}

const JsonMember* memberAt(const JsonValue& object, const FieldPath& path)
{
    const std::string& name = path.names.front();
    const std::uint32_t seen = path.seen.load();
    if (seen < object.members.size()) {
        const JsonMember& member = object.members[seen];
        if (!member.keyEscaped && member.key == name) {
            return &member;
        }
    }
    const JsonMember* const member = findMember(object, name);
    if (member != nullptr) {
        path.seen.store(static_cast<std::uint32_t>(member - object.members.data()));
    }
    return member;
}

/// What a JSON value is, with its article.
std::string_view nounOf(JsonType type)
{
    switch (type) {
    case JsonType::Null: return "null";
    case JsonType::False:
    case JsonType::True: return "a bool";
    case JsonType::Int:
    case JsonType::Double: return "a number";
    case JsonType::String: return "a string";
    case JsonType::Array: return "an array";
    case JsonType::Object: return "an object";
    }
    return "null";
}

Value textOrBytes(NullableBytes bytes)
{
    if (isNull(bytes)) {
        return Value::null();
    }
    return isValidUtf8(bytes) ? Value::string(bytes) : Value::bytes(bytes);
}

} // namespace

Phrase& Phrase::operator<<(std::string_view text)
{
    const std::size_t count = std::min(text.size(), m_text.size() - m_size);
    if (count > 0) {
        std::memcpy(m_text.data() + m_size, text.data(), count);
    }
    m_size += count;
    return *this;
}

Phrase& Phrase::operator<<(std::int64_t number)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

Phrase& Phrase::quote(std::string_view text)
{
    std::size_t shown = std::min(text.size(), kQuotedBytes);
    while (shown < text.size() && shown > 0 && (static_cast<unsigned char>(text[shown]) & 0xC0U) == 0x80U) {
        --shown;
    }
    *this << "\"";
    for (const char c : text.substr(0, shown)) {
        *this << (static_cast<unsigned char>(c) < 0x20 ? std::string_view(" ") : std::string_view(&c, 1));
    }
    return *this << (shown < text.size() ? "...\"" : "\"");
}

Evaluation::Evaluation(const Code& code, const Record* record, EvalContext& context, std::int64_t steps)
    : m_code(code), m_record(record), m_context(context), m_budget{steps}
{
    if (code.locals > 0) {
        m_locals = context.arena.makeArray<Value>(code.locals).data();
    }
}

Value Evaluation::run()
{
    const auto root = static_cast<NodeIndex>(m_code.nodes.size() - 1);
    const Value result = evaluate(root);
    // Work that ran out must not be taken for an answer, even where an operator swallowed the error.
    return m_budget.exhausted() ? exhausted(m_code.nodes[root]) : result;
}

std::int64_t Evaluation::nowMs() const
{
    return (m_context.clock != nullptr ? *m_context.clock : SystemClock::instance()).wallMs();
}

Value Evaluation::fail(const Node& node, std::string_view what)
{
    Phrase phrase;
    phrase << what << ", in ";
    phrase.quote(std::string_view(m_code.source).substr(node.span.offset, node.span.length)) << ".";
    auto* const failure = arena().make<Failure>();
    failure->message = arena().copy(phrase.view());
    failure->offset = static_cast<std::int32_t>(node.span.offset);
    failure->length = static_cast<std::int32_t>(node.span.length);
    (void)m_budget.take(1 + phrase.view().size() / kTextPerStep);
    return Value::error(failure);
}

Value Evaluation::exhausted(const Node& node)
{
    Phrase what;
    what << "The expression wants more work than the limit of " << kMaxSteps << " steps for one record";
    return fail(node, what);
}

char* Evaluation::reserve(std::size_t size)
{
    if (!m_budget.take(1 + size / kTextPerStep)) {
        return nullptr;
    }
    return static_cast<char*>(arena().allocate(std::max<std::size_t>(size, 1), 1));
}

Value Evaluation::copyString(std::string_view text)
{
    (void)m_budget.take(1 + text.size() / kTextPerStep);
    return Value::string(arena().copy(text));
}

Value Evaluation::evaluate(NodeIndex index)
{
    const Node& node = m_code.nodes[index];
    switch (node.op) {
    case Op::Constant: return node.constant;
    case Op::Variable: return variable(node);
    case Op::Extra:
        return node.slot < m_context.bindings.size() ? m_context.bindings[node.slot]
                                                     : fail(node, "The variable has no value");
    case Op::Local: return m_locals[node.slot];
    case Op::Field: return field(node);
    case Op::Select: return select(node);
    case Op::Has: return has(node);
    case Op::Index: {
        const Value operand = evaluate(node.left);
        if (operand.isError()) {
            return operand;
        }
        const Value key = evaluate(node.right);
        return key.isError() ? key : member(node, operand, key, node.optional);
    }
    case Op::Call: return call(node);
    case Op::List: return list(node);
    case Op::Map: return map(node);
    case Op::Not: {
        const Value operand = evaluate(node.left);
        if (operand.isBool()) {
            return Value::boolean(operand.integer == 0);
        }
        return operand.isError() ? operand : notBool(node, "!", operand);
    }
    case Op::Negate: return negate(node);
    case Op::Binary: return binary(node);
    case Op::And:
    case Op::Or: return logical(node);
    case Op::Conditional: return conditional(node);
    case Op::Macro: return macro(node);
    }
    return Value::null();
}

Value Evaluation::variable(const Node& node)
{
    if (m_record == nullptr) {
        return fail(node, "There is no record");
    }
    const Origin* const origin = m_record->origin;
    switch (static_cast<RecordVariable>(node.slot)) {
    case RecordVariable::Value:
        if (m_record->value.format == ValueFormat::Json) {
            return fromJson(m_record->value.json, arena());
        }
        if (isNull(m_record->value.bytes)) {
            return Value::null();
        }
        return m_record->value.format == ValueFormat::Text ? Value::string(m_record->value.bytes)
                                                           : Value::bytes(m_record->value.bytes);
    case RecordVariable::Key:
        if (m_record->value.format == ValueFormat::Bytes && !isNull(m_record->key)) {
            return Value::bytes(m_record->key);
        }
        return textOrBytes(m_record->key);
    case RecordVariable::Headers: return headers();
    case RecordVariable::Timestamp: {
        const std::int64_t ms = m_record->timestampMs;
        if (ms < 0) {
            return fail(node, "The record has no timestamp");
        }
        return Value::timestamp(ms / 1000, static_cast<std::uint32_t>(ms % 1000) * 1'000'000U);
    }
    case RecordVariable::Error: return errorMap(node);
    default: break;
    }
    if (origin == nullptr) {
        return fail(node, "The record has no origin");
    }
    switch (static_cast<RecordVariable>(node.slot)) {
    case RecordVariable::Topic: return Value::string(origin->topic);
    case RecordVariable::Partition: return Value::ofInt(origin->partition);
    default: return Value::ofInt(origin->offset);
    }
}

Value Evaluation::headers()
{
    const HeadersView headers = m_record->headers;
    (void)m_budget.take(headers.size());
    const std::span<MapEntry> entries = arena().makeArray<MapEntry>(headers.size());
    std::size_t count = 0;
    for (const Header& header : headers) {
        if (!isValidUtf8(header.name)) {
            continue; // a map's keys are text
        }
        // The last of a name wins, at the first one's place. Records have few headers.
        std::size_t at = 0;
        while (at < count && entries[at].key.text() != header.name) {
            ++at;
        }
        entries[at] = {Value::string(header.name), textOrBytes(header.value)};
        count = std::max(count, at + 1);
    }
    return *makeMap(entries.first(count), arena());
}

Value Evaluation::errorMap(const Node& node)
{
    const RecordError* const error = m_record->error;
    if (error == nullptr) {
        return fail(node, "The record has no error");
    }
    const std::span<MapEntry> entries = arena().makeArray<MapEntry>(5);
    entries[0] = {Value::string("code"), Value::string(toString(error->code))};
    entries[1] = {Value::string("message"), Value::string(error->message)};
    entries[2] = {Value::string("detail"), Value::string(error->detail)};
    entries[3] = {Value::string("node"), Value::string(error->node)};
    entries[4] = {Value::string("stage"), Value::string(toString(error->stage))};
    return *makeMap(entries, arena());
}

/// Finds a path of `value` in a record of JSON. On false `failure` holds the reason.
bool Evaluation::locate(const Node& node, JsonNode& found, Value& failure)
{
    const FieldPath& path = *node.path;
    const JsonMember* const member = memberAt(*m_record->value.json, path);
    if (member == nullptr) {
        failure = fail(node, (Phrase() << "Field ").quote(path.names.front()) << " is missing");
        return false;
    }
    found = member->value;
    for (std::size_t i = 1; i < path.names.size(); ++i) {
        const std::string& name = path.names[i];
        if (found.type != JsonType::Object) {
            failure =
                fail(node, (Phrase() << "Field ").quote(path.names[i - 1])
                               << " is " << nounOf(found.type) << " and has no field \"" << name << "\"");
            return false;
        }
        (void)m_budget.take(found.text.size() / kTextPerStep);
        const std::optional<JsonNode> next = findIn(found, name);
        if (!next) {
            failure = fail(node, (Phrase() << "Field ").quote(name) << " is missing");
            return false;
        }
        found = *next;
    }
    return true;
}

Value Evaluation::field(const Node& node)
{
    if (m_record == nullptr || m_record->value.format != ValueFormat::Json ||
        m_record->value.json == nullptr || !m_record->value.json->isObject()) [[unlikely]] {
        return fieldOfOther(node);
    }
    JsonNode found;
    Value failure;
    return locate(node, found, failure) ? fromJson(found, arena()) : failure;
}

/// The record's value is no object: says what it is.
Value Evaluation::fieldOfOther(const Node& node)
{
    if (m_record == nullptr) {
        return fail(node, "There is no record");
    }
    const RecordValue& value = m_record->value;
    const std::string& name = node.path->names.front();
    Phrase what;
    if (value.format != ValueFormat::Json && !isNull(value.bytes)) {
        what << "The value is " << (value.format == ValueFormat::Text ? "text" : "bytes");
    } else if (value.json == nullptr) {
        what << "The value is null";
    } else {
        what << "The value is " << nounOf(value.json->root.type);
    }
    what << " and has no field ";
    return fail(node, what.quote(name));
}

Value Evaluation::select(const Node& node)
{
    const Value operand = evaluate(node.left);
    if (operand.isError()) {
        return operand;
    }
    return member(node, operand, Value::string(*node.name), node.optional);
}

Value Evaluation::member(const Node& node, const Value& operand, const Value& key, bool optional)
{
    if (operand.kind == Kind::Optional) {
        return operand.items == nullptr ? operand : member(node, *operand.items, key, true);
    }
    if (operand.isList() && node.op == Op::Index) {
        return elementOf(node, operand, key, optional);
    }
    if (!operand.isMap()) {
        Phrase what;
        what << "A value of type " << plainName(operand.kind)
             << (node.op == Op::Index ? " has no elements" : " has no fields");
        return fail(node, what);
    }
    if (!isMapKey(key.kind) && key.kind != Kind::Double) {
        return fail(node, Phrase() << "A key of a map cannot be of type " << plainName(key.kind));
    }
    const std::optional<Value> value = find(operand, key, arena(), m_budget);
    if (optional) {
        return Value::optional(value ? arena().make<Value>(*value) : nullptr);
    }
    if (value) {
        return *value;
    }
    if (key.isString()) {
        return fail(node, (Phrase() << (node.op == Op::Index ? "Key " : "Field ")).quote(key.text())
                              << " is missing");
    }
    return fail(node, "The map has no such key");
}

Value Evaluation::elementOf(const Node& node, const Value& list, const Value& key, bool optional)
{
    std::int64_t index = -1;
    if (key.kind == Kind::Int) {
        index = key.integer;
    } else if (key.kind == Kind::Uint && key.unsignedInteger <= INT64_MAX) {
        index = key.integer;
    } else if (key.kind == Kind::Double && key.real() == std::floor(key.real()) &&
               std::abs(key.real()) < 1e15) {
        index = static_cast<std::int64_t>(key.real());
    } else if (!isNumeric(key.kind) || key.kind == Kind::Double) {
        return fail(node, Phrase() << "An index of a list is a whole number, not "
                                   << (key.kind == Kind::Double ? "a fraction" : plainName(key.kind)));
    }
    if (list.form == Form::Items) {
        if (index >= 0 && index < list.size) {
            const Value& item = list.items[index];
            return optional ? Value::optional(&item) : item;
        }
    } else if (index >= 0) {
        (void)m_budget.take(list.size / kTextPerStep);
        JsonCursor cursor({.text = list.text(), .type = JsonType::Array});
        for (std::int64_t at = 0; cursor.next(); ++at) {
            if (at == index) {
                const Value item = fromJson(cursor.value(), arena());
                return optional ? Value::optional(arena().make<Value>(item)) : item;
            }
        }
    }
    if (optional) {
        return Value::optional(nullptr);
    }
    Phrase what;
    what << "Index " << index << " is outside the list of "
         << static_cast<std::int64_t>(sizeOf(list, arena(), m_budget)) << " elements";
    return fail(node, what);
}

Value Evaluation::has(const Node& node)
{
    Value operand = evaluate(node.left);
    if (operand.kind == Kind::Optional) {
        if (operand.items == nullptr) {
            return Value::boolean(false);
        }
        operand = *operand.items;
    }
    if (operand.isError()) {
        return operand;
    }
    if (!operand.isMap()) {
        return fail(node, Phrase() << "A value of type " << plainName(operand.kind) << " has no fields");
    }
    return Value::boolean(find(operand, Value::string(*node.name), arena(), m_budget).has_value());
}

Value Evaluation::call(const Node& node)
{
    std::array<Value, kInlineArguments> space;
    Value* arguments = space.data();
    if (node.count > kInlineArguments) {
        arguments = arena().makeArray<Value>(node.count).data();
    }
    std::array<Kind, kInlineArguments> kinds{};
    for (std::uint32_t i = 0; i < node.count; ++i) {
        arguments[i] = evaluate(m_code.children[node.first + i]);
        if (arguments[i].isError()) {
            return arguments[i];
        }
        if (node.lazy && i == 0 && arguments[0].kind == Kind::Optional && arguments[0].items != nullptr) {
            return node.keepsOptional ? arguments[0] : *arguments[0].items;
        }
        if (i < kInlineArguments) {
            kinds[i] = arguments[i].kind;
        }
    }
    const std::span<const Kind> given(kinds.data(), std::min<std::size_t>(node.count, kInlineArguments));
    const Overload* chosen = nullptr;
    for (const Overload* const overload : *node.overloads) {
        if (accepts(*overload, given)) {
            chosen = overload;
            break;
        }
    }
    if (chosen != nullptr) {
        const Value result = chosen->run({*this, node, {arguments, node.count}});
        return m_budget.exhausted() ? exhausted(node) : result;
    }
    Phrase what;
    what << "Function \"" << *node.name << "\" does not take (";
    for (std::size_t i = 0; i < given.size(); ++i) {
        what << (i == 0 ? "" : ", ") << plainName(given[i]);
    }
    return fail(node, what << ")");
}

Value Evaluation::list(const Node& node)
{
    if (!m_budget.take(node.count)) {
        return exhausted(node);
    }
    const std::span<Value> items = arena().makeArray<Value>(node.count);
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        const Value item = evaluate(m_code.children[node.first + i]);
        if (item.isError()) {
            return item;
        }
        if (node.optionalItems != nullptr && (*node.optionalItems)[i]) {
            if (item.kind != Kind::Optional) {
                return fail(node, "An element written with \"?\" must be an optional value");
            }
            if (item.items != nullptr) {
                items[count++] = *item.items;
            }
            continue;
        }
        items[count++] = item;
    }
    return Value::list(items.first(count));
}

Value Evaluation::map(const Node& node)
{
    if (!m_budget.take(node.count)) {
        return exhausted(node);
    }
    const std::span<MapEntry> entries = arena().makeArray<MapEntry>(node.count / 2);
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < node.count; i += 2) {
        const Value key = evaluate(m_code.children[node.first + i]);
        if (key.isError()) {
            return key;
        }
        if (!isMapKey(key.kind)) {
            return fail(node, Phrase() << "A key of a map cannot be of type " << plainName(key.kind));
        }
        Value value = evaluate(m_code.children[node.first + i + 1]);
        if (value.isError()) {
            return value;
        }
        if (node.optionalItems != nullptr && (*node.optionalItems)[i / 2]) {
            if (value.kind != Kind::Optional) {
                return fail(node, "An entry written with \"?\" must have an optional value");
            }
            if (value.items == nullptr) {
                continue;
            }
            value = *value.items;
        }
        entries[count++] = {key, value};
    }
    const std::optional<Value> result = makeMap(entries.first(count), arena());
    return result ? *result : fail(node, "The map has a key twice");
}

Value Evaluation::negate(const Node& node)
{
    const Value operand = evaluate(node.left);
    switch (operand.kind) {
    case Kind::Error: return operand;
    case Kind::Double: return Value::ofDouble(-operand.real());
    case Kind::Int:
    case Kind::Duration:
        if (operand.integer == INT64_MIN) {
            return fail(node, operand.kind == Kind::Int ? "The int overflows" : "The duration overflows");
        }
        return operand.kind == Kind::Int ? Value::ofInt(-operand.integer) : Value::duration(-operand.integer);
    default: return fail(node, Phrase() << "No operator \"-\" for " << plainName(operand.kind));
    }
}

Value Evaluation::noOperator(const Node& node, std::string_view op, const Value& left, const Value& right)
{
    Phrase what;
    what << "No operator \"" << op << "\" for " << plainName(left.kind) << " and " << plainName(right.kind);
    return fail(node, what);
}

Value Evaluation::notBool(const Node& node, std::string_view where, const Value& value)
{
    Phrase what;
    what << "\"" << where << "\" wants a bool, not " << plainName(value.kind);
    return fail(node, what);
}

Value Evaluation::binary(const Node& node)
{
    const Value left = evaluate(node.left);
    if (left.isError()) {
        return left;
    }
    const Node& rightNode = m_code.nodes[node.right];
    const Value right = rightNode.op == Op::Constant ? rightNode.constant : evaluate(node.right);
    if (right.isError()) {
        return right;
    }
    if (left.kind == Kind::Int && right.kind == Kind::Int && node.binary <= BinaryOp::GreaterEqual) {
        return Value::boolean(holdsOfInts(node.binary, left.integer, right.integer));
    }
    switch (node.binary) {
    case BinaryOp::Equal:
    case BinaryOp::NotEqual: {
        // Texts of different lengths are the usual case of a comparison with a constant.
        const bool same = left.isString() && right.isString() && left.size != right.size
                              ? false
                              : equal(left, right, arena(), m_budget);
        return m_budget.exhausted() ? exhausted(node)
                                    : Value::boolean(same == (node.binary == BinaryOp::Equal));
    }
    case BinaryOp::Less:
    case BinaryOp::LessEqual:
    case BinaryOp::Greater:
    case BinaryOp::GreaterEqual: {
        const Order order = compare(left, right);
        if (!order.comparable) {
            return noOperator(node, toString(node.binary), left, right);
        }
        if (left.isString() || left.isBytes()) {
            (void)m_budget.take(std::min(left.size, right.size) / kTextPerStep);
        }
        return Value::boolean(!order.unordered && holds(node.binary, order.sign));
    }
    case BinaryOp::In: return contains(node, left, right);
    default: break;
    }
    const Value result = arithmetic(*this, node, left, right, m_code.strict);
    return m_budget.exhausted() ? exhausted(node) : result;
}

Value Evaluation::contains(const Node& node, const Value& element, const Value& container)
{
    if (container.isMap()) {
        if (!isMapKey(element.kind) && element.kind != Kind::Double) {
            return fail(node, Phrase() << "A key of a map cannot be of type " << plainName(element.kind));
        }
        return Value::boolean(find(container, element, arena(), m_budget).has_value());
    }
    if (!container.isList()) {
        return noOperator(node, "in", element, container);
    }
    for (const Value& item : itemsOf(container, arena(), m_budget)) {
        if (equal(item, element, arena(), m_budget)) {
            return Value::boolean(true);
        }
    }
    (void)m_budget.take(container.form == Form::Items ? container.size : 0);
    return m_budget.exhausted() ? exhausted(node) : Value::boolean(false);
}

/// `&&` and `||` over all their terms. A term that decides wins, wherever it stands, over terms that failed
/// (CEL definition, "Logical Operators").
Value Evaluation::logical(const Node& node)
{
    const bool deciding = node.op == Op::Or;
    Value failure;
    bool failed = false;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        const Value term = evaluate(m_code.children[node.first + i]);
        if (term.isBool()) {
            if ((term.integer != 0) == deciding) {
                return term;
            }
        } else if (!failed) {
            failed = true;
            failure = term.isError() ? term : notBool(node, deciding ? "||" : "&&", term);
        }
    }
    return failed ? failure : Value::boolean(!deciding);
}

Value Evaluation::conditional(const Node& node)
{
    const Value condition = evaluate(node.left);
    if (condition.isBool()) {
        return evaluate(condition.integer != 0 ? node.right : node.third);
    }
    return condition.isError() ? condition : notBool(node, "?", condition);
}

std::span<const Value> Evaluation::rangeOf(const Node& node, const Value& range)
{
    (void)node;
    if (range.isList()) {
        return itemsOf(range, arena(), m_budget);
    }
    const std::span<const MapEntry> entries = entriesOf(range, arena(), m_budget);
    (void)m_budget.take(entries.size());
    const std::span<Value> keys = arena().makeArray<Value>(entries.size());
    std::transform(entries.begin(), entries.end(), keys.begin(),
                   [](const MapEntry& entry) { return entry.key; });
    return keys;
}

Value Evaluation::macro(const Node& node)
{
    const Value range = evaluate(node.left);
    if (range.isError()) {
        return range;
    }
    if (node.macro == MacroKind::OptMap || node.macro == MacroKind::OptFlatMap) {
        return optionalMacro(node, range);
    }
    if (!range.isList() && !range.isMap()) {
        return fail(node, Phrase() << "A value of type " << plainName(range.kind)
                                   << " has no elements to go through");
    }
    const std::span<const Value> items = rangeOf(node, range);
    const bool builds = node.macro == MacroKind::Map || node.macro == MacroKind::Filter;
    const Value result = builds ? transform(node, items) : quantifier(node, items);
    return m_budget.exhausted() ? exhausted(node) : result;
}

Value Evaluation::optionalMacro(const Node& node, const Value& operand)
{
    if (operand.kind != Kind::Optional) {
        return fail(node, Phrase() << "A value of type " << plainName(operand.kind) << " is not optional");
    }
    if (operand.items == nullptr) {
        return operand;
    }
    m_locals[node.slot] = *operand.items;
    const Value inner = evaluate(node.right);
    if (inner.isError()) {
        return inner;
    }
    if (node.macro == MacroKind::OptMap) {
        return Value::optional(arena().make<Value>(inner));
    }
    return inner.kind == Kind::Optional
               ? inner
               : fail(node, "The result of \"optFlatMap\" must be an optional value");
}

/// all, exists, exists_one. The first two absorb errors as && and || do, exists_one does not.
Value Evaluation::quantifier(const Node& node, std::span<const Value> items)
{
    const std::uint32_t cost = m_code.nodes[node.right].cost;
    Value failure;
    bool failed = false;
    int matches = 0;
    for (const Value& item : items) {
        if (!m_budget.take(cost)) {
            return exhausted(node);
        }
        m_locals[node.slot] = item;
        Value verdict = evaluate(node.right);
        if (!verdict.isBool() && !verdict.isError()) {
            verdict = notBool(node, "the macro's condition", verdict);
        }
        if (verdict.isError()) {
            if (node.macro == MacroKind::ExistsOne) {
                return verdict;
            }
            failure = failed ? failure : verdict;
            failed = true;
        } else if (node.macro == MacroKind::ExistsOne) {
            matches += verdict.isTrue() ? 1 : 0;
        } else if (verdict.isTrue() == (node.macro == MacroKind::Exists)) {
            return verdict;
        }
    }
    if (failed) {
        return failure;
    }
    return Value::boolean(node.macro == MacroKind::ExistsOne ? matches == 1 : node.macro == MacroKind::All);
}

/// map and filter. `right` is filter's condition or map's expression; a map with three arguments has its
/// condition there and the expression in `third`.
Value Evaluation::transform(const Node& node, std::span<const Value> items)
{
    const bool conditioned = node.macro == MacroKind::Filter || node.third != 0;
    const std::uint32_t cost =
        m_code.nodes[node.right].cost + (node.third != 0 ? m_code.nodes[node.third].cost : 0);
    (void)m_budget.take(items.size());
    if (m_budget.exhausted()) {
        return exhausted(node);
    }
    const std::span<Value> results = arena().makeArray<Value>(items.size());
    std::size_t count = 0;
    for (const Value& item : items) {
        if (!m_budget.take(cost)) {
            return exhausted(node);
        }
        m_locals[node.slot] = item;
        Value result = evaluate(node.right);
        if (result.isError()) {
            return result;
        }
        if (conditioned) {
            if (!result.isBool()) {
                return notBool(node, "the macro's condition", result);
            }
            if (!result.isTrue()) {
                continue;
            }
            result = node.macro == MacroKind::Filter ? item : evaluate(node.third);
            if (result.isError()) {
                return result;
            }
        }
        results[count++] = result;
    }
    return Value::list(results.first(count));
}

Rendered Evaluation::runJson()
{
    const auto root = static_cast<NodeIndex>(m_code.nodes.size() - 1);
    const Rendered rendered = json(root);
    if (m_budget.exhausted()) {
        return {.failed = true, .message = exhausted(m_code.nodes[root]).message()};
    }
    return rendered;
}

/// A field that is only passed on comes out as it stands, without being read.
Rendered Evaluation::json(NodeIndex index)
{
    const Node& node = m_code.nodes[index];
    const bool indexed =
        m_record != nullptr && m_record->value.format == ValueFormat::Json && m_record->value.json != nullptr;
    if (node.op == Op::Field && indexed && m_record->value.json->isObject()) {
        JsonNode found;
        Value failure;
        if (!locate(node, found, failure)) {
            return {.failed = true, .message = failure.message()};
        }
        return {.node = found};
    }
    if (node.op == Op::Variable && indexed &&
        static_cast<RecordVariable>(node.slot) == RecordVariable::Value) {
        return {.node = wholeNode(*m_record->value.json, arena())};
    }
    const Value value = evaluate(index);
    if (value.isError()) {
        return {.failed = true, .message = value.message()};
    }
    const std::optional<JsonNode> rendered = toJsonNode(value, arena(), m_budget);
    if (!rendered) {
        const Value failure = m_budget.exhausted()
                                  ? exhausted(node)
                                  : fail(node, "The value has no JSON form (NaN or infinite)");
        return {.failed = true, .message = failure.message()};
    }
    return {.node = *rendered};
}

} // namespace streamwright::cel
