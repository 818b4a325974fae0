#include "core/nodes/builtin.h"
#include "gui/document/clipboard.h"
#include "gui/document/pipeline_document.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace streamwright {
namespace {

class ClipboardTest : public testing::Test {
protected:
    ClipboardTest() { document.loadText(purchaseRequests(), {}, false); }
    [[nodiscard]] QString copy(const std::set<NodeId>& nodes) const
    {
        std::map<NodeId, QPointF> places;
        for (const Node& node : document.pipeline().nodes) {
            places[node.id] = document.position(node.id);
        }
        return clipboard::textOf(document.pipeline(), builtinNodes(), nodes, places);
    }

    PipelineDocument document{builtinNodes()};
};

TEST_F(ClipboardTest, CarriesNodesTheWiresAmongThemAndTheirPlaces)
{
    const QString text = copy({"parse", "filter"});
    auto paste = clipboard::paste(document.pipeline(), builtinNodes(), text, QPointF(1000, 1000));
    ASSERT_TRUE(paste);
    ASSERT_TRUE(document.edit(QStringLiteral("Paste"), paste->edits));
    EXPECT_EQ(document.pipeline().nodes.size(), 8U);
    EXPECT_EQ(document.pipeline().edges.size(), 6U) << "one wire among the two";
    EXPECT_EQ(document.undoStack().count(), 1);
    double left = 1e9;
    double top = 1e9;
    for (const NodeId& id : paste->nodes) {
        left = std::min(left, document.position(id).x());
        top = std::min(top, document.position(id).y());
    }
    EXPECT_EQ(QPointF(left, top), QPointF(1000, 1000));
}

TEST_F(ClipboardTest, RenewsIdsAndMakesTitlesUnique)
{
    auto paste = clipboard::paste(document.pipeline(), builtinNodes(), copy({"filter"}), QPointF());
    ASSERT_TRUE(paste);
    ASSERT_TRUE(document.edit(QStringLiteral("Paste"), paste->edits));
    const Node* pasted = document.node(*paste->nodes.begin());
    EXPECT_NE(pasted->id, "filter");
    EXPECT_EQ(pasted->title, "Quantity over 0 2");
    EXPECT_EQ(pasted->config, document.node("filter")->config);
}

TEST_F(ClipboardTest, PastesIntoAnotherDocumentUnderTheSameIds)
{
    PipelineDocument other(builtinNodes());
    auto paste = clipboard::paste(other.pipeline(), builtinNodes(), copy({"filter", "number"}), QPointF());
    ASSERT_TRUE(paste);
    ASSERT_TRUE(other.edit(QStringLiteral("Paste"), paste->edits));
    EXPECT_NE(other.node("filter"), nullptr);
    EXPECT_EQ(other.node("filter")->title, "Quantity over 0");
}

TEST_F(ClipboardTest, TextThatIsNotOursPastesNothing)
{
    for (const char* text : {"", "hello", "{}", "{\"a\": 1}", "[1, 2]", "{ broken"}) {
        EXPECT_FALSE(
            clipboard::paste(document.pipeline(), builtinNodes(), QString::fromUtf8(text), QPointF()))
            << text;
    }
}

} // namespace
} // namespace streamwright
