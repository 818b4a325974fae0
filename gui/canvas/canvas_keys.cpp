#include "gui/canvas/canvas_accessible.h"
#include "gui/canvas/canvas_view.h"
#include "gui/canvas/search_bar.h"
#include "gui/document/auto_layout.h"
#include "gui/document/edit_lists.h"
#include "gui/document/text.h"

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

/// The keyboard's half of CanvasView (the canvas can be worked without a mouse). Keys that are actions of the
/// application (Delete, Ctrl+C, F2, …) come from its registry.
namespace streamwright {

void CanvasView::keyPressEvent(QKeyEvent* event)
{
    if (!event->isAutoRepeat()) {
        m_document.beginGesture();
    }
    const bool control = event->modifiers() & Qt::ControlModifier;
    const auto direction = [&]() -> std::optional<QPointF> {
        switch (event->key()) {
        case Qt::Key_Left: return QPointF(-1, 0);
        case Qt::Key_Right: return QPointF(1, 0);
        case Qt::Key_Up: return QPointF(0, -1);
        case Qt::Key_Down: return QPointF(0, 1);
        default: return std::nullopt;
        }
    }();
    if (direction) {
        if (control) {
            nudge(*direction);
        } else {
            walk(*direction);
        }
        return;
    }
    switch (event->key()) {
    case Qt::Key_Space:
        if (!event->isAutoRepeat()) {
            m_spaceHeld = true;
            updateCursor();
        }
        return;
    case Qt::Key_Escape:
        if (m_gesture != Gesture::None) {
            cancelGesture();
        } else if (m_focusPort) {
            m_focusPort.reset();
            update();
        } else if (!m_document.selection().isEmpty()) {
            m_document.selection().clear();
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter: {
        const Selection& selection = m_document.selection();
        if (m_focusPort) {
            startWireByKeyboard();
        } else if (!selection.singleNode().empty()) {
            Q_EMIT nodeActivated(toQString(selection.singleNode()));
        } else if (selection.edges().size() == 1) {
            Q_EMIT wireActivated(*selection.edges().begin());
        }
        return;
    }
    case Qt::Key_Home:
        if (!m_model.nodes().empty()) {
            m_document.selection().reveal(m_model.nodes().front().id);
        }
        return;
    case Qt::Key_End:
        if (!m_model.nodes().empty()) {
            m_document.selection().reveal(m_model.nodes().back().id);
        }
        return;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

void CanvasView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceHeld = false;
        updateCursor();
        return;
    }
    QWidget::keyReleaseEvent(event);
}

void CanvasView::nudge(const QPointF& direction)
{
    std::map<NodeId, QPointF> places;
    for (const NodeVisual& node : m_model.nodes()) {
        if (m_document.selection().nodes().contains(node.id)) {
            places[node.id] = snapped(node.at + direction * geometry::kGrid);
        }
    }
    if (!places.empty()) {
        m_document.edit(tr("Move %Ln node(s)", nullptr, static_cast<int>(places.size())), edits::move(places),
                        PipelineDocument::Merge::WithinGesture);
    }
}

void CanvasView::walk(const QPointF& direction)
{
    if (m_model.nodes().empty()) {
        return;
    }
    const NodeVisual* from = m_model.node(m_focusNode);
    if (from == nullptr) {
        m_focusNode = m_model.nodes().front().id;
        m_document.selection().reveal(m_focusNode);
        return;
    }
    std::vector<QPointF> centres;
    for (const NodeVisual& node : m_model.nodes()) {
        centres.push_back(node.rect.center());
    }
    const int next = geometry::nearestInDirection(from->rect.center(), direction, centres);
    if (next >= 0) {
        m_focusPort.reset();
        m_focusNode = m_model.nodes()[static_cast<std::size_t>(next)].id;
        m_document.selection().reveal(m_focusNode);
        update();
    }
}

bool CanvasView::focusNextPrevChild(bool next)
{
    return walkPorts(next) || QWidget::focusNextPrevChild(next);
}

bool CanvasView::walkPorts(bool next)
{
    const NodeVisual* node = m_model.node(m_focusNode);
    if (node == nullptr || !hasFocus()) {
        return false;
    }
    std::vector<PortRef> ports;
    for (const PortVisual& port : node->inputs) {
        ports.push_back({node->id, PortSide::In, port.name});
    }
    for (const PortVisual& port : node->outputs) {
        ports.push_back({node->id, PortSide::Out, port.name});
    }
    int index = next ? -1 : static_cast<int>(ports.size());
    if (m_focusPort) {
        index = static_cast<int>(std::find(ports.begin(), ports.end(), *m_focusPort) - ports.begin());
    }
    index += next ? 1 : -1;
    if (index < 0 || index >= static_cast<int>(ports.size())) {
        m_focusPort.reset();
        update();
        return false; // past the last port Tab leaves the canvas
    }
    m_focusPort = ports[static_cast<std::size_t>(index)];
    Q_EMIT statusMessage(m_focusPort->side == PortSide::In
                             ? tr("Input \"%1\" of %2").arg(toQString(m_focusPort->port), node->title)
                             : tr("Output \"%1\" of %2").arg(toQString(m_focusPort->port), node->title));
    update();
    canvasFocusChanged(*this);
    return true;
}

void CanvasView::startWireByKeyboard()
{
    const NodeVisual* node =
        m_model.node(m_focusPort ? m_focusPort->node : m_document.selection().singleNode());
    if (node == nullptr) {
        Q_EMIT statusMessage(tr("Select the node where the wire begins"));
        return;
    }
    PortRef port;
    if (m_focusPort) {
        port = *m_focusPort;
    } else if (!node->outputs.empty()) {
        // The first output that is free, else the main one.
        const NodePorts ports = m_document.portsOf(node->id);
        int index = std::max(0, portIndex(ports, PortSide::Out, {}));
        if (node->outputs[static_cast<std::size_t>(index)].connected) {
            for (std::size_t i = 0; i < node->outputs.size(); ++i) {
                if (!node->outputs[i].connected) {
                    index = static_cast<int>(i);
                    break;
                }
            }
        }
        port = {node->id, PortSide::Out, node->outputs[static_cast<std::size_t>(index)].name};
    } else if (!node->inputs.empty()) {
        port = {node->id, PortSide::In, node->inputs.front().name};
    } else {
        return;
    }
    const QPointF place = toWidget(m_model.portPlace(port).value_or(node->rect.center()));
    Q_EMIT connectMenuRequested(mapToGlobal(place.toPoint()), port);
}

void CanvasView::requestAddMenu()
{
    QPointF scene = m_pointerInside && rect().contains(mapFromGlobal(QCursor::pos()))
                        ? m_pointer
                        : visibleScene().center();
    std::optional<PortRef> from = m_focusPort;
    if (const NodeVisual* node = m_model.node(m_document.selection().singleNode())) {
        // Beside the selection there is a reason for a place.
        scene = node->at + QPointF(kLayoutColumn, 0);
        if (!from) {
            const NodePorts ports = m_document.portsOf(node->id);
            const int out = portIndex(ports, PortSide::Out, {});
            if (out >= 0 && !node->outputs[static_cast<std::size_t>(out)].connected) {
                from = PortRef{node->id, PortSide::Out, ports.outputs[static_cast<std::size_t>(out)].name};
            }
        }
        std::vector<QRectF> taken;
        for (const NodeVisual& other : m_model.nodes()) {
            taken.push_back(other.rect);
        }
        scene = geometry::freeSlot(scene, geometry::cardHeight(1, 2), taken);
    }
    const QPointF widget = toWidget(scene);
    const QPoint inside(qBound(0, qRound(widget.x()), width() - 1),
                        qBound(0, qRound(widget.y()), height() - 1));
    Q_EMIT addMenuRequested(mapToGlobal(inside), scene, from);
}

void CanvasView::focusInEvent(QFocusEvent* event)
{
    update();
    QWidget::focusInEvent(event);
}

void CanvasView::focusOutEvent(QFocusEvent* event)
{
    m_spaceHeld = false;
    if (m_gesture == Gesture::Pan) {
        cancelGesture();
    }
    update();
    QWidget::focusOutEvent(event);
}

} // namespace streamwright
