#include "gui/canvas/canvas_view.h"
#include "gui/canvas/minimap.h"
#include "gui/canvas/painter.h"
#include "gui/document/auto_layout.h"
#include "gui/document/edit_lists.h"
#include "gui/document/text.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QMouseEvent>
#include <QToolTip>
#include <QUrl>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

/// The pointer's half of CanvasView: press, move, release, wheel and drops.
namespace streamwright {
namespace {

constexpr double kNoteHandle = 14;
constexpr double kLeastNote = 48;

Json jsonOf(const QRectF& rect)
{
    return Json::array({rect.x(), rect.y(), rect.width(), rect.height()});
}

} // namespace

void CanvasView::mousePressEvent(QMouseEvent* event)
{
    m_document.beginGesture();
    setFocus(Qt::MouseFocusReason);
    m_pointer = toScene(event->position());
    if (m_gesture != Gesture::None) {
        cancelGesture();
        return;
    }
    m_drag = Drag();
    m_drag.startWidget = event->position();
    m_drag.startScene = m_pointer;
    m_drag.at = m_pointer;
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceHeld)) {
        m_gesture = Gesture::Pan;
        updateCursor();
        return;
    }
    if (event->button() == Qt::LeftButton) {
        pressOnItem(event);
    }
}

void CanvasView::pressOnItem(QMouseEvent* event)
{
    const bool add = event->modifiers() & Qt::ShiftModifier;
    const bool toggle = event->modifiers() & Qt::ControlModifier;
    Selection& selection = m_document.selection();
    m_focusPort.reset();

    // A pill over a card leads to what the node waits for.
    if (m_overlay.active) {
        for (const NodeVisual& node : m_model.nodes()) {
            const auto found = m_overlay.nodes.find(node.id);
            if (found != m_overlay.nodes.end() && !found->second.mark.isEmpty() &&
                paint::markRect(node, found->second.mark).contains(m_pointer)) {
                selection.reveal(found->second.markTarget.empty() ? node.id : found->second.markTarget);
                return;
            }
        }
    }
    if (const std::optional<PortRef> port = m_model.portAt(m_pointer)) {
        m_drag.port = port;
        m_gesture = Gesture::Press;
        return;
    }
    if (const NodeVisual* node = m_model.nodeAt(m_pointer)) {
        m_focusNode = node->id;
        m_drag.pullOut = event->modifiers() & Qt::AltModifier;
        std::set<NodeId> nodes = selection.nodes();
        if (toggle) {
            if (nodes.erase(node->id) == 0) {
                nodes.insert(node->id);
            }
            selection.set(nodes, selection.edges(), selection.frames(), selection.notes());
        } else if (add) {
            nodes.insert(node->id);
            selection.set(nodes, selection.edges(), selection.frames(), selection.notes());
        } else if (!nodes.contains(node->id)) {
            selection.selectNode(node->id);
        } else {
            m_drag.clickedNode = node->id;
        }
        m_gesture = Gesture::Press;
        update();
        return;
    }
    if (const auto bend = m_model.bendAt(m_pointer)) {
        m_drag.bendWire = bend->first;
        m_drag.bend = bend->second;
        m_drag.bends = m_model.wire(bend->first)->bends;
        selection.set({}, {bend->first});
        m_gesture = Gesture::DragBend;
        return;
    }
    if (const WireVisual* wire = m_model.wireAt(m_pointer)) {
        const EdgeKey key = wire->key;
        std::set<EdgeKey> edges = add || toggle ? selection.edges() : std::set<EdgeKey>();
        if (!(toggle && edges.erase(key) > 0)) {
            edges.insert(key);
        }
        selection.set(add || toggle ? selection.nodes() : std::set<NodeId>(), edges);
        return;
    }
    const int note = m_model.noteAt(m_pointer);
    const int frame = note < 0 ? m_model.frameAt(m_pointer) : -1;
    if (note >= 0 || frame >= 0) {
        if (note >= 0) {
            if (!selection.notes().contains(note)) {
                selection.set({}, {}, {}, {note});
            }
            const QRectF rect = m_model.notes()[static_cast<std::size_t>(note)].rect;
            if (QRectF(rect.bottomRight() - QPointF(kNoteHandle, kNoteHandle), rect.bottomRight())
                    .contains(m_pointer)) {
                m_drag.note = note;
                m_drag.notes[note] = rect;
                m_gesture = Gesture::ResizeNote;
                return;
            }
        } else if (!selection.frames().contains(frame)) {
            selection.set({}, {}, {frame});
        }
        m_gesture = Gesture::Press;
        return;
    }
    m_drag.bandStart = selection.nodes();
    if (!add && !toggle) {
        selection.clear();
        m_drag.bandStart.clear();
    }
    m_gesture = Gesture::RubberBand;
    update();
}

void CanvasView::beginDrag()
{
    if (m_drag.port) {
        // From a connected input one takes hold of the wire that ends there.
        if (m_drag.port->side == PortSide::In) {
            for (const WireVisual& wire : m_model.wires()) {
                const NodeVisual& to = m_model.nodes()[wire.to];
                if (to.id == m_drag.port->node &&
                    to.inputs[static_cast<std::size_t>(wire.toPort)].name == m_drag.port->port) {
                    m_drag.reconnected = wire.key;
                    const NodeVisual& from = m_model.nodes()[wire.from];
                    m_drag.port = PortRef{from.id, PortSide::Out,
                                          from.outputs[static_cast<std::size_t>(wire.fromPort)].name};
                    break;
                }
            }
        }
        m_gesture = Gesture::DraftWire;
        return;
    }
    const Selection& selection = m_document.selection();
    for (const NodeVisual& node : m_model.nodes()) {
        if (selection.nodes().contains(node.id)) {
            m_drag.nodes[node.id] = node.at;
        }
    }
    for (const int index : selection.frames()) {
        const QRectF rect = m_model.frames()[static_cast<std::size_t>(index)].rect;
        m_drag.frames[index] = rect;
        for (const NodeVisual& node : m_model.nodes()) {
            if (rect.contains(node.rect)) {
                m_drag.nodes[node.id] = node.at;
            }
        }
        for (std::size_t i = 0; i < m_model.notes().size(); ++i) {
            if (rect.contains(m_model.notes()[i].rect)) {
                m_drag.notes[static_cast<int>(i)] = m_model.notes()[i].rect;
            }
        }
    }
    for (const int index : selection.notes()) {
        m_drag.notes[index] = m_model.notes()[static_cast<std::size_t>(index)].rect;
    }
    m_gesture = Gesture::DragItems;
}

void CanvasView::mouseMoveEvent(QMouseEvent* event)
{
    m_pointerInside = true;
    m_pointer = toScene(event->position());
    switch (m_gesture) {
    case Gesture::None:
        updateHover(m_pointer);
        updateCursor();
        return;
    case Gesture::Pan: {
        m_offset += event->position() - m_drag.startWidget;
        m_drag.startWidget = event->position();
        m_drag.moved = true;
        m_minimap->update();
        update();
        return;
    }
    case Gesture::Press: {
        const QPointF way = event->position() - m_drag.startWidget;
        if (way.manhattanLength() < QApplication::startDragDistance()) {
            return;
        }
        m_drag.moved = true;
        if (m_document.isReadOnly()) {
            Q_EMIT statusMessage(tr("The document is locked. Unlock it to edit."));
            m_gesture = Gesture::None;
            return;
        }
        beginDrag();
        break;
    }
    default: break;
    }
    m_drag.at = m_pointer;
    if (m_gesture == Gesture::DragItems) {
        dragItems(m_pointer, !(event->modifiers() & Qt::AltModifier));
    } else if (m_gesture == Gesture::DraftWire) {
        moveDraft(m_pointer);
    } else if (m_gesture == Gesture::DragBend) {
        m_drag.moved = true;
        m_drag.bends[static_cast<std::size_t>(m_drag.bend)] = snapped(m_pointer);
        m_model.setWireBends(m_drag.bendWire, m_drag.bends);
    } else if (m_gesture == Gesture::ResizeNote) {
        m_drag.moved = true;
    } else if (m_gesture == Gesture::RubberBand) {
        m_drag.moved = true;
        finishBand();
    }
    update();
}

void CanvasView::dragItems(const QPointF& scene, bool insert)
{
    // The first of the dragged keeps to the grid, the others keep their distance to it.
    QPointF way = scene - m_drag.startScene;
    if (!m_drag.nodes.empty()) {
        const QPointF first = m_drag.nodes.begin()->second;
        way = snapped(first + way) - first;
    } else {
        way = snapped(way);
    }
    std::map<NodeId, QPointF> places;
    for (const auto& [id, at] : m_drag.nodes) {
        places[id] = at + way;
    }
    m_model.shift(places);
    m_drag.insertTarget.reset();
    if (insert && !m_drag.pullOut && places.size() == 1 && m_drag.frames.empty()) {
        const NodeId& id = places.begin()->first;
        const Node* node = m_document.node(id);
        const NodeVisual* visual = m_model.node(id);
        if (node != nullptr && visual != nullptr) {
            m_drag.insertTarget = insertCandidate(*node, visual->rect);
        }
    }
}

std::optional<EdgeKey> CanvasView::insertCandidate(const Node& node, const QRectF& card) const
{
    const QRectF core = card.adjusted(20, 4, -20, -4);
    for (const WireVisual& wire : m_model.wires()) {
        if (!wire.line.path.boundingRect().adjusted(-1, -1, 1, 1).intersects(core)) {
            continue;
        }
        // Points of the line, for QPainterPath::intersects() takes the area that an open path would enclose.
        bool crosses = false;
        constexpr int kSamples = 48;
        for (int i = 0; i <= kSamples && !crosses; ++i) {
            crosses = core.contains(wire.line.path.pointAtPercent(i / double(kSamples)));
        }
        if (!crosses) {
            continue;
        }
        // Only a node that is not wired yet slips into a wire by being dropped on it.
        const bool wired =
            std::any_of(m_document.pipeline().edges.begin(), m_document.pipeline().edges.end(),
                        [&](const Edge& e) { return e.from.node == node.id || e.to.node == node.id; });
        if (!wired &&
            !edits::insertOnWire(m_document.pipeline(), m_document.registry(), node, wire.key).empty()) {
            return wire.key;
        }
    }
    return std::nullopt;
}

void CanvasView::moveDraft(const QPointF& scene)
{
    m_drag.target.reset();
    m_drag.refusal.clear();
    std::optional<PortRef> port = m_model.portAt(scene);
    if (!port) {
        // Over a card its only fitting port is meant.
        if (const NodeVisual* node = m_model.nodeAt(scene);
            node != nullptr && node->id != m_drag.port->node) {
            const bool wantsInput = m_drag.port->side == PortSide::Out;
            const std::vector<PortVisual>& ports = wantsInput ? node->inputs : node->outputs;
            if (ports.size() == 1) {
                port = PortRef{node->id, wantsInput ? PortSide::In : PortSide::Out, ports.front().name};
            }
        }
    }
    if (!port || *port == *m_drag.port) {
        return;
    }
    if (m_drag.reconnected) {
        const auto end =
            resolve(m_document.pipeline(), m_document.registry(), m_drag.reconnected->to, PortSide::In);
        if (end && *end == *port) {
            m_drag.target = port; // back where it was
            return;
        }
    }
    const ConnectAnswer answer =
        canConnect(m_document.pipeline(), m_document.registry(), *m_drag.port, *port);
    if (answer.ok) {
        m_drag.target = port;
    } else {
        m_drag.refusal = answer.reason;
    }
}

void CanvasView::mouseReleaseEvent(QMouseEvent* event)
{
    m_pointer = toScene(event->position());
    const Gesture gesture = m_gesture;
    m_gesture = Gesture::None;
    switch (gesture) {
    case Gesture::Press:
        if (m_drag.port) {
            m_document.selection().selectNode(m_drag.port->node);
            m_focusNode = m_drag.port->node;
            m_focusPort = m_drag.port;
        } else if (!m_drag.clickedNode.empty() && event->modifiers() == Qt::NoModifier) {
            m_document.selection().selectNode(m_drag.clickedNode);
        }
        break;
    case Gesture::DragItems: finishDrag(); break;
    case Gesture::DraftWire: finishDraft(event->globalPosition().toPoint()); break;
    case Gesture::DragBend:
        if (m_drag.moved) {
            m_document.edit(
                tr("Move a bend"),
                {SetLayoutPart{"bends", bendsWith(m_document.pipeline(), m_drag.bendWire, m_drag.bends)}});
        }
        break;
    case Gesture::ResizeNote:
        if (m_drag.moved) {
            Json notes = layoutPart("notes");
            QRectF rect = m_drag.notes[m_drag.note];
            rect.setBottomRight(snapped(m_pointer));
            rect.setWidth(std::max(rect.width(), 2 * kLeastNote));
            rect.setHeight(std::max(rect.height(), kLeastNote));
            notes[static_cast<std::size_t>(m_drag.note)]["rect"] = jsonOf(rect);
            applyLayoutPart(tr("Resize a note"), "notes", std::move(notes));
        }
        break;
    default: break;
    }
    updateHover(m_pointer);
    updateCursor();
    update();
}

void CanvasView::finishDrag()
{
    const Pipeline& pipeline = m_document.pipeline();
    const std::map<NodeId, QPointF> places = m_model.places();
    std::vector<Edit> list;
    bool moved = false;
    std::map<NodeId, QPointF> targets;
    QPointF way;
    for (const auto& [id, start] : m_drag.nodes) {
        const QPointF at = places.at(id);
        way = at - start;
        if (at != start) {
            targets[id] = at;
            moved = true;
        }
    }
    if (m_drag.nodes.empty()) {
        way = snapped(m_pointer - m_drag.startScene);
        moved = !way.isNull();
    }
    if (!moved) {
        m_model.rebuild();
        return;
    }
    list = edits::move(targets);
    QString text = tr("Move %Ln node(s)", nullptr, static_cast<int>(targets.size()));
    if (targets.empty()) {
        text = tr("Move");
    }
    const auto movePart = [&](const char* part, const std::map<int, QRectF>& items) {
        if (items.empty()) {
            return;
        }
        Json all = layoutPart(part);
        for (const auto& [index, rect] : items) {
            all[static_cast<std::size_t>(index)]["rect"] = jsonOf(rect.translated(way));
        }
        list.push_back(SetLayoutPart{part, std::move(all)});
    };
    movePart("frames", m_drag.frames);
    movePart("notes", m_drag.notes);
    if (m_drag.pullOut && targets.size() == 1) {
        std::vector<Edit> pulled = edits::pullOut(pipeline, m_document.registry(), targets.begin()->first);
        if (!pulled.empty()) {
            text = tr("Pull %1 out of its chain")
                       .arg(toQString(m_document.node(targets.begin()->first)->shownName()));
            list.insert(list.begin(), pulled.begin(), pulled.end());
        }
    } else if (m_drag.insertTarget && targets.size() == 1) {
        const NodeId id = targets.begin()->first;
        std::vector<Edit> inserted =
            edits::insertOnWire(pipeline, m_document.registry(), *m_document.node(id), *m_drag.insertTarget);
        if (!inserted.empty()) {
            text = tr("Insert %1 on a wire").arg(toQString(m_document.node(id)->shownName()));
            edits::Room room =
                edits::roomOnWire(pipeline, places, targets.begin()->second, id, *m_drag.insertTarget);
            list = edits::move({{id, room.place}});
            list.insert(list.end(), inserted.begin(), inserted.end());
            list.insert(list.end(), room.moves.begin(), room.moves.end());
        }
    }
    if (!m_document.edit(text, std::move(list))) {
        m_model.rebuild();
    }
}

void CanvasView::finishDraft(const QPoint& global)
{
    const Drag drag = m_drag;
    m_drag.port.reset();
    if (!drag.moved) {
        return;
    }
    if (drag.target) {
        if (drag.reconnected) {
            const ConnectAnswer answer =
                canConnect(m_document.pipeline(), m_document.registry(), *drag.port, *drag.target);
            if (answer.ok) {
                m_document.edit(tr("Reconnect"),
                                edits::reconnect(m_document.pipeline(), *drag.reconnected, answer.edge));
            }
            return;
        }
        connectPorts(*drag.port, *drag.target);
        return;
    }
    if (!drag.refusal.isEmpty()) {
        Q_EMIT statusMessage(drag.refusal);
        return;
    }
    if (m_model.nodeAt(m_pointer) != nullptr) {
        return;
    }
    if (drag.reconnected) {
        if (m_document.edit(tr("Disconnect"), {Disconnect{drag.reconnected->from, drag.reconnected->to}})) {
            showToast(tr("Disconnected"), true);
        }
        return;
    }
    QPointF place = m_pointer - QPointF(0, geometry::kPortFirst);
    if (drag.port->side == PortSide::In) {
        place -= QPointF(geometry::kCardWidth, 0);
    }
    Q_EMIT addMenuRequested(global, place, drag.port);
}

void CanvasView::finishBand()
{
    const QRectF band = QRectF(m_drag.startScene, m_drag.at).normalized();
    std::set<NodeId> nodes = m_drag.bandStart;
    for (const NodeVisual& node : m_model.nodes()) {
        if (band.intersects(node.rect)) {
            nodes.insert(node.id);
        }
    }
    std::set<EdgeKey> edges;
    for (const WireVisual& wire : m_model.wires()) {
        if (band.contains(wire.line.path.boundingRect())) {
            edges.insert(wire.key);
        }
    }
    std::set<int> notes;
    for (std::size_t i = 0; i < m_model.notes().size(); ++i) {
        if (band.intersects(m_model.notes()[i].rect)) {
            notes.insert(static_cast<int>(i));
        }
    }
    m_document.selection().set(std::move(nodes), std::move(edges), {}, std::move(notes));
}

void CanvasView::cancelGesture()
{
    const bool shifted = m_gesture == Gesture::DragItems || m_gesture == Gesture::DragBend;
    m_gesture = Gesture::None;
    m_drag = Drag();
    if (shifted) {
        m_model.rebuild();
    }
    updateCursor();
    update();
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) {
        mousePressEvent(event);
        return;
    }
    m_document.beginGesture();
    m_pointer = toScene(event->position());
    if (m_model.portAt(m_pointer)) {
        return;
    }
    if (const NodeVisual* node = m_model.nodeAt(m_pointer)) {
        Q_EMIT nodeActivated(toQString(node->id));
        return;
    }
    if (const auto bend = m_model.bendAt(m_pointer)) {
        std::vector<QPointF> bends = m_model.wire(bend->first)->bends;
        bends.erase(bends.begin() + bend->second);
        m_document.edit(tr("Remove a bend"),
                        {SetLayoutPart{"bends", bendsWith(m_document.pipeline(), bend->first, bends)}});
        return;
    }
    if (const WireVisual* wire = m_model.wireAt(m_pointer)) {
        std::vector<QPointF> bends = wire->bends;
        const QPointF from = m_model.nodes()[wire->from].portAt(PortSide::Out, wire->fromPort);
        const int index = geometry::bendIndex(from, wire->line.tip, bends, m_pointer);
        bends.insert(bends.begin() + index, snapped(m_pointer));
        const EdgeKey key = wire->key;
        m_document.edit(tr("Bend a wire"),
                        {SetLayoutPart{"bends", bendsWith(m_document.pipeline(), key, bends)}});
        m_document.selection().set({}, {key});
        return;
    }
    if (m_model.noteAt(m_pointer) >= 0 || m_model.frameAt(m_pointer) >= 0) {
        editSelected();
        return;
    }
    Q_EMIT addMenuRequested(event->globalPosition().toPoint(), m_pointer, std::nullopt);
}

void CanvasView::wheelEvent(QWheelEvent* event)
{
    const bool pixels = !event->pixelDelta().isNull();
    if (pixels && !(event->modifiers() & Qt::ControlModifier)) {
        m_offset += event->pixelDelta();
        m_minimap->update();
        update();
    } else {
        const int delta = pixels ? event->pixelDelta().y() : event->angleDelta().y();
        zoomAt(event->position(), geometry::wheelFactor(delta));
    }
    event->accept();
}

void CanvasView::leaveEvent(QEvent* event)
{
    m_pointerInside = false;
    m_hoverNode.clear();
    m_hoverWire.reset();
    update();
    QWidget::leaveEvent(event);
}

void CanvasView::updateHover(const QPointF& scene)
{
    NodeId node;
    std::optional<EdgeKey> wire;
    const std::optional<PortRef> port = m_model.portAt(scene);
    if (port) {
        node = port->node;
    } else if (const NodeVisual* found = m_model.nodeAt(scene)) {
        node = found->id;
    } else if (const WireVisual* line = m_model.wireAt(scene)) {
        wire = line->key;
    }
    if (node != m_hoverNode || wire != m_hoverWire || port != m_hoverPort) {
        m_hoverNode = node;
        m_hoverWire = wire;
        m_hoverPort = port;
        update();
    }
}

void CanvasView::updateCursor()
{
    if (m_gesture == Gesture::Pan) {
        setCursor(Qt::ClosedHandCursor);
    } else if (m_spaceHeld) {
        setCursor(Qt::OpenHandCursor);
    } else if (m_hoverPort) {
        setCursor(Qt::CrossCursor);
    } else if (m_hoverWire) {
        setCursor(Qt::PointingHandCursor);
    } else {
        unsetCursor();
    }
}

void CanvasView::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasFormat(QLatin1String(kNodeTypeMime)) || event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void CanvasView::dragMoveEvent(QDragMoveEvent* event)
{
    event->acceptProposedAction();
    m_dropTarget.reset();
    const QByteArray name = event->mimeData()->data(QLatin1String(kNodeTypeMime));
    const NodeType* type =
        m_document.registry().find({name.constData(), static_cast<std::size_t>(name.size())});
    if (type != nullptr) {
        const Node node = edits::newNode(m_document.pipeline(), *type);
        const QPointF at =
            toScene(event->position()) - QPointF(geometry::kCardWidth / 2, geometry::kPortFirst);
        m_dropTarget = insertCandidate(node, geometry::cardRect(at, 1, 2));
    }
    update();
}

void CanvasView::dragLeaveEvent(QDragLeaveEvent*)
{
    m_dropTarget.reset();
    update();
}

void CanvasView::dropEvent(QDropEvent* event)
{
    m_dropTarget.reset();
    m_document.beginGesture();
    if (event->mimeData()->hasUrls()) {
        const QList<QUrl> urls = event->mimeData()->urls();
        if (!urls.isEmpty() && urls.first().isLocalFile()) {
            Q_EMIT fileDropped(urls.first().toLocalFile());
        }
        return;
    }
    const QByteArray name = event->mimeData()->data(QLatin1String(kNodeTypeMime));
    const NodeType* type =
        m_document.registry().find({name.constData(), static_cast<std::size_t>(name.size())});
    if (type == nullptr) {
        return;
    }
    event->acceptProposedAction();
    const QPointF at =
        snapped(toScene(event->position()) - QPointF(geometry::kCardWidth / 2, geometry::kPortFirst));
    const Node node = edits::newNode(m_document.pipeline(), *type);
    const std::optional<EdgeKey> wire = insertCandidate(node, geometry::cardRect(at, 1, 2));
    if (!wire) {
        addNode(*type, at);
        setFocus();
        return;
    }
    Pipeline grown = m_document.pipeline();
    grown.nodes.push_back(node);
    edits::Room room = edits::roomOnWire(m_document.pipeline(), m_model.places(), at, node.id, *wire);
    std::vector<Edit> list{AddNode{node, std::pair(room.place.x(), room.place.y())}};
    for (Edit& edit : edits::insertOnWire(grown, m_document.registry(), node, *wire)) {
        list.push_back(std::move(edit));
    }
    list.insert(list.end(), room.moves.begin(), room.moves.end());
    if (m_document.edit(tr("Insert %1 on a wire").arg(toQString(type->spec().label)), std::move(list))) {
        m_document.selection().selectNode(node.id);
        setFocus();
    }
}

} // namespace streamwright
