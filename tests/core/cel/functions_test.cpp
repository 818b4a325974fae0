#include "core/cel/functions.h"
#include "tests/core/cel/expression_driver.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace streamwright::cel {
namespace {

/// The line of the reference for one function.
std::string referenceLine(const Overload& overload)
{
    const std::string answer = overload.answer.empty() ? "" : " → `" + std::string(overload.answer) + "`";
    return "- `" + signature(overload) + "`" + (overload.extension ? " (own)" : "") + ": " +
           std::string(overload.doc) + " `" + std::string(overload.example) + "`" + answer;
}

TEST(CelFunctions, EveryExampleGivesItsAnswer)
{
    for (const Overload& overload : allOverloads()) {
        if (!overload.example.empty()) {
            EXPECT_EQ(typedResultOf(overload.example), typedResultOf(overload.answer)) << overload.example;
        }
    }
}

TEST(CelFunctions, EveryFunctionHasAnExampleAndALineInTheReference)
{
    std::ifstream file(std::string(SW_SOURCE_DIR) + "/resources/docs/expressions.md");
    std::stringstream text;
    text << file.rdbuf();
    std::set<std::pair<std::string_view, Style>> seen;
    for (const Overload& overload : allOverloads()) {
        if (!seen.insert({overload.name, overload.style}).second) {
            continue; // further forms of the same function
        }
        ASSERT_FALSE(overload.example.empty()) << overload.name;
        EXPECT_NE(text.str().find(referenceLine(overload)), std::string::npos)
            << "resources/docs/expressions.md lacks this line:\n"
            << referenceLine(overload);
    }
}

TEST(CelFunctions, EveryMacroOfTheReferenceGivesItsAnswer)
{
    std::ifstream file(std::string(SW_SOURCE_DIR) + "/resources/docs/expressions.md");
    static const std::regex kRow("^\\| `[^`]+`[^|]* \\| `([^`]+)` \\| `([^`]+)` \\|$");
    int rows = 0;
    for (std::string line; std::getline(file, line);) {
        std::smatch match;
        if (std::regex_match(line, match, kRow)) {
            ++rows;
            EXPECT_EQ(typedResultOf(match[1].str()), typedResultOf(match[2].str())) << line;
        }
    }
    EXPECT_EQ(rows, 9);
}

TEST(CelFunctions, StrictModeKnowsNoneOfOurs)
{
    for (const Overload& overload : allOverloads()) {
        if (overload.extension && !overload.example.empty()) {
            EXPECT_EQ(resultOf(overload.example, "{}", {.strict = true}).substr(0, 8), "refused:")
                << overload.example;
        }
    }
}

TEST(CelFunctions, ConvertBetweenAllTypes)
{
    EXPECT_EQ(resultOf("int(9223372036854775808.0)").substr(0, 7), "failed:");
    EXPECT_EQ(resultOf("int(' 5')"), R"j(failed: Text " 5" is not an int, in "int(' 5')".)j");
    EXPECT_EQ(resultOf("int('+5') + int('-7')"), "-2");
    EXPECT_EQ(resultOf("uint(-1)"), R"j(failed: The number is out of range for uint, in "uint(-1)".)j");
    EXPECT_EQ(typedResultOf("double('NaN')"), R"({"type": "double", "value": "NaN"})");
    EXPECT_EQ(typedResultOf("double('-Infinity')"), R"({"type": "double", "value": "-Infinity"})");
    EXPECT_EQ(resultOf("double('1e999')"),
              R"j(failed: The number is out of range for double, in "double('1e999')".)j");
    EXPECT_EQ(resultOf("double('0x10')").substr(0, 7), "failed:");
    EXPECT_EQ(resultOf("string(1e21) + ' ' + string(123456789.0) + ' ' + string(1e-7)"),
              "\"1e+21 123456789 1e-07\"");
    EXPECT_EQ(resultOf("string(value.x)", R"({"x": 1.50})"), "\"1.50\"");
    EXPECT_EQ(resultOf("bool('yes')"), R"j(failed: Text "yes" is not a bool, in "bool('yes')".)j");
    EXPECT_EQ(resultOf("string(b'\\xff')"),
              R"j(failed: The bytes are not valid UTF-8, in "string(b'\xff')".)j");
    EXPECT_EQ(resultOf("string(timestamp('2026-01-31T12:00:00.250+02:00'))"), "\"2026-01-31T10:00:00.25Z\"");
    EXPECT_EQ(resultOf("string(duration('-1h0.5s'))"), "\"-3600.5s\"");
    EXPECT_EQ(resultOf("duration('1.5h') + duration('10ms') + duration('3us') + duration('1ns')"),
              "\"5400.010003001s\"");
    EXPECT_EQ(resultOf("duration('1')").substr(0, 7), "failed:");
    EXPECT_EQ(resultOf("timestamp('2026-02-29T00:00:00Z')").substr(0, 7), "failed:");
    EXPECT_EQ(resultOf("timestamp('2024-02-29T00:00:00Z').getDayOfYear()"), "59");
    EXPECT_EQ(resultOf("bytes('é') == b'\\xc3\\xa9'"), "true");
    EXPECT_EQ(resultOf("string(true) + string(5u)"), "\"true5\"");
}

TEST(CelFunctions, WorkOnCharactersNotBytes)
{
    EXPECT_EQ(resultOf("'größer'.substring(2, 4)"), "\"öß\"");
    EXPECT_EQ(resultOf("'größer'.indexOf('e')"), "4");
    EXPECT_EQ(resultOf("'a😀b'.size() == 3 && 'a😀b'.charAt(1) == '😀'"), "true");
    EXPECT_EQ(resultOf("'😀é'.split('')"), R"(["😀","é"])");
    EXPECT_EQ(resultOf("'aé'.replace('', '-')"), "\"-a-é-\"");
    EXPECT_EQ(resultOf("'aaaa'.replace('aa', 'b', 1)"), "\"baa\"");
    EXPECT_EQ(resultOf("''.split('')"), "[]");
    EXPECT_EQ(resultOf("''.split(',')"), R"([""])");
    EXPECT_EQ(resultOf("'a,b,c'.split(',', 2)"), R"(["a","b,c"])");
    EXPECT_EQ(resultOf("'abc'.substring(4)"),
              R"j(failed: Position 4 is outside the text of 3 characters, in "'abc'.substring(4)".)j");
    EXPECT_EQ(resultOf("'abc'.substring(2, 1)"),
              R"j(failed: The end 1 stands before the start 2, in "'abc'.substring(2, 1)".)j");
    EXPECT_EQ(resultOf("['a', 1].join()"),
              R"j(failed: "join" wants a list of strings, not of int, in "['a', 1].join()".)j");
    EXPECT_EQ(resultOf("'ÀÉ Straße'.lower() + 'éß'.upper()"), "\"àé straßeÉẞ\"");
}

TEST(CelFunctions, KnowTimeZonesAndPatternsOfTime)
{
    EXPECT_EQ(resultOf("timestamp('2026-07-01T00:00:00Z').getHours('Europe/Berlin')"), "2");
    EXPECT_EQ(
        resultOf("timestamp('2026-01-01T00:00:00Z').getHours(value.zone)", R"({"zone": "America/New_York"})"),
        "19");
    EXPECT_EQ(
        resultOf("timestamp(0).getHours(value.zone)", R"({"zone": "Mars/Phobos"})"),
        R"j(failed: Unknown time zone "Mars/Phobos" (Europe/Berlin, UTC and +02:00 are known), in "timestamp(0).getHours(value.zone)".)j");
    EXPECT_EQ(resultOf("timestamp(0).getHours(value.zone)", R"({"zone": "../../etc/passwd"})").substr(0, 7),
              "failed:");
    EXPECT_EQ(
        resultOf("timestamp(0).getHours('Mars/Phobos')"),
        "refused: Unknown time zone \"Mars/Phobos\". Known are names such as Europe/Berlin, UTC, and offsets "
        "such as +02:00.");
    EXPECT_EQ(resultOf("format(timestamp(0), '%Y-%m-%d')"), "\"1970-01-01\"");
    EXPECT_EQ(resultOf("format(timestamp, '%H:%M:%E3S', '-01:00')"), "\"21:13:20.041\"");
}

TEST(CelFunctions, MatchAndExtractByPattern)
{
    EXPECT_EQ(resultOf("value.s.matches('^[a-c]+$')", R"({"s": "abc"})"), "true");
    EXPECT_EQ(resultOf("value.s.matches(value.p)", R"({"s": "abc", "p": "b"})"), "true");
    EXPECT_EQ(resultOf("value.s.matches(value.p)", R"({"s": "abc", "p": "("})"),
              R"j(failed: Bad regular expression "(": missing ): (, in "value.s.matches(value.p)".)j");
    EXPECT_EQ(resultOf("'a'.matches('(')"), R"j(refused: Bad regular expression "(": missing ): (.)j");
    EXPECT_EQ(resultOf("regex.extract('order 17', '[0-9]+')"), "\"17\"");
    EXPECT_EQ(resultOf("regex.extract('order', '[0-9]+')"), "null");
    EXPECT_EQ(resultOf("regex.extract('b', '(a)|b')"), "null");
}

TEST(CelFunctions, ReadAndWriteJson)
{
    EXPECT_EQ(resultOf("parseJson(value.text).a.b[1]", R"({"text": "{\"a\": {\"b\": [1, 2.50]}}"})"), "2.50");
    EXPECT_EQ(resultOf("parseJson('{')").substr(0, 35), "failed: The text is not JSON: unexp");
    EXPECT_EQ(resultOf("toJson(value)", R"({"a": 1.0, "b": "é\n"})"), R"("{\"a\": 1.0, \"b\": \"é\\n\"}")");
    EXPECT_EQ(resultOf("toJson(0.0 / 0.0)"),
              R"j(failed: The value has no JSON form (NaN or infinite), in "toJson(0.0 / 0.0)".)j");
    EXPECT_EQ(resultOf("{'t': timestamp(0), 'd': duration('90s'), 'b': b'hi', 1: true, 'y': int}"),
              R"({"t":"1970-01-01T00:00:00Z","d":"90s","b":"aGk=","1":true,"y":"int"})");
}

TEST(CelFunctions, OptionalValues)
{
    const char* const value = R"({"a": {"b": 5}, "list": [1, 2]})";
    EXPECT_EQ(resultOf("value.?a.?b.orValue(0)", value), "5");
    EXPECT_EQ(resultOf("value.?a.b.orValue(0)", value), "5");
    EXPECT_EQ(resultOf("value.?x.b.c.orValue('')", value), "\"\"");
    EXPECT_EQ(resultOf("value.list[?5].orValue(9)", value), "9");
    EXPECT_EQ(resultOf("value.list[?1].value()", value), "2");
    EXPECT_EQ(resultOf("value.?x.value()", value),
              R"j(failed: The optional has no value, in "value.?x.value()".)j");
    EXPECT_EQ(resultOf("value.?a.b.orValue(value.nothing)", value),
              "5"); // the other one is not looked at
    EXPECT_EQ(resultOf("[?value.?x, ?value.?a.b, 1]", value), "[5,1]");
    EXPECT_EQ(resultOf("{?'x': value.?x, ?'b': value.?a.b}", value), R"({"b":5})");
    EXPECT_EQ(resultOf("value.?a.b.optMap(x, x * 2).orValue(0)", value), "10");
    EXPECT_EQ(resultOf("value.?a.optFlatMap(a, a.?b).hasValue()", value), "true");
    EXPECT_EQ(resultOf("value.?x", value), "null");
    EXPECT_EQ(resultOf("value.?x == optional.none()", value), "true");
}

TEST(CelFunctions, TimeAndChance)
{
    ManualClock clock(1'700'000'000'123);
    Arena arena;
    EvalContext context{.arena = arena, .clock = &clock};
    const Value now = Program::compile("string(now())")->evaluate(Record{}, context);
    EXPECT_EQ(now.text(), "2023-11-14T22:13:20.123Z");
    const Value same = Program::compile("uuid() == uuid()")->evaluate(Record{}, context);
    EXPECT_FALSE(same.isTrue());
    EXPECT_EQ(
        resultOf("uuid().matches('^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')"),
        "true");
    EXPECT_EQ(resultOf("sha256(b'') + ''"),
              "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"");
    EXPECT_EQ(resultOf("base64.decode('a')"),
              R"j(failed: Text "a" is not base64, in "base64.decode('a')".)j");
}

TEST(CelFunctions, Mathematics)
{
    EXPECT_EQ(
        resultOf(
            "[math.round(-2.5), math.ceil(1), math.abs(-1.5), math.greatest([1, 2.5]), math.least(3u, 2)]"),
        "[-3.0,1,1.5,2.5,2]");
    EXPECT_EQ(resultOf("math.greatest([])"), R"j(failed: The list is empty, in "math.greatest([])".)j");
    EXPECT_EQ(resultOf("math.least(1, 'a')"),
              R"j(failed: Numbers are wanted, not string, in "math.least(1, 'a')".)j");
    EXPECT_EQ(resultOf("math.abs(-9223372036854775808)").substr(0, 25), "failed: The int overflows");
}

} // namespace
} // namespace streamwright::cel
