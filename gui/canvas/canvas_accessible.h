#pragma once

namespace streamwright {

class CanvasView;

/// Gives screen readers a child per node of the canvas: "Filter 'errors only', 1 problem". Once per process.
void installCanvasAccessibility();
/// Tells them that another node has the focus.
void canvasFocusChanged(CanvasView& canvas);

} // namespace streamwright
