#include "core/nodes/builtin.h"
#include "tests/core/nodes/operator_driver.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

TEST(SetFields, SetsFieldsInTheirOrderAndLaterOnesSeeEarlierOnes)
{
    OperatorDriver driver(setFieldsNodeType(), R"j({"fields": {
        "total": "value.price * value.quantity", "vat": "value.total * 0.2",
        "address.city": "value.city.upper()", "price": "value.price"}})j");

    driver.pipe({R"j({"price": 2.50, "quantity": 4, "city": "köln", "id": 9007199254740993})j"});

    EXPECT_EQ(driver.failures(), Lines{});
    EXPECT_EQ(
        driver.values("out"),
        Lines{R"j({"price": 2.50, "quantity": 4, "city": "köln", "id": 9007199254740993, "total": 10.0, )j"
              R"j("vat": 2.0, "address": {"city":"KÖLN"}})j"});
}

TEST(SetFields, PassesNumbersOnWithTheirText)
{
    OperatorDriver driver(setFieldsNodeType(), R"j({"fields": {"a": "value.x", "b": "[value.x, 1]",
        "c": "value.?x.orValue(0)", "d": "value.list.map(e, e)", "e": "value.o", "f": "-value.x"}})j");

    driver.pipe({R"j({"x":0.10,"list":[1e2,1.0],"o":{"k": 1.50}})j"});

    EXPECT_EQ(driver.values("out"),
              Lines{R"j({"x":0.10,"list":[1e2,1.0],"o":{"k": 1.50},"a":0.10,"b":[0.10,1],)j"
                    R"j("c":0.10,"d":[1e2,1.0],"e":{"k": 1.50},"f":-0.1})j"});
}

TEST(SetFields, SetsKeyHeadersAndTimestamp)
{
    OperatorDriver driver(setFieldsNodeType(),
                          R"j({"key": "value.id", "timestamp": "timestamp + duration('1s')",
        "headers": {"source": "topic", "old": null, "kind": "value.kind"}})j");

    driver.pipe({TestRecord{.value = R"j({"id": 7, "kind": "x"})j",
                            .key = "k",
                            .headers = {{"old", "1"}, {"kind", "a"}, {"kind", "b"}}}});

    EXPECT_EQ(driver.values("out"), Lines{R"j({"id": 7, "kind": "x"})j"});
    EXPECT_EQ(driver.keys("out"), Lines{"7"});
    EXPECT_EQ(driver.headers("out"), Lines{"kind=x;source=orders;"});
    EXPECT_EQ(driver.timestamps("out"), std::vector<std::int64_t>{1'700'000'001'000});
}

TEST(SetFields, TakesTextAsKeyAndNullAsNone)
{
    OperatorDriver driver(setFieldsNodeType(), R"j({"key": "value.?k.orValue(null)"})j");

    driver.pipe({R"j({"k": "a\"b"})j", R"j({"k": ""})j", R"j({})j"});

    EXPECT_EQ(driver.keys("out"), (Lines{"a\"b", "", "null"}));
}

TEST(SetFields, SendsFailedRecordsToTheErrorPort)
{
    OperatorDriver driver(setFieldsNodeType(), R"j({"fields": {"q": "value.a / value.b", "a.x": "1"}})j");

    driver.pipe({R"j({"a": 1, "b": 0})j", R"j({"a": 1, "b": 2})j", R"j([])j", R"j({"a": 1})j",
                 R"j({"a": -9223372036854775808, "b": -1})j"});

    const std::string noPlace =
        "wrong_type: The field cannot be set: its path goes through something that is "
        "not an object.";
    EXPECT_EQ(driver.values("out"), Lines{});
    EXPECT_EQ(driver.failures(),
              (Lines{R"j(expression_error: Division by zero, in "value.a / value.b".)j", noPlace,
                     "not_an_object: The value is not an object with fields.",
                     R"j(expression_error: Field "b" is missing, in "value.b".)j",
                     R"j(expression_error: The int overflows, in "value.a / value.b".)j"}));
}

TEST(SetFields, LeavesTheRecordsOfAnotherReaderAlone)
{
    OperatorDriver driver(setFieldsNodeType(), R"j({"fields": {"a": "value.a + 1"}})j");

    driver.pipe({TestRecord{.value = R"j({"a": 1})j"}}, true);

    EXPECT_EQ(driver.values("out"), Lines{R"j({"a": 2})j"});
    EXPECT_EQ(driver.inputValue(0), R"j({"a": 1})j");
}

TEST(SetFields, LintsEveryExpressionAndPath)
{
    const Diagnostics found = setFieldsNodeType().lint(
        Json::parse(R"j({"fields": {"a..b": "1", "c": "valu.x"}, "key": "1 +", "headers": {"h": "f(1)"}})j"),
        {});
    Lines lines;
    for (const Diagnostic& diagnostic : found) {
        lines.push_back(diagnostic.field + ' ' + diagnostic.code);
    }
    EXPECT_EQ(lines, (Lines{"fields.a..b invalid_path", "fields.c unknown_variable", "key syntax_error",
                            "headers.h unknown_function"}));
    EXPECT_EQ(setFieldsNodeType().lint(Json::object(), {}).size(), 1U);
}

} // namespace
} // namespace streamwright
