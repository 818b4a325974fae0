#include "core/cel/lexer.h"
#include "core/cel/parser.h"
#include "core/cel/program.h"
#include "tests/core/cel/expression_driver.h"

#include <gtest/gtest.h>

#include <thread>

namespace streamwright::cel {
namespace {

std::string repeated(std::string_view text, std::size_t times)
{
    std::string result;
    for (std::size_t i = 0; i < times; ++i) {
        result += text;
    }
    return result;
}

/// "offset+length code: message hint" of the first diagnostic.
std::string firstProblem(std::string_view expression, const CompileOptions& options = {},
                         Kind expected = Kind::Dyn)
{
    const Diagnostics found = check(expression, options, expected);
    if (found.empty()) {
        return "none";
    }
    const Diagnostic& d = found.front();
    return std::to_string(d.fieldOffset) + '+' + std::to_string(d.fieldLength) + ' ' + d.code + ": " +
           d.message + (d.hint.empty() ? "" : " " + d.hint);
}

TEST(CelProgram, ReadsFieldsOfTheRecord)
{
    const char* const value =
        R"({"quantity": 7, "subject": "x", "a": {"b": {"c": [10, {"d": "e"}]}}, "k y": 1, "n": null})";
    EXPECT_EQ(resultOf(R"(value.quantity > 5 && value.subject == "x")", value), "true");
    EXPECT_EQ(resultOf("value.a.b.c[1].d + value['k y'] + ''", value).substr(0, 7), "failed:");
    EXPECT_EQ(resultOf("value.a.b.c[1].d + string(value['k y'])", value), "\"e1\"");
    EXPECT_EQ(resultOf("value.`k y`", value), "1");
    EXPECT_EQ(resultOf("value.n == null && has(value.n) && !has(value.a.x)", value), "true");
    EXPECT_EQ(resultOf("'quantity' in value && !('x' in value)", value), "true");
    EXPECT_EQ(resultOf("value.size()", value), "5");
    EXPECT_EQ(resultOf("value.filter(k, k.startsWith('q'))", value), R"(["quantity"])");
    EXPECT_EQ(resultOf("value.a == {'b': {'c': [10.0, {'d': 'e'}]}}", value), "true");
    EXPECT_EQ(resultOf("value", value), value);
}

TEST(CelProgram, ReadsEscapedAndDoubledKeys)
{
    EXPECT_EQ(resultOf("value.a", R"({"\u0061": 1})"), "1");
    EXPECT_EQ(resultOf("value.a", R"({"a": 1, "a": 2})"), "2");
    EXPECT_EQ(resultOf("value.o.a + value.o.size()", R"({"o": {"a": 1, "\u0061": 2}})"), "3");
    EXPECT_EQ(resultOf("value.o == {'a': 2}", R"({"o": {"a": 1, "\u0061": 2}})"), "true");
    EXPECT_EQ(resultOf("value.s == 'a\"\\né'", R"({"s": "a\"\n\u00e9"})"), "true");
}

TEST(CelProgram, FollowsAFieldThatMovesFromRecordToRecord)
{
    const Program program = *Program::compile("value.q");
    Arena arena;
    EvalContext context{.arena = arena};
    const SampleRecords records({R"({"q": 1})", R"({"a": 0, "q": 2})", R"({"a": 0, "b": 1})", R"({})",
                                 R"({"q": 3, "a": 0})", R"({"a": 0, "\u0071": 4})"});
    std::vector<std::int64_t> found;
    for (const Record& record : records.all()) {
        const Value value = program.evaluate(record, context);
        found.push_back(value.isError() ? -1 : value.integer);
    }
    EXPECT_EQ(found, (std::vector<std::int64_t>{1, 2, -1, -1, 3, 4}));
}

TEST(CelProgram, ReadsIntegersExactlyAndByTheirLiterals)
{
    EXPECT_EQ(
        resultOf(
            "[type(value.a), type(value.b), type(value.c), type(value.d)]",
            R"({"a": 9223372036854775807, "b": 18446744073709551615, "c": 18446744073709551616, "d": 1.0})"),
        R"(["int","uint","double","double"])");
    EXPECT_EQ(resultOf("value.a == 9007199254740993", R"({"a": 9007199254740993})"), "true");
    EXPECT_EQ(resultOf("value.a == 9007199254740992.0", R"({"a": 9007199254740993})"), "false");
    EXPECT_EQ(resultOf("value.a + 1", R"({"a": 9223372036854775807})"),
              R"j(failed: The int overflows, in "value.a + 1".)j");
}

TEST(CelProgram, MixesIntAndDoubleUnlessStrict)
{
    EXPECT_EQ(resultOf("value.price * value.quantity", R"({"price": 2.5, "quantity": 4})"), "10.0");
    EXPECT_EQ(resultOf("1 + 0.5"), "1.5");
    EXPECT_EQ(
        resultOf("1 + 0.5", "{}", {.strict = true}),
        "refused: No operator \"+\" for int and double. Convert one of them with int(), uint() or double().");
    EXPECT_EQ(resultOf("value.a + 0.5", R"({"a": 1})", {.strict = true}),
              R"j(failed: No operator "+" for int and double, in "value.a + 0.5".)j");
    EXPECT_EQ(
        resultOf("1u + 1"),
        "refused: No operator \"+\" for uint and int. Convert one of them with int(), uint() or double().");
}

TEST(CelProgram, KnowsTheVariablesOfARecord)
{
    EXPECT_EQ(resultOf("[topic, string(partition), string(offset), key, string(timestamp)]"),
              R"(["orders","3","41","k41","2023-11-14T22:13:20.041Z"])");
    Arena arena;
    EvalContext context{.arena = arena};
    const Header headers[] = {{"a", "1"}, {"b", "\xff"}, {"a", "2"}, {"n", {}}};
    Record record{.key = "\xff", .headers = headers, .value = {.format = ValueFormat::Text, .bytes = "text"}};
    const auto verdict = [&](const char* condition) {
        return Program::compileBool(condition)->evaluateBool(record, context);
    };
    EXPECT_TRUE(
        verdict("headers.a == '2' && headers.b == b'\\xff' && headers.n == null && headers.size() == 3")
            .value);
    EXPECT_TRUE(verdict("key == b'\\xff' && value == 'text'").value);
    EXPECT_EQ(verdict("timestamp > timestamp(0)").message, "The record has no timestamp, in \"timestamp\".");
    EXPECT_EQ(verdict("topic == ''").message, "The record has no origin, in \"topic\".");
    EXPECT_EQ(verdict("value.x == 1").message, "The value is text and has no field \"x\", in \"value.x\".");
    record = {.key = {}, .value = {.format = ValueFormat::Bytes, .bytes = "text"}};
    EXPECT_TRUE(verdict("key == null && value == b'text'").value);
    record = {.value = {.format = ValueFormat::Json}};
    EXPECT_TRUE(verdict("value == null").value);
    EXPECT_EQ(verdict("value").message, "A condition must give a bool, not null, in \"value\".");
}

TEST(CelProgram, KnowsTheErrorBehindAnErrorPort)
{
    const RecordError error{.code = RecordErrorCode::NotEnoughParts, .message = "Too few.", .node = "parse"};
    Record record;
    record.error = &error;
    Arena arena;
    EvalContext context{.arena = arena};
    const Program program =
        *Program::compile("error.code + ' ' + error.node + ' ' + error.stage", {.hasError = true});
    EXPECT_EQ(program.evaluate(record, context).text(), "not_enough_parts parse process");
    EXPECT_EQ(firstProblem("error.code == ''"),
              "0+5 unknown_variable: Unknown variable \"error\". It is known only behind an error port.");
    EXPECT_EQ(firstProblem("error.cod == ''", {.hasError = true}),
              "6+3 unknown_field: Variable \"error\" has no field \"cod\", did you mean error.code?");
}

TEST(CelProgram, PointsAtMistakesWithAHint)
{
    EXPECT_EQ(firstProblem("quantity > 5"),
              "0+8 unknown_variable: Unknown variable \"quantity\", did you mean value.quantity?");
    EXPECT_EQ(firstProblem("valeu.quantity > 5"),
              "0+5 unknown_variable: Unknown variable \"valeu\", did you mean value?");
    EXPECT_EQ(firstProblem("value.a == True"),
              "11+4 unknown_variable: Unknown variable \"True\", did you mean true?");
    EXPECT_EQ(firstProblem("value.a = 5"),
              "8+1 syntax_error: Unexpected character \"=\". Write \"==\" to compare.");
    EXPECT_EQ(firstProblem("value.a > 5 and value.b > 5"),
              "12+3 syntax_error: Unexpected \"and\" after the expression. Write \"&&\" for \"and\".");
    EXPECT_EQ(firstProblem("value.a & value.b"),
              "8+1 syntax_error: Unexpected character \"&\". Write \"&&\" for \"and\".");
    EXPECT_EQ(firstProblem("(value.a > 5"),
              "12+0 syntax_error: Expected \")\" to close the \"(\", found the end of the expression.");
    EXPECT_EQ(firstProblem("value.a >"),
              "9+0 syntax_error: Expected a value after \">\", found the end of the expression.");
    EXPECT_EQ(firstProblem(""), "0+0 syntax_error: The expression is empty.");
    EXPECT_EQ(firstProblem("value.a == 'x"), "11+2 syntax_error: The string has no end. Add the closing ', "
                                             "or write \\n for a line end inside the text.");
    EXPECT_EQ(firstProblem("value.name.length() > 3"),
              "11+6 unknown_function: Unknown function \"length\", did you mean size?");
    EXPECT_EQ(firstProblem("value.name.startWith('a')"),
              "11+9 unknown_function: Unknown function \"startWith\", did you mean startsWith?");
    EXPECT_EQ(firstProblem("contains(value.a, 'x')"),
              "0+8 unknown_function: Unknown function \"contains\" in this form. It is called on its first "
              "argument: x.contains(...).");
    EXPECT_EQ(firstProblem("topic > 5"), "6+1 wrong_type: No operator \">\" for string and int. A number is "
                                         "read out of text with int() or double().");
    EXPECT_EQ(
        firstProblem("topic + 5"),
        "6+1 wrong_type: No operator \"+\" for string and int. Make text of the other one with string().");
    EXPECT_EQ(firstProblem("topic.startsWith(5)"),
              "6+10 wrong_type: Function \"startsWith\" on a string does not take (int). It is "
              "string.startsWith(string) -> bool.");
    EXPECT_EQ(firstProblem("offset && true"),
              "0+6 wrong_type: \"&&\" wants a bool, but \"offset\" gives an int. Compare it with a value.");
    EXPECT_EQ(firstProblem("offset.x"), "7+1 wrong_type: An int has no field \"x\".");
    EXPECT_EQ(firstProblem("key.trim == 'a'"), "none");
    EXPECT_EQ(firstProblem("topic.trim == 'a'"),
              "6+4 wrong_type: A string has no field \"trim\". A function is called with brackets: .trim().");
    EXPECT_EQ(firstProblem("offset == 'a'"), "0+13 never_equal: An int and a string are never equal.");
    EXPECT_EQ(firstProblem("if"), "0+2 syntax_error: \"if\" is a reserved word and cannot be a name. A "
                                  "choice is written condition ? one : other.");
    EXPECT_EQ(firstProblem("value.a => 5"),
              "8+1 syntax_error: Unexpected character \"=\". Write \">=\" for \"not less\".");
    EXPECT_EQ(firstProblem("not value.a"),
              "0+3 syntax_error: \"not\" is no operator. Write \"!\" before what is to be negated.");
    EXPECT_EQ(firstProblem("value.items.any(i, i.price > 3)"),
              "12+3 unknown_function: Unknown function \"any\", did you mean exists?");
    EXPECT_EQ(
        firstProblem("value.a between 1 and 5"),
        "8+7 syntax_error: Unexpected \"between\" after the expression. Write both ends: a >= 1 && a <= 5.");
    EXPECT_EQ(firstProblem("has(value)"), "0+10 syntax_error: \"has\" takes one field selection, for example "
                                          "has(value.name). For other keys write \"key\" in value.");
    EXPECT_EQ(firstProblem("value.list.exists(x > 5)"), "11+6 syntax_error: \"exists\" takes a variable and "
                                                        "an expression, for example list.exists(x, x > 0).");
    EXPECT_EQ(firstProblem("99999999999999999999"), "0+20 syntax_error: 99999999999999999999 is out of range "
                                                    "for int. Write it as a double, with \".0\" at the end.");
    EXPECT_EQ(firstProblem("Order{id: 1}"),
              "5+1 syntax_error: Messages are not supported. A map is written {\"key\": value}.");
    EXPECT_EQ(firstProblem("offset", {}, Kind::Bool), "0+6 not_bool: The expression gives an int. Compare it "
                                                      "with a value, for example \"value.quantity >= 100\".");
    EXPECT_EQ(firstProblem("offset + 1", {}, Kind::String),
              "0+10 wrong_type: The expression gives an int, but a string is wanted.");
    EXPECT_EQ(firstProblem("int('x') > 1"),
              "0+8 always_fails: This always fails: Text \"x\" is not an int, in \"int('x')\".");
    EXPECT_EQ(firstProblem("value.?a", {.strict = true}),
              "6+1 syntax_error: Optional fields (.?) are not part of strict CEL.");
}

TEST(CelProgram, ReportsAllMistakesWithLinesAndCharacters)
{
    const Diagnostics found = check("'ж' == a &&\n  b > 1");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].line, 1);
    EXPECT_EQ(found[0].column, 8);
    EXPECT_EQ(found[0].fieldOffset, 7);
    EXPECT_EQ(found[1].line, 2);
    EXPECT_EQ(found[1].column, 3);
    EXPECT_EQ(found[1].fieldOffset, 14);
    EXPECT_EQ(found[1].fieldLength, 1);
}

TEST(CelProgram, NamesTheFailingPart)
{
    const char* const value = R"({"a": 1, "b": 0, "s": "x", "o": {}, "n": null, "list": [1], "t": true})";
    const auto failure = [&](const char* expression) { return resultOf(expression, value); };
    EXPECT_EQ(failure("value.a / value.b"), R"j(failed: Division by zero, in "value.a / value.b".)j");
    EXPECT_EQ(failure("value.a % value.b"),
              R"j(failed: Remainder of a division by zero, in "value.a % value.b".)j");
    EXPECT_EQ(failure("1 + value.missing"), R"j(failed: Field "missing" is missing, in "value.missing".)j");
    EXPECT_EQ(failure("value.o.x.y"), R"j(failed: Field "x" is missing, in "value.o.x.y".)j");
    EXPECT_EQ(failure("value.s.x"),
              R"j(failed: Field "s" is a string and has no field "x", in "value.s.x".)j");
    EXPECT_EQ(failure("value.list.x"),
              R"j(failed: Field "list" is an array and has no field "x", in "value.list.x".)j");
    EXPECT_EQ(failure("value.s > 1"), R"j(failed: No operator ">" for string and int, in "value.s > 1".)j");
    EXPECT_EQ(failure("value.n > 1"), R"j(failed: No operator ">" for null and int, in "value.n > 1".)j");
    EXPECT_EQ(failure("value.s + 1"), R"j(failed: No operator "+" for string and int, in "value.s + 1".)j");
    EXPECT_EQ(failure("value.list[3]"),
              R"j(failed: Index 3 is outside the list of 1 elements, in "value.list[3]".)j");
    EXPECT_EQ(failure("value.list[value.s]"),
              R"j(failed: An index of a list is a whole number, not string, in "value.list[value.s]".)j");
    EXPECT_EQ(failure("value.o[value.s]"), R"j(failed: Key "x" is missing, in "value.o[value.s]".)j");
    EXPECT_EQ(failure("!value.a"), R"j(failed: "!" wants a bool, not int, in "!value.a".)j");
    EXPECT_EQ(failure("-value.s"), R"j(failed: No operator "-" for string, in "-value.s".)j");
    EXPECT_EQ(failure("value.a ? 1 : 2"), R"j(failed: "?" wants a bool, not int, in "value.a ? 1 : 2".)j");
    EXPECT_EQ(failure("value.a && value.t"),
              R"j(failed: "&&" wants a bool, not int, in "value.a && value.t".)j");
    EXPECT_EQ(failure("value.a.exists(x, x)"),
              R"j(failed: A value of type int has no elements to go through, in "value.a.exists(x, x)".)j");
    EXPECT_EQ(failure("value.list.exists(x, x)"),
              R"j(failed: "the macro's condition" wants a bool, not int, in "value.list.exists(x, x)".)j");
    EXPECT_EQ(
        failure("value.a.startsWith('x')"),
        R"j(failed: Function "startsWith" does not take (int, string), in "value.a.startsWith('x')".)j");
    EXPECT_EQ(failure("value.s in value.s"),
              R"j(failed: No operator "in" for string and string, in "value.s in value.s".)j");
    EXPECT_EQ(failure("{value.s: 1, 'x': 2}"),
              R"j(failed: The map has a key twice, in "{value.s: 1, 'x': 2}".)j");
    EXPECT_EQ(failure("timestamp('9999-12-31T23:59:59Z') + duration(value.s)").substr(0, 27),
              "failed: Text \"x\" is not a d");
    EXPECT_EQ(failure("0.0 / 0.0"),
              R"j(failed: The value has no JSON form (NaN or infinite), in "0.0 / 0.0".)j");
}

TEST(CelProgram, AbsorbsErrorsWhereTheOtherSideDecides)
{
    EXPECT_EQ(resultOf("value.x == 1 || true"), "true");
    EXPECT_EQ(resultOf("value.x == 1 && false"), "false");
    EXPECT_EQ(resultOf("value.x == 1 || false"), R"j(failed: Field "x" is missing, in "value.x".)j");
    EXPECT_EQ(resultOf("[1, 0].exists(x, 1 / x == 1)"), "true");
    EXPECT_EQ(resultOf("[0, 1].all(x, 1 / x == 5)"), "false");
    EXPECT_EQ(resultOf("[0, 1].exists_one(x, 1 / x == 1)").substr(0, 7), "failed:");
}

TEST(CelProgram, RefusesWhatIsTooLongOrTooDeep)
{
    const std::string deep = repeated("(", 300) + "1" + repeated(")", 300);
    EXPECT_EQ(resultOf(deep),
              "refused: The expression is nested deeper than 250 levels. Split it over several nodes.");
    EXPECT_EQ(resultOf(repeated("[", 300)).substr(0, 8), "refused:");
    EXPECT_EQ(resultOf(repeated("!", 300) + "true").substr(0, 8), "refused:");
    EXPECT_EQ(resultOf(repeated("true ? 1 : ", 300) + "1").substr(0, 8), "refused:");
    EXPECT_EQ(resultOf(repeated("(", 200) + "1" + repeated(")", 200)), "1");
    EXPECT_EQ(resultOf("1" + repeated(" + 1", 900)), "901");
    EXPECT_EQ(resultOf("1" + repeated(" + 1", 1100)),
              "refused: More than 1000 operators in one chain. Split the expression over several nodes.");
    EXPECT_EQ(resultOf("value" + repeated(".a", 1100)).substr(0, 8), "refused:");
    EXPECT_EQ(resultOf("false" + repeated(" || false", 5000)), "false");
    EXPECT_EQ(resultOf("'" + repeated("x", kMaxExpressionBytes) + "'"),
              "refused: The expression has 65538 bytes, more than the limit of 65536. Split it over several "
              "nodes.");
    EXPECT_EQ(resultOf("'" + std::string("\xff") + "'"), "refused: The expression is not valid UTF-8.");
}

TEST(CelProgram, EndsWhatWantsTooMuchWork)
{
    std::string list = "[0";
    for (int i = 1; i < 300; ++i) {
        list += ',' + std::to_string(i);
    }
    const std::string value = "{\"l\": " + list + "]}";
    const std::string limit =
        "failed: The expression wants more work than the limit of 2000000 steps for one record";
    EXPECT_EQ(resultOf("value.l.all(a, value.l.all(b, value.l.all(c, a + b + c >= 0)))", value)
                  .substr(0, limit.size()),
              limit);
    EXPECT_EQ(resultOf("value.l.all(a, value.l.all(b, value.l.all(c, a + b + c >= 0))) || true", value)
                  .substr(0, limit.size()),
              limit);
    EXPECT_EQ(resultOf("value.l.map(a, value.l.map(b, value.l.map(c, c)))", value).substr(0, limit.size()),
              limit);
    std::string doubling = "'0123456789abcdef'";
    for (int i = 0; i < 60; ++i) {
        doubling = "[" + doubling + "].map(x, x + x)[0]";
    }
    EXPECT_EQ(resultOf(doubling).substr(0, limit.size()), limit);
    EXPECT_EQ(resultOf("value.l.all(a, value.l.all(b, a + b >= 0))", value), "true");
}

TEST(CelProgram, RunsInManyThreadsAtOnce)
{
    const Program program = *Program::compileBool("value.quantity > 5 && value.subject == 'x'");
    const SampleRecords records({R"({"quantity": 6, "subject": "x"})", R"({"subject": "x", "quantity": 5})",
                                 R"({"a": 1, "b": 2, "quantity": 7, "subject": "x"})"});
    const auto count = [&] {
        Arena arena;
        EvalContext context{.arena = arena};
        int matches = 0;
        for (int round = 0; round < 20'000; ++round) {
            for (const Record& record : records.all()) {
                matches += program.evaluateBool(record, context).value ? 1 : 0;
            }
        }
        return matches;
    };
    std::vector<int> results(4);
    std::vector<std::thread> threads;
    for (int& result : results) {
        threads.emplace_back([&result, &count] { result = count(); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(results, std::vector<int>(4, 40'000));
}

TEST(CelProgram, BindsNamesWithDots)
{
    Arena arena;
    const Value values[] = {Value::ofInt(1), Value::ofInt(2)};
    EvalContext context{.arena = arena, .bindings = values};
    const CompileOptions options{.record = false, .extraVariables = {"a.b", "a"}};
    EXPECT_EQ(Program::compile("a.b + a", options)->evaluate(Record{}, context).integer, 3);
    EXPECT_EQ(firstProblem("c", options), "0+1 unknown_variable: Unknown variable \"c\", did you mean a?");
    EXPECT_EQ(firstProblem("something", options),
              "0+9 unknown_variable: Unknown variable \"something\". Bind it with --bind something=JSON.");
}

TEST(CelProgram, TypesItsResult)
{
    const auto type = [](const char* expression) {
        return toString(Program::compile(expression)->resultType());
    };
    EXPECT_EQ(type("value.a"), "dyn");
    EXPECT_EQ(type("value.a + 'x'"), "string");
    EXPECT_EQ(type("[1, 2].map(x, string(x))"), "list(string)");
    EXPECT_EQ(type("{'a': 1.5}"), "map(string, double)");
    EXPECT_EQ(type("topic.split(',')"), "list(string)");
    EXPECT_EQ(type("timestamp - timestamp(0)"), "duration");
    EXPECT_EQ(type("value.?a.orValue('')"), "dyn");
    EXPECT_EQ(type("true ? 1 : 2.5"), "dyn");
}

} // namespace
} // namespace streamwright::cel
