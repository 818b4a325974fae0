#include "gui/inspector/problems_panel.h"

#include "gui/style/icons.h"
#include "gui/style/theme.h"

#include <QApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kRowHeight = 40;
constexpr int kCellPadding = 8;
constexpr int kSeverityWidth = 96;
constexpr int kNodeWidth = 150;
constexpr int kSinceWidth = 64;
constexpr int kFixWidth = 150;

Role roleOf(Severity severity)
{
    switch (severity) {
    case Severity::Error: return Role::Error;
    case Severity::Warning: return Role::Warning;
    case Severity::Note: return Role::Muted;
    }
    return Role::Muted;
}

/// Two lines: what happened, and what to do, the second one quieter.
class TwoLineDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem style = option;
        initStyleOption(&style, index);
        style.text.clear();
        QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &style, painter, option.widget);
        const QString hint = index.data(ProblemsModel::HintRole).toString();
        const QRect box = option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0);
        const int line = option.fontMetrics.height();
        const int top = hint.isEmpty() ? box.center().y() - line / 2 : box.center().y() - line;
        painter->save();
        painter->setFont(option.font);
        painter->setPen(themed(Role::Text));
        painter->drawText(
            QRect(box.left(), top, box.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, box.width()));
        painter->setPen(themed(Role::Muted));
        painter->drawText(QRect(box.left(), top + line, box.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(hint, Qt::ElideRight, box.width()));
        painter->restore();
    }
};

} // namespace

ProblemsModel::ProblemsModel(QObject* parent) : QAbstractTableModel(parent) {}

void ProblemsModel::replace(std::vector<Problem> rows)
{
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Problem& a, const Problem& b) { return a.severity > b.severity; });
    const bool sameCount = rows.size() == m_rows.size();
    if (!sameCount) {
        beginResetModel();
    }
    m_rows = std::move(rows);
    if (!sameCount) {
        endResetModel();
        Q_EMIT countChanged(count());
    } else if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(count() - 1, ColumnCount - 1));
    }
}

void ProblemsModel::setDocumentProblems(std::vector<Problem> problems)
{
    std::vector<Problem> rows;
    for (const Problem& old : m_rows) {
        if (old.atRunTime) {
            rows.push_back(old);
        }
    }
    for (Problem& problem : problems) {
        const auto known = std::find_if(m_rows.begin(), m_rows.end(),
                                        [&](const Problem& old) { return old.isSame(problem); });
        problem.first = known != m_rows.end() ? known->first : QDateTime::currentDateTime();
        rows.push_back(std::move(problem));
    }
    replace(std::move(rows));
}

void ProblemsModel::addRunProblem(Problem problem)
{
    std::vector<Problem> rows = m_rows;
    problem.atRunTime = true;
    const auto known =
        std::find_if(rows.begin(), rows.end(), [&](const Problem& old) { return old.isSame(problem); });
    if (known != rows.end()) {
        ++known->count;
        known->last = QDateTime::currentDateTime();
    } else {
        problem.first = QDateTime::currentDateTime();
        rows.push_back(std::move(problem));
    }
    replace(std::move(rows));
}

void ProblemsModel::clearRunProblems()
{
    std::vector<Problem> rows = m_rows;
    std::erase_if(rows, [](const Problem& problem) { return problem.atRunTime; });
    replace(std::move(rows));
}

void ProblemsModel::dismiss(int row)
{
    std::vector<Problem> rows = m_rows;
    if (row >= 0 && row < count() && rows[static_cast<std::size_t>(row)].atRunTime) {
        rows.erase(rows.begin() + row);
        replace(std::move(rows));
    }
}

int ProblemsModel::errorCount() const
{
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [](const Problem& problem) {
        return problem.severity == Severity::Error;
    }));
}

int ProblemsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

int ProblemsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProblemsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count()) {
        return {};
    }
    const Problem& row = problem(index.row());
    if (role == SeverityRole) {
        return static_cast<int>(row.severity);
    }
    if (role == HintRole && index.column() == TextColumn) {
        return row.hint;
    }
    if (role == Qt::ForegroundRole && index.column() == SeverityColumn) {
        return themed(roleOf(row.severity));
    }
    if (role == Qt::DecorationRole && index.column() == SeverityColumn) {
        return icon(row.severity == Severity::Error ? QStringLiteral("error") : QStringLiteral("warning"),
                    roleOf(row.severity));
    }
    if (role == Qt::ToolTipRole) {
        return row.hint.isEmpty() ? row.text : row.text + QLatin1Char('\n') + row.hint;
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case SeverityColumn:
        return row.severity == Severity::Error
                   ? tr("Error")
                   : (row.severity == Severity::Warning ? tr("Warning") : tr("Note"));
    case NodeColumn: return row.node.isEmpty() ? tr("Pipeline") : row.title;
    case TextColumn: return row.count > 1 ? tr("%1 (%2 times)").arg(row.text).arg(row.count) : row.text;
    case SinceColumn: return row.first.toString(QStringLiteral("HH:mm"));
    default: return {};
    }
}

QVariant ProblemsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case SeverityColumn: return tr("Severity");
    case NodeColumn: return tr("Node");
    case TextColumn: return tr("What happened, and what to do");
    case SinceColumn: return tr("Since");
    default: return QString();
    }
}

ProblemsPanel::ProblemsPanel(QWidget* parent)
    : QWidget(parent), m_model(new ProblemsModel(this)), m_table(new QTableView(this)),
      m_empty(new QLabel(tr("No problems."), this))
{
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(ProblemsModel::TextColumn, new TwoLineDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Problems"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* const header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(ProblemsModel::TextColumn, QHeaderView::Stretch);
    header->setHighlightSections(false);
    m_table->setColumnWidth(ProblemsModel::SeverityColumn, kSeverityWidth);
    m_table->setColumnWidth(ProblemsModel::NodeColumn, kNodeWidth);
    m_table->setColumnWidth(ProblemsModel::SinceColumn, kSinceWidth);
    m_table->setColumnWidth(ProblemsModel::FixColumn, kFixWidth);
    m_table->installEventFilter(this);
    m_empty->setAlignment(Qt::AlignCenter);

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table);
    layout->addWidget(m_empty);
    m_table->hide();

    connect(m_table, &QTableView::doubleClicked, this, &ProblemsPanel::activate);
    const auto refresh = [this] {
        m_table->setVisible(m_model->count() > 0);
        m_empty->setVisible(m_model->count() == 0);
        placeButtons();
    };
    connect(m_model, &QAbstractItemModel::modelReset, this, refresh);
    connect(m_model, &QAbstractItemModel::dataChanged, this, refresh);
}

void ProblemsPanel::activate(const QModelIndex& index)
{
    if (index.isValid()) {
        const Problem& problem = m_model->problem(index.row());
        Q_EMIT activated(problem.node, problem.field);
    }
}

void ProblemsPanel::placeButtons()
{
    for (int row = 0; row < m_model->count(); ++row) {
        const Problem& problem = m_model->problem(row);
        const QModelIndex cell = m_model->index(row, ProblemsModel::FixColumn);
        if (problem.fix.isEmpty()) {
            m_table->setIndexWidget(cell, nullptr);
            continue;
        }
        auto* const button = new QPushButton(problem.fix);
        button->setAccessibleDescription(problem.text);
        connect(button, &QPushButton::clicked, this,
                [this, code = problem.code, node = problem.node, field = problem.field] {
                    Q_EMIT fixRequested(code, node, field);
                });
        m_table->setIndexWidget(cell, button);
    }
}

bool ProblemsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            activate(m_table->currentIndex());
            return true;
        }
        if (key == Qt::Key_Delete) {
            m_model->dismiss(m_table->currentIndex().row());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace streamwright
