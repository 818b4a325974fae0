#include "core/cel/assist.h"
#include "tests/core/cel/expression_driver.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace streamwright::cel {
namespace {

using Lines = std::vector<std::string>;

const SampleRecords& samples()
{
    static const SampleRecords records(
        {R"({"quantity": 1, "customer": {"name": "a", "e-mail": "x"}, "items": [{"price": 1}]})",
         R"({"quantity": "2", "subject": "s", "items": [{"price": 2, "size": 3}]})"});
    return records;
}

/// Texts proposed where "|" stands.
Lines proposals(std::string text, const CompileOptions& options = {})
{
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    const Lines fields = paths(seenFields(samples().all()));
    Lines found;
    for (const Completion& completion : complete(text, cursor, fields, options)) {
        found.push_back(completion.text);
    }
    return found;
}

std::string first(const Lines& lines)
{
    return lines.empty() ? "none" : lines.front();
}

bool has(const Lines& lines, const std::string& line)
{
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST(CelAssist, ListsTheFieldsOfSamples)
{
    Lines lines;
    for (const SeenField& field : seenFields(samples().all())) {
        lines.push_back(field.path + ": " + field.types);
    }
    EXPECT_EQ(lines, (Lines{"quantity: number or string", "customer: object", "customer.name: string",
                            "customer.e-mail: string", "items: array", "items[].price: number",
                            "subject: string", "items[].size: number"}));
}

TEST(CelAssist, ProposesFieldsFirst)
{
    const Lines all = proposals("value.|");
    ASSERT_GE(all.size(), 4U);
    EXPECT_EQ(Lines(all.begin(), all.begin() + 4), (Lines{"quantity", "customer", "items", "subject"}));
    EXPECT_EQ(proposals("value.qu|"), Lines{"quantity"});
    EXPECT_EQ(proposals("value.customer.na|"), Lines{"name"});
    EXPECT_EQ(first(proposals("value.?customer.e|")), "`e-mail`");
    EXPECT_EQ(proposals("value.items[0].pr|"), Lines{"price"});
    EXPECT_EQ(first(proposals("value.items.exists(i, i.si|")), "size");
    EXPECT_EQ(proposals("1 + 2 > 3 && (value.sub|jec"), (Lines{"subject", "substring("}));
}

TEST(CelAssist, ProposesWhatFitsTheType)
{
    EXPECT_EQ(proposals("topic.sta|"), Lines{"startsWith("});
    EXPECT_FALSE(has(proposals("topic.|"), "getHours("));
    EXPECT_TRUE(has(proposals("timestamp.|"), "getHours("));
    EXPECT_TRUE(has(proposals("topic.split(',').|"), "exists("));
    EXPECT_FALSE(has(proposals("topic.|"), "exists("));
    EXPECT_EQ(proposals("math.ab|"), Lines{"abs("});
    EXPECT_EQ(proposals("math.ab|", {.strict = true}), Lines{});
    EXPECT_EQ(first(proposals("error.|", {.hasError = true})), "code");
}

TEST(CelAssist, ProposesVariablesFunctionsAndForgottenValues)
{
    const Lines all = proposals("|");
    EXPECT_EQ(first(all), "value");
    EXPECT_TRUE(has(all, "size(") && has(all, "has(") && has(all, "null") && has(all, "math.abs("));
    EXPECT_TRUE(has(proposals("qua|"), "value.quantity"));
    EXPECT_EQ(first(proposals("value.items.map(item, it|")), "item");
    EXPECT_EQ(first(proposals("VAL|")), "value");
}

TEST(CelAssist, ProposesNothingInsideTextAndComments)
{
    EXPECT_EQ(proposals("value.a == 'val|"), Lines{});
    EXPECT_EQ(proposals("true // val|"), Lines{});
    EXPECT_NE(proposals("value.a == 'http://x' && val|"), Lines{});
    EXPECT_EQ(proposals("value.a == 1 && .|"), Lines{});
}

TEST(CelAssist, TellsTheTypeUnderTheCursor)
{
    const auto at = [](std::string text) {
        const std::size_t cursor = text.find('|');
        text.erase(cursor, 1);
        const std::optional<PartType> part = typeAt(text, cursor);
        return part ? part->text + ": " + part->type : "nothing";
    };
    EXPECT_EQ(at("topic.spl|it(',').size() > 1"), "topic.split(','): list(string)");
    EXPECT_EQ(at("topic.split(',').si|ze() > 1"), "topic.split(',').size(): int");
    EXPECT_EQ(at("top|ic.split(',')"), "topic: string");
    EXPECT_EQ(at("value.a + 1|.5"), "1.5: double");
    EXPECT_EQ(at("value.|x > 1"), "value.x: dyn");
    EXPECT_EQ(at("value.a +|"), "nothing");
    EXPECT_EQ(typeAt("'é' + topic.trim()", 13)->signature, "string.trim() -> string");
    EXPECT_EQ(typeAt("'é' + topic.trim()", 13)->offset, 6U);
}

TEST(CelAssist, TriesAnExpressionOnSamples)
{
    SampleRecords records;
    for (int i = 0; i < 500; ++i) {
        records.add(i % 100 == 99 ? std::string("{}") : "{\"n\": " + std::to_string(i) + "}");
    }
    const DryRun condition = dryRun(*Program::compile("value.n < 37"), records.all());
    EXPECT_EQ(condition.summary(), "matches 37 of 500, 5 failed");
    EXPECT_EQ(condition.firstErrors, Lines{"Field \"n\" is missing, in \"value.n\"."});
    const DryRun value = dryRun(*Program::compile("value.n * 2"), records.all());
    EXPECT_EQ(value.summary(), "gives a value for 495 of 500, 5 failed");
    EXPECT_EQ(value.firstValues, (Lines{"0", "2", "4", "6", "8"}));
    EXPECT_EQ(dryRun(*Program::compile("value.n >= 0 || true"), records.all()).summary(),
              "matches 500 of 500");
}

} // namespace
} // namespace streamwright::cel
