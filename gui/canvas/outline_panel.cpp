#include "gui/canvas/outline_panel.h"

#include "gui/document/edit_lists.h"
#include "gui/document/text.h"
#include "gui/style/icons.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <set>

namespace streamwright {
namespace {

enum ItemRole { KindRole = Qt::UserRole, NodeRole, FromRole, ToRole, FieldRole };
enum Kind { RootItem, NodeItem, PortItem, WireItem, ProblemItem };

constexpr int kColumns = 2; ///< name, problem mark
constexpr int kMarkWidth = 24;

/// Two reads of one item must not depend on how Qt stores std::string.
NodeId nodeOf(const QTreeWidgetItem* item)
{
    return fromQString(item->data(0, NodeRole).toString());
}

Endpoint endpointOf(const QString& text)
{
    const auto dot = text.indexOf(QLatin1Char('.'));
    return dot < 0 ? Endpoint{fromQString(text), {}}
                   : Endpoint{fromQString(text.left(dot)), fromQString(text.mid(dot + 1))};
}

EdgeKey edgeOf(const QTreeWidgetItem* item)
{
    return {endpointOf(item->data(0, FromRole).toString()), endpointOf(item->data(0, ToRole).toString())};
}

TileShape tileShapeOf(const NodeType* type)
{
    if (type == nullptr || type->spec().category == NodeCategory::Transform) {
        return TileShape::Transform;
    }
    return type->spec().category == NodeCategory::Source ? TileShape::Source : TileShape::Sink;
}

} // namespace

OutlinePanel::OutlinePanel(PipelineDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_tree(new QTreeWidget(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kSpace4, 0, 0);
    layout->addWidget(m_tree);
    m_tree->setObjectName(QStringLiteral("outlineTree"));
    m_tree->setAccessibleName(tr("Outline"));
    m_tree->setHeaderHidden(true);
    m_tree->setColumnCount(kColumns);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_tree->header()->setMinimumSectionSize(kMarkWidth);
    m_tree->header()->resizeSection(1, kMarkWidth);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setUniformRowHeights(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->installEventFilter(this);
    QPalette palette = m_tree->palette();
    palette.setBrush(QPalette::Base, Qt::NoBrush);
    m_tree->setPalette(palette);
    m_tree->viewport()->setAutoFillBackground(false);

    m_rebuild.setSingleShot(true);
    m_rebuild.setInterval(0);
    connect(&m_rebuild, &QTimer::timeout, this, &OutlinePanel::rebuild);
    connect(&document, &PipelineDocument::reset, this, qOverload<>(&OutlinePanel::rebuild));
    const auto later = [this] { m_rebuild.start(); };
    connect(&document, &PipelineDocument::changed, this, [this, later](const ChangeSet& changes) {
        if (changes.meaning()) {
            later();
        }
    });
    connect(&document, &PipelineDocument::diagnosticsChanged, this, later);
    connect(&document, &PipelineDocument::filePathChanged, this, later);
    connect(&document.selection(), &Selection::changed, this, &OutlinePanel::showSelection);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &OutlinePanel::takeSelection);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, [this](QTreeWidgetItem* item) { activate(item); });
    connect(m_tree, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int column) {
        if (m_syncing || column != 0) {
            return;
        }
        const QString title = item->text(0).trimmed();
        if (item->data(0, KindRole).toInt() == NodeItem) {
            const Node* node = m_document.node(nodeOf(item));
            if (node != nullptr && toQString(node->shownName()) != title) {
                m_document.edit(tr("Rename to \"%1\"").arg(title), {SetTitle{node->id, fromQString(title)}});
            }
        } else if (item->data(0, KindRole).toInt() == RootItem && !title.isEmpty()) {
            m_document.edit(tr("Rename the pipeline"), {SetName{fromQString(title)}});
        }
        m_rebuild.start();
    });
    rebuild();
}

void OutlinePanel::rebuild()
{
    m_rebuild.stop();
    m_syncing = true;
    std::set<QString> open;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* root = m_tree->topLevelItem(i);
        for (int k = 0; k < root->childCount(); ++k) {
            if (root->child(k)->isExpanded()) {
                open.insert(root->child(k)->data(0, NodeRole).toString());
            }
        }
    }
    m_tree->clear();
    if (!m_document.pipeline().nodes.empty()) {
        auto* root = new QTreeWidgetItem(m_tree);
        root->setText(0, toQString(m_document.pipeline().name));
        root->setFont(0, titleFont());
        root->setData(0, KindRole, RootItem);
        root->setFlags(root->flags() | Qt::ItemIsEditable);
        for (const Node& node : m_document.pipeline().nodes) {
            addNode(root, node);
        }
        root->setExpanded(true);
        for (int k = 0; k < root->childCount(); ++k) {
            root->child(k)->setExpanded(open.contains(root->child(k)->data(0, NodeRole).toString()));
        }
    }
    m_syncing = false;
    showSelection();
}

void OutlinePanel::addNode(QTreeWidgetItem* parent, const Node& node)
{
    const Pipeline& pipeline = m_document.pipeline();
    const NodeType* type = m_document.registry().find(node.type);
    auto* item = new QTreeWidgetItem(parent);
    item->setText(0, toQString(node.shownName()));
    item->setIcon(0, tileIcon(tileShapeOf(type), nodeTypeIcon(toQString(node.type))));
    item->setData(0, KindRole, NodeItem);
    item->setData(0, NodeRole, toQString(node.id));
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    const NodePorts ports = nodePorts(pipeline, node, m_document.registry());
    QStringList states{type == nullptr ? toQString(node.type) : toQString(type->spec().label),
                       toQString(node.shownName())};
    if (node.mode == NodeMode::Bypass) {
        states << tr("bypassed");
    } else if (node.mode == NodeMode::Off) {
        states << tr("disabled");
    }
    int problems = 0;
    bool errors = false;
    for (std::size_t index = 0; index < ports.outputs.size(); ++index) {
        const PortSpec& port = ports.outputs[index];
        QString targets;
        EdgeKey first;
        for (const Edge& edge : pipeline.edges) {
            if (edge.from.node != node.id ||
                portIndex(ports, PortSide::Out, edge.from.port) != static_cast<int>(index)) {
                continue;
            }
            const Node* to = pipeline.findNode(edge.to.node);
            if (targets.isEmpty()) {
                first = {edge.from, edge.to};
            }
            targets += (targets.isEmpty() ? QString() : QStringLiteral(", ")) +
                       (to == nullptr ? toQString(edge.to.node) : toQString(to->shownName()));
        }
        auto* child = new QTreeWidgetItem(item);
        const QString name = toQString(port.name);
        child->setText(0,
                       targets.isEmpty() ? tr("%1, not wired").arg(name) : tr("%1 to %2").arg(name, targets));
        child->setIcon(
            0, icon(port.role == PortRole::Error ? QStringLiteral("port-error") : QStringLiteral("port"),
                    Role::Wire));
        child->setForeground(0, themed(Role::Muted));
        child->setData(0, NodeRole, toQString(node.id));
        child->setData(0, KindRole, targets.isEmpty() ? PortItem : WireItem);
        if (!targets.isEmpty()) {
            child->setData(0, FromRole, toQString(first.from.text()));
            child->setData(0, ToRole, toQString(first.to.text()));
        }
    }
    for (const Diagnostic& diagnostic : m_document.diagnostics()) {
        if (diagnostic.node != node.id || diagnostic.severity == Severity::Note) {
            continue;
        }
        const bool error = diagnostic.severity == Severity::Error;
        ++problems;
        errors = errors || error;
        auto* child = new QTreeWidgetItem(item);
        child->setText(0, toQString(diagnostic.message));
        child->setToolTip(0, toQString(diagnostic.message));
        child->setIcon(0, icon(error ? QStringLiteral("error") : QStringLiteral("warning"),
                               error ? Role::Error : Role::Warning));
        child->setForeground(0, themed(error ? Role::Error : Role::Warning));
        child->setData(0, KindRole, ProblemItem);
        child->setData(0, NodeRole, toQString(node.id));
        child->setData(0, FieldRole, toQString(diagnostic.field));
    }
    if (problems > 0) {
        item->setIcon(1, icon(QStringLiteral("warning"), errors ? Role::Error : Role::Warning));
        item->setToolTip(1, tr("%Ln problem(s)", nullptr, problems));
        states << tr("%Ln problem(s)", nullptr, problems);
    }
    item->setData(0, Qt::AccessibleTextRole, states.join(QStringLiteral(", ")));
}

void OutlinePanel::showSelection()
{
    if (m_syncing || m_tree->topLevelItemCount() == 0) {
        return;
    }
    m_syncing = true;
    const Selection& selection = m_document.selection();
    QTreeWidgetItem* root = m_tree->topLevelItem(0);
    QTreeWidgetItem* current = nullptr;
    m_tree->clearSelection();
    for (int i = 0; i < root->childCount(); ++i) {
        QTreeWidgetItem* item = root->child(i);
        if (selection.nodes().contains(nodeOf(item))) {
            item->setSelected(true);
            current = item;
        }
        for (int k = 0; k < item->childCount(); ++k) {
            QTreeWidgetItem* child = item->child(k);
            if (child->data(0, KindRole).toInt() == WireItem && selection.edges().contains(edgeOf(child))) {
                item->setExpanded(true);
                child->setSelected(true);
                current = child;
            }
        }
    }
    if (current != nullptr) {
        m_tree->setCurrentItem(current, 0, QItemSelectionModel::NoUpdate);
        m_tree->scrollToItem(current);
    }
    m_syncing = false;
}

void OutlinePanel::takeSelection()
{
    if (m_syncing) {
        return;
    }
    std::set<NodeId> nodes;
    std::set<EdgeKey> edges;
    for (const QTreeWidgetItem* item : m_tree->selectedItems()) {
        switch (item->data(0, KindRole).toInt()) {
        case NodeItem:
        case PortItem:
        case ProblemItem: nodes.insert(nodeOf(item)); break;
        case WireItem: edges.insert(edgeOf(item)); break;
        default: break;
        }
    }
    m_syncing = true; // what the user chose in the tree stays chosen there
    m_document.selection().set(nodes, edges);
    if (nodes.size() == 1 && edges.empty()) {
        Q_EMIT m_document.selection().revealNode(*nodes.begin());
    } else if (edges.size() == 1 && nodes.empty()) {
        Q_EMIT m_document.selection().revealWire(*edges.begin());
    }
    m_syncing = false;
}

void OutlinePanel::activate(QTreeWidgetItem* item)
{
    if (item == nullptr || item->data(0, KindRole).toInt() == RootItem) {
        return;
    }
    if (item->data(0, KindRole).toInt() == ProblemItem) {
        m_document.selection().reveal(nodeOf(item), item->data(0, FieldRole).toString());
        return;
    }
    m_document.selection().reveal(nodeOf(item));
    Q_EMIT nodeActivated(item->data(0, NodeRole).toString());
}

void OutlinePanel::removeSelected()
{
    const Selection& selection = m_document.selection();
    const int count = static_cast<int>(selection.nodes().size() + selection.edges().size());
    m_document.edit(tr("Delete %Ln item(s)", nullptr, count),
                    edits::remove(m_document.pipeline(), selection.nodes(), selection.edges()));
}

bool OutlinePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_tree && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        m_document.beginGesture();
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            activate(m_tree->currentItem());
            return true;
        }
        if (key->key() == Qt::Key_Delete) {
            removeSelected();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace streamwright
