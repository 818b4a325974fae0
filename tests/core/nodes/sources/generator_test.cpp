#include "core/nodes/builtin.h"
#include "tests/core/nodes/source_driver.h"

#include <gtest/gtest.h>

#include <regex>

namespace streamwright {
namespace {

using Values = std::vector<std::string>;

TEST(Generator, FillsPlaceholders)
{
    SourceDriver source(generatorNodeType(),
                        R"({"per_second": 0, "count": 2, "key": "k{{seq}}", "template":
                            {"id": "{{seq}}", "at": "{{now}}", "text": "n{{seq}} \"{{pick \"a b\"}}\"", "list": [1.50, null],
                             "one": "{{pick 7}}", "fixed": "{{int 5 5}}", "plain": "}} {"}})");
    ASSERT_TRUE(source.open());

    EXPECT_EQ(
        source.poll(),
        (Values{R"({"id": 0, "at": "2023-11-14T22:13:20.000Z", "text": "n0 \"a b\"", "list": [1.5, null], )"
                R"("one": 7, "fixed": 5, "plain": "}} {"})",
                R"({"id": 1, "at": "2023-11-14T22:13:20.000Z", "text": "n1 \"a b\"", "list": [1.5, null], )"
                R"("one": 7, "fixed": 5, "plain": "}} {"})"}));
    EXPECT_EQ(source.origins()[1].key, "k1");
    EXPECT_EQ(source.origins()[1].offset, 1);
    source.poll();
    EXPECT_EQ(source.state(), Source::State::Finished);
}

TEST(Generator, MakesTheSameRecordsOutOfTheSameSeed)
{
    const char* const config = R"({"per_second": 0, "count": 50, "seed": 7, "template":
        {"u": "{{uuid}}", "n": "{{int 1 97}}", "p": "{{pick \"a\" \"b\" \"c\"}}"}})";
    SourceDriver first(generatorNodeType(), config);
    SourceDriver second(generatorNodeType(), config);
    ASSERT_TRUE(first.open());
    ASSERT_TRUE(second.open(R"({"seq": 20})"));

    const Values all = first.poll();
    EXPECT_EQ(second.poll(), Values(all.begin() + 20, all.end())) << "a restart in the middle too";
    const std::regex form(
        R"re(\{"u": "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", )re"
        R"re("n": ([1-9]|[1-8][0-9]|9[0-7]), "p": "[abc]"\})re");
    for (const std::string& value : all) {
        EXPECT_TRUE(std::regex_match(value, form)) << value;
    }
    EXPECT_NE(all[0], all[1]);
}

TEST(Generator, KeepsItsRate)
{
    SourceDriver source(generatorNodeType(), R"({"per_second": 10})");
    ASSERT_TRUE(source.open());

    EXPECT_EQ(source.poll().size(), 1U);
    EXPECT_TRUE(source.poll().empty());
    EXPECT_EQ(source.state(), Source::State::Idle);
    source.manualClock().advance(Millis{500});
    EXPECT_EQ(source.poll().size(), 5U);
    source.manualClock().advance(Millis{3'600'000});
    EXPECT_LE(source.poll().size(), 11U) << "an hour's pause is not made up for";
    EXPECT_TRUE(source.source().endless());
}

TEST(Generator, BeginsAnewOnceAllWereMade)
{
    SourceDriver source(generatorNodeType(), R"({"per_second": 0, "count": 3})");
    ASSERT_TRUE(source.open());
    source.poll(2);
    EXPECT_EQ(source.source().position(), R"({"seq":2})");
    source.poll();
    EXPECT_EQ(source.source().position(), "");
}

TEST(Generator, RefusesAnUnknownPlaceholder)
{
    for (const char* text : {"{{nix}}", "{{int 9 1}}", "{{int 1}}", "{{pick}}", "{{seq", "{{pick \\\"a}}"}) {
        const Json config{{"template", {{"a", Json::parse('"' + std::string(text) + '"')}}}};
        const Diagnostics found = generatorNodeType().lint(config, {});
        ASSERT_EQ(found.size(), 1U) << text;
        EXPECT_EQ(found[0].field, "template");
    }
}

} // namespace
} // namespace streamwright
