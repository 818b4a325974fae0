#pragma once

#include "core/nodes/builtin.h"
#include "gui/canvas/canvas_view.h"
#include "gui/document/pipeline_document.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <memory>

namespace streamwright {

/// A shown canvas with the purchase requests at 100 %, scene (0, 0) at (100, 100).
class CanvasTest : public testing::Test {
protected:
    CanvasTest();
    ~CanvasTest() override;

    [[nodiscard]] QPointF centreOf(const NodeId& node) const;
    [[nodiscard]] QPointF portOf(const NodeId& node, PortSide side, int index) const;
    [[nodiscard]] QPointF middleOf(const NodeId& from, const NodeId& to) const;
    [[nodiscard]] QPointF at(double x, double y) const { return canvas->toWidget({x, y}); }
    [[nodiscard]] bool isWired(const std::string& from, const std::string& to) const;
    [[nodiscard]] int entries() { return document->undoStack().count(); }
    void click(const QPointF& where, Qt::KeyboardModifiers modifiers = Qt::NoModifier);

    std::unique_ptr<PipelineDocument> document;
    std::unique_ptr<CanvasView> canvas;
};

} // namespace streamwright
