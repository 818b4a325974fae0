#include "core/nodes/builtin.h"
#include "tests/core/nodes/operator_driver.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

TEST(Filter, KeepsMatchingRecordsInOrderAndRejectsTheOthers)
{
    OperatorDriver driver(filterNodeType(), R"({"condition": "value.quantity >= 100"})");

    driver.pipe({R"({"quantity": 250})", R"({"quantity": 99})", R"({"quantity": 1e2})"});

    EXPECT_EQ(driver.values("out"), (Lines{R"({"quantity": 250})", R"({"quantity": 1e2})"}));
    EXPECT_EQ(driver.values("rejected"), Lines{R"({"quantity": 99})"});
    EXPECT_EQ(driver.failures(), Lines{});
}

TEST(Filter, SendsRecordsWithoutAnAnswerToTheErrorPortAndNamesThePart)
{
    OperatorDriver driver(filterNodeType(), R"({"condition": "value.quantity >= 100"})");

    driver.pipe({R"({"quantity": "many"})", R"({})", R"([1])", nullptr});

    EXPECT_EQ(driver.values("out"), Lines{});
    EXPECT_EQ(driver.values("rejected"), Lines{});
    EXPECT_EQ(
        driver.failures(),
        (Lines{R"(expression_error: No operator ">=" for string and int, in "value.quantity >= 100".)",
               R"(expression_error: Field "quantity" is missing, in "value.quantity".)",
               R"(expression_error: The value is an array and has no field "quantity", in "value.quantity".)",
               R"(expression_error: The value is null and has no field "quantity", in "value.quantity".)"}));
}

TEST(Filter, SeesKeyHeadersTimeAndTextValues)
{
    OperatorDriver driver(filterNodeType(), R"({"condition":
        "key == 'a' && headers.kind == 'x' && value.startsWith('o') && timestamp < now() && offset == 0"})");
    driver.manualClock().set(1'700'000'000'500);

    driver.pipe(
        {TestRecord{.value = "order",
                    .key = "a",
                    .headers = {{"kind", "y"}, {"kind", "x"}},
                    .format = ValueFormat::Text},
         TestRecord{.value = "order", .key = "a", .headers = {{"kind", "x"}}, .format = ValueFormat::Text}});

    EXPECT_EQ(driver.values("out"), Lines{"order"});
    EXPECT_EQ(driver.values("rejected"), Lines{"order"});
    EXPECT_EQ(driver.failures(), Lines{});
}

TEST(Filter, KnowsTheErrorOnlyBehindAnErrorPort)
{
    const Json config = Json::parse(R"({"condition": "error.code == 'no_match'"})");
    EXPECT_EQ(filterNodeType().lint(config, {}).size(), 1U);

    OperatorDriver driver(filterNodeType(), R"({"condition": "error.code == 'no_match'"})", true);
    driver.pipe({R"({})"});
    EXPECT_EQ(driver.values("out"), Lines{"{}"});
}

TEST(Filter, RefusesAConditionThatIsNoBoolAndPointsAtTheCharacter)
{
    const auto refused = [](const char* condition) {
        return filterNodeType().lint(Json{{"condition", condition}}, {}).at(0);
    };
    EXPECT_EQ(refused("offset + 1").hint, "Compare it with a value, for example \"value.quantity >= 100\".");
    EXPECT_EQ(refused("offset + 1").message, "The expression gives an int.");
    EXPECT_EQ(refused("value.a > 1 && quantity > 5").fieldOffset, 15);
    EXPECT_EQ(refused("value.a > 1 && quantity > 5").field, "condition");
    EXPECT_EQ(filterNodeType().lint(Json{{"condition", "value.quantity > ${LIMIT}"}}, {}), Diagnostics{});
}

} // namespace
} // namespace streamwright
