#include "gui/canvas/canvas_view.h"

#include "gui/canvas/canvas_accessible.h"
#include "gui/canvas/minimap.h"
#include "gui/canvas/painter.h"
#include "gui/canvas/search_bar.h"
#include "gui/canvas/toast.h"
#include "gui/document/auto_layout.h"
#include "gui/document/clipboard.h"
#include "gui/document/edit_lists.h"
#include "gui/document/text.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QApplication>
#include <QClipboard>
#include <QCursor>
#include <QFontInfo>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>
#include <cmath>

namespace streamwright {
namespace {

constexpr double kDesignFontPixels = 13;
constexpr double kFitMargin = 48;
constexpr double kOverlayMargin = 16;

} // namespace

CanvasView::CanvasView(PipelineDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_model(document), m_minimap(new Minimap(*this)),
      m_searchBar(new SearchBar(this)), m_toast(new Toast(this))
{
    installCanvasAccessibility(); // before anything makes Qt keep a plain widget's interface for this one
    setObjectName(QStringLiteral("canvas"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAcceptDrops(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Pipeline canvas"));
    setMinimumSize(240, 160);
    m_unit = std::max(1.0, QFontInfo(bodyFont()).pixelSize() / kDesignFontPixels);

    connect(&document, &PipelineDocument::reset, this, [this] {
        m_placed = false;
        m_focusNode.clear();
        m_focusPort.reset();
        m_hits.clear();
        rebuild();
        if (isVisible() && !m_document.isEmpty()) {
            fitAll();
            m_placed = true;
        }
    });
    connect(&document, &PipelineDocument::changed, this, &CanvasView::rebuild);
    connect(&document, &PipelineDocument::diagnosticsChanged, this, [this] {
        m_model.refreshProblems();
        update();
    });
    connect(&document.selection(), &Selection::changed, this, [this] {
        const NodeId single = m_document.selection().singleNode();
        if (!single.empty() && single != m_focusNode) {
            m_focusNode = single;
            m_focusPort.reset();
        }
        update();
        canvasFocusChanged(*this);
    });
    connect(&document.selection(), &Selection::revealNode, this, [this](const std::string& id) {
        if (const NodeVisual* node = m_model.node(id)) {
            revealRect(node->rect);
        }
    });
    connect(&document.selection(), &Selection::revealWire, this, [this](const EdgeKey& key) {
        if (const WireVisual* wire = m_model.wire(key)) {
            revealRect(wire->line.path.boundingRect());
        }
    });
    connect(&document, &PipelineDocument::editRefused, this, &CanvasView::statusMessage);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    connect(m_toast, &Toast::undoClicked, &document.undoStack(), &QUndoStack::undo);
    connect(m_searchBar, &SearchBar::queryChanged, this, &CanvasView::setSearch);
    connect(m_searchBar, &SearchBar::stepRequested, this, &CanvasView::findNext);
    connect(m_searchBar, &SearchBar::closed, this, [this] {
        setSearch({});
        setFocus();
    });
    m_searchBar->hide();
    rebuild();
}

CanvasView::~CanvasView() = default;

void CanvasView::rebuild()
{
    m_model.rebuild();
    if (m_document.node(m_focusNode) == nullptr) {
        m_focusNode.clear();
        m_focusPort.reset();
    }
    m_hoverWire.reset();
    m_hoverPort.reset();
    m_minimap->setVisible(isMinimapShown() && !m_document.isEmpty());
    m_minimap->update();
    update();
}

QTransform CanvasView::transform() const
{
    return QTransform(scale(), 0, 0, scale(), m_offset.x(), m_offset.y());
}

QPointF CanvasView::toScene(const QPointF& widget) const
{
    return (widget - m_offset) / scale();
}

QPointF CanvasView::toWidget(const QPointF& scene) const
{
    return scene * scale() + m_offset;
}

QRectF CanvasView::visibleScene() const
{
    return {toScene(QPointF(0, 0)), toScene(QPointF(width(), height()))};
}

void CanvasView::setZoom(double zoom)
{
    zoomAt(QRectF(rect()).center(), geometry::boundedZoom(zoom) / m_zoom);
}

void CanvasView::zoomAt(const QPointF& widgetPoint, double factor)
{
    const QPointF anchor = toScene(widgetPoint);
    const double zoom = geometry::boundedZoom(m_zoom * factor);
    if (qFuzzyCompare(zoom, m_zoom)) {
        return;
    }
    m_zoom = zoom;
    m_offset += widgetPoint - toWidget(anchor);
    m_minimap->update();
    update();
    Q_EMIT zoomChanged(m_zoom);
}

void CanvasView::centreOn(const QPointF& scene)
{
    m_offset += QRectF(rect()).center() - toWidget(scene);
    m_minimap->update();
    update();
}

void CanvasView::zoomTo(const QRectF& scene, double most)
{
    if (scene.isEmpty() || width() < 1 || height() < 1) {
        return;
    }
    const double wide = (width() - 2 * kFitMargin) / (scene.width() * m_unit);
    const double high = (height() - 2 * kFitMargin) / (scene.height() * m_unit);
    m_zoom = geometry::boundedZoom(std::min({wide, high, most}));
    m_offset = QPointF();
    m_offset = QRectF(rect()).center() - toWidget(scene.center());
    // Whole pixels keep hairlines sharp at 100 %.
    m_offset = QPointF(std::round(m_offset.x()), std::round(m_offset.y()));
    m_minimap->update();
    update();
    Q_EMIT zoomChanged(m_zoom);
}

void CanvasView::fitAll()
{
    zoomTo(m_model.bounds(), 1.0);
}

void CanvasView::fitSelection()
{
    const QRectF bounds = m_model.boundsOf(m_document.selection());
    constexpr double kMostForSelection = 1.5;
    zoomTo(bounds.isEmpty() ? m_model.bounds() : bounds, kMostForSelection);
}

void CanvasView::revealRect(const QRectF& scene)
{
    if (!visibleScene().adjusted(8, 8, -8, -8).contains(scene)) {
        centreOn(scene.center());
    }
}

void CanvasView::setMinimapShown(bool shown)
{
    m_minimap->setProperty("shown", shown);
    m_minimap->setVisible(shown && !m_document.isEmpty());
}

bool CanvasView::isMinimapShown() const
{
    const QVariant shown = m_minimap->property("shown");
    return !shown.isValid() || shown.toBool();
}

void CanvasView::setOverlay(OverlayState overlay)
{
    m_overlay = std::move(overlay);
    update();
}

void CanvasView::setChangedNodes(const std::set<NodeId>& nodes)
{
    if (nodes != m_changedNodes) {
        m_changedNodes = nodes;
        update();
    }
}

void CanvasView::resizeEvent(QResizeEvent* event)
{
    if (m_placed && event->oldSize().isValid()) {
        // What was in the middle stays there.
        const QSize grown = event->size() - event->oldSize();
        m_offset += QPointF(grown.width() / 2.0, grown.height() / 2.0);
        m_offset = QPointF(std::round(m_offset.x()), std::round(m_offset.y()));
    }
    placeOverlays();
    QWidget::resizeEvent(event);
}

void CanvasView::showEvent(QShowEvent* event)
{
    if (!m_placed && !m_document.isEmpty()) {
        fitAll();
        m_placed = true;
    }
    placeOverlays();
    QWidget::showEvent(event);
}

void CanvasView::placeOverlays()
{
    const int margin = static_cast<int>(kOverlayMargin);
    m_minimap->move(width() - m_minimap->width() - margin, height() - m_minimap->height() - margin);
    const bool room = width() > 2 * m_minimap->width() && height() > 2 * m_minimap->height();
    m_minimap->setVisible(isMinimapShown() && !m_document.isEmpty() && room);
    m_searchBar->adjustSize();
    m_searchBar->move(width() - m_searchBar->width() - margin, margin);
    m_toast->place();
}

void CanvasView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Role::Canvas));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::TextAntialiasing);
    painter.setTransform(transform(), true);
    const QRectF area = visibleScene();
    paint::grid(painter, area, scale());
    const geometry::Detail detail = geometry::detailAt(scale());
    const Selection& selection = m_document.selection();
    const bool searching = !m_query.isEmpty();
    const auto isHit = [&](const NodeId& id) {
        return std::find(m_hits.begin(), m_hits.end(), id) != m_hits.end();
    };

    for (std::size_t i = 0; i < m_model.frames().size(); ++i) {
        paint::frame(painter, m_model.frames()[i], selection.frames().contains(static_cast<int>(i)), detail);
    }
    for (std::size_t i = 0; i < m_model.notes().size(); ++i) {
        if (m_model.notes()[i].rect.intersects(area)) {
            paint::note(painter, m_model.notes()[i], selection.notes().contains(static_cast<int>(i)), detail);
        }
    }
    const auto wireLook = [&](const WireVisual& wire) {
        paint::WireLook look;
        look.selected = selection.edges().contains(wire.key);
        look.hovered = m_hoverWire == wire.key;
        look.dimmed = searching;
        look.willTakeNode =
            (m_gesture == Gesture::DragItems && m_drag.insertTarget == wire.key) || m_dropTarget == wire.key;
        if (m_overlay.active) {
            const auto found = m_overlay.wires.find(wire.key);
            look.overlay = found == m_overlay.wires.end() ? nullptr : &found->second;
        }
        return look;
    };
    const bool pickedUp = m_gesture == Gesture::DraftWire && m_drag.reconnected.has_value();
    for (const WireVisual& wire : m_model.wires()) {
        if (wire.line.bounds.intersects(area) && !(pickedUp && wire.key == *m_drag.reconnected)) {
            paint::wire(painter, wire, wireLook(wire), detail);
        }
    }
    for (const NodeVisual& node : m_model.nodes()) {
        if (!node.rect.adjusted(-12, -36, 12, 12).intersects(area)) {
            continue;
        }
        paint::NodeLook look;
        look.selected = selection.nodes().contains(node.id);
        look.focused = hasFocus() && node.id == m_focusNode && !m_focusPort;
        look.dimmed = searching && !isHit(node.id);
        look.hovered = node.id == m_hoverNode;
        if (m_overlay.active) {
            const auto found = m_overlay.nodes.find(node.id);
            look.overlay = found == m_overlay.nodes.end() ? nullptr : &found->second;
        }
        if (hasFocus() && m_focusPort && m_focusPort->node == node.id) {
            const NodePorts ports = m_document.portsOf(node.id);
            const int index = portIndex(ports, m_focusPort->side, m_focusPort->port);
            look.focusedPort =
                m_focusPort->side == PortSide::In ? index : index + static_cast<int>(ports.inputs.size());
        }
        look.fitting = fittingPorts(node);
        if (m_changedNodes.contains(node.id)) {
            NodeVisual changed = node;
            changed.changed = true;
            paint::node(painter, changed, look, detail);
        } else {
            paint::node(painter, node, look, detail);
        }
    }
    if (detail == geometry::Detail::Full) {
        for (const WireVisual& wire : m_model.wires()) {
            if (wire.line.bounds.intersects(area)) {
                paint::wireLabels(painter, wire, wireLook(wire));
            }
        }
    }
    paintDraft(painter);
    if (m_gesture == Gesture::RubberBand) {
        QColor fill = themed(Role::Accent);
        fill.setAlphaF(0.10F);
        painter.setPen(QPen(themed(Role::Accent), 1 / scale()));
        painter.setBrush(fill);
        painter.drawRect(QRectF(m_drag.startScene, m_drag.at).normalized());
    }
    if (hasFocus() && m_focusNode.empty() && !m_document.isEmpty()) {
        painter.resetTransform();
        painter.setPen(QPen(themed(Role::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void CanvasView::paintDraft(QPainter& painter) const
{
    if (m_gesture != Gesture::DraftWire || !m_drag.port) {
        return;
    }
    const std::optional<QPointF> fixed = m_model.portPlace(*m_drag.port);
    if (!fixed) {
        return;
    }
    QPointF free = m_drag.at;
    if (m_drag.target) {
        free = m_model.portPlace(*m_drag.target).value_or(free);
    }
    const bool fits = m_drag.target.has_value();
    if (m_drag.port->side == PortSide::Out) {
        paint::draftWire(painter, *fixed, free, fits);
    } else {
        paint::draftWire(painter, free, *fixed - QPointF(6, 0), fits);
    }
    if (!m_drag.refusal.isEmpty()) {
        paint::pill(painter, m_drag.at + QPointF(90, 24),
                    {m_drag.refusal, QStringLiteral("error"), themed(Role::ErrorTint), themed(Role::Error),
                     themed(Role::Error), false});
    }
}

std::vector<bool> CanvasView::fittingPorts(const NodeVisual& node) const
{
    if (m_gesture != Gesture::DraftWire || !m_drag.port) {
        return {};
    }
    std::vector<bool> fitting;
    const auto look = [&](PortSide side, const std::vector<PortVisual>& ports) {
        for (const PortVisual& port : ports) {
            const PortRef ref{node.id, side, port.name};
            const bool own = ref == *m_drag.port;
            fitting.push_back(
                own || (side != m_drag.port->side && node.id != m_drag.port->node &&
                        canConnect(m_document.pipeline(), m_document.registry(), *m_drag.port, ref).ok));
        }
    };
    look(PortSide::In, node.inputs);
    look(PortSide::Out, node.outputs);
    return fitting;
}

// --- acts

NodeId CanvasView::addNode(const NodeType& type, const QPointF& at, const std::optional<PortRef>& from)
{
    const Pipeline& pipeline = m_document.pipeline();
    Node node = edits::newNode(pipeline, type);
    const NodeId id = node.id;
    const NodePorts ports = typePorts(type, node.config);
    const QPointF place = snapped(at);
    std::vector<Edit> list{AddNode{node, std::pair(place.x(), place.y())}};
    if (from) {
        Pipeline grown = pipeline;
        grown.nodes.push_back(node);
        const PortSide wanted = from->side == PortSide::Out ? PortSide::In : PortSide::Out;
        const int index = std::max(0, portIndex(ports, wanted, {}));
        if (!ports.of(wanted).empty()) {
            const PortRef other{id, wanted, ports.of(wanted)[static_cast<std::size_t>(index)].name};
            const ConnectAnswer answer = canConnect(grown, m_document.registry(), *from, other);
            if (answer.ok) {
                list.push_back(Connect{answer.edge});
            }
        }
    }
    if (!m_document.edit(tr("Add %1").arg(toQString(type.spec().label)), std::move(list))) {
        return {};
    }
    m_placed = true;
    m_document.selection().selectNode(id);
    m_focusNode = id;
    m_focusPort.reset();
    return id;
}

NodeId CanvasView::placeNode(const NodeType& type)
{
    const NodePorts ports = typePorts(type, Json::object());
    const double height =
        geometry::cardHeight(static_cast<int>(ports.inputs.size()), static_cast<int>(ports.outputs.size()));
    std::vector<QRectF> taken;
    for (const NodeVisual& node : m_model.nodes()) {
        taken.push_back(node.rect);
    }
    const NodeVisual* selected = m_model.node(m_document.selection().singleNode());
    std::optional<PortRef> from;
    QPointF wish = visibleScene().center() - QPointF(geometry::kCardWidth / 2, height / 2);
    if (selected != nullptr) {
        wish = selected->at + QPointF(kLayoutColumn, 0);
        // Wired only when there is no doubt which ports are meant: the main output that is still free.
        const NodePorts own = m_document.portsOf(selected->id);
        const int out = portIndex(own, PortSide::Out, {});
        const bool takes = portIndex(ports, PortSide::In, {}) >= 0;
        if (out >= 0 && takes && !selected->outputs[static_cast<std::size_t>(out)].connected) {
            from = PortRef{selected->id, PortSide::Out, own.outputs[static_cast<std::size_t>(out)].name};
        }
    }
    const NodeId id = addNode(type, geometry::freeSlot(wish, height, taken), from);
    if (const NodeVisual* node = m_model.node(id)) {
        revealRect(node->rect);
    }
    return id;
}

void CanvasView::deleteSelection()
{
    const Selection& selection = m_document.selection();
    if (selection.isEmpty()) {
        return;
    }
    std::vector<Edit> list = edits::remove(m_document.pipeline(), selection.nodes(), selection.edges());
    const auto without = [&](const char* part, const std::set<int>& gone) {
        if (gone.empty()) {
            return;
        }
        const Json all = layoutPart(part);
        Json kept = Json::array();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!gone.contains(static_cast<int>(i))) {
                kept.push_back(all[i]);
            }
        }
        list.push_back(
            SetLayoutPart{part, kept.empty() ? std::optional<Json>() : std::optional<Json>(std::move(kept))});
    };
    without("frames", selection.frames());
    without("notes", selection.notes());
    const auto nodes = static_cast<int>(selection.nodes().size());
    const auto others =
        static_cast<int>(selection.edges().size() + selection.notes().size() + selection.frames().size());
    const QString text =
        nodes > 0 ? tr("Delete %Ln node(s)", nullptr, nodes) : tr("Delete %Ln item(s)", nullptr, others);
    if (m_document.edit(text, std::move(list))) {
        showToast(nodes > 0 ? tr("Deleted %Ln node(s)", nullptr, nodes)
                            : tr("Deleted %Ln item(s)", nullptr, others),
                  true);
    }
}

void CanvasView::deleteAndHeal()
{
    const std::set<NodeId> nodes = m_document.selection().nodes();
    if (nodes.empty()) {
        deleteSelection();
        return;
    }
    const int count = static_cast<int>(nodes.size());
    if (m_document.edit(tr("Delete and heal %Ln node(s)", nullptr, count),
                        edits::removeAndHeal(m_document.pipeline(), m_document.registry(), nodes))) {
        showToast(tr("Deleted %Ln node(s), wires joined", nullptr, count), true);
    }
}

void CanvasView::copySelection()
{
    const std::set<NodeId>& nodes = m_document.selection().nodes();
    if (nodes.empty()) {
        return;
    }
    QApplication::clipboard()->setText(
        clipboard::textOf(m_document.pipeline(), m_document.registry(), nodes, m_model.places()));
    Q_EMIT statusMessage(tr("Copied %Ln node(s) as text", nullptr, static_cast<int>(nodes.size())));
}

void CanvasView::cutSelection()
{
    copySelection();
    deleteSelection();
}

void CanvasView::pasteAt(const std::optional<QPointF>& scene)
{
    const QString text = QApplication::clipboard()->text();
    QPointF at = scene.value_or(m_pointerInside ? m_pointer : visibleScene().center());
    if (!scene && text == m_lastPaste && QLineF(at, m_lastPasteAt).length() < geometry::kDots) {
        at = m_lastPasteAt + QPointF(geometry::kDots, geometry::kDots);
    }
    std::optional<clipboard::Paste> paste =
        clipboard::paste(m_document.pipeline(), m_document.registry(), text, at);
    if (!paste) {
        Q_EMIT statusMessage(tr("The clipboard holds no nodes"));
        return;
    }
    if (m_document.edit(tr("Paste %Ln node(s)", nullptr, static_cast<int>(paste->nodes.size())),
                        std::move(paste->edits))) {
        m_lastPaste = text;
        m_lastPasteAt = at;
        m_placed = true;
        m_document.selection().set(paste->nodes);
    }
}

void CanvasView::duplicateSelection()
{
    const std::set<NodeId> nodes = m_document.selection().nodes();
    if (nodes.empty()) {
        return;
    }
    const QString text =
        clipboard::textOf(m_document.pipeline(), m_document.registry(), nodes, m_model.places());
    const QPointF corner =
        m_model.boundsOf(m_document.selection()).topLeft() + QPointF(geometry::kDots, geometry::kDots);
    if (auto paste = clipboard::paste(m_document.pipeline(), m_document.registry(), text, corner)) {
        if (m_document.edit(tr("Duplicate %Ln node(s)", nullptr, static_cast<int>(paste->nodes.size())),
                            std::move(paste->edits))) {
            m_document.selection().set(paste->nodes);
        }
    }
}

bool CanvasView::canBypassSelection() const
{
    const std::set<NodeId>& nodes = m_document.selection().nodes();
    return !nodes.empty() && std::all_of(nodes.begin(), nodes.end(), [this](const NodeId& id) {
        const Node* node = m_document.node(id);
        return node != nullptr && edits::canBypass(m_document.registry(), *node);
    });
}

void CanvasView::toggleMode(NodeMode mode)
{
    const std::set<NodeId>& nodes = m_document.selection().nodes();
    if (nodes.empty()) {
        return;
    }
    if (mode == NodeMode::Bypass && !canBypassSelection()) {
        Q_EMIT statusMessage(tr("Only transforms with one input can be bypassed"));
        return;
    }
    const bool all = std::all_of(nodes.begin(), nodes.end(), [&](const NodeId& id) {
        const Node* node = m_document.node(id);
        return node != nullptr && node->mode == mode;
    });
    const NodeMode target = all ? NodeMode::On : mode;
    const int count = static_cast<int>(nodes.size());
    const QString text = target == NodeMode::On       ? tr("Enable %Ln node(s)", nullptr, count)
                         : target == NodeMode::Bypass ? tr("Bypass %Ln node(s)", nullptr, count)
                                                      : tr("Disable %Ln node(s)", nullptr, count);
    m_document.edit(text, edits::setMode(m_document.pipeline(), nodes, target));
}

void CanvasView::layoutAll()
{
    if (m_document.edit(tr("Lay out the pipeline"),
                        edits::move(autoLayout(m_document.pipeline(), m_document.registry())))) {
        fitAll();
    }
}

void CanvasView::align(Align how)
{
    std::vector<const NodeVisual*> nodes;
    for (const NodeVisual& node : m_model.nodes()) {
        if (m_document.selection().nodes().contains(node.id)) {
            nodes.push_back(&node);
        }
    }
    if (nodes.size() < 2) {
        return;
    }
    QRectF bounds;
    for (const NodeVisual* node : nodes) {
        bounds |= node->rect;
    }
    std::map<NodeId, QPointF> places;
    if (how == Align::SpreadX || how == Align::SpreadY) {
        const bool x = how == Align::SpreadX;
        std::sort(nodes.begin(), nodes.end(), [x](const NodeVisual* a, const NodeVisual* b) {
            return x ? a->at.x() < b->at.x() : a->at.y() < b->at.y();
        });
        double total = 0;
        for (const NodeVisual* node : nodes) {
            total += x ? node->rect.width() : node->rect.height();
        }
        const double gap =
            ((x ? bounds.width() : bounds.height()) - total) / static_cast<double>(nodes.size() - 1);
        double at = x ? bounds.left() : bounds.top();
        for (const NodeVisual* node : nodes) {
            places[node->id] = snapped(x ? QPointF(at, node->at.y()) : QPointF(node->at.x(), at));
            at += (x ? node->rect.width() : node->rect.height()) + gap;
        }
    } else {
        for (const NodeVisual* node : nodes) {
            QPointF at = node->at;
            switch (how) {
            case Align::Left: at.setX(bounds.left()); break;
            case Align::Right: at.setX(bounds.right() - node->rect.width()); break;
            case Align::Top: at.setY(bounds.top()); break;
            case Align::Bottom: at.setY(bounds.bottom() - node->rect.height()); break;
            case Align::CentreX: at.setX(bounds.center().x() - node->rect.width() / 2); break;
            case Align::CentreY: at.setY(bounds.center().y() - node->rect.height() / 2); break;
            default: break;
            }
            places[node->id] = snapped(at);
        }
    }
    m_document.edit(tr("Align %Ln node(s)", nullptr, static_cast<int>(nodes.size())), edits::move(places));
}

Json CanvasView::layoutPart(const char* part) const
{
    const Json& layout = m_document.pipeline().layout;
    if (layout.is_object()) {
        if (const auto found = layout.find(part); found != layout.end() && found->is_array()) {
            return *found;
        }
    }
    return Json::array();
}

void CanvasView::applyLayoutPart(const QString& text, const char* part, Json value)
{
    m_document.edit(text, {SetLayoutPart{part, std::move(value)}});
}

void CanvasView::addNote()
{
    constexpr double kWidth = 264;
    constexpr double kHeight = 72;
    const QPointF at =
        snapped(m_pointerInside ? m_pointer : visibleScene().center() - QPointF(kWidth / 2, kHeight / 2));
    Json notes = layoutPart("notes");
    Json note = Json::object();
    note["text"] = fromQString(tr("**Note**\n\nDouble-click to write."));
    note["rect"] = Json::array({at.x(), at.y(), kWidth, kHeight});
    notes.push_back(std::move(note));
    const int index = static_cast<int>(notes.size()) - 1;
    applyLayoutPart(tr("Add a note"), "notes", std::move(notes));
    m_placed = true;
    m_document.selection().set({}, {}, {}, {index});
}

void CanvasView::addFrame()
{
    constexpr double kMargin = 24;
    constexpr double kTop = 48;
    QRectF bounds = m_model.boundsOf(m_document.selection());
    if (bounds.isEmpty()) {
        bounds = QRectF(visibleScene().center() - QPointF(200, 100), QSizeF(400, 200));
    }
    const QRectF rect = bounds.adjusted(-kMargin, -kTop, kMargin, kMargin);
    Json frames = layoutPart("frames");
    Json frame = Json::object();
    frame["title"] = fromQString(tr("Frame"));
    frame["rect"] = Json::array(
        {std::round(rect.x()), std::round(rect.y()), std::round(rect.width()), std::round(rect.height())});
    frames.push_back(std::move(frame));
    const int index = static_cast<int>(frames.size()) - 1;
    applyLayoutPart(tr("Add a frame"), "frames", std::move(frames));
    m_document.selection().set({}, {}, {index});
}

void CanvasView::selectAll()
{
    std::set<NodeId> nodes;
    for (const NodeVisual& node : m_model.nodes()) {
        nodes.insert(node.id);
    }
    m_document.selection().set(std::move(nodes));
}

void CanvasView::connectPorts(const PortRef& from, const PortRef& to)
{
    const ConnectAnswer answer = canConnect(m_document.pipeline(), m_document.registry(), from, to);
    if (!answer.ok) {
        Q_EMIT statusMessage(answer.reason);
        return;
    }
    m_document.edit(tr("Connect"), {Connect{answer.edge}});
}

std::vector<PortRef> CanvasView::compatiblePorts(const PortRef& port) const
{
    std::vector<std::pair<double, PortRef>> found;
    const QPointF at = m_model.portPlace(port).value_or(QPointF());
    const PortSide wanted = port.side == PortSide::Out ? PortSide::In : PortSide::Out;
    for (const NodeVisual& node : m_model.nodes()) {
        if (node.id == port.node) {
            continue;
        }
        const std::vector<PortVisual>& ports = wanted == PortSide::In ? node.inputs : node.outputs;
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const PortRef other{node.id, wanted, ports[i].name};
            if (canConnect(m_document.pipeline(), m_document.registry(), port, other).ok) {
                found.emplace_back(QLineF(at, node.portAt(wanted, static_cast<int>(i))).length(), other);
            }
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<PortRef> ports;
    for (auto& [distance, ref] : found) {
        ports.push_back(std::move(ref));
    }
    return ports;
}

void CanvasView::showToast(const QString& text, bool offersUndo)
{
    m_toast->show(text, offersUndo);
}

} // namespace streamwright
