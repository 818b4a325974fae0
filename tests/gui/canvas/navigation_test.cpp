#include "tests/gui/support/canvas_fixture.h"

#include <QTest>

/// Studio, "Canvas navigation".
namespace streamwright {
namespace {

using Navigation = CanvasTest;

TEST_F(Navigation, TheWheelZoomsAtThePointer)
{
    const QPointF pointer(700, 300);
    const QPointF under = canvas->toScene(pointer);
    wheel(canvas.get(), pointer, 240);
    EXPECT_GT(canvas->zoom(), 1.3);
    EXPECT_NEAR(canvas->toScene(pointer).x(), under.x(), 1e-6);
    EXPECT_NEAR(canvas->toScene(pointer).y(), under.y(), 1e-6);
    for (int i = 0; i < 60; ++i) {
        wheel(canvas.get(), pointer, -240);
    }
    EXPECT_DOUBLE_EQ(canvas->zoom(), 0.1);
}

TEST_F(Navigation, MiddleDragAndSpaceDragPan)
{
    const QPointF before = canvas->toScene({0, 0});
    drag(canvas.get(), {600, 600}, {500, 560}, Qt::NoModifier, Qt::MiddleButton);
    EXPECT_EQ(canvas->toScene({0, 0}), before + QPointF(100, 40));
    QTest::keyPress(canvas.get(), Qt::Key_Space);
    drag(canvas.get(), centreOf("parse"), centreOf("parse") + QPointF(100, 40));
    QTest::keyRelease(canvas.get(), Qt::Key_Space);
    EXPECT_EQ(canvas->toScene({0, 0}), before);
    EXPECT_EQ(entries(), 0) << "panning over a node moves no node";
}

TEST_F(Navigation, LeftDragOnEmptyCanvasSelectsWhatTheBandTouches)
{
    drag(canvas.get(), at(-90, 160), at(560, 320));
    EXPECT_EQ(document->selection().nodes(), (std::set<NodeId>{"filter", "number"}));
    drag(canvas.get(), at(600, -40), at(700, 60), Qt::ShiftModifier);
    EXPECT_EQ(document->selection().nodes(), (std::set<NodeId>{"filter", "number", "rejects"}));
}

TEST_F(Navigation, ShiftAddsAndControlTogglesTheSelection)
{
    click(centreOf("parse"));
    click(centreOf("filter"), Qt::ShiftModifier);
    EXPECT_EQ(document->selection().nodes(), (std::set<NodeId>{"parse", "filter"}));
    click(centreOf("parse"), Qt::ControlModifier);
    EXPECT_EQ(document->selection().nodes(), (std::set<NodeId>{"filter"}));
    click(at(40, 500));
    EXPECT_TRUE(document->selection().isEmpty());
}

TEST_F(Navigation, FitShowsEverythingWithinTheRangeOfZoom)
{
    canvas->setZoom(4);
    canvas->fitAll();
    EXPECT_LE(canvas->zoom(), 1.0);
    EXPECT_TRUE(canvas->visibleScene().contains(canvas->model().bounds()));
    document->edit(QStringLiteral("Far"), {Move{"apps", std::pair(200'000.0, 0.0)}});
    canvas->fitAll();
    EXPECT_DOUBLE_EQ(canvas->zoom(), 0.1);
}

TEST_F(Navigation, HidingAndShowingDoesNotRecentre)
{
    const QPointF before = canvas->toScene({0, 0});
    canvas->hide();
    canvas->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(canvas.get()));
    EXPECT_EQ(canvas->toScene({0, 0}), before);
}

TEST_F(Navigation, AClickOnTheMinimapGoesThere)
{
    auto* minimap = canvas->findChild<QWidget*>(QStringLiteral("minimap"));
    ASSERT_NE(minimap, nullptr);
    ASSERT_TRUE(minimap->isVisible());
    const QPointF before = canvas->visibleScene().center();
    QTest::mouseClick(minimap, Qt::LeftButton, {}, QPoint(20, 20));
    EXPECT_LT(canvas->visibleScene().center().x(), before.x());
    EXPECT_LT(canvas->visibleScene().center().y(), before.y());
}

TEST_F(Navigation, ALockedCanvasRefusesDragsButSelects)
{
    document->setReadOnly(true);
    drag(canvas.get(), centreOf("parse"), centreOf("parse") + QPointF(96, 48));
    EXPECT_EQ(document->position("parse"), QPointF(312, 0));
    EXPECT_EQ(canvas->model().node("parse")->at, QPointF(312, 0));
    EXPECT_EQ(document->selection().singleNode(), "parse");
}

} // namespace
} // namespace streamwright
