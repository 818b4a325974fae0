#include "core/nodes/builtin.h"
#include "gui/document/edit_lists.h"
#include "gui/document/pipeline_document.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace streamwright {
namespace {

class EditListsTest : public testing::Test {
protected:
    EditListsTest() { document.loadText(purchaseRequests(), {}, false); }
    [[nodiscard]] bool isWired(const std::string& from, const std::string& to) const
    {
        const auto& edges = document.pipeline().edges;
        return std::any_of(edges.begin(), edges.end(),
                           [&](const Edge& e) { return e.from.text() == from && e.to.text() == to; });
    }

    PipelineDocument document{builtinNodes()};
};

TEST_F(EditListsTest, RemovingNodesTakesTheirWires)
{
    ASSERT_TRUE(
        document.edit(QStringLiteral("Delete"), edits::remove(document.pipeline(), {"parse", "filter"}, {})));
    EXPECT_EQ(document.pipeline().nodes.size(), 4U);
    EXPECT_EQ(document.pipeline().edges.size(), 1U);
}

TEST_F(EditListsTest, HealingJoinsThroughAChainOfRemovedNodes)
{
    ASSERT_TRUE(
        document.edit(QStringLiteral("Delete"),
                      edits::removeAndHeal(document.pipeline(), builtinNodes(), {"parse", "filter"})));
    EXPECT_TRUE(isWired("requests", "number"));
    EXPECT_EQ(document.undoStack().count(), 1);
    document.undoStack().undo();
    EXPECT_TRUE(isWired("parse", "filter"));
}

TEST_F(EditListsTest, InsertingOnAWireKeepsItsPlaceInTheDocument)
{
    Node node;
    node.id = "slow";
    node.type = "throttle";
    node.config = Json{{"per_second", 5}};
    ASSERT_TRUE(document.edit(QStringLiteral("Add"), {AddNode{node, std::nullopt}}));
    const EdgeKey wire{{"parse", ""}, {"filter", ""}};
    ASSERT_TRUE(
        document.edit(QStringLiteral("Insert"), edits::insertOnWire(document.pipeline(), builtinNodes(),
                                                                    *document.node("slow"), wire)));
    EXPECT_TRUE(isWired("parse", "slow"));
    EXPECT_TRUE(isWired("slow", "filter"));
    EXPECT_FALSE(isWired("parse", "filter"));
    EXPECT_EQ(document.pipeline().edges[1].to.node, "slow");
}

TEST_F(EditListsTest, ASinkDoesNotFitIntoAWire)
{
    const EdgeKey wire{{"parse", ""}, {"filter", ""}};
    EXPECT_TRUE(
        edits::insertOnWire(document.pipeline(), builtinNodes(), *document.node("rejects"), wire).empty());
}

TEST_F(EditListsTest, NewNodesGetFreshNamesAndTheOnlyConnection)
{
    const NodeType* filter = builtinNodes().find("filter");
    Node first = edits::newNode(document.pipeline(), *filter);
    EXPECT_EQ(first.title, "Filter");
    EXPECT_EQ(first.id, "filter-2") << "the id \"filter\" is taken";
    document.edit(QStringLiteral("Add"), {AddNode{first, std::nullopt}});
    EXPECT_EQ(edits::newNode(document.pipeline(), *filter).title, "Filter 2");
    EXPECT_EQ(edits::newNode(document.pipeline(), *builtinNodes().find("kafka_source")).config["connection"],
              "kafka");
}

TEST_F(EditListsTest, IdsAreMadeFromAnyTitle)
{
    EXPECT_EQ(edits::freshId(document.pipeline(), "Large orders!"), "large-orders");
    EXPECT_EQ(edits::freshId(document.pipeline(), "Заявки"), "node");
    EXPECT_EQ(edits::freshId(document.pipeline(), "2nd try"), "node-2nd-try");
    EXPECT_EQ(edits::freshId(document.pipeline(), "Settings"), "settings-2") << "a reserved word";
    EXPECT_LE(edits::freshId(document.pipeline(), std::string(200, 'a')).size(), 64U);
}

TEST_F(EditListsTest, OnlyTransformsWithOneInputCanBeBypassed)
{
    EXPECT_TRUE(edits::canBypass(builtinNodes(), *document.node("filter")));
    EXPECT_FALSE(edits::canBypass(builtinNodes(), *document.node("requests")));
    EXPECT_FALSE(edits::canBypass(builtinNodes(), *document.node("apps")));
}

} // namespace
} // namespace streamwright
