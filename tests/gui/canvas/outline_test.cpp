#include "gui/canvas/outline_panel.h"
#include "tests/gui/support/canvas_fixture.h"

#include <QTest>
#include <QTreeWidget>

/// Studio, "Accessibility": the outline is the canvas's equal.
namespace streamwright {
namespace {

class Outline : public CanvasTest {
protected:
    Outline() : outline(*document)
    {
        outline.resize(220, 500);
        outline.show();
    }
    [[nodiscard]] QTreeWidgetItem* item(const char* title)
    {
        const auto found =
            outline.tree()->findItems(QString::fromUtf8(title), Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? nullptr : found.front();
    }

    OutlinePanel outline;
};

TEST_F(Outline, ShowsNodesPortsAndProblems)
{
    ASSERT_NE(item("Parse request"), nullptr);
    EXPECT_NE(item("out to Quantity over 0"), nullptr);
    EXPECT_NE(item("error to Dead letters"), nullptr);
    const int before = item("Number requests")->childCount();
    document->edit(QStringLiteral("Break"), {SetField{"number", "field", std::nullopt}});
    document->checkNow();
    EXPECT_TRUE(eventually([&] { return item("Number requests")->childCount() > before; }));
}

TEST_F(Outline, SelectionIsSyncedBothWays)
{
    outline.tree()->setCurrentItem(item("Quantity over 0"));
    EXPECT_EQ(document->selection().singleNode(), "filter");
    document->selection().selectNode("apps");
    EXPECT_TRUE(item("CorpAppsTopic")->isSelected());
    EXPECT_FALSE(item("Quantity over 0")->isSelected());
}

TEST_F(Outline, DeleteAndRenameWorkThere)
{
    outline.tree()->setCurrentItem(item("Quantity over 0"));
    QTest::keyClick(outline.tree(), Qt::Key_Delete);
    EXPECT_EQ(document->node("filter"), nullptr);
    EXPECT_EQ(entries(), 1);
    ASSERT_TRUE(eventually([&] { return item("Quantity over 0") == nullptr; }));
    item("Dead letters")->setText(0, QStringLiteral("Rejects"));
    EXPECT_EQ(document->node("rejects")->title, "Rejects");
}

} // namespace
} // namespace streamwright
