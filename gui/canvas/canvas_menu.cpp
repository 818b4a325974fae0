#include "gui/canvas/canvas_view.h"
#include "gui/canvas/painter.h"
#include "gui/document/edit_lists.h"
#include "gui/document/text.h"
#include "gui/style/theme.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QToolTip>

#include <functional>
#include <utility>

/// Menus, tool tips and editing in place of CanvasView.
namespace streamwright {
namespace {

/// A text field over the canvas: Enter (Ctrl+Enter in several lines) or leaving it takes the text, Esc drops
/// it.
template <typename Editor>
class InPlaceEditor final : public Editor {
public:
    InPlaceEditor(QWidget* parent, std::function<void(const QString&)> done)
        : Editor(parent), m_done(std::move(done))
    {
    }

    void finish(bool accept)
    {
        if (std::exchange(m_finished, true)) {
            return;
        }
        QString text;
        if constexpr (std::is_same_v<Editor, QLineEdit>) {
            text = this->text();
        } else {
            text = this->toPlainText();
        }
        QWidget* canvas = this->parentWidget();
        this->hide();
        this->deleteLater();
        canvas->setFocus();
        if (accept) {
            m_done(text);
        }
    }

protected:
    void keyPressEvent(QKeyEvent* event) override
    {
        const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
        constexpr bool kOneLine = std::is_same_v<Editor, QLineEdit>;
        if (event->key() == Qt::Key_Escape) {
            finish(false);
        } else if (enter && (kOneLine || event->modifiers() & Qt::ControlModifier)) {
            finish(true);
        } else {
            Editor::keyPressEvent(event);
        }
    }
    void focusOutEvent(QFocusEvent* event) override
    {
        Editor::focusOutEvent(event);
        if (event->reason() != Qt::PopupFocusReason) {
            finish(true);
        }
    }

private:
    std::function<void(const QString&)> m_done;
    bool m_finished = false;
};

} // namespace

void CanvasView::editText(const QRectF& scene, const QString& text, bool multiLine,
                          const std::function<void(const QString&)>& done)
{
    const QRectF where(toWidget(scene.topLeft()), toWidget(scene.bottomRight()));
    if (multiLine) {
        auto* editor = new InPlaceEditor<QPlainTextEdit>(this, done);
        editor->setObjectName(QStringLiteral("inPlaceEditor"));
        editor->setAccessibleName(tr("Text of the note"));
        editor->setGeometry(where.toRect().adjusted(0, 0, 0, 24));
        editor->setPlainText(text);
        editor->selectAll();
        editor->show();
        editor->setFocus();
        return;
    }
    auto* editor = new InPlaceEditor<QLineEdit>(this, done);
    editor->setObjectName(QStringLiteral("inPlaceEditor"));
    editor->setAccessibleName(tr("New name"));
    editor->setText(text);
    editor->selectAll();
    const int height = std::max(editor->sizeHint().height(), qRound(where.height()));
    editor->setGeometry(qRound(where.x()), qRound(where.center().y()) - height / 2,
                        std::max(120, qRound(where.width())), height);
    editor->show();
    editor->setFocus();
}

void CanvasView::editSelected()
{
    if (m_document.isReadOnly()) {
        Q_EMIT statusMessage(tr("The document is locked. Unlock it to edit."));
        return;
    }
    const Selection& selection = m_document.selection();
    if (const NodeVisual* node = m_model.node(selection.singleNode())) {
        const NodeId id = node->id;
        editText(QRectF(node->at + QPointF(46, 6), QSizeF(geometry::kCardWidth - 54, 26)), node->title, false,
                 [this, id](const QString& title) {
                     const Node* current = m_document.node(id);
                     if (current != nullptr && toQString(current->shownName()) != title.trimmed()) {
                         m_document.edit(tr("Rename to \"%1\"").arg(title.trimmed()),
                                         {SetTitle{id, fromQString(title.trimmed())}});
                     }
                 });
        return;
    }
    const bool isNote = !selection.notes().empty();
    if (!isNote && selection.frames().empty()) {
        return;
    }
    const int index = isNote ? *selection.notes().begin() : *selection.frames().begin();
    const char* part = isNote ? "notes" : "frames";
    const char* key = isNote ? "text" : "title";
    const QRectF rect = isNote ? m_model.notes()[static_cast<std::size_t>(index)].rect
                               : m_model.frames()[static_cast<std::size_t>(index)].rect;
    const QString text = isNote ? m_model.notes()[static_cast<std::size_t>(index)].text
                                : m_model.frames()[static_cast<std::size_t>(index)].title;
    const QRectF where =
        isNote ? rect : QRectF(rect.topLeft() + QPointF(8, 2), QSizeF(rect.width() - 16, 26));
    editText(where, text, isNote, [this, index, part, key, isNote](const QString& changed) {
        Json all = layoutPart(part);
        if (index < static_cast<int>(all.size())) {
            all[static_cast<std::size_t>(index)][key] = fromQString(changed);
            applyLayoutPart(isNote ? tr("Edit a note") : tr("Rename a frame"), part, std::move(all));
        }
    });
}

void CanvasView::contextMenuEvent(QContextMenuEvent* event)
{
    m_document.beginGesture();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        // At the item, not at the mouse.
        QRectF bounds = m_model.boundsOf(m_document.selection());
        if (bounds.isEmpty()) {
            bounds = QRectF(visibleScene().center(), QSizeF(1, 1));
        }
        const QPointF at = toWidget(bounds.center());
        openContextMenu(bounds.center(), mapToGlobal(at.toPoint()));
        return;
    }
    const QPointF scene = toScene(event->pos());
    Selection& selection = m_document.selection();
    const NodeVisual* node = m_model.nodeAt(scene);
    const WireVisual* wire = node == nullptr ? m_model.wireAt(scene) : nullptr;
    if (node != nullptr) {
        if (!selection.nodes().contains(node->id)) {
            selection.selectNode(node->id);
        }
    } else if (wire != nullptr) {
        if (!selection.edges().contains(wire->key)) {
            selection.set({}, {wire->key});
        }
    } else if (const int note = m_model.noteAt(scene); note >= 0) {
        selection.set({}, {}, {}, {note});
    } else if (const int frame = m_model.frameAt(scene); frame >= 0) {
        selection.set({}, {}, {frame});
    } else {
        selection.clear();
        m_pointer = scene;
        m_pointerInside = true;
    }
    openContextMenu(scene, event->globalPos());
}

void CanvasView::openContextMenu(const QPointF& scene, const QPoint& global)
{
    Q_UNUSED(scene)
    if (!m_menuFiller) {
        return;
    }
    const Selection& selection = m_document.selection();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_menuFiller(*menu, !selection.nodes().empty(), !selection.edges().empty());
    menu->popup(global);
}

bool CanvasView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString tip = placeholderTip(help->pos());
        if (tip.isEmpty()) {
            QToolTip::hideText();
        } else {
            QToolTip::showText(help->globalPos(), tip, this);
        }
        return true;
    }
    return QWidget::event(event);
}

QString CanvasView::placeholderTip(const QPoint& widget) const
{
    const QPointF scene = toScene(widget);
    if (const std::optional<PortRef> port = m_model.portAt(scene)) {
        const NodePorts ports = m_document.portsOf(port->node);
        const int index = portIndex(ports, port->side, port->port);
        if (index >= 0) {
            const PortSpec& spec = ports.of(port->side)[static_cast<std::size_t>(index)];
            return spec.doc.empty() ? toQString(spec.name)
                                    : tr("%1: %2").arg(toQString(spec.name), toQString(spec.doc));
        }
    }
    const NodeVisual* node = m_model.nodeAt(scene);
    if (node == nullptr) {
        // The badge stands over the card's upper edge.
        node = m_model.nodeAt(scene + QPointF(-8, 12));
    }
    if (node == nullptr) {
        return {};
    }
    QStringList lines;
    for (const Diagnostic& diagnostic : m_document.diagnostics()) {
        if (diagnostic.node == node->id && diagnostic.severity != Severity::Note) {
            lines << toQString(diagnostic.message);
        }
    }
    if (lines.isEmpty()) {
        const NodeType* type = m_document.typeOf(node->id);
        return type == nullptr ? tr("This program does not know the type \"%1\".").arg(node->typeLabel)
                               : toQString(type->spec().summary);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace streamwright
