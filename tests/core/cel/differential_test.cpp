#include "core/cel/program.h"
#include "core/cel/value_json.h"
#include "tests/core/cel/expression_driver.h"
#include "tests/core/cel/slow_evaluator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace streamwright::cel {
namespace {

using nlohmann::json;
using Tree = std::shared_ptr<SlowExpr>;

/// Expressions and records out of few names and values, so that they meet.
class Inventor {
public:
    explicit Inventor(std::uint32_t seed) : m_random(seed) {}

    json scalar()
    {
        switch (pick(9)) {
        case 0: return nullptr;
        case 1: return pick(2) == 0;
        case 2: return std::string(pick(3), 'a');
        case 3: return "b";
        case 4: return 0.5 * static_cast<double>(pick(7)) - 1.0;
        case 5: return pick(20) == 0 ? json(INT64_MAX) : json(3);
        case 6: return pick(20) == 0 ? json(INT64_MIN + 1) : json(-2);
        default: return static_cast<std::int64_t>(pick(4));
        }
    }

    json value(int depth)
    {
        if (depth == 0 || pick(2) == 0) {
            return scalar();
        }
        json result = pick(2) == 0 ? json::array() : json::object();
        for (std::size_t i = pick(4); i > 0; --i) {
            if (result.is_array()) {
                result.push_back(value(depth - 1));
            } else {
                result[name()] = value(depth - 1);
            }
        }
        return result;
    }

    json record()
    {
        json result = json::object();
        for (std::size_t i = pick(5); i > 0; --i) {
            result[name()] = value(3);
        }
        return result;
    }

    Tree expression(int depth)
    {
        if (depth == 0) {
            return leaf();
        }
        const auto child = [&] { return expression(depth - 1); };
        switch (pick(14)) {
        case 0: return node(oneOf({"&&", "||"}), {child(), child()});
        case 1: return node(oneOf({"==", "!="}), {child(), child()});
        case 2: return node(oneOf({"<", "<=", ">", ">="}), {child(), child()});
        case 3:
        case 4: return node(oneOf({"+", "-", "*", "/", "%"}), {child(), child()});
        case 5: return node("in", {child(), child()});
        case 6: return node("?:", {child(), child(), child()});
        case 7: return node(oneOf({"!", "neg", "size"}), {child()});
        case 8: return node("list", {child(), child()});
        case 9: return node("has", {path()}, name());
        case 10: return node("index", {path(), child()});
        case 11:
        case 12: return macro(depth);
        default: return leaf();
        }
    }

private:
    std::size_t pick(std::size_t count) { return m_random() % count; }
    std::string oneOf(std::initializer_list<const char*> names) { return names.begin()[pick(names.size())]; }
    std::string name() { return oneOf({"a", "b", "c", "d"}); }

    static Tree node(std::string op, std::vector<Tree> children, json literal = nullptr)
    {
        return std::make_shared<SlowExpr>(SlowExpr{std::move(op), std::move(literal), std::move(children)});
    }

    Tree path()
    {
        Tree tree = !m_locals.empty() && pick(3) == 0 ? node("local", {}, m_locals[pick(m_locals.size())])
                                                      : node("value", {});
        for (std::size_t i = pick(3); i > 0; --i) {
            tree = node("field", {tree}, name());
        }
        return tree;
    }

    Tree leaf() { return pick(2) == 0 ? node("literal", {}, scalar()) : path(); }

    Tree macro(int depth)
    {
        Tree range = path();
        const std::string variable = oneOf({"x", "y"});
        m_locals.push_back(variable);
        Tree body = expression(depth - 1);
        m_locals.pop_back();
        return node(oneOf({"exists", "all", "exists_one", "map", "filter"}), {range, body}, variable);
    }

    std::mt19937 m_random;
    std::vector<std::string> m_locals;
};

bool isFinite(const json& value)
{
    if (value.is_number_float()) {
        return std::isfinite(value.get<double>());
    }
    for (const json& item : value.is_structured() ? value : json::array()) {
        if (!isFinite(item)) {
            return false;
        }
    }
    return true;
}

/// Do the program and the slow evaluator agree; else what they say.
std::string difference(const Tree& tree, const json& record, int& compared)
{
    const std::string text = textOf(*tree);
    const Result<Program> program = Program::compile(text);
    const SlowValue expected = evaluateSlowly(*tree, record);
    if (!program) {
        // The checker may refuse only what can give no value, or what the other side of a && or || hides.
        return program.error().message.find("No operator") != std::string::npos ||
                       program.error().message.find("wants a bool") != std::string::npos ||
                       program.error().message.find("does not take") != std::string::npos ||
                       program.error().message.find("has no") != std::string::npos ||
                       program.error().message.find("is an int, not") != std::string::npos ||
                       program.error().message.find("A key is") != std::string::npos
                   ? ""
                   : "refused: " + program.error().message;
    }
    ++compared;
    SampleRecords records;
    Arena arena;
    EvalContext context{.arena = arena};
    const Value value = program->evaluate(records.add(record.dump()), context);
    if (value.isError() || expected.error) {
        return value.isError() == expected.error
                   ? ""
                   : "gave " + (value.isError() ? std::string(value.message()) : toTypedJson(value, arena));
    }
    if (!isFinite(expected.value)) {
        return toJsonNode(value, arena) ? "gave a finite value" : "";
    }
    const std::optional<JsonNode> node = toJsonNode(value, arena);
    if (!node) {
        return "gave a value without JSON form";
    }
    const json given = json::parse(node->text);
    // Whole or not must agree as well: 1 and 1.0 are different texts.
    return given.dump() == expected.value.dump()
               ? ""
               : "gave " + given.dump() + " instead of " + expected.value.dump();
}

TEST(CelDifferential, AgreesWithASlowAndObviousEvaluator)
{
    constexpr int kExpressions = 10'000;
    constexpr int kRecordsEach = 3;
    int compared = 0;
    int values = 0;
    int differences = 0;
    for (int i = 0; i < kExpressions && differences < 5; ++i) {
        Inventor inventor(static_cast<std::uint32_t>(i));
        const Tree tree = inventor.expression(2 + i % 3);
        for (int j = 0; j < kRecordsEach; ++j) {
            const json record = inventor.record();
            const std::string problem = difference(tree, record, compared);
            values += evaluateSlowly(*tree, record).error ? 0 : 1;
            if (!problem.empty()) {
                ++differences;
                ADD_FAILURE() << "seed " << i << ": " << textOf(*tree) << "\non " << record.dump() << '\n'
                              << problem;
                break;
            }
        }
    }
    // Enough of both kinds, else the test says nothing.
    EXPECT_GT(compared, kExpressions / 2);
    EXPECT_GT(values, kExpressions / 4);
}

} // namespace
} // namespace streamwright::cel
