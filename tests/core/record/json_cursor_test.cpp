#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace streamwright {
namespace {

using Texts = std::vector<std::string_view>;

[[nodiscard]] Texts valuesOf(std::string_view container)
{
    Texts texts;
    for (JsonCursor cursor(jsonNodeOf(container)); cursor.next();) {
        texts.push_back(cursor.value().text);
    }
    return texts;
}

TEST(JsonCursor, WalksAnArray)
{
    EXPECT_EQ(valuesOf(R"([1, "a,]\"" ,[2,[3]] , {"x":"}"},null,-1.5e3 ])"),
              (Texts{"1", R"("a,]\"")", "[2,[3]]", R"({"x":"}"})", "null", "-1.5e3"}));
    EXPECT_EQ(valuesOf("[]"), Texts{});
    EXPECT_EQ(valuesOf("[ \n ]"), Texts{});
}

TEST(JsonCursor, WalksAnObjectWithItsRawKeys)
{
    JsonCursor cursor(jsonNodeOf(R"({ "a" : 1, "\u0062\"" :"x\n" ,"":[] })"));

    ASSERT_TRUE(cursor.next());
    EXPECT_EQ(cursor.key(), "a");
    EXPECT_FALSE(cursor.keyEscaped());
    EXPECT_EQ(cursor.value().type, JsonType::Int);
    ASSERT_TRUE(cursor.next());
    EXPECT_EQ(cursor.key(), R"(\u0062\")");
    EXPECT_TRUE(cursor.keyEscaped());
    EXPECT_TRUE(cursor.value().escaped);
    ASSERT_TRUE(cursor.next());
    EXPECT_EQ(cursor.key(), "");
    EXPECT_EQ(cursor.value().text, "[]");
    EXPECT_FALSE(cursor.next());
    EXPECT_FALSE(cursor.next());
}

TEST(JsonCursor, FindsNothingInAScalar)
{
    for (const char* const scalar : {"1", "\"text\"", "null", "true"}) {
        EXPECT_EQ(valuesOf(scalar), Texts{}) << scalar;
    }
}

TEST(JsonCursor, FindsTheLastOfANestedDuplicate)
{
    const JsonNode object = jsonNodeOf(R"({"a":1,"b":2,"\u0061":3})");

    EXPECT_EQ(findIn(object, "a")->text, "3");
    EXPECT_EQ(findIn(object, "b")->text, "2");
    EXPECT_FALSE(findIn(object, "c").has_value());
    EXPECT_FALSE(findIn(jsonNodeOf("[1]"), "a").has_value());
}

TEST(JsonCursor, FindsElementsByTheirPosition)
{
    const JsonNode array = jsonNodeOf(R"([10,"x",{"a":1}])");

    EXPECT_EQ(elementOf(array, 0)->text, "10");
    EXPECT_EQ(elementOf(array, 2)->text, R"({"a":1})");
    EXPECT_FALSE(elementOf(array, 3).has_value());
    EXPECT_FALSE(elementOf(array, -1).has_value());
    EXPECT_FALSE(elementOf(jsonNodeOf("{}"), 0).has_value());
}

TEST(JsonNode, KnowsTheTypeOfAText)
{
    const std::vector<std::pair<std::string_view, JsonType>> cases{
        {"null", JsonType::Null},  {"false", JsonType::False},     {"true", JsonType::True},
        {"12", JsonType::Int},     {"-0", JsonType::Int},          {"1.0", JsonType::Double},
        {"1e2", JsonType::Double}, {"1E2", JsonType::Double},      {"\"x\"", JsonType::String},
        {"[1]", JsonType::Array},  {"{\"a\":1}", JsonType::Object}};
    for (const auto& [text, type] : cases) {
        EXPECT_EQ(jsonNodeOf(text).type, type) << text;
        EXPECT_EQ(jsonNodeOf(text).text, text);
        EXPECT_EQ(jsonNodeOf(" \n" + std::string(text) + " ").type, type);
    }
}

TEST(JsonNode, BecomesAnIndexedValue)
{
    Arena arena;
    const JsonValue* const value = valueOf(jsonNodeOf(R"({"a":1,"b":{"c":2},"a":"x"})"), arena);

    ASSERT_EQ(value->members.size(), 2U);
    EXPECT_TRUE(value->hasDuplicates);
    EXPECT_EQ(findMember(*value, "a")->value.text, "\"x\"");
    EXPECT_EQ(findMember(*value, "b")->value.text, R"({"c":2})");
    EXPECT_TRUE(valueOf(jsonNodeOf("[1]"), arena)->members.empty());
}

} // namespace
} // namespace streamwright
