#pragma once

#include <QWidget>

namespace streamwright {

class CanvasView;

/// The whole pipeline in a corner of the canvas; click or drag goes there. Thread: GUI.
class Minimap final : public QWidget {
    Q_OBJECT

public:
    explicit Minimap(CanvasView& canvas);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    /// Canvas units to the minimap's.
    [[nodiscard]] QTransform mapping() const;

    CanvasView& m_canvas;
};

} // namespace streamwright
