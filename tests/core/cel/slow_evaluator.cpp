#include "tests/core/cel/slow_evaluator.h"

#include <cmath>
#include <cstdint>
#include <map>

namespace streamwright::cel {
namespace {

using nlohmann::json;
using Locals = std::map<std::string, json>;
__extension__ using Wide = __int128; // no result of two 64-bit operands overflows it

SlowValue run(const SlowExpr& expr, const json& record, const Locals& locals);

bool sameKind(const json& a, const json& b)
{
    return a.is_boolean() == b.is_boolean() && a.is_string() == b.is_string() &&
           a.is_number() == b.is_number() && a.is_null() == b.is_null() && a.is_array() == b.is_array() &&
           a.is_object() == b.is_object();
}

/// Equality of CEL: numbers by their value, lists and maps in depth, different kinds never.
bool equalSlowly(const json& a, const json& b)
{
    if (!sameKind(a, b)) {
        return false;
    }
    if (a.is_number()) {
        const bool whole = a.is_number_integer() && b.is_number_integer();
        // The made-up numbers are small: a double holds each of them exactly.
        return whole ? a.get<std::int64_t>() == b.get<std::int64_t>() : a.get<double>() == b.get<double>();
    }
    if (a.is_array()) {
        if (a.size() != b.size()) {
            return false;
        }
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (!equalSlowly(a[i], b[i])) {
                return false;
            }
        }
        return true;
    }
    if (a.is_object()) {
        if (a.size() != b.size()) {
            return false;
        }
        for (const auto& [key, item] : a.items()) {
            if (!b.contains(key) || !equalSlowly(item, b[key])) {
                return false;
            }
        }
        return true;
    }
    return a == b;
}

SlowValue ordered(const std::string& op, const json& a, const json& b)
{
    if (!sameKind(a, b) || a.is_null() || a.is_array() || a.is_object()) {
        return SlowValue::failed();
    }
    bool less = false;
    bool greater = false;
    if (a.is_number()) {
        less = a.get<double>() < b.get<double>();
        greater = a.get<double>() > b.get<double>();
    } else if (a.is_string()) {
        less = a.get<std::string>() < b.get<std::string>();
        greater = b.get<std::string>() < a.get<std::string>();
    } else {
        less = !a.get<bool>() && b.get<bool>();
        greater = a.get<bool>() && !b.get<bool>();
    }
    if (op == "<") {
        return {false, less};
    }
    if (op == ">") {
        return {false, greater};
    }
    // A NaN is neither less, greater nor equal.
    const bool same = equalSlowly(a, b);
    return {false, op == "<=" ? less || same : greater || same};
}

SlowValue computed(const std::string& op, const json& a, const json& b)
{
    if (op == "+" && a.is_string() && b.is_string()) {
        return {false, a.get<std::string>() + b.get<std::string>()};
    }
    if (op == "+" && a.is_array() && b.is_array()) {
        json all = a;
        all.insert(all.end(), b.begin(), b.end());
        return {false, all};
    }
    if (!a.is_number() || !b.is_number()) {
        return SlowValue::failed();
    }
    if (a.is_number_integer() && b.is_number_integer()) {
        const Wide x = a.get<std::int64_t>();
        const Wide y = b.get<std::int64_t>();
        if ((op == "/" || op == "%") && y == 0) {
            return SlowValue::failed();
        }
        const Wide result = op == "+"   ? x + y
                            : op == "-" ? x - y
                            : op == "*" ? x * y
                            : op == "/" ? x / y
                                        : x % y;
        if (result > INT64_MAX || result < INT64_MIN) {
            return SlowValue::failed();
        }
        return {false, static_cast<std::int64_t>(result)};
    }
    const double x = a.get<double>();
    const double y = b.get<double>();
    if (op == "%") {
        return SlowValue::failed();
    }
    return {false, op == "+" ? x + y : op == "-" ? x - y : op == "*" ? x * y : x / y};
}

/// && and ||: a side that decides wins over an error and over something that is no bool.
SlowValue decided(const SlowExpr& expr, const json& record, const Locals& locals)
{
    const bool deciding = expr.op == "||";
    bool failed = false;
    for (const auto& child : expr.children) {
        const SlowValue side = run(*child, record, locals);
        if (!side.error && side.value.is_boolean()) {
            if (side.value.get<bool>() == deciding) {
                return {false, deciding};
            }
        } else {
            failed = true;
        }
    }
    return failed ? SlowValue::failed() : SlowValue{false, !deciding};
}

SlowValue repeated(const SlowExpr& expr, const json& record, const Locals& locals)
{
    const SlowValue range = run(*expr.children[0], record, locals);
    if (range.error || (!range.value.is_array() && !range.value.is_object())) {
        return SlowValue::failed();
    }
    std::vector<json> items;
    for (const auto& [key, item] : range.value.items()) {
        items.push_back(range.value.is_array() ? item : json(key));
    }
    json results = json::array();
    int trues = 0;
    int falses = 0;
    int errors = 0;
    for (const json& item : items) {
        Locals inner = locals;
        inner[expr.literal.get<std::string>()] = item;
        const SlowValue one = run(*expr.children[1], record, inner);
        const bool isBool = !one.error && one.value.is_boolean();
        if (expr.op == "map") {
            errors += one.error ? 1 : 0;
            results.push_back(one.value);
            continue;
        }
        errors += isBool ? 0 : 1;
        trues += isBool && one.value.get<bool>() ? 1 : 0;
        falses += isBool && !one.value.get<bool>() ? 1 : 0;
        if (isBool && one.value.get<bool>()) {
            results.push_back(item);
        }
    }
    if (expr.op == "exists" && trues > 0) {
        return {false, true};
    }
    if (expr.op == "all" && falses > 0) {
        return {false, false};
    }
    if (errors > 0) {
        return SlowValue::failed();
    }
    if (expr.op == "map" || expr.op == "filter") {
        return {false, results};
    }
    return {false, expr.op == "exists" ? false : expr.op == "all" ? true : trues == 1};
}

SlowValue binary(const SlowExpr& expr, const json& record, const Locals& locals)
{
    const SlowValue a = run(*expr.children[0], record, locals);
    const SlowValue b = run(*expr.children[1], record, locals);
    if (a.error || b.error) {
        return SlowValue::failed();
    }
    const std::string& op = expr.op;
    if (op == "==" || op == "!=") {
        return {false, equalSlowly(a.value, b.value) == (op == "==")};
    }
    if (op == "<" || op == ">" || op == "<=" || op == ">=") {
        return ordered(op, a.value, b.value);
    }
    if (op == "in") {
        if (b.value.is_array()) {
            for (const json& item : b.value) {
                if (equalSlowly(item, a.value)) {
                    return {false, true};
                }
            }
            return {false, false};
        }
        const bool key = a.value.is_string() || a.value.is_number() || a.value.is_boolean();
        if (!b.value.is_object() || !key) {
            return SlowValue::failed();
        }
        return {false, a.value.is_string() && b.value.contains(a.value.get<std::string>())};
    }
    return computed(op, a.value, b.value);
}

SlowValue memberOf(const SlowValue& of, const SlowExpr& expr)
{
    const std::string name = expr.literal.get<std::string>();
    if (of.error || !of.value.is_object()) {
        return SlowValue::failed();
    }
    if (expr.op == "has") {
        return {false, of.value.contains(name)};
    }
    return of.value.contains(name) ? SlowValue{false, of.value[name]} : SlowValue::failed();
}

SlowValue run(const SlowExpr& expr, const json& record, const Locals& locals)
{
    const std::string& op = expr.op;
    if (op == "literal") {
        return {false, expr.literal};
    }
    if (op == "value") {
        return {false, record};
    }
    if (op == "local") {
        return {false, locals.at(expr.literal.get<std::string>())};
    }
    if (op == "field" || op == "has") {
        return memberOf(run(*expr.children[0], record, locals), expr);
    }
    if (op == "&&" || op == "||") {
        return decided(expr, record, locals);
    }
    if (op == "exists" || op == "all" || op == "exists_one" || op == "map" || op == "filter") {
        return repeated(expr, record, locals);
    }
    if (op == "list") {
        json items = json::array();
        for (const auto& child : expr.children) {
            const SlowValue item = run(*child, record, locals);
            if (item.error) {
                return item;
            }
            items.push_back(item.value);
        }
        return {false, items};
    }
    if (op == "?:") {
        const SlowValue condition = run(*expr.children[0], record, locals);
        if (condition.error || !condition.value.is_boolean()) {
            return SlowValue::failed();
        }
        return run(*expr.children[condition.value.get<bool>() ? 1 : 2], record, locals);
    }
    if (op == "!" || op == "neg" || op == "size") {
        const SlowValue a = run(*expr.children[0], record, locals);
        if (a.error) {
            return a;
        }
        if (op == "!") {
            return a.value.is_boolean() ? SlowValue{false, !a.value.get<bool>()} : SlowValue::failed();
        }
        if (op == "size") {
            if (a.value.is_string()) {
                return {false, static_cast<std::int64_t>(a.value.get<std::string>().size())}; // ASCII only
            }
            return a.value.is_array() || a.value.is_object()
                       ? SlowValue{false, static_cast<std::int64_t>(a.value.size())}
                       : SlowValue::failed();
        }
        if (a.value.is_number_integer()) {
            return a.value.get<std::int64_t>() == INT64_MIN ? SlowValue::failed()
                                                            : SlowValue{false, -a.value.get<std::int64_t>()};
        }
        return a.value.is_number() ? SlowValue{false, -a.value.get<double>()} : SlowValue::failed();
    }
    if (op == "index") {
        const SlowValue a = run(*expr.children[0], record, locals);
        const SlowValue b = run(*expr.children[1], record, locals);
        if (a.error || b.error) {
            return SlowValue::failed();
        }
        if (a.value.is_object() && b.value.is_string()) {
            const std::string key = b.value.get<std::string>();
            return a.value.contains(key) ? SlowValue{false, a.value[key]} : SlowValue::failed();
        }
        if (!a.value.is_array() || !b.value.is_number()) {
            return SlowValue::failed();
        }
        const double index = b.value.get<double>(); // a whole number of any type
        return index >= 0 && index < static_cast<double>(a.value.size()) && index == std::floor(index)
                   ? SlowValue{false, a.value[static_cast<std::size_t>(index)]}
                   : SlowValue::failed();
    }
    return binary(expr, record, locals);
}

} // namespace

std::string textOf(const SlowExpr& expr)
{
    const std::string& op = expr.op;
    const auto child = [&](std::size_t i) { return textOf(*expr.children[i]); };
    if (op == "literal") {
        // Negative numbers in brackets: "1 - -1" is fine, "x.-1" is not.
        const std::string text = expr.literal.dump();
        return text.front() == '-' ? '(' + text + ')' : text;
    }
    if (op == "value") {
        return "value";
    }
    if (op == "local") {
        return expr.literal.get<std::string>();
    }
    if (op == "field") {
        return child(0) + '.' + expr.literal.get<std::string>();
    }
    if (op == "has") {
        return "has(" + child(0) + '.' + expr.literal.get<std::string>() + ')';
    }
    if (op == "size") {
        return "size(" + child(0) + ')';
    }
    if (op == "!" || op == "neg") {
        return (op == "!" ? "!(" : "-(") + child(0) + ')';
    }
    if (op == "index") {
        return child(0) + '[' + child(1) + ']';
    }
    if (op == "?:") {
        return '(' + child(0) + " ? " + child(1) + " : " + child(2) + ')';
    }
    if (op == "list") {
        std::string text = "[";
        for (std::size_t i = 0; i < expr.children.size(); ++i) {
            text += (i == 0 ? "" : ", ") + child(i);
        }
        return text + ']';
    }
    if (op == "exists" || op == "all" || op == "exists_one" || op == "map" || op == "filter") {
        return child(0) + '.' + op + '(' + expr.literal.get<std::string>() + ", " + child(1) + ')';
    }
    return '(' + child(0) + ' ' + op + ' ' + child(1) + ')';
}

SlowValue evaluateSlowly(const SlowExpr& expr, const json& record)
{
    return run(expr, record, {});
}

} // namespace streamwright::cel
