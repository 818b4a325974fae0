#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace streamwright {
namespace {

[[nodiscard]] std::string asJson(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}

[[nodiscard]] std::string decoded(std::string_view json)
{
    Arena arena;
    return std::string(decodeString(jsonNodeOf(json), arena));
}

TEST(JsonText, UnescapesStrings)
{
    EXPECT_EQ(decoded(R"("plain")"), "plain");
    EXPECT_EQ(decoded(R"("")"), "");
    EXPECT_EQ(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(decoded(R"("Zo\u00eb \ud83d\uDE80!")"), "Zoë 🚀!");
    EXPECT_EQ(decoded(R"("\u0000")"), std::string(1, '\0'));
    EXPECT_EQ(decoded(R"("\u20ac\uffff")"), "€\uFFFF");
    EXPECT_EQ(decoded(R"("\\u0041")"), "\\u0041");
}

TEST(JsonText, GivesAViewWhereNothingIsEscaped)
{
    Arena arena;
    const JsonNode node = jsonNodeOf(R"("plain text")");
    EXPECT_EQ(decodeString(node, arena).data(), node.text.data() + 1);
    EXPECT_EQ(arena.reservedBytes(), 0U);
}

TEST(JsonText, EscapesNoMoreThanItMust)
{
    EXPECT_EQ(asJson(""), R"("")");
    EXPECT_EQ(asJson("a/b é 日本 🚀 \x7F"), "\"a/b é 日本 🚀 \x7F\"");
    EXPECT_EQ(asJson("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
    EXPECT_EQ(asJson(std::string("\x00\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
    EXPECT_EQ(asJson("a text that is longer than one block\nand goes on"),
              R"("a text that is longer than one block\nand goes on")");
}

TEST(JsonText, ReadsBackWhatItEscaped)
{
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += static_cast<char>(i % 128);
        text += i % 3 == 0 ? "é" : i % 3 == 1 ? "日" : "😀";
        Arena arena;
        JsonError error;
        const JsonNode node = makeJsonString(text, arena);
        EXPECT_EQ(node.text, asJson(text));
        ASSERT_NE(JsonIndexer().index(node.text, arena, error), nullptr) << node.text;
        EXPECT_EQ(decodeString(node, arena), text);
        EXPECT_EQ(node.escaped, node.text.find('\\') != std::string_view::npos);
    }
}

TEST(JsonText, ComparesEscapedTextWithoutBuildingIt)
{
    EXPECT_TRUE(unescapesTo(R"(\u0061b\n)", "ab\n"));
    EXPECT_TRUE(unescapesTo(R"(\ud83d\ude80)", "🚀"));
    EXPECT_TRUE(unescapesTo("", ""));
    EXPECT_FALSE(unescapesTo(R"(\u0061)", ""));
    EXPECT_FALSE(unescapesTo(R"(\u0061)", "ab"));
    EXPECT_FALSE(unescapesTo(R"(\u0061b)", "a"));
    EXPECT_FALSE(unescapesTo(R"(\u0061)", "b"));
}

TEST(JsonText, ReadsIntegersExactlyOrNotAtAll)
{
    EXPECT_EQ(asInt64(jsonNodeOf("9223372036854775807")), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(asInt64(jsonNodeOf("-9223372036854775808")), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(asInt64(jsonNodeOf("9007199254740993")), 9007199254740993);
    EXPECT_EQ(asInt64(jsonNodeOf("-0")), 0);
    EXPECT_FALSE(asInt64(jsonNodeOf("9223372036854775808")).has_value());
    EXPECT_EQ(asUint64(jsonNodeOf("18446744073709551615")), std::numeric_limits<std::uint64_t>::max());
    EXPECT_FALSE(asUint64(jsonNodeOf("18446744073709551616")).has_value());
    EXPECT_FALSE(asUint64(jsonNodeOf("-1")).has_value());
    EXPECT_FALSE(asInt64(jsonNodeOf("1.0")).has_value());
    EXPECT_FALSE(asInt64(jsonNodeOf("1e2")).has_value());
    EXPECT_FALSE(asInt64(jsonNodeOf("\"1\"")).has_value());
}

TEST(JsonText, ReadsDoublesOfAnySize)
{
    EXPECT_EQ(asDouble(jsonNodeOf("0.1")), 0.1);
    EXPECT_EQ(asDouble(jsonNodeOf("-1.5e3")), -1500.0);
    EXPECT_EQ(asDouble(jsonNodeOf("1E2")), 100.0);
    EXPECT_EQ(asDouble(jsonNodeOf("18446744073709551616")), 18446744073709551616.0);
    EXPECT_EQ(asDouble(jsonNodeOf("1e400")), std::numeric_limits<double>::infinity());
    EXPECT_EQ(asDouble(jsonNodeOf("-1e+400")), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(asDouble(jsonNodeOf("1e-400")), 0.0);
    EXPECT_TRUE(std::signbit(asDouble(jsonNodeOf("-1e-400"))));
    EXPECT_EQ(asDouble(jsonNodeOf("0.00001e99999999999999999999")), std::numeric_limits<double>::infinity());
    EXPECT_EQ(asDouble(jsonNodeOf("1e-99999999999999999999")), 0.0);
    EXPECT_EQ(asDouble(jsonNodeOf("0e400")), 0.0);
    const std::string huge = "1" + std::string(400, '0');
    EXPECT_EQ(asDouble(jsonNodeOf(huge)), std::numeric_limits<double>::infinity());
    const std::string tiny = "0." + std::string(400, '0') + "1";
    EXPECT_EQ(asDouble(jsonNodeOf(tiny)), 0.0);
}

TEST(JsonText, WritesNumbersThatReadBack)
{
    Arena arena;
    for (const std::int64_t number :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
        const JsonNode node = makeJsonInt(number, arena);
        EXPECT_EQ(node.text, std::to_string(number));
        EXPECT_EQ(asInt64(node), number);
    }
    EXPECT_EQ(makeJsonUint(std::numeric_limits<std::uint64_t>::max(), arena).text, "18446744073709551615");
    EXPECT_EQ(makeJsonDouble(5, arena).text, "5.0");
    EXPECT_EQ(makeJsonDouble(-0.0, arena).text, "-0.0");
    EXPECT_EQ(makeJsonDouble(0.1, arena).text, "0.1");
    for (const double number : {1e22, 1e-7, 123456789.125, std::numeric_limits<double>::max(),
                                std::numeric_limits<double>::denorm_min(), -2.2250738585072014e-308}) {
        const JsonNode node = makeJsonDouble(number, arena);
        JsonError error;
        const JsonValue* const value = JsonIndexer().index(node.text, arena, error);
        ASSERT_NE(value, nullptr) << node.text;
        EXPECT_EQ(value->root.type, JsonType::Double) << node.text;
        EXPECT_EQ(asDouble(node), number);
    }
    EXPECT_EQ(makeJsonBool(true).text, "true");
    EXPECT_EQ(makeJsonBool(false).type, JsonType::False);
    EXPECT_EQ(makeJsonNull().text, "null");
}

TEST(JsonText, NamesTypes)
{
    EXPECT_EQ(toString(JsonType::True), "bool");
    EXPECT_EQ(toString(JsonType::Int), "number");
    EXPECT_EQ(toString(JsonType::Double), "number");
    EXPECT_EQ(toString(JsonType::Object), "object");
}

} // namespace
} // namespace streamwright
