#include "gui/canvas/minimap.h"

#include "gui/canvas/canvas_view.h"
#include "gui/style/icons.h"
#include "gui/style/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QTransform>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kWidth = 160;
constexpr int kHeight = 88;
constexpr double kPadding = 8;

} // namespace

Minimap::Minimap(CanvasView& canvas) : QWidget(&canvas), m_canvas(canvas)
{
    setObjectName(QStringLiteral("minimap"));
    resize(kWidth, kHeight);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Minimap"));
}

QTransform Minimap::mapping() const
{
    const QRectF world = m_canvas.model().bounds().united(m_canvas.visibleScene());
    if (world.isEmpty()) {
        return {};
    }
    const QRectF inner = QRectF(rect()).adjusted(kPadding, kPadding, -kPadding, -kPadding);
    const double scale = std::min(inner.width() / world.width(), inner.height() / world.height());
    const QPointF shift = inner.center() - world.center() * scale;
    return {scale, 0, 0, scale, shift.x(), shift.y()};
}

void Minimap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(themed(Role::Hairline));
    painter.setBrush(themed(Role::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    const QTransform map = mapping();
    painter.setPen(Qt::NoPen);
    for (const NodeVisual& node : m_canvas.model().nodes()) {
        painter.setBrush(themed(node.errors > 0 ? Role::Error : tileRole(node.shape)));
        const QRectF at = map.mapRect(node.rect);
        painter.drawRoundedRect(QRectF(at.x(), at.y(), std::max(3.0, at.width()), std::max(2.0, at.height())),
                                1.5, 1.5);
    }
    painter.setPen(QPen(themed(Role::Accent), 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(map.mapRect(m_canvas.visibleScene()).intersected(QRectF(rect()).adjusted(2, 2, -2, -2)));
}

void Minimap::mousePressEvent(QMouseEvent* event)
{
    m_canvas.centreOn(mapping().inverted().map(event->position()));
}

void Minimap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton) {
        m_canvas.centreOn(mapping().inverted().map(event->position()));
    }
}

} // namespace streamwright
