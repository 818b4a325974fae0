#include "tests/gui/support/canvas_fixture.h"

#include <QApplication>
#include <QClipboard>
#include <QJsonDocument>
#include <QSignalSpy>

/// Studio, "Copy and paste as text".
namespace streamwright {
namespace {

using CopyPaste = CanvasTest;

TEST_F(CopyPaste, CopiesJsonTextThatPastesAsOneEntry)
{
    document->selection().set({"parse", "filter"});
    canvas->copySelection();
    EXPECT_TRUE(QJsonDocument::fromJson(QApplication::clipboard()->text().toUtf8()).isObject());
    canvas->pasteAt(QPointF(0, 400));
    EXPECT_EQ(document->pipeline().nodes.size(), 8U);
    EXPECT_EQ(document->pipeline().edges.size(), 6U);
    EXPECT_EQ(entries(), 1);
    EXPECT_EQ(document->selection().nodes().size(), 2U) << "what was pasted is selected";
    document->undoStack().undo();
    EXPECT_EQ(document->pipeline().nodes.size(), 6U);
}

TEST_F(CopyPaste, APasteLandsAtThePointerAndRepeatedOnesStepAside)
{
    document->selection().selectNode("filter");
    canvas->copySelection();
    hover(canvas.get(), at(240, 480));
    canvas->pasteAt();
    const NodeId first = document->selection().singleNode();
    EXPECT_EQ(document->position(first), QPointF(240, 480));
    canvas->pasteAt();
    const NodeId second = document->selection().singleNode();
    EXPECT_EQ(document->position(second), QPointF(264, 504));
}

TEST_F(CopyPaste, ForeignTextIsAMessageAndNoChange)
{
    QApplication::clipboard()->setText(QStringLiteral("just words"));
    QSignalSpy said(canvas.get(), &CanvasView::statusMessage);
    canvas->pasteAt();
    EXPECT_EQ(said.count(), 1);
    EXPECT_EQ(entries(), 0);
}

TEST_F(CopyPaste, DuplicateLeavesTheClipboardAlone)
{
    QApplication::clipboard()->setText(QStringLiteral("mine"));
    document->selection().selectNode("filter");
    canvas->duplicateSelection();
    EXPECT_EQ(document->pipeline().nodes.size(), 7U);
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("mine"));
}

TEST_F(CopyPaste, CutIsOneEntry)
{
    document->selection().selectNode("filter");
    canvas->cutSelection();
    EXPECT_EQ(document->node("filter"), nullptr);
    EXPECT_EQ(entries(), 1);
}

} // namespace
} // namespace streamwright
