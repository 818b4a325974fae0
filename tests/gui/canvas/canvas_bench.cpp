#include "core/nodes/builtin.h"
#include "gui/canvas/canvas_view.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QTest>

#include <algorithm>
#include <vector>

/// The canvas's performance bars (part 6 of the Studio's design). Meant for optimised builds; an unoptimised
/// one is given five times as long.
namespace streamwright {
namespace {

#ifdef NDEBUG
constexpr double kSlack = 1;
#else
constexpr double kSlack = 5;
#endif

TEST(CanvasBench, FiveHundredNodesOpenToTheirFirstPaintWithinASecond)
{
    const QByteArray text = largeDocument(500);
    QElapsedTimer timer;
    timer.start();
    PipelineDocument document(builtinNodes());
    document.loadText(text, {}, false);
    CanvasView canvas(document);
    canvas.resize(1600, 1000);
    canvas.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&canvas));
    canvas.grab();
    const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    RecordProperty("open_500_ms", static_cast<int>(ms));
    std::printf("open 500 nodes to first paint: %.1f ms\n", ms);
    EXPECT_LT(ms, 1'000 * kSlack);
}

TEST(CanvasBench, ADragStepWithTwoHundredNodesTakesLessThanEightMilliseconds)
{
    PipelineDocument document(builtinNodes());
    document.loadText(largeDocument(200), {}, false);
    CanvasView canvas(document);
    canvas.resize(1600, 1000);
    canvas.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&canvas));
    canvas.selectAll();
    const QPointF grip = canvas.toWidget(canvas.model().node("f21")->rect.center());
    const auto send = [&](QEvent::Type type, const QPointF& at, Qt::MouseButton button,
                          Qt::MouseButtons held) {
        QMouseEvent event(type, at, canvas.mapToGlobal(at), button, held, Qt::NoModifier);
        QApplication::sendEvent(&canvas, &event);
    };
    send(QEvent::MouseButtonPress, grip, Qt::LeftButton, Qt::LeftButton);
    QImage image(canvas.size(), QImage::Format_ARGB32_Premultiplied);
    std::vector<double> steps;
    for (int i = 1; i <= 40; ++i) {
        QElapsedTimer timer;
        timer.start();
        send(QEvent::MouseMove, grip + QPointF(8.0 * i, 4.0 * i), Qt::NoButton, Qt::LeftButton);
        canvas.render(&image);
        steps.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    send(QEvent::MouseButtonRelease, grip + QPointF(320, 160), Qt::LeftButton, Qt::NoButton);
    EXPECT_EQ(document.undoStack().count(), 1);
    std::sort(steps.begin(), steps.end());
    const double median = steps[steps.size() / 2];
    std::printf("drag step with 200 nodes: median %.2f ms, worst %.2f ms\n", median, steps.back());
    EXPECT_LT(median, 8 * kSlack);
}

} // namespace
} // namespace streamwright
