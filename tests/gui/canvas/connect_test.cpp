#include "tests/gui/support/canvas_fixture.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

/// Studio, "Create, connect, insert, delete".
namespace streamwright {
namespace {

class Connecting : public CanvasTest {
protected:
    NodeId drop(const char* type, const QPointF& widget)
    {
        QMimeData mime;
        mime.setData(QLatin1String(CanvasView::kNodeTypeMime), type);
        QDragEnterEvent enter(widget.toPoint(), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(canvas.get(), &enter);
        QDragMoveEvent move(widget.toPoint(), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(canvas.get(), &move);
        QDropEvent event(widget, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(canvas.get(), &event);
        return document->selection().singleNode();
    }
};

TEST_F(Connecting, DraggingFromPortToPortConnectsInEitherDirection)
{
    drag(canvas.get(), portOf("filter", PortSide::Out, 1), portOf("rejects", PortSide::In, 0));
    EXPECT_TRUE(isWired("filter.rejected", "rejects"));
    EXPECT_EQ(entries(), 1);
    document->undoStack().undo();
    EXPECT_FALSE(isWired("filter.rejected", "rejects"));
    document->edit(QStringLiteral("Free"), {Disconnect{{"parse", "error"}, {"rejects", ""}}});
    drag(canvas.get(), portOf("rejects", PortSide::In, 0), portOf("number", PortSide::Out, 1));
    EXPECT_TRUE(isWired("number.error", "rejects"));
}

TEST_F(Connecting, ARefusalSaysWhyAndLeavesNothing)
{
    QSignalSpy said(canvas.get(), &CanvasView::statusMessage);
    drag(canvas.get(), portOf("number", PortSide::Out, 1), portOf("parse", PortSide::In, 0));
    EXPECT_EQ(entries(), 0);
    ASSERT_EQ(said.count(), 1);
    EXPECT_EQ(said.front().front().toString(), QStringLiteral("Would form a loop"));
}

TEST_F(Connecting, EscapeCancelsTheDraft)
{
    QSignalSpy menus(canvas.get(), &CanvasView::addMenuRequested);
    const QPointF from = portOf("filter", PortSide::Out, 1);
    QTest::mousePress(canvas.get(), Qt::LeftButton, {}, from.toPoint());
    QTest::mouseMove(canvas.get(), (from + QPointF(40, 40)).toPoint());
    QTest::mouseMove(canvas.get(), (from + QPointF(60, 90)).toPoint());
    QTest::keyClick(canvas.get(), Qt::Key_Escape);
    QTest::mouseRelease(canvas.get(), Qt::LeftButton, {}, (from + QPointF(60, 90)).toPoint());
    EXPECT_EQ(menus.count(), 0);
    EXPECT_EQ(entries(), 0);
}

TEST_F(Connecting, DroppingTheWireOnEmptyCanvasAsksForANodeAndPlacesItConnected)
{
    std::optional<PortRef> asked;
    QPointF place;
    QObject::connect(canvas.get(), &CanvasView::addMenuRequested, canvas.get(),
                     [&](const QPoint&, const QPointF& scene, const std::optional<PortRef>& port) {
                         asked = port;
                         place = scene;
                     });
    drag(canvas.get(), portOf("filter", PortSide::Out, 1), at(312, 460));
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->node, "filter");
    EXPECT_EQ(asked->port, "rejected");
    const NodeId id = canvas->addNode(*builtinNodes().find("file_sink"), place, asked);
    EXPECT_TRUE(isWired("filter.rejected", id));
    EXPECT_EQ(entries(), 1);
    EXPECT_EQ(document->selection().singleNode(), id);
}

TEST_F(Connecting, ThePickedUpEndOfAWireCanBePutElsewhereOrDropped)
{
    drag(canvas.get(), portOf("apps", PortSide::In, 0), portOf("rejects", PortSide::In, 0));
    EXPECT_TRUE(isWired("number", "rejects"));
    EXPECT_FALSE(isWired("number", "apps"));
    EXPECT_EQ(entries(), 1);
    document->undoStack().undo();
    EXPECT_TRUE(isWired("number", "apps"));
    drag(canvas.get(), portOf("apps", PortSide::In, 0), at(560, 420));
    EXPECT_FALSE(isWired("number", "apps"));
    EXPECT_EQ(entries(), 1);
}

TEST_F(Connecting, ANodeDroppedOnAWireGoesIntoIt)
{
    const NodeId id = drop("throttle", middleOf("filter", "number"));
    ASSERT_FALSE(id.empty());
    EXPECT_TRUE(isWired("filter", id));
    EXPECT_TRUE(isWired(id, "number"));
    EXPECT_FALSE(isWired("filter", "number"));
    EXPECT_EQ(entries(), 1);
    for (const NodeVisual& other : canvas->model().nodes()) {
        EXPECT_TRUE(other.id == id || !other.rect.intersects(canvas->model().node(id)->rect)) << other.id;
    }
    document->undoStack().undo();
    EXPECT_TRUE(isWired("filter", "number"));
}

TEST_F(Connecting, AnUnwiredNodeDraggedOverAWireIsInsertedUnlessAltIsHeld)
{
    const NodeId id = drop("throttle", at(312, 520));
    ASSERT_EQ(entries(), 1);
    const QPointF target = middleOf("filter", "number");
    const QPointF grip = centreOf(id);
    drag(canvas.get(), grip, target, Qt::AltModifier);
    EXPECT_TRUE(isWired("filter", "number"));
    document->undoStack().undo();
    drag(canvas.get(), centreOf(id), target);
    EXPECT_TRUE(isWired("filter", id));
    EXPECT_TRUE(isWired(id, "number"));
    EXPECT_EQ(entries(), 2);
}

TEST_F(Connecting, AltDragPullsANodeOutOfItsChain)
{
    drag(canvas.get(), centreOf("filter"), centreOf("filter") + QPointF(0, 200), Qt::AltModifier);
    EXPECT_TRUE(isWired("parse", "number"));
    EXPECT_FALSE(isWired("parse", "filter"));
    EXPECT_NE(document->node("filter"), nullptr);
    EXPECT_EQ(entries(), 1);
}

TEST_F(Connecting, AClickOnAWireSelectsItAndDeletesNothing)
{
    click(middleOf("requests", "parse"));
    EXPECT_EQ(document->selection().edges().size(), 1U);
    EXPECT_TRUE(isWired("requests", "parse"));
    canvas->deleteSelection();
    EXPECT_FALSE(isWired("requests", "parse"));
    EXPECT_EQ(document->pipeline().nodes.size(), 6U);
}

TEST_F(Connecting, DeleteAndHealJoinsTheNeighbours)
{
    click(centreOf("filter"));
    canvas->deleteAndHeal();
    EXPECT_TRUE(isWired("parse", "number"));
    EXPECT_EQ(entries(), 1);
}

TEST_F(Connecting, ADoubleClickOnAWireBendsItAndOnTheBendStraightensIt)
{
    const QPointF middle = middleOf("requests", "parse");
    QTest::mouseDClick(canvas.get(), Qt::LeftButton, {}, middle.toPoint());
    ASSERT_EQ(entries(), 1);
    ASSERT_EQ(canvas->model().wire({{"requests", ""}, {"parse", ""}})->bends.size(), 1U);
    drag(canvas.get(),
         canvas->toWidget(canvas->model().wire({{"requests", ""}, {"parse", ""}})->bends.front()),
         at(256, 120));
    EXPECT_EQ(canvas->model().wire({{"requests", ""}, {"parse", ""}})->bends.front(), QPointF(256, 120));
    EXPECT_EQ(entries(), 2);
    QTest::mouseDClick(canvas.get(), Qt::LeftButton, {}, at(256, 120).toPoint());
    EXPECT_TRUE(canvas->model().wire({{"requests", ""}, {"parse", ""}})->bends.empty());
}

TEST_F(Connecting, PlacingGoesRightOfTheSelectionAndWiresWhereThereIsNoDoubt)
{
    document->selection().selectNode("requests");
    const NodeId loose = canvas->placeNode(*builtinNodes().find("throttle"));
    EXPECT_FALSE(isWired("requests", loose)) << "its output is wired already";
    document->undoStack().undo();
    document->edit(QStringLiteral("Free"), {Disconnect{{"requests", ""}, {"parse", ""}}});
    document->selection().selectNode("requests");
    const NodeId wired = canvas->placeNode(*builtinNodes().find("throttle"));
    EXPECT_TRUE(isWired("requests", wired));
    EXPECT_GT(document->position(wired).x(), document->position("requests").x());
    for (const NodeVisual& other : canvas->model().nodes()) {
        EXPECT_TRUE(other.id == wired || !other.rect.intersects(canvas->model().node(wired)->rect))
            << other.id;
    }
}

TEST_F(Connecting, ADoubleClickOnEmptyCanvasOpensTheAddMenu)
{
    QSignalSpy menus(canvas.get(), &CanvasView::addMenuRequested);
    QTest::mouseDClick(canvas.get(), Qt::LeftButton, {}, at(40, 500).toPoint());
    EXPECT_EQ(menus.count(), 1);
}

} // namespace
} // namespace streamwright
