#include "core/cel/value.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace streamwright::cel {
namespace {

/// Maps with fewer entries are searched front to back.
constexpr std::size_t kHashedEntries = 9;
/// Texts up to this length cost no step of their own.
constexpr std::size_t kFreeText = 64;
constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

/// Digits that surely fit int64.
constexpr std::size_t kSafeDigits = 18;

Value numberFromJson(const JsonNode& node)
{
    if (node.type == JsonType::Int) {
        if (node.text.size() <= kSafeDigits) { // by hand: from_chars checks what was validated already
            const bool negative = node.text.front() == '-';
            std::int64_t small = 0;
            for (std::size_t i = negative ? 1 : 0; i < node.text.size(); ++i) {
                small = small * 10 + (node.text[i] - '0');
            }
            return Value::ofInt(negative ? -small : small);
        }
        std::int64_t number = 0;
        const char* const end = node.text.data() + node.text.size();
        if (std::from_chars(node.text.data(), end, number).ec == std::errc()) {
            return Value::ofInt(number);
        }
        std::uint64_t large = 0;
        if (std::from_chars(node.text.data(), end, large).ec == std::errc()) {
            return Value::ofUint(large);
        }
    }
    Value result;
    result.kind = Kind::Double;
    result.form = Form::JsonText;
    result.size = static_cast<std::uint32_t>(node.text.size());
    result.chars = node.text.data();
    return result;
}

Value jsonText(Kind kind, const JsonNode& node)
{
    Value result;
    result.kind = kind;
    result.form = Form::JsonText;
    result.size = static_cast<std::uint32_t>(node.text.size());
    result.chars = node.text.data();
    return result;
}

JsonNode nodeOf(const Value& jsonTextValue)
{
    return {.text = jsonTextValue.text(),
            .type = jsonTextValue.kind == Kind::List ? JsonType::Array : JsonType::Object};
}

int signOf(std::int64_t left, std::int64_t right)
{
    return left < right ? -1 : (left > right ? 1 : 0);
}

int signOf(std::uint64_t left, std::uint64_t right)
{
    return left < right ? -1 : (left > right ? 1 : 0);
}

int compareIntDouble(std::int64_t left, double right)
{
    if (right >= kTwoTo63) {
        // The largest ints become 2^63 as doubles; the definition's own tests hold them for equal to it.
        return static_cast<double>(left) == right ? 0 : -1;
    }
    if (right < -kTwoTo63) {
        return 1;
    }
    const double floor = std::floor(right);
    const int sign = signOf(left, static_cast<std::int64_t>(floor));
    return sign != 0 || floor == right ? sign : -1; // right lies a fraction above its floor
}

int compareUintDouble(std::uint64_t left, double right)
{
    if (right >= kTwoTo64) {
        return -1;
    }
    if (right < 0) {
        return 1;
    }
    const double floor = std::floor(right);
    const int sign = signOf(left, static_cast<std::uint64_t>(floor));
    return sign != 0 || floor == right ? sign : -1;
}

/// Exact, whatever the two types are; neither is a NaN.
int compareNumbers(const Value& left, const Value& right)
{
    if (left.kind == Kind::Double) {
        if (right.kind == Kind::Double) {
            return left.real() < right.real() ? -1 : (left.real() > right.real() ? 1 : 0);
        }
        return -compareNumbers(right, left);
    }
    if (right.kind == Kind::Double) {
        return left.kind == Kind::Int ? compareIntDouble(left.integer, right.real())
                                      : compareUintDouble(left.unsignedInteger, right.real());
    }
    if (left.kind == right.kind) {
        return left.kind == Kind::Int ? signOf(left.integer, right.integer)
                                      : signOf(left.unsignedInteger, right.unsignedInteger);
    }
    if (left.kind == Kind::Int) {
        return left.integer < 0 ? -1 : signOf(left.unsignedInteger, right.unsignedInteger);
    }
    return right.integer < 0 ? 1 : signOf(left.unsignedInteger, right.unsignedInteger);
}

bool isNan(const Value& value)
{
    return value.kind == Kind::Double && std::isnan(value.real());
}

std::uint64_t mix(std::uint64_t bits)
{
    bits ^= bits >> 32U;
    bits *= 0x9E3779B97F4A7C15U;
    return bits ^ (bits >> 29U);
}

/// Equal keys have equal hashes: a whole number hashes the same in all three types.
std::uint64_t hashKey(const Value& key)
{
    switch (key.kind) {
    case Kind::Bool: return mix(static_cast<std::uint64_t>(key.integer) + 0x100U);
    case Kind::Int:
    case Kind::Uint: return mix(key.unsignedInteger);
    case Kind::Double:
        if (key.real() == std::floor(key.real()) && key.real() >= -kTwoTo63 && key.real() < kTwoTo64) {
            return mix(key.real() < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(key.real()))
                                      : static_cast<std::uint64_t>(key.real()));
        }
        return mix(std::bit_cast<std::uint64_t>(key.real()));
    default: break;
    }
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : key.text()) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return mix(hash);
}

bool equalKeys(const Value& left, const Value& right)
{
    if (isNumeric(left.kind) && isNumeric(right.kind)) {
        return !isNan(left) && !isNan(right) && compareNumbers(left, right) == 0;
    }
    if (left.kind != right.kind) {
        return false;
    }
    return left.kind == Kind::Bool ? left.integer == right.integer : left.text() == right.text();
}

std::optional<Value> findInTable(const MapTable& table, const Value& key)
{
    if (table.slots.empty()) {
        for (const MapEntry& entry : table.entries) {
            if (equalKeys(entry.key, key)) {
                return entry.value;
            }
        }
        return std::nullopt;
    }
    const std::size_t mask = table.slots.size() - 1;
    for (std::size_t at = hashKey(key) & mask; table.slots[at] != 0; at = (at + 1) & mask) {
        const MapEntry& entry = table.entries[table.slots[at] - 1];
        if (equalKeys(entry.key, key)) {
            return entry.value;
        }
    }
    return std::nullopt;
}

bool equalLists(const Value& left, const Value& right, Arena& arena, Budget& budget)
{
    const std::span<const Value> a = itemsOf(left, arena, budget);
    const std::span<const Value> b = itemsOf(right, arena, budget);
    if (a.size() != b.size() || !budget.take(a.size())) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(a[i], b[i], arena, budget)) {
            return false;
        }
    }
    return true;
}

bool equalMaps(const Value& left, const Value& right, Arena& arena, Budget& budget)
{
    const std::span<const MapEntry> entries = entriesOf(left, arena, budget);
    // Entry form of both sides: a look-up in JSON text would walk all of it for each key.
    const std::optional<Value> table = makeMap(entriesOf(right, arena, budget), arena);
    if (!table || entries.size() != table->table->entries.size() || !budget.take(entries.size())) {
        return false;
    }
    for (const MapEntry& entry : entries) {
        const std::optional<Value> other = findInTable(*table->table, entry.key);
        if (!other || !equal(entry.value, *other, arena, budget)) {
            return false;
        }
    }
    return true;
}

} // namespace

double Value::realOfText() const
{
    return asDouble({.text = text(), .type = JsonType::Double});
}

Value Value::list(std::span<const Value> items)
{
    Value result;
    result.kind = Kind::List;
    result.form = Form::Items;
    result.size = static_cast<std::uint32_t>(items.size());
    result.items = items.data();
    return result;
}

Value Value::map(const MapTable* table)
{
    Value result;
    result.kind = Kind::Map;
    result.form = Form::Table;
    result.table = table;
    return result;
}

Value Value::optional(const Value* inner)
{
    Value result;
    result.kind = Kind::Optional;
    result.items = inner;
    return result;
}

Value Value::error(const Failure* failure)
{
    Value result;
    result.kind = Kind::Error;
    result.failure = failure;
    return result;
}

Value fromJson(const JsonNode& node, Arena& arena)
{
    switch (node.type) {
    case JsonType::Null: return Value::null();
    case JsonType::False: return Value::boolean(false);
    case JsonType::True: return Value::boolean(true);
    case JsonType::Int:
    case JsonType::Double: return numberFromJson(node);
    case JsonType::String:
        return Value::string(node.escaped ? decodeString(node, arena)
                                          : node.text.substr(1, node.text.size() - 2));
    case JsonType::Array: return jsonText(Kind::List, node);
    case JsonType::Object: return jsonText(Kind::Map, node);
    }
    return Value::null();
}

Value fromJson(const JsonValue* value, Arena& arena)
{
    if (value == nullptr) {
        return Value::null();
    }
    if (!value->isObject()) {
        return fromJson(value->root, arena);
    }
    Value result;
    result.kind = Kind::Map;
    result.form = Form::JsonIndexed;
    result.indexed = value;
    return result;
}

std::span<const Value> itemsOf(const Value& list, Arena& arena, Budget& budget)
{
    if (list.form == Form::Items) {
        return {list.items, list.size};
    }
    std::size_t count = 0;
    for (JsonCursor cursor(nodeOf(list)); cursor.next();) {
        ++count;
    }
    if (!budget.take(count + list.size / kFreeText)) {
        return {};
    }
    const std::span<Value> items = arena.makeArray<Value>(count);
    std::size_t at = 0;
    for (JsonCursor cursor(nodeOf(list)); cursor.next();) {
        items[at++] = fromJson(cursor.value(), arena);
    }
    return items;
}

std::span<const MapEntry> entriesOf(const Value& map, Arena& arena, Budget& budget)
{
    if (map.form == Form::Table) {
        return map.table->entries;
    }
    // Indexing finds the keys that stand twice.
    const JsonValue* const value = map.form == Form::JsonIndexed ? map.indexed : valueOf(nodeOf(map), arena);
    const std::size_t textSteps = map.form == Form::JsonIndexed ? 0 : map.size / kFreeText;
    if (!budget.take(value->members.size() + textSteps)) {
        return {};
    }
    const std::span<MapEntry> entries = arena.makeArray<MapEntry>(value->members.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const JsonMember& member = value->members[i];
        entries[i] = {Value::string(member.keyEscaped ? decodeKey(member, arena) : member.key),
                      fromJson(member.value, arena)};
    }
    return entries;
}

std::size_t sizeOf(const Value& listOrMap, Arena& arena, Budget& budget)
{
    switch (listOrMap.form) {
    case Form::Items: return listOrMap.size;
    case Form::Table: return listOrMap.table->entries.size();
    case Form::JsonIndexed: return listOrMap.indexed->members.size();
    default: break;
    }
    if (listOrMap.kind == Kind::Map) {
        return entriesOf(listOrMap, arena, budget).size();
    }
    std::size_t count = 0;
    for (JsonCursor cursor(nodeOf(listOrMap)); cursor.next();) {
        ++count;
    }
    (void)budget.take(count + listOrMap.size / kFreeText);
    return count;
}

bool isMapKey(Kind kind)
{
    return kind == Kind::Bool || kind == Kind::Int || kind == Kind::Uint || kind == Kind::String;
}

std::optional<Value> makeMap(std::span<const MapEntry> entries, Arena& arena)
{
    auto* const table = arena.make<MapTable>();
    table->entries = entries;
    if (entries.size() < kHashedEntries) {
        for (std::size_t i = 1; i < entries.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (equalKeys(entries[i].key, entries[j].key)) {
                    return std::nullopt;
                }
            }
        }
        return Value::map(table);
    }
    const std::span<std::uint32_t> slots = arena.makeArray<std::uint32_t>(std::bit_ceil(entries.size() * 2));
    const std::size_t mask = slots.size() - 1;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        std::size_t at = hashKey(entries[i].key) & mask;
        for (; slots[at] != 0; at = (at + 1) & mask) {
            if (equalKeys(entries[slots[at] - 1].key, entries[i].key)) {
                return std::nullopt;
            }
        }
        slots[at] = static_cast<std::uint32_t>(i + 1);
    }
    table->slots = slots;
    return Value::map(table);
}

std::optional<Value> find(const Value& map, const Value& key, Arena& arena, Budget& budget)
{
    if (map.form == Form::Table) {
        return findInTable(*map.table, key);
    }
    if (!key.isString()) {
        return std::nullopt; // keys of JSON objects are text
    }
    if (map.form == Form::JsonIndexed) {
        const JsonMember* const member = findMember(*map.indexed, key.text());
        return member == nullptr ? std::nullopt : std::optional(fromJson(member->value, arena));
    }
    if (map.size > kFreeText && !budget.take(map.size / kFreeText)) {
        return std::nullopt;
    }
    const std::optional<JsonNode> node = findIn(nodeOf(map), key.text());
    return node ? std::optional(fromJson(*node, arena)) : std::nullopt;
}

bool equal(const Value& left, const Value& right, Arena& arena, Budget& budget)
{
    if (isNumeric(left.kind) && isNumeric(right.kind)) {
        return !isNan(left) && !isNan(right) && compareNumbers(left, right) == 0;
    }
    if (left.kind != right.kind) {
        return false;
    }
    switch (left.kind) {
    case Kind::Null: return true;
    case Kind::Bool:
    case Kind::Duration:
    case Kind::Type: return left.integer == right.integer;
    case Kind::Timestamp: return left.integer == right.integer && left.size == right.size;
    case Kind::String:
    case Kind::Bytes:
        if (left.size > kFreeText && !budget.take(left.size / kFreeText)) {
            return false;
        }
        return left.text() == right.text();
    case Kind::List: return equalLists(left, right, arena, budget);
    case Kind::Map: return equalMaps(left, right, arena, budget);
    case Kind::Optional:
        if (left.items == nullptr || right.items == nullptr) {
            return left.items == right.items;
        }
        return equal(*left.items, *right.items, arena, budget);
    default: return false;
    }
}

Order compare(const Value& left, const Value& right)
{
    if (isNumeric(left.kind) && isNumeric(right.kind)) {
        if (isNan(left) || isNan(right)) {
            return {.unordered = true};
        }
        return {.sign = compareNumbers(left, right)};
    }
    if (left.kind != right.kind) {
        return {.comparable = false};
    }
    switch (left.kind) {
    case Kind::Bool:
    case Kind::Duration: return {.sign = signOf(left.integer, right.integer)};
    case Kind::Timestamp: {
        const int sign = signOf(left.integer, right.integer);
        return {.sign = sign != 0 ? sign : signOf(std::int64_t{left.size}, std::int64_t{right.size})};
    }
    case Kind::String: // UTF-8 keeps the order of code points
    case Kind::Bytes: {
        const int sign = left.text().compare(right.text());
        return {.sign = sign};
    }
    default: return {.comparable = false};
    }
}

} // namespace streamwright::cel
