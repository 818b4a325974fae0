#include "core/pipeline/edit.h"
#include "core/topology/describe.h"
#include "core/topology/diff.h"
#include "tests/core/topology/documents.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

Pipeline sample()
{
    return documentOf(std::string("[") + kSource + ", " + kNumber + ", " + kSink + "]",
                      R"([{"from": "in", "to": "num"}, {"from": "num", "to": "out"}])");
}

std::vector<std::string> changesAfter(const std::vector<Edit>& edits)
{
    Pipeline changed = sample();
    EXPECT_TRUE(applyAll(edits, changed));
    std::vector<std::string> texts;
    for (const TopologyChange& change : diff(sample(), changed)) {
        texts.push_back(change.text);
    }
    return texts;
}

using Lines = std::vector<std::string>;

TEST(Diff, SaysEachChangeInWords)
{
    EXPECT_EQ(
        changesAfter({SetField{"in", "topic", Json("orders")}, SetField{"num", "start", Json(7)},
                      SetSetting{"threads", Json(2)}, SetMode{"num", NodeMode::Bypass},
                      Disconnect{{"num", ""}, {"out", ""}}, RemoveNode{"out"}}),
        (Lines{"Setting \"threads\" is set to 2.",
               "Field \"topic\" of node \"in\": \"a\" becomes \"orders\".",
               "Mode of node \"num\": on becomes bypass.", "Field \"start\" of node \"num\" is set to 7.",
               "Node \"out\" is removed.", "The edge from \"num\" to \"out\" is removed."}));
}

TEST(Diff, LayoutAndTitlesNeverCount)
{
    EXPECT_EQ(changesAfter({Move{"in", std::pair(5.0, 6.0)}, SetTitle{"in", "Orders"}, SetDescription{"x"},
                            SetLayoutPart{"notes", Json::array({1})}}),
              Lines{});
}

TEST(Diff, UndoneEditsGiveNoChange)
{
    Pipeline pipeline = sample();
    const auto inverses =
        applyAll({SetField{"in", "topic", Json("b")}, SetConnection{"other", std::nullopt}}, pipeline);
    ASSERT_TRUE(inverses);
    EXPECT_EQ(diff(sample(), pipeline).size(), 2U);
    ASSERT_TRUE(applyAll(*inverses, pipeline));
    EXPECT_TRUE(diff(sample(), pipeline).empty());
}

TEST(Diff, NeverShowsASecret)
{
    const Lines changes =
        changesAfter({SetConnection{"kafka", Json{{"bootstrap_servers", "b:9092"},
                                                  {"sasl_password", "canary"},
                                                  {"properties", {{"sasl.password", "canary"}}}}}});
    ASSERT_EQ(changes.size(), 2U);
    for (const std::string& change : changes) {
        EXPECT_EQ(change.find("canary"), std::string::npos) << change;
    }
}

TEST(Describe, ShowsFlowsNodesAndWires)
{
    const Compiled result = compile(sample(), builtinNodes());
    ASSERT_NE(result.topology, nullptr);
    const std::string text = describeText(*result.topology);
    for (const char* part : {"Pipeline \"test\": at_least_once, on_error fail",
                             "Flow \"in\": connection \"kafka\", group \"test\"", "in  kafka_source \"a\"",
                             "out -> num", "error -> stops the pipeline"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
    }
    EXPECT_NE(describeDot(*result.topology).find("\"in\" -> \"num\" [label=\"out\"]"), std::string::npos);
    const Json json = describeJson(*result.topology);
    EXPECT_EQ(json["flows"][0]["nodes"], Json::array({"in", "num", "out"}));
    EXPECT_EQ(json["nodes"][1]["outputs"]["out"], Json::array({"out"}));
}

} // namespace
} // namespace streamwright
