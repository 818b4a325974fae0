#include "core/nodes/builtin.h"
#include "tests/core/nodes/operator_driver.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kBySize = R"({"cases": [{"name": "large", "condition": "value.n >= 100"},
                                              {"name": "medium", "condition": "value.n >= 10"}]})";

TEST(Route, SendsEachRecordToTheFirstCaseThatFits)
{
    OperatorDriver driver(routeNodeType(), kBySize);

    driver.pipe({R"({"n":100})", R"({"n":5})", R"({"n":10})", R"({"n":200})"});

    EXPECT_EQ(driver.values("large"), (Lines{R"({"n":100})", R"({"n":200})"}));
    EXPECT_EQ(driver.values("medium"), Lines{R"({"n":10})"});
    EXPECT_EQ(driver.values("default"), Lines{R"({"n":5})"});
}

TEST(Route, SendsToAllCasesThatFitWhereAskedTo)
{
    OperatorDriver driver(routeNodeType(), R"({"match": "all", "cases": [
        {"name": "a", "condition": "value.n > 1"}, {"name": "b", "condition": "value.n > 2"}]})");

    driver.pipe({R"({"n":1})", R"({"n":2})", R"({"n":3})"});

    EXPECT_EQ(driver.values("a"), (Lines{R"({"n":2})", R"({"n":3})"}));
    EXPECT_EQ(driver.values("b"), Lines{R"({"n":3})"});
    EXPECT_EQ(driver.values("default"), Lines{R"({"n":1})"});
}

TEST(Route, SendsARecordWithoutAnAnswerNowhereElse)
{
    OperatorDriver driver(routeNodeType(), R"({"match": "all", "cases": [
        {"name": "a", "condition": "true"}, {"name": "b", "condition": "value.n > 2"}]})");

    driver.pipe({R"({"n":"x"})"});

    EXPECT_EQ(driver.values("a"), Lines{});
    EXPECT_EQ(driver.failures(),
              Lines{R"(expression_error: No operator ">" for string and int, in "value.n > 2".)"});
}

TEST(Route, HasAPortForEachCase)
{
    Lines names;
    for (const PortSpec& port : routeNodeType().outputs(Json::parse(kBySize))) {
        names.push_back(port.name);
    }
    EXPECT_EQ(names, (Lines{"large", "medium", "default", "error"}));
}

TEST(Route, RefusesBadAndDoublePorts)
{
    Lines lines;
    for (const Diagnostic& diagnostic : routeNodeType().lint(
             Json::parse(
                 R"({"cases": [{"name": "Large", "condition": "true"}, {"name": "a", "condition": "1"},
                                       {"name": "a", "condition": "true"}, {"name": "error", "condition": "true"}]})"),
             {})) {
        lines.push_back(diagnostic.field + ' ' + diagnostic.code);
    }
    EXPECT_EQ(lines, (Lines{"cases[0].name invalid_port_name", "cases[1].condition not_bool",
                            "cases[2].name duplicate_port", "cases[3].name duplicate_port"}));
    EXPECT_EQ(routeNodeType().lint(Json::parse(R"({"cases": []})"), {}).size(), 1U);
}

} // namespace
} // namespace streamwright
