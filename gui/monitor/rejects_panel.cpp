#include "gui/monitor/rejects_panel.h"

#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace streamwright {
namespace {

constexpr int kDetailHeight = 90;

} // namespace

void RejectsModel::update(const EngineSnapshot& snapshot)
{
    m_total = snapshot.rejectsTotal;
    const auto firstNew =
        std::find_if(snapshot.rejects.begin(), snapshot.rejects.end(),
                     [this](const RejectSnapshot& reject) { return reject.number > m_last; });
    const auto count = static_cast<int>(snapshot.rejects.end() - firstNew);
    if (count == 0) {
        return;
    }
    beginInsertRows({}, 0, count - 1);
    for (auto reject = firstNew; reject != snapshot.rejects.end(); ++reject) {
        m_rows.push_front(*reject);
    }
    m_last = snapshot.rejects.back().number;
    endInsertRows();
    const int surplus = static_cast<int>(m_rows.size()) - kMostRows;
    if (surplus > 0) {
        beginRemoveRows({}, kMostRows, kMostRows + surplus - 1);
        m_rows.resize(kMostRows);
        endRemoveRows();
    }
}

void RejectsModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_last = 0;
    m_total = 0;
    endResetModel();
}

int RejectsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RejectsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RejectsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const RejectSnapshot& row = reject(index.row());
    if (role == Qt::ForegroundRole && index.column() == Code) {
        return themed(Role::Error);
    }
    if (role == Qt::FontRole && (index.column() == Key || index.column() == Value)) {
        return monoFont();
    }
    if (role == Qt::ToolTipRole && index.column() == Message) {
        return QString::fromStdString(row.message);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case Time: return QDateTime::fromMSecsSinceEpoch(row.failedAtMs).toString(QStringLiteral("HH:mm:ss"));
    case NodeColumn: return QString::fromStdString(row.node);
    case Code: return QString::fromStdString(row.code);
    case Message: return QString::fromStdString(row.message);
    case Position:
        return QStringLiteral("%1[%2]@%3")
            .arg(QString::fromStdString(row.topic))
            .arg(row.partition)
            .arg(row.offset);
    case Key: return QString::fromStdString(row.key);
    case Value: return QString::fromStdString(row.value).simplified();
    default: return {};
    }
}

QVariant RejectsModel::headerData(int section, Qt::Orientation orientation, int role) const
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
    case Time: return tr("Time");
    case NodeColumn: return tr("Node");
    case Code: return tr("Code");
    case Message: return tr("Reason");
    case Position: return tr("From");
    case Key: return tr("Key");
    case Value: return tr("Value");
    default: return {};
    }
}

RejectsPanel::RejectsPanel(QWidget* parent)
    : QWidget(parent), m_model(new RejectsModel(this)), m_table(new QTableView(this)),
      m_detail(new QPlainTextEdit(this)),
      m_empty(
          new QLabel(tr("No dead letters. What a node cannot work on stands here with its reason."), this))
{
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Dead letters"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    const std::array<int, RejectsModel::ColumnCount> widths{72, 110, 120, 260, 150, 70, 200};
    for (std::size_t column = 0; column < widths.size(); ++column) {
        m_table->setColumnWidth(static_cast<int>(column), widths[column]);
    }
    m_detail->setReadOnly(true);
    m_detail->setFont(monoFont());
    m_detail->setFrameShape(QFrame::NoFrame);
    m_detail->setMaximumHeight(kDetailHeight);
    m_detail->setAccessibleName(tr("The chosen dead letter"));
    m_detail->hide();
    m_empty->setAlignment(Qt::AlignCenter);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_detail);
    m_table->hide();
    const auto refresh = [this] {
        m_table->setVisible(m_model->rowCount() > 0);
        m_empty->setVisible(m_model->rowCount() == 0);
        if (m_model->rowCount() == 0) {
            m_detail->hide();
        }
    };
    connect(m_model, &QAbstractItemModel::rowsInserted, this, refresh);
    connect(m_model, &QAbstractItemModel::modelReset, this, refresh);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RejectsPanel::showDetail);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        Q_EMIT nodeActivated(QString::fromStdString(m_model->reject(index.row()).node));
    });
}

void RejectsPanel::showDetail(const QModelIndex& index)
{
    m_detail->setVisible(index.isValid());
    if (index.isValid()) {
        const RejectSnapshot& reject = m_model->reject(index.row());
        m_detail->setPlainText(QStringLiteral("%1\n%2").arg(QString::fromStdString(reject.message),
                                                            QString::fromStdString(reject.value)));
    }
}

} // namespace streamwright
