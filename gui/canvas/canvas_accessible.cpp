#include "gui/canvas/canvas_accessible.h"

#include "gui/canvas/canvas_view.h"
#include "gui/document/text.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

#include <map>
#include <memory>

namespace streamwright {
namespace {

/// A node as screen readers see it.
class NodeAccessible final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    NodeAccessible(CanvasView* canvas, NodeId node) : m_canvas(canvas), m_node(std::move(node)) {}

    [[nodiscard]] bool isValid() const override { return m_canvas != nullptr && visual() != nullptr; }
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QWindow* window() const override
    {
        return m_canvas == nullptr ? nullptr : m_canvas->window()->windowHandle();
    }
    [[nodiscard]] QAccessibleInterface* parent() const override
    {
        return QAccessible::queryAccessibleInterface(m_canvas);
    }
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    [[nodiscard]] QRect rect() const override
    {
        const NodeVisual* node = visual();
        if (node == nullptr) {
            return {};
        }
        const QPoint from = m_canvas->mapToGlobal(m_canvas->toWidget(node->rect.topLeft()).toPoint());
        const QPoint to = m_canvas->mapToGlobal(m_canvas->toWidget(node->rect.bottomRight()).toPoint());
        return {from, to};
    }
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::ListItem; }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        state.selectable = true;
        state.focusable = true;
        if (m_canvas != nullptr) {
            state.selected = m_canvas->document().selection().nodes().contains(m_node);
            state.focused = state.selected && m_canvas->hasFocus();
        }
        return state;
    }
    void setText(QAccessible::Text, const QString&) override {}
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        const NodeVisual* node = visual();
        if (node == nullptr || kind != QAccessible::Name) {
            return {};
        }
        QStringList parts{CanvasView::tr("%1 '%2'").arg(node->typeLabel, node->title)};
        if (node->mode == NodeMode::Bypass) {
            parts << CanvasView::tr("bypassed");
        } else if (node->mode == NodeMode::Off) {
            parts << CanvasView::tr("disabled");
        }
        const OverlayState& overlay = m_canvas->overlay();
        if (overlay.active) {
            if (const auto found = overlay.nodes.find(m_node); found != overlay.nodes.end()) {
                parts << CanvasView::tr("running") << found->second.rate << found->second.number;
            }
        }
        const int problems = node->errors + node->warnings;
        if (problems > 0) {
            parts << CanvasView::tr("%Ln problem(s)", nullptr, problems);
        }
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }
    [[nodiscard]] QStringList actionNames() const override { return {pressAction(), showMenuAction()}; }
    void doAction(const QString& name) override
    {
        if (m_canvas == nullptr) {
            return;
        }
        m_canvas->setFocus();
        m_canvas->document().selection().reveal(m_node);
        if (name == pressAction()) {
            Q_EMIT m_canvas->nodeActivated(toQString(m_node));
        }
    }
    [[nodiscard]] QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    [[nodiscard]] const NodeVisual* visual() const
    {
        return m_canvas == nullptr ? nullptr : m_canvas->model().node(m_node);
    }

    QPointer<CanvasView> m_canvas;
    NodeId m_node;
};

class CanvasAccessible final : public QAccessibleWidget {
public:
    explicit CanvasAccessible(CanvasView* canvas)
        : QAccessibleWidget(canvas, QAccessible::List), m_canvas(canvas)
    {
    }
    ~CanvasAccessible() override
    {
        for (const auto& [node, id] : m_children) {
            QAccessible::deleteAccessibleInterface(id);
        }
    }

    [[nodiscard]] int childCount() const override
    {
        return static_cast<int>(m_canvas->model().nodes().size());
    }
    [[nodiscard]] QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount()) {
            return nullptr;
        }
        return of(m_canvas->model().nodes()[static_cast<std::size_t>(index)].id);
    }
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override
    {
        const QPointF scene = m_canvas->toScene(m_canvas->mapFromGlobal(QPoint(x, y)));
        const NodeVisual* node = m_canvas->model().nodeAt(scene);
        return node == nullptr ? nullptr : of(node->id);
    }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override
    {
        for (int i = 0; i < childCount(); ++i) {
            if (this->child(i) == child) {
                return i;
            }
        }
        return -1;
    }

private:
    [[nodiscard]] QAccessibleInterface* of(const NodeId& id) const
    {
        const auto found = m_children.find(id);
        if (found != m_children.end()) {
            return QAccessible::accessibleInterface(found->second);
        }
        auto* made = new NodeAccessible(m_canvas, id); // the registry of QAccessible owns it
        m_children[id] = QAccessible::registerAccessibleInterface(made);
        return made;
    }

    CanvasView* m_canvas;
    mutable std::map<NodeId, QAccessible::Id> m_children;
};

QAccessibleInterface* makeAccessible(const QString&, QObject* object)
{
    auto* canvas = qobject_cast<CanvasView*>(object);
    return canvas == nullptr ? nullptr : new CanvasAccessible(canvas);
}

} // namespace

void installCanvasAccessibility()
{
    static bool installed = false;
    if (!installed) {
        installed = true;
        QAccessible::installFactory(makeAccessible);
    }
}

void canvasFocusChanged(CanvasView& canvas)
{
    if (!QAccessible::isActive() || !canvas.hasFocus()) {
        return;
    }
    const NodeId node = canvas.document().selection().singleNode();
    const std::vector<NodeVisual>& nodes = canvas.model().nodes();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].id == node) {
            QAccessibleEvent event(&canvas, QAccessible::Focus);
            event.setChild(static_cast<int>(i));
            QAccessible::updateAccessibility(&event);
        }
    }
}

} // namespace streamwright
