#include "gui/canvas/toast.h"

#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include <chrono>

namespace streamwright {
namespace {

constexpr std::chrono::seconds kShown{6};

} // namespace

Toast::Toast(QWidget* parent) : QFrame(parent), m_text(new QLabel(this)), m_undo(new QToolButton(this))
{
    setObjectName(QStringLiteral("toast"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kSpace12, kSpace4, kSpace4, kSpace4);
    layout->addWidget(m_text);
    m_undo->setText(tr("Undo"));
    m_undo->setAutoRaise(true);
    m_undo->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_undo);
    m_end.setSingleShot(true);
    m_end.setInterval(kShown);
    connect(&m_end, &QTimer::timeout, this, &QWidget::hide);
    connect(m_undo, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT undoClicked();
    });
    hide();
}

void Toast::show(const QString& text, bool offersUndo)
{
    m_text->setText(text);
    m_undo->setVisible(offersUndo);
    QFrame::show();
    place();
    raise();
    m_end.start();
}

void Toast::place()
{
    adjustSize();
    move(kSpace16, parentWidget()->height() - height() - kSpace16);
}

void Toast::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(themed(Role::Outline));
    painter.setBrush(themed(Role::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
}

} // namespace streamwright
