#include "gui/palette/quick_list.h"

#include "gui/palette/fuzzy.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kWidth = 520;
constexpr int kMostRows = 12;
constexpr int kHintRole = Qt::UserRole;
constexpr int kIndexRole = Qt::UserRole + 1;

/// Text at the left, hint at the right.
class QuickDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QString hint = index.data(kHintRole).toString();
        if (!hint.isEmpty()) {
            painter->save();
            painter->setFont(captionFont());
            painter->setPen(themed(Role::Muted));
            painter->drawText(option.rect.adjusted(0, 0, -kSpace8, 0), Qt::AlignRight | Qt::AlignVCenter,
                              hint);
            painter->restore();
        }
    }
};

} // namespace

QuickList::QuickList(const QString& placeholder, std::vector<QuickEntry> entries, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_entries(std::move(entries)), m_line(new QLineEdit(this)),
      m_list(new QListWidget(this)), m_nothing(new QLabel(tr("Nothing fits."), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setFixedWidth(kWidth);
    m_line->setPlaceholderText(placeholder);
    m_line->setAccessibleName(placeholder);
    m_line->setClearButtonEnabled(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new QuickDelegate(m_list));
    m_list->setAccessibleName(placeholder);
    m_nothing->setAlignment(Qt::AlignCenter);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace8, kSpace8, kSpace8, kSpace8);
    layout->setSpacing(kSpace8);
    layout->addWidget(m_line);
    layout->addWidget(m_list);
    layout->addWidget(m_nothing);
    m_line->installEventFilter(this);
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::textChanged, this, &QuickList::fill);
    connect(m_list, &QListWidget::itemClicked, this, &QuickList::choose);
    fill();
}

void QuickList::fill()
{
    std::vector<std::pair<int, std::size_t>> fitting;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const int score = fuzzyScore(m_line->text(), m_entries[i].text);
        if (score > 0) {
            fitting.emplace_back(score * 1000 + m_entries[i].rank, i);
        }
    }
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    m_list->clear();
    for (const auto& [score, index] : fitting) {
        const QuickEntry& entry = m_entries[index];
        auto* const item = new QListWidgetItem(entry.icon, entry.text, m_list);
        item->setData(kIndexRole, static_cast<qulonglong>(index));
        item->setData(kHintRole, entry.whyNot.isEmpty() ? entry.hint : entry.whyNot);
        item->setSizeHint(QSize(0, kControlHeight));
        if (!entry.whyNot.isEmpty()) {
            item->setFlags(item->flags() & ~(Qt::ItemIsEnabled | Qt::ItemIsSelectable));
            item->setToolTip(entry.whyNot);
        }
    }
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->flags() & Qt::ItemIsEnabled) {
            m_list->setCurrentRow(row);
            break;
        }
    }
    const int rows = std::min(m_list->count(), kMostRows);
    m_list->setVisible(rows > 0);
    m_nothing->setVisible(rows == 0);
    m_list->setFixedHeight(std::max(1, rows) * kControlHeight + 2);
    adjustSize();
}

void QuickList::setFilter(const QString& text)
{
    m_line->setText(text);
}

int QuickList::visibleEntries() const
{
    return m_list->count();
}

void QuickList::openOver(QWidget* over)
{
    const QPoint top = over->mapToGlobal(QPoint(over->width() / 2 - width() / 2, kBarHeight));
    openAt(top);
}

void QuickList::openAt(const QPoint& global)
{
    adjustSize();
    QPoint place = global;
    if (const QScreen* const screen = QApplication::screenAt(global)) {
        const QRect free = screen->availableGeometry();
        place.setX(std::clamp(place.x(), free.left(), std::max(free.left(), free.right() - width())));
        place.setY(std::clamp(place.y(), free.top(), std::max(free.top(), free.bottom() - height())));
    }
    move(place);
    show();
    m_line->setFocus(Qt::PopupFocusReason);
}

void QuickList::choose()
{
    const QListWidgetItem* const item = m_list->currentItem();
    if (item == nullptr || !(item->flags() & Qt::ItemIsEnabled)) {
        return;
    }
    const std::function<void()> chosen = m_entries[item->data(kIndexRole).toULongLong()].choose;
    m_chosen = true;
    close();
    if (chosen) {
        chosen();
    }
}

bool QuickList::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            choose();
            return true;
        }
        if (key == Qt::Key_Escape) {
            close();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Up || key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
            QApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void QuickList::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    if (!m_chosen) {
        m_chosen = true;
        Q_EMIT cancelled();
    }
}

} // namespace streamwright
