#include "tests/gui/support/canvas_fixture.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>

/// Studio, "Keyboard only" and "Accessibility": the canvas without a mouse.
namespace streamwright {
namespace {

using Keyboard = CanvasTest;

TEST_F(Keyboard, ArrowsGoToTheNearestNodeInTheirDirection)
{
    document->selection().selectNode("requests");
    QTest::keyClick(canvas.get(), Qt::Key_Right);
    EXPECT_EQ(document->selection().singleNode(), "parse");
    QTest::keyClick(canvas.get(), Qt::Key_Down);
    EXPECT_EQ(document->selection().singleNode(), "number");
    QTest::keyClick(canvas.get(), Qt::Key_Left);
    EXPECT_EQ(document->selection().singleNode(), "filter");
    QTest::keyClick(canvas.get(), Qt::Key_Up);
    EXPECT_EQ(document->selection().singleNode(), "requests");
}

TEST_F(Keyboard, ControlArrowsMoveByOneGridStep)
{
    document->selection().selectNode("parse");
    QTest::keyClick(canvas.get(), Qt::Key_Down, Qt::ControlModifier);
    EXPECT_EQ(document->position("parse"), QPointF(312, 8));
}

TEST_F(Keyboard, TabWalksThePortsAndThenLeavesTheCanvas)
{
    document->selection().selectNode("filter");
    const std::vector<std::string> ports{"in", "out", "rejected", "error"};
    for (const std::string& name : ports) {
        QTest::keyClick(canvas.get(), Qt::Key_Tab);
        ASSERT_TRUE(canvas->focusedPort());
        EXPECT_EQ(canvas->focusedPort()->port, name);
    }
    QTest::keyClick(canvas.get(), Qt::Key_Tab);
    EXPECT_FALSE(canvas->focusedPort());
    QTest::keyClick(canvas.get(), Qt::Key_Backtab, Qt::ShiftModifier);
    ASSERT_TRUE(canvas->focusedPort());
    EXPECT_EQ(canvas->focusedPort()->port, "error");
}

TEST_F(Keyboard, AWireIsBegunAtThePortWithTheFocus)
{
    document->selection().selectNode("filter");
    std::optional<PortRef> asked;
    QObject::connect(canvas.get(), &CanvasView::connectMenuRequested, canvas.get(),
                     [&](const QPoint&, const PortRef& port) { asked = port; });
    QTest::keyClick(canvas.get(), Qt::Key_Tab);
    QTest::keyClick(canvas.get(), Qt::Key_Tab);
    QTest::keyClick(canvas.get(), Qt::Key_Tab);
    QTest::keyClick(canvas.get(), Qt::Key_Return);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->port, "rejected");
    const std::vector<PortRef> targets = canvas->compatiblePorts(*asked);
    ASSERT_FALSE(targets.empty());
    for (const PortRef& target : targets) {
        EXPECT_EQ(target.side, PortSide::In);
        EXPECT_NE(target.node, "parse") << "would form a loop";
    }
    canvas->connectPorts(*asked, targets.front());
    EXPECT_EQ(entries(), 1);
}

TEST_F(Keyboard, EnterEditsANodeAndTapsAWire)
{
    QSignalSpy edited(canvas.get(), &CanvasView::nodeActivated);
    QSignalSpy tapped(canvas.get(), &CanvasView::wireActivated);
    document->selection().selectNode("parse");
    QTest::keyClick(canvas.get(), Qt::Key_Return);
    EXPECT_EQ(edited.count(), 1);
    document->selection().set({}, {EdgeKey{{"parse", ""}, {"filter", ""}}});
    QTest::keyClick(canvas.get(), Qt::Key_Return);
    EXPECT_EQ(tapped.count(), 1);
}

TEST_F(Keyboard, EscapeGoesBackOneLevelAtATime)
{
    document->selection().selectNode("filter");
    QTest::keyClick(canvas.get(), Qt::Key_Tab);
    QTest::keyClick(canvas.get(), Qt::Key_Escape);
    EXPECT_FALSE(canvas->focusedPort());
    EXPECT_FALSE(document->selection().isEmpty());
    QTest::keyClick(canvas.get(), Qt::Key_Escape);
    EXPECT_TRUE(document->selection().isEmpty());
}

TEST_F(Keyboard, RenamingInPlaceTakesTheTextOnEnterAndDropsItOnEscape)
{
    document->selection().selectNode("filter");
    canvas->editSelected();
    auto* editor = canvas->findChild<QWidget*>(QStringLiteral("inPlaceEditor"));
    ASSERT_NE(editor, nullptr);
    QTest::keyClicks(editor, QStringLiteral("Only orders"));
    QTest::keyClick(editor, Qt::Key_Return);
    EXPECT_EQ(document->node("filter")->title, "Only orders");
    EXPECT_EQ(entries(), 1);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    canvas->editSelected();
    editor = canvas->findChild<QWidget*>(QStringLiteral("inPlaceEditor"));
    ASSERT_NE(editor, nullptr);
    QTest::keyClicks(editor, QStringLiteral("Else"));
    QTest::keyClick(editor, Qt::Key_Escape);
    EXPECT_EQ(document->node("filter")->title, "Only orders");
}

TEST_F(Keyboard, ScreenReadersSeeAChildPerNodeWithItsState)
{
    QAccessibleInterface* view = QAccessible::queryAccessibleInterface(canvas.get());
    ASSERT_NE(view, nullptr);
    ASSERT_EQ(view->childCount(), 6);
    QAccessibleInterface* filter = nullptr;
    for (int i = 0; i < view->childCount(); ++i) {
        if (view->child(i)->text(QAccessible::Name).contains(QStringLiteral("Quantity over 0"))) {
            filter = view->child(i);
        }
    }
    ASSERT_NE(filter, nullptr);
    EXPECT_TRUE(filter->text(QAccessible::Name).startsWith(QStringLiteral("Filter")));
    EXPECT_FALSE(filter->rect().isEmpty());
    document->selection().selectNode("filter");
    EXPECT_TRUE(filter->state().selected);
    document->selection().clear();
    filter->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    EXPECT_EQ(document->selection().singleNode(), "filter");
}

} // namespace
} // namespace streamwright
