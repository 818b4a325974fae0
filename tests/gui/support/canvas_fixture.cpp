#include "tests/gui/support/canvas_fixture.h"

#include <QApplication>
#include <QClipboard>
#include <QTest>

namespace streamwright {

CanvasTest::CanvasTest()
{
    document = std::make_unique<PipelineDocument>(builtinNodes());
    document->loadText(purchaseRequests(), {}, false);
    canvas = std::make_unique<CanvasView>(*document);
    canvas->resize(1200, 800);
    canvas->show();
    canvas->activateWindow();
    canvas->setFocus();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(canvas.get()));
    canvas->setZoom(1);
    canvas->centreOn(QPointF(500, 300)); // scene (0, 0) stands at (100, 100)
}

CanvasTest::~CanvasTest()
{
    QApplication::clipboard()->clear();
    canvas.reset();
    document.reset();
}

QPointF CanvasTest::centreOf(const NodeId& node) const
{
    return canvas->toWidget(canvas->model().node(node)->rect.center());
}

QPointF CanvasTest::portOf(const NodeId& node, PortSide side, int index) const
{
    return canvas->toWidget(canvas->model().node(node)->portAt(side, index));
}

QPointF CanvasTest::middleOf(const NodeId& from, const NodeId& to) const
{
    for (const WireVisual& wire : canvas->model().wires()) {
        if (wire.key.from.node == from && wire.key.to.node == to) {
            return canvas->toWidget(wire.line.middle);
        }
    }
    ADD_FAILURE() << "no wire from " << from << " to " << to;
    return {};
}

bool CanvasTest::isWired(const std::string& from, const std::string& to) const
{
    for (const Edge& edge : document->pipeline().edges) {
        if (edge.from.text() == from && edge.to.text() == to) {
            return true;
        }
    }
    return false;
}

void CanvasTest::click(const QPointF& where, Qt::KeyboardModifiers modifiers)
{
    QTest::mouseClick(canvas.get(), Qt::LeftButton, modifiers, where.toPoint());
}

} // namespace streamwright
