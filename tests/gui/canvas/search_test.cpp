#include "gui/canvas/search_query.h"
#include "tests/gui/support/canvas_fixture.h"

#include <QLineEdit>
#include <QTest>

/// Studio, "Search".
namespace streamwright {
namespace {

class Search : public CanvasTest {
protected:
    [[nodiscard]] std::vector<NodeId> hits(const char* query)
    {
        canvas->setSearch(QString::fromUtf8(query));
        return canvas->searchHits();
    }
};

TEST_F(Search, FindsByNameTypeFieldValueAndTopic)
{
    EXPECT_EQ(hits("corpapps"), std::vector<NodeId>{"apps"});
    EXPECT_EQ(hits("type:filter"), std::vector<NodeId>{"filter"});
    EXPECT_EQ(hits("app_number"), std::vector<NodeId>{"number"});
    EXPECT_EQ(hits("topic:inputs"), std::vector<NodeId>{"requests"});
    EXPECT_EQ(hits("uses:kafka"), (std::vector<NodeId>{"requests", "apps"}));
    EXPECT_EQ(hits("uses:kafka corp"), std::vector<NodeId>{"apps"}) << "all conditions must hold";
    EXPECT_TRUE(hits("nothing like that").empty());
}

TEST_F(Search, FindsByState)
{
    document->selection().selectNode("filter");
    canvas->toggleMode(NodeMode::Bypass);
    EXPECT_EQ(hits("is:bypassed"), std::vector<NodeId>{"filter"});
    document->edit(QStringLiteral("Break"), {SetField{"number", "field", std::nullopt}});
    document->checkNow();
    EXPECT_EQ(hits("is:invalid"), std::vector<NodeId>{"number"});
    canvas->setChangedNodes({"parse"});
    EXPECT_EQ(hits("is:modified"), std::vector<NodeId>{"parse"});
}

TEST_F(Search, TheFieldGoesFromHitToHitAndEscapeEndsIt)
{
    canvas->openSearch();
    auto* line = canvas->findChild<QLineEdit*>();
    ASSERT_NE(line, nullptr);
    ASSERT_TRUE(line->isVisible());
    QTest::keyClicks(line, QStringLiteral("uses:kafka"));
    EXPECT_EQ(document->selection().singleNode(), "requests");
    QTest::keyClick(line, Qt::Key_Return);
    EXPECT_EQ(document->selection().singleNode(), "apps");
    canvas->findNext(1);
    EXPECT_EQ(document->selection().singleNode(), "requests");
    QTest::keyClick(line, Qt::Key_Escape);
    EXPECT_TRUE(canvas->searchHits().empty());
    EXPECT_TRUE(canvas->hasFocus());
}

} // namespace
} // namespace streamwright
