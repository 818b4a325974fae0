#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <string>

namespace streamwright {
namespace {

[[nodiscard]] std::string found(std::string_view path, std::string_view json)
{
    Arena arena;
    JsonError error;
    const JsonValue* const value = JsonIndexer().index(json, arena, error);
    const std::optional<JsonPath> parsed = JsonPath::parse(path);
    EXPECT_TRUE(value != nullptr && parsed) << path;
    const std::optional<JsonNode> node = parsed->find(*value);
    return node ? std::string(node->text) : "(none)";
}

[[nodiscard]] std::string problemOf(std::string_view path)
{
    std::string problem;
    EXPECT_FALSE(JsonPath::parse(path, &problem).has_value()) << path;
    EXPECT_FALSE(JsonPath::parse(path).has_value());
    return problem;
}

TEST(JsonPath, GoesThroughObjectsAndArrays)
{
    constexpr std::string_view kJson =
        R"({"a":{"b":[{"c":1},{"c":2,"c":3}]},"x.y":{"":5},"é":6,"q\"":7,"a-b":8,"0":9})";

    EXPECT_EQ(found("a.b[0].c", kJson), "1");
    EXPECT_EQ(found("a.b[1].c", kJson), "3");
    EXPECT_EQ(found("a.b[1]", kJson), R"({"c":2,"c":3})");
    EXPECT_EQ(found(R"(["x.y"][""])", kJson), "5");
    EXPECT_EQ(found("é", kJson), "6");
    EXPECT_EQ(found(R"(["\u00e9"])", kJson), "6");
    EXPECT_EQ(found(R"(["q\""])", kJson), "7");
    EXPECT_EQ(found("a-b", kJson), "8");
    EXPECT_EQ(found("0", kJson), "9");
    EXPECT_EQ(found(R"(a["b"][0]["c"])", kJson), "1");
}

TEST(JsonPath, FindsNothingWhereAStepLeadsNowhere)
{
    constexpr std::string_view kJson = R"({"a":{"b":[1]},"s":"text","n":null})";

    for (const char* const path :
         {"x", "a.x", "a.b[1]", "a.b.c", "a[0]", "s.length", "n.a", "a.b[0].c", "[0]"}) {
        EXPECT_EQ(found(path, kJson), "(none)") << path;
    }
    EXPECT_EQ(found("n", kJson), "null");
    EXPECT_EQ(found("a", "12"), "(none)");
    EXPECT_EQ(found("[1].a", R"([0,{"a":5}])"), "5");
}

TEST(JsonPath, KnowsTopLevelMembers)
{
    EXPECT_TRUE(JsonPath::parse("a")->isTopLevel());
    EXPECT_TRUE(JsonPath::parse(R"(["x.y"])")->isTopLevel());
    EXPECT_FALSE(JsonPath::parse("a.b")->isTopLevel());
    EXPECT_FALSE(JsonPath::parse("[0]")->isTopLevel());
    EXPECT_EQ(JsonPath::parse("a.b[0]")->text(), "a.b[0]");
}

TEST(JsonPath, IsMadeOfAnyName)
{
    for (const std::string name : {"a", "x.y", "", "q\"", "a b", "é", "[0]", "line\n"}) {
        const JsonPath path = JsonPath::ofName(name);
        EXPECT_TRUE(path.isTopLevel());
        EXPECT_EQ(path.steps().front().name, name);
        const std::optional<JsonPath> again = JsonPath::parse(path.text());
        ASSERT_TRUE(again.has_value()) << path.text();
        EXPECT_EQ(again->steps().front().name, name);
    }
    EXPECT_EQ(JsonPath::ofName("plain").text(), "plain");
    EXPECT_EQ(JsonPath::ofName("x.y").text(), R"(["x.y"])");
}

TEST(JsonPath, SaysWhichCharacterIsWrong)
{
    EXPECT_EQ(problemOf(""), "The path is empty. Name a field, for example a.b[0].");
    EXPECT_EQ(problemOf("a..b"),
              "A field's name is missing (one with other characters is written [\"x.y\"]) at "
              "character 3 of path \"a..b\".");
    EXPECT_EQ(problemOf("a[0]b"), "A \".\" or \"[\" is missing at character 5 of path \"a[0]b\".");
    EXPECT_EQ(problemOf("a[x]"),
              "An element's number or a quoted name is missing at character 3 of path \"a[x]\".");
    EXPECT_EQ(problemOf("a[0"), "A \"]\" is missing at character 4 of path \"a[0\".");
    for (const char* const bad :
         {".a", "a.", "a[", "a[]", "a[-1]", "a[0", "a[\"x]", "a[\"x\"", "a[\"\\q\"]", "a b", "a]", "a[1.5]",
          "a[99999999999999999999]", "a[\"\\ud800\"]", "a[\"\\"}) {
        EXPECT_FALSE(problemOf(bad).empty()) << bad;
    }
    std::string deep = "a";
    for (int i = 0; i < 128; ++i) {
        deep += ".a";
    }
    EXPECT_EQ(problemOf(deep), "The path has more than 128 steps, deeper than any value.");
}

} // namespace
} // namespace streamwright
