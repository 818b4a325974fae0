#include "tests/gui/support/canvas_fixture.h"

#include <QImage>

/// Studio, "Live edge overlays" and level of detail.
namespace streamwright {
namespace {

class Overlay : public CanvasTest {
protected:
    [[nodiscard]] static OverlayState running()
    {
        OverlayState state;
        state.active = true;
        state.nodes["parse"] = {.status = NodeStatus::Warning,
                                .rate = QStringLiteral("12.4k/s"),
                                .number = QStringLiteral("busy 98 %"),
                                .numberWarns = true,
                                .history = {1, 2, 3},
                                .mark = QStringLiteral("Bottleneck: busy 98 %"),
                                .markIsBottleneck = true};
        state.nodes["requests"] = {.status = NodeStatus::Waiting,
                                   .rate = QStringLiteral("12.4k/s"),
                                   .number = QStringLiteral("lag 48 210"),
                                   .mark = QStringLiteral("Waiting on Parse request"),
                                   .markTarget = "parse"};
        state.wires[{{"requests", ""}, {"parse", ""}}] = {.rate = QStringLiteral("12.4k/s"),
                                                          .queueFill = 0.97,
                                                          .queueText = QStringLiteral("9 720 of 10 000")};
        return state;
    }
    [[nodiscard]] QImage picture() { return canvas->grab().toImage(); }
};

TEST_F(Overlay, LiveNumbersAreDrawnAndGoAgain)
{
    const QImage idle = picture();
    canvas->setOverlay(running());
    const QImage live = picture();
    EXPECT_NE(live, idle);
    canvas->setOverlay({});
    EXPECT_EQ(picture(), idle);
}

TEST_F(Overlay, AClickOnAWaitingMarkGoesToWhatItWaitsFor)
{
    canvas->setOverlay(running());
    const QRectF card = canvas->model().node("requests")->rect;
    click(canvas->toWidget(QPointF(card.center().x(), card.y() - 22)));
    EXPECT_EQ(document->selection().singleNode(), "parse");
    EXPECT_EQ(entries(), 0);
}

TEST_F(Overlay, FarAwayOnlyPlainRectanglesAreDrawn)
{
    canvas->setZoom(0.2);
    const QImage without = picture();
    canvas->setOverlay(running());
    EXPECT_EQ(picture(), without) << "no live text at that distance";
}

} // namespace
} // namespace streamwright
