#include "gui/palette/palette_panel.h"

#include "gui/palette/fuzzy.h"
#include "gui/style/icons.h"
#include "gui/style/type_scale.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QVBoxLayout>

namespace streamwright {
namespace {

constexpr int kTypeRole = Qt::UserRole;

TileShape shapeOf(NodeCategory category)
{
    switch (category) {
    case NodeCategory::Source: return TileShape::Source;
    case NodeCategory::Transform: return TileShape::Transform;
    case NodeCategory::Sink: return TileShape::Sink;
    }
    return TileShape::Transform;
}

/// A tree whose items are dragged as names of node types.
class TypeTree final : public QTreeWidget {
public:
    using QTreeWidget::QTreeWidget;

protected:
    QStringList mimeTypes() const override { return {QString::fromLatin1(kNodeTypeMime)}; }
    QMimeData* mimeData(const QList<QTreeWidgetItem*>& items) const override
    {
        const QString type = items.isEmpty() ? QString() : items.front()->data(0, kTypeRole).toString();
        if (type.isEmpty()) {
            return nullptr;
        }
        auto* const data = new QMimeData;
        data->setData(QString::fromLatin1(kNodeTypeMime), type.toUtf8());
        return data;
    }
};

} // namespace

PalettePanel::PalettePanel(const NodeRegistry& registry, QWidget* parent)
    : QWidget(parent), m_search(new QLineEdit(this)), m_tree(new TypeTree(this))
{
    m_search->setPlaceholderText(tr("Search node types"));
    m_search->setAccessibleName(tr("Search node types"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("search"), Role::Muted), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(kSpace12);
    m_tree->setDragEnabled(true);
    m_tree->setDragDropMode(QAbstractItemView::DragOnly);
    m_tree->setAccessibleName(tr("Node types"));
    m_tree->installEventFilter(this);

    const auto addCategory = [&](NodeCategory category, const QString& title) {
        auto* const group = new QTreeWidgetItem(m_tree, {title});
        group->setFlags(Qt::ItemIsEnabled);
        QFont bold = group->font(0);
        bold.setBold(true);
        group->setFont(0, bold);
        group->setSizeHint(0, QSize(0, kRowHeight));
        for (const NodeType& type : registry.types()) {
            const NodeSpec& spec = type.spec();
            if (spec.category != category) {
                continue;
            }
            auto* const item = new QTreeWidgetItem(group, {QString::fromStdString(spec.label)});
            item->setIcon(0, tileIcon(shapeOf(category), nodeTypeIcon(QString::fromStdString(spec.type))));
            item->setData(0, kTypeRole, QString::fromStdString(spec.type));
            item->setToolTip(0, QString::fromStdString(spec.summary));
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
            item->setSizeHint(0, QSize(0, kRowHeight));
        }
    };
    addCategory(NodeCategory::Source, tr("Sources"));
    addCategory(NodeCategory::Transform, tr("Transforms"));
    addCategory(NodeCategory::Sink, tr("Sinks"));
    m_tree->expandAll();

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* const searchBox = new QVBoxLayout;
    searchBox->setContentsMargins(kSpace12, kSpace12, kSpace12, kSpace8);
    searchBox->addWidget(m_search);
    layout->addLayout(searchBox);
    layout->addWidget(m_tree, 1);

    connect(m_search, &QLineEdit::textChanged, this, &PalettePanel::filter);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, [this](const QTreeWidgetItem* item) {
        const QString type = item->data(0, kTypeRole).toString();
        if (!type.isEmpty()) {
            Q_EMIT placeRequested(type);
        }
    });
}

void PalettePanel::filter(const QString& text)
{
    QTreeWidgetItem* best = nullptr;
    int bestScore = 0;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* const group = m_tree->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j) {
            QTreeWidgetItem* const item = group->child(j);
            const int score = std::max(fuzzyScore(text, item->text(0)),
                                       fuzzyScore(text, item->data(0, kTypeRole).toString()));
            item->setHidden(score == 0);
            any = any || score > 0;
            if (score > bestScore) {
                best = item;
                bestScore = score;
            }
        }
        group->setHidden(!any);
    }
    if (!text.isEmpty() && best != nullptr) {
        m_tree->setCurrentItem(best);
    }
}

void PalettePanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

QStringList PalettePanel::visibleTypes() const
{
    QStringList types;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* const group = m_tree->topLevelItem(i);
        for (int j = 0; j < group->childCount(); ++j) {
            if (!group->child(j)->isHidden()) {
                types.append(group->child(j)->data(0, kTypeRole).toString());
            }
        }
    }
    return types;
}

bool PalettePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        const QTreeWidgetItem* const item = m_tree->currentItem();
        const QString type = item != nullptr ? item->data(0, kTypeRole).toString() : QString();
        if (!type.isEmpty()) {
            Q_EMIT placeRequested(type);
        }
        return true;
    }
    if (watched == m_search && (key == Qt::Key_Down || key == Qt::Key_Up)) {
        m_tree->setFocus();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace streamwright
