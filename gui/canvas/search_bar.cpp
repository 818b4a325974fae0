#include "gui/canvas/search_bar.h"

#include "gui/style/icons.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>

namespace streamwright {

SearchBar::SearchBar(QWidget* parent) : QFrame(parent), m_edit(new QLineEdit(this)), m_count(new QLabel(this))
{
    setObjectName(QStringLiteral("searchBar"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kSpace8, kSpace8, kSpace8, kSpace8);
    m_edit->setPlaceholderText(tr("Name, is:invalid, type:filter, topic:orders"));
    m_edit->setAccessibleName(tr("Search the canvas"));
    m_edit->setMinimumWidth(280);
    m_edit->addAction(icon(QStringLiteral("search"), Role::Muted), QLineEdit::LeadingPosition);
    m_count->setMinimumWidth(m_count->fontMetrics().horizontalAdvance(QStringLiteral("000 / 000")));
    m_count->setAlignment(Qt::AlignCenter);
    auto* close = new QToolButton(this);
    close->setIcon(icon(QStringLiteral("close"), Role::Muted));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close the search (Esc)"));
    layout->addWidget(m_edit);
    layout->addWidget(m_count);
    layout->addWidget(close);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textChanged, this, &SearchBar::queryChanged);
    connect(close, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT closed();
    });
}

void SearchBar::open()
{
    show();
    raise();
    m_edit->setFocus();
    m_edit->selectAll();
    if (!m_edit->text().isEmpty()) {
        Q_EMIT queryChanged(m_edit->text());
    }
}

void SearchBar::setHits(int count, int current)
{
    if (m_edit->text().trimmed().isEmpty()) {
        m_count->clear();
    } else {
        m_count->setText(count == 0 ? tr("none") : tr("%1 / %2").arg(current).arg(count));
    }
}

bool SearchBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        switch (key->key()) {
        case Qt::Key_Escape:
            hide();
            Q_EMIT closed();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Down: Q_EMIT stepRequested(key->modifiers() & Qt::ShiftModifier ? -1 : 1); return true;
        case Qt::Key_Up: Q_EMIT stepRequested(-1); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void SearchBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(themed(Role::Outline));
    painter.setBrush(themed(Role::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
}

} // namespace streamwright
