#include "tests/gui/support/canvas_fixture.h"

#include <QTest>

/// Studio, "Undo": one gesture is one entry, and what changes nothing is none.
namespace streamwright {
namespace {

using Undo = CanvasTest;

TEST_F(Undo, ADragIsOneEntryAndComesBackToTheByte)
{
    const QByteArray before = document->text();
    drag(canvas.get(), centreOf("parse"), centreOf("parse") + QPointF(96, 48));
    EXPECT_EQ(entries(), 1);
    EXPECT_EQ(document->position("parse"), QPointF(408, 48));
    document->undoStack().undo();
    EXPECT_EQ(document->text(), before);
}

TEST_F(Undo, TwoDragsOfOneNodeAreAlwaysTwoEntries)
{
    drag(canvas.get(), centreOf("parse"), centreOf("parse") + QPointF(96, 48));
    drag(canvas.get(), centreOf("parse"), centreOf("parse") + QPointF(48, 48));
    EXPECT_EQ(entries(), 2);
}

TEST_F(Undo, ANodeDroppedWhereItWasPushesNothing)
{
    const QPointF at = centreOf("parse");
    QTest::mousePress(canvas.get(), Qt::LeftButton, {}, at.toPoint());
    QTest::mouseMove(canvas.get(), (at + QPointF(60, 60)).toPoint());
    QTest::mouseMove(canvas.get(), at.toPoint());
    QTest::mouseRelease(canvas.get(), Qt::LeftButton, {}, at.toPoint());
    EXPECT_EQ(entries(), 0);
    EXPECT_EQ(document->position("parse"), QPointF(312, 0));
}

TEST_F(Undo, APlainClickOnAConnectedInputPushesNothing)
{
    click(portOf("parse", PortSide::In, 0));
    EXPECT_EQ(entries(), 0);
    EXPECT_TRUE(isWired("requests", "parse"));
}

TEST_F(Undo, AWirePutBackOnItsOwnPortPushesNothing)
{
    const QPointF port = portOf("parse", PortSide::In, 0);
    QTest::mousePress(canvas.get(), Qt::LeftButton, {}, port.toPoint());
    QTest::mouseMove(canvas.get(), (port + QPointF(-60, 40)).toPoint());
    QTest::mouseMove(canvas.get(), (port + QPointF(-2, 2)).toPoint());
    QTest::mouseMove(canvas.get(), port.toPoint());
    QTest::mouseRelease(canvas.get(), Qt::LeftButton, {}, port.toPoint());
    EXPECT_EQ(entries(), 0);
    EXPECT_TRUE(isWired("requests", "parse"));
}

TEST_F(Undo, MovingSeveralNodesIsOneEntryWithAReadableText)
{
    document->selection().set({"filter", "number", "apps"});
    drag(canvas.get(), centreOf("number"), centreOf("number") + QPointF(0, 80));
    ASSERT_EQ(entries(), 1);
    EXPECT_TRUE(document->undoStack().undoText().contains(QStringLiteral("3")))
        << document->undoStack().undoText().toStdString();
    EXPECT_EQ(document->position("apps"), QPointF(624, 264));
}

TEST_F(Undo, EscapeDuringADragPutsEverythingBack)
{
    const QPointF at = centreOf("parse");
    QTest::mousePress(canvas.get(), Qt::LeftButton, {}, at.toPoint());
    QTest::mouseMove(canvas.get(), (at + QPointF(60, 60)).toPoint());
    QTest::mouseMove(canvas.get(), (at + QPointF(90, 90)).toPoint());
    QTest::keyClick(canvas.get(), Qt::Key_Escape);
    QTest::mouseRelease(canvas.get(), Qt::LeftButton, {}, (at + QPointF(90, 90)).toPoint());
    EXPECT_EQ(entries(), 0);
    EXPECT_EQ(canvas->model().node("parse")->at, QPointF(312, 0));
}

TEST_F(Undo, NudgingWithHeldArrowsIsOneEntry)
{
    document->selection().selectNode("parse");
    const auto nudge = [this](bool repeat) {
        QKeyEvent key(QEvent::KeyPress, Qt::Key_Right, Qt::ControlModifier, {}, repeat);
        QApplication::sendEvent(canvas.get(), &key);
    };
    nudge(false);
    nudge(true);
    nudge(true);
    EXPECT_EQ(entries(), 1);
    EXPECT_EQ(document->position("parse"), QPointF(336, 0));
    nudge(false);
    EXPECT_EQ(entries(), 2);
}

TEST_F(Undo, SelectionAndZoomAreNotInTheHistory)
{
    document->selection().selectNode("parse");
    canvas->setZoom(2);
    EXPECT_EQ(entries(), 0);
    EXPECT_FALSE(document->isModified());
}

} // namespace
} // namespace streamwright
