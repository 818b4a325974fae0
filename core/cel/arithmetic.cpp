#include "core/cel/evaluation.h"
#include "core/cel/time_text.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace streamwright::cel {
namespace {

Value overflow(Evaluation& evaluation, const Node& node, std::string_view type)
{
    return evaluation.fail(node, Phrase() << "The " << type << " overflows");
}

Value divideByZero(Evaluation& evaluation, const Node& node)
{
    return evaluation.fail(node, node.binary == BinaryOp::Divide ? "Division by zero"
                                                                 : "Remainder of a division by zero");
}

Value ofInts(Evaluation& evaluation, const Node& node, std::int64_t left, std::int64_t right)
{
    std::int64_t result = 0;
    bool overflowed = false;
    switch (node.binary) {
    case BinaryOp::Add: overflowed = __builtin_add_overflow(left, right, &result); break;
    case BinaryOp::Subtract: overflowed = __builtin_sub_overflow(left, right, &result); break;
    case BinaryOp::Multiply: overflowed = __builtin_mul_overflow(left, right, &result); break;
    default:
        if (right == 0) {
            return divideByZero(evaluation, node);
        }
        overflowed = left == INT64_MIN && right == -1;
        if (!overflowed) {
            result = node.binary == BinaryOp::Divide ? left / right : left % right;
        }
        break;
    }
    return overflowed ? overflow(evaluation, node, "int") : Value::ofInt(result);
}

Value ofUints(Evaluation& evaluation, const Node& node, std::uint64_t left, std::uint64_t right)
{
    std::uint64_t result = 0;
    bool overflowed = false;
    switch (node.binary) {
    case BinaryOp::Add: overflowed = __builtin_add_overflow(left, right, &result); break;
    case BinaryOp::Subtract: overflowed = __builtin_sub_overflow(left, right, &result); break;
    case BinaryOp::Multiply: overflowed = __builtin_mul_overflow(left, right, &result); break;
    default:
        if (right == 0) {
            return divideByZero(evaluation, node);
        }
        result = node.binary == BinaryOp::Divide ? left / right : left % right;
        break;
    }
    return overflowed ? overflow(evaluation, node, "uint") : Value::ofUint(result);
}

std::optional<Value> ofDoubles(BinaryOp op, double left, double right)
{
    switch (op) {
    case BinaryOp::Add: return Value::ofDouble(left + right);
    case BinaryOp::Subtract: return Value::ofDouble(left - right);
    case BinaryOp::Multiply: return Value::ofDouble(left * right);
    case BinaryOp::Divide: return Value::ofDouble(left / right);
    default: return std::nullopt; // no remainder of doubles
    }
}

double asReal(const Value& number)
{
    switch (number.kind) {
    case Kind::Int: return static_cast<double>(number.integer);
    case Kind::Uint: return static_cast<double>(number.unsignedInteger);
    default: return number.real();
    }
}

Value concatenate(Evaluation& evaluation, const Node& node, const Value& left, const Value& right)
{
    const std::size_t size = std::size_t{left.size} + right.size;
    char* const text = size > UINT32_MAX ? nullptr : evaluation.reserve(size);
    if (text == nullptr) {
        return evaluation.exhausted(node);
    }
    std::copy_n(left.chars, left.size, text);
    std::copy_n(right.chars, right.size, text + left.size);
    return left.isString() ? Value::string({text, size}) : Value::bytes({text, size});
}

Value concatenateLists(Evaluation& evaluation, const Node& node, const Value& left, const Value& right)
{
    const std::span<const Value> a = itemsOf(left, evaluation.arena(), evaluation.budget());
    const std::span<const Value> b = itemsOf(right, evaluation.arena(), evaluation.budget());
    if (!evaluation.budget().take(a.size() + b.size())) {
        return evaluation.exhausted(node);
    }
    const std::span<Value> items = evaluation.arena().makeArray<Value>(a.size() + b.size());
    std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), items.begin()));
    return Value::list(items);
}

Value shifted(Evaluation& evaluation, const Node& node, const Value& timestamp, std::int64_t nanos)
{
    std::int64_t seconds = timestamp.integer + nanos / kNanosPerSecond;
    std::int64_t rest = std::int64_t{timestamp.size} + nanos % kNanosPerSecond;
    if (rest < 0) {
        rest += kNanosPerSecond;
        --seconds;
    } else if (rest >= kNanosPerSecond) {
        rest -= kNanosPerSecond;
        ++seconds;
    }
    if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) {
        return evaluation.fail(node, "The timestamp leaves the years 0001 to 9999");
    }
    return Value::timestamp(seconds, static_cast<std::uint32_t>(rest));
}

std::optional<Value> ofTimes(Evaluation& evaluation, const Node& node, const Value& left, const Value& right)
{
    const bool add = node.binary == BinaryOp::Add;
    if (!add && node.binary != BinaryOp::Subtract) {
        return std::nullopt;
    }
    if (left.kind == Kind::Duration && right.kind == Kind::Duration) {
        std::int64_t nanos = 0;
        const bool overflowed = add ? __builtin_add_overflow(left.integer, right.integer, &nanos)
                                    : __builtin_sub_overflow(left.integer, right.integer, &nanos);
        return overflowed ? overflow(evaluation, node, "duration") : Value::duration(nanos);
    }
    if (left.kind == Kind::Timestamp && right.kind == Kind::Duration) {
        if (!add && right.integer == INT64_MIN) {
            return overflow(evaluation, node, "duration");
        }
        return shifted(evaluation, node, left, add ? right.integer : -right.integer);
    }
    if (add && left.kind == Kind::Duration && right.kind == Kind::Timestamp) {
        return shifted(evaluation, node, right, left.integer);
    }
    if (!add && left.kind == Kind::Timestamp && right.kind == Kind::Timestamp) {
        std::int64_t nanos = 0;
        if (__builtin_mul_overflow(left.integer - right.integer, kNanosPerSecond, &nanos) ||
            __builtin_add_overflow(nanos, std::int64_t{left.size} - std::int64_t{right.size}, &nanos)) {
            return overflow(evaluation, node, "duration");
        }
        return Value::duration(nanos);
    }
    return std::nullopt;
}

} // namespace

Value arithmetic(Evaluation& evaluation, const Node& node, const Value& left, const Value& right, bool strict)
{
    if (left.kind == right.kind) {
        switch (left.kind) {
        case Kind::Int: return ofInts(evaluation, node, left.integer, right.integer);
        case Kind::Uint: return ofUints(evaluation, node, left.unsignedInteger, right.unsignedInteger);
        case Kind::Double:
            if (const std::optional<Value> result = ofDoubles(node.binary, left.real(), right.real())) {
                return *result;
            }
            break;
        case Kind::String:
        case Kind::Bytes:
            if (node.binary == BinaryOp::Add) {
                return concatenate(evaluation, node, left, right);
            }
            break;
        case Kind::List:
            if (node.binary == BinaryOp::Add) {
                return concatenateLists(evaluation, node, left, right);
            }
            break;
        default: break;
        }
    }
    // Our extension: in JSON nobody sees whether 5 is 5.0.
    if (!strict && isNumeric(left.kind) && isNumeric(right.kind) &&
        (left.kind == Kind::Double || right.kind == Kind::Double)) {
        if (const std::optional<Value> result = ofDoubles(node.binary, asReal(left), asReal(right))) {
            return *result;
        }
    }
    if (const std::optional<Value> result = ofTimes(evaluation, node, left, right)) {
        return *result;
    }
    Phrase what;
    what << "No operator \"" << toString(node.binary) << "\" for " << plainName(left.kind) << " and "
         << plainName(right.kind);
    return evaluation.fail(node, what);
}

} // namespace streamwright::cel
