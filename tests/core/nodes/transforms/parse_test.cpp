#include "core/nodes/builtin.h"
#include "core/nodes/transforms/text_split.h"
#include "core/nodes/transforms/typed_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace streamwright {
namespace {

std::string typed(const char* text, TextType type)
{
    Arena arena;
    const TypedValue value = typedValue(text, type, arena);
    return value.ok ? std::string(value.node.text) : std::string(toString(value.code));
}

TEST(TypedText, ReadsWholeNumbers)
{
    for (const auto& [text, expected] :
         std::vector<std::pair<const char*, const char*>>{{"12", "12"},
                                                          {" +7\n", "7"},
                                                          {"-3", "-3"},
                                                          {"007", "7"},
                                                          {"-0", "0"},
                                                          {"9223372036854775807", "9223372036854775807"},
                                                          {"-9223372036854775808", "-9223372036854775808"},
                                                          {"9223372036854775808", "out_of_range"},
                                                          {"", "wrong_type"},
                                                          {"+", "wrong_type"},
                                                          {"-", "wrong_type"},
                                                          {"+-1", "wrong_type"},
                                                          {"1.0", "wrong_type"},
                                                          {"1e3", "wrong_type"},
                                                          {"0x10", "wrong_type"},
                                                          {"12а", "wrong_type"},
                                                          {"1_000", "wrong_type"},
                                                          {"١٢", "wrong_type"},
                                                          {"1 2", "wrong_type"}}) {
        EXPECT_EQ(typed(text, TextType::Int), expected) << '"' << text << '"';
    }
}

TEST(TypedText, ReadsNumbersAndKeepsTheirText)
{
    for (const auto& [text, expected] :
         std::vector<std::pair<const char*, const char*>>{{"1.50", "1.50"},
                                                          {"+0.10", "0.10"},
                                                          {"-2e3", "-2e3"},
                                                          {"5", "5.0"},
                                                          {"1e999", "out_of_range"},
                                                          {"01", "wrong_type"},
                                                          {".5", "wrong_type"},
                                                          {"1.", "wrong_type"},
                                                          {"1e", "wrong_type"},
                                                          {"NaN", "wrong_type"},
                                                          {"+-1", "wrong_type"},
                                                          {"1,5", "wrong_type"},
                                                          {"", "wrong_type"}}) {
        EXPECT_EQ(typed(text, TextType::Double), expected) << '"' << text << '"';
    }
}

TEST(TypedText, ReadsTheOtherTypes)
{
    EXPECT_EQ(typed(" as it is ", TextType::String), "\" as it is \"");
    EXPECT_EQ(typed(" true ", TextType::Bool), "true");
    EXPECT_EQ(typed("True", TextType::Bool), "wrong_type");
    EXPECT_EQ(typed(" 2026-01-31T12:00:00Z ", TextType::Timestamp), "\"2026-01-31T12:00:00Z\"");
    EXPECT_EQ(typed("31.01.2026", TextType::Timestamp), "wrong_type");
}

std::vector<std::string> texts(const std::vector<TextPart>& parts)
{
    std::vector<std::string> values;
    for (const TextPart& part : parts) {
        values.emplace_back(part.value);
    }
    return values;
}

using Texts = std::vector<std::string>;

TEST(TextSplit, SplitsFromTheRightAsPythonDoes)
{
    std::vector<TextPart> parts;
    splitRight("a b c", " ", 2, parts);
    EXPECT_EQ(texts(parts), (Texts{"a b", "c"}));
    EXPECT_EQ(parts[1].begin, 4U);
    splitRight("a  b", " ", 2, parts);
    EXPECT_EQ(texts(parts), (Texts{"a ", "b"}));
    splitRight("ab ", " ", 2, parts);
    EXPECT_EQ(texts(parts), (Texts{"ab", ""}));
    splitRight("a--b---c", "--", 3, parts);
    EXPECT_EQ(texts(parts), (Texts{"a", "b-", "c"}));
    splitRight("none", " ", 2, parts);
    EXPECT_EQ(texts(parts), (Texts{"none"}));
    splitRight("", " ", 2, parts);
    EXPECT_EQ(texts(parts), (Texts{""}));
    splitRight("a b", " ", 1, parts);
    EXPECT_EQ(texts(parts), (Texts{"a b"}));
}

TEST(TextSplit, SplitsFromTheLeft)
{
    std::vector<TextPart> parts;
    splitLeft("a b c", " ", 2, parts);
    EXPECT_EQ(texts(parts), (Texts{"a", "b c"}));
    splitLeft(" a", " ", 3, parts);
    EXPECT_EQ(texts(parts), (Texts{"", "a"}));
}

TEST(TextSplit, ReadsColumns)
{
    std::vector<TextPart> parts;
    std::string scratch;
    EXPECT_EQ(splitCsv(R"(a,"b, ""c""",,d)", ',', scratch, parts), "");
    EXPECT_EQ(texts(parts), (Texts{"a", "b, \"c\"", "", "d"}));
    EXPECT_EQ(splitCsv("", ',', scratch, parts), "");
    EXPECT_EQ(texts(parts), (Texts{""}));
    EXPECT_EQ(splitCsv("a;", ';', scratch, parts), "");
    EXPECT_EQ(texts(parts), (Texts{"a", ""}));
    EXPECT_NE(splitCsv("a,\"b", ',', scratch, parts), "");
    EXPECT_NE(splitCsv("\"a\"b,c", ',', scratch, parts), "");
    EXPECT_NE(splitCsv("a\"b,c", ',', scratch, parts), "");
}

std::vector<std::string> lintedFields(const char* config)
{
    std::vector<std::string> fields;
    for (const Diagnostic& diagnostic : parseNodeType().lint(Json::parse(config), {})) {
        fields.push_back(diagnostic.field);
    }
    return fields;
}

TEST(ParseLint, FindsWhatCannotWork)
{
    EXPECT_EQ(lintedFields(R"({"outputs": [{"name": "a"}]})"), Texts{});
    EXPECT_EQ(lintedFields(R"({"outputs": []})"), (Texts{"outputs"}));
    EXPECT_EQ(lintedFields(R"({"outputs": [{"name": "a"}, {"name": "a"}]})"), (Texts{"outputs[1].name"}));
    EXPECT_EQ(lintedFields(R"({"field": "a[", "outputs": [{"name": "a"}]})"), (Texts{"field"}));
    EXPECT_EQ(lintedFields(R"({"method": "csv", "separator": "ab", "outputs": [{"name": "a"}]})"),
              (Texts{"separator"}));
    EXPECT_EQ(lintedFields(R"j({"method": "regex", "pattern": "(", "outputs": [{"name": "a"}]})j"),
              (Texts{"pattern"}));
    EXPECT_EQ(lintedFields(R"j({"method": "regex", "pattern": "(?P<b>x)", "outputs": [{"name": "a"}]})j"),
              (Texts{"outputs[0].name"}));
}

} // namespace
} // namespace streamwright
