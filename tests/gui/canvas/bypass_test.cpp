#include "tests/gui/support/canvas_fixture.h"

#include <QSignalSpy>

/// Studio, "Bypass and disable"; frames, notes and layout too.
namespace streamwright {
namespace {

using Bypass = CanvasTest;

TEST_F(Bypass, BypassesAndBringsBackASelectionAsOneEntry)
{
    document->selection().set({"filter", "number"});
    canvas->toggleMode(NodeMode::Bypass);
    EXPECT_EQ(document->node("filter")->mode, NodeMode::Bypass);
    EXPECT_EQ(document->node("number")->mode, NodeMode::Bypass);
    EXPECT_EQ(entries(), 1);
    canvas->toggleMode(NodeMode::Bypass);
    EXPECT_EQ(document->node("filter")->mode, NodeMode::On);
}

TEST_F(Bypass, IsRefusedWhereRecordsCannotPassUnchanged)
{
    QSignalSpy said(canvas.get(), &CanvasView::statusMessage);
    document->selection().set({"filter", "requests"});
    canvas->toggleMode(NodeMode::Bypass);
    EXPECT_EQ(entries(), 0);
    EXPECT_EQ(said.count(), 1);
}

TEST_F(Bypass, AnyNodeCanBeDisabled)
{
    document->selection().set({"requests"});
    canvas->toggleMode(NodeMode::Off);
    EXPECT_EQ(document->node("requests")->mode, NodeMode::Off);
}

TEST_F(Bypass, AutoLayoutIsOneEntryWithoutOverlaps)
{
    canvas->layoutAll();
    EXPECT_EQ(entries(), 1);
    for (const NodeVisual& a : canvas->model().nodes()) {
        for (const NodeVisual& b : canvas->model().nodes()) {
            EXPECT_TRUE(a.id == b.id || !a.rect.intersects(b.rect)) << a.id << ' ' << b.id;
        }
    }
    for (const WireVisual& wire : canvas->model().wires()) {
        EXPECT_LT(canvas->model().nodes()[wire.from].at.x(), canvas->model().nodes()[wire.to].at.x())
            << wire.key.text();
    }
}

TEST_F(Bypass, AligningTakesTheOuterEdgeAndIsOneEntry)
{
    document->selection().set({"parse", "rejects"});
    canvas->align(CanvasView::Align::Top);
    EXPECT_EQ(document->position("rejects").y(), document->position("parse").y());
    EXPECT_EQ(entries(), 1);
}

TEST_F(Bypass, NotesAndFramesAreEntriesAndMoveWithWhatTheyHold)
{
    document->selection().set({"requests", "parse"});
    canvas->addFrame();
    ASSERT_EQ(canvas->model().frames().size(), 1U);
    const QRectF frame = canvas->model().frames().front().rect;
    drag(canvas.get(), canvas->toWidget(frame.topLeft() + QPointF(40, 10)),
         canvas->toWidget(frame.topLeft() + QPointF(40, -70)));
    EXPECT_EQ(entries(), 2);
    EXPECT_EQ(document->position("requests"), QPointF(0, -80));
    EXPECT_EQ(document->position("filter"), QPointF(0, 184)) << "outside the frame";
    EXPECT_EQ(canvas->model().frames().front().rect.y(), frame.y() - 80);
    canvas->addNote();
    EXPECT_EQ(canvas->model().notes().size(), 2U);
    canvas->deleteSelection();
    EXPECT_EQ(canvas->model().notes().size(), 1U);
}

} // namespace
} // namespace streamwright
