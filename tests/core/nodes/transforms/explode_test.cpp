#include "core/nodes/builtin.h"
#include "tests/core/nodes/operator_driver.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

TEST(Explode, MakesARecordForEachElement)
{
    OperatorDriver driver(explodeNodeType(), R"({"field": "items"})");

    driver.pipe({TestRecord{.value = R"({"id": 1, "items": [1.0, {"a": 2}], "z": 0})", .key = "k"}});

    EXPECT_EQ(driver.values("out"),
              (Lines{R"({"id": 1, "items": 1.0, "z": 0})", R"({"id": 1, "items": {"a": 2}, "z": 0})"}));
    EXPECT_EQ(driver.keys("out"), (Lines{"k", "k"}));
}

TEST(Explode, PutsTheElementWhereAsSays)
{
    OperatorDriver driver(explodeNodeType(), R"({"field": "order.items", "as": "item"})");

    driver.pipe({R"({"order":{"id":7,"items":["a","b"]}})"});

    EXPECT_EQ(driver.values("out"),
              (Lines{R"({"order":{"id":7},"item":"a"})", R"({"order":{"id":7},"item":"b"})"}));
}

TEST(Explode, DropsEmptyArraysOnPurpose)
{
    OperatorDriver driver(explodeNodeType(), R"({"field": "items"})");

    driver.pipe({R"({"items":[]})", R"({"items":[1]})", R"({"items":[]})"});

    EXPECT_EQ(driver.values("out"), Lines{R"({"items":1})"});
    EXPECT_EQ(driver.dropped("empty_array"), 2U);
}

TEST(Explode, SendsWhatHasNoArrayToTheErrorPort)
{
    OperatorDriver driver(explodeNodeType(), R"({"field": "items", "as": "id.x"})");

    driver.pipe({R"({"items":"a"})", R"({})", R"(5)", nullptr, R"({"items":[1],"id":3})"});

    EXPECT_EQ(driver.values("out"), Lines{});
    EXPECT_EQ(
        driver.failures(),
        (Lines{
            R"(wrong_type: Field "items" is a string, not an array.)",
            R"(missing_field: Field "items" is missing.)",
            "not_an_object: The value is not an object with fields.",
            "not_an_object: The value is not an object with fields.",
            "wrong_type: The element has no place: its path goes through something that is not an object."}));
}

TEST(Explode, TakesMoreElementsThanABatchHolds)
{
    std::string value = "{\"items\":[0";
    for (std::size_t i = 1; i < 3 * kMaxBatchRecords; ++i) {
        value += ',' + std::to_string(i);
    }
    value += "]}";
    OperatorDriver driver(explodeNodeType(), R"({"field": "items"})");

    driver.pipe({value.c_str()});

    const Lines values = driver.values("out");
    ASSERT_EQ(values.size(), 3 * kMaxBatchRecords);
    EXPECT_EQ(values.back(), "{\"items\":" + std::to_string(3 * kMaxBatchRecords - 1) + "}");
}

} // namespace
} // namespace streamwright
