#include "gui/app/notice_bar.h"

#include "gui/style/icons.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace streamwright {
namespace {

constexpr int kIconSize = 16;

struct ToneLook {
    Role mark;
    Role tint;
    const char* iconName;
};

ToneLook lookOf(NoticeBar::Tone tone)
{
    switch (tone) {
    case NoticeBar::Tone::Note: return {Role::Accent, Role::Selection, "info"};
    case NoticeBar::Tone::Warning: return {Role::Warning, Role::WarningTint, "warning"};
    case NoticeBar::Tone::Error: return {Role::Error, Role::ErrorTint, "error"};
    }
    return {Role::Accent, Role::Selection, "info"};
}

} // namespace

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_buttons(new QHBoxLayout)
{
    setAutoFillBackground(true);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(kSpace12, kSpace4, kSpace12, kSpace4);
    layout->setSpacing(kSpace8);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    m_buttons->setSpacing(kSpace8);
    layout->addLayout(m_buttons);
    connect(&Theme::instance(), &Theme::changed, this, &NoticeBar::rebuild);
    hide();
}

QString NoticeBar::text() const
{
    return m_notices.empty() ? QString() : m_notices.back().text;
}

void NoticeBar::showNotice(const QString& topic, Tone tone, const QString& text, std::vector<Choice> choices)
{
    std::erase_if(m_notices, [&](const Notice& notice) { return notice.topic == topic; });
    m_notices.push_back({topic, tone, text, std::move(choices)});
    rebuild();
}

void NoticeBar::closeNotice(const QString& topic)
{
    if (std::erase_if(m_notices, [&](const Notice& notice) { return notice.topic == topic; }) > 0) {
        rebuild();
    }
}

void NoticeBar::rebuild()
{
    while (QLayoutItem* const item = m_buttons->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    setVisible(!m_notices.empty());
    if (m_notices.empty()) {
        return;
    }
    const Notice& notice = m_notices.back();
    const ToneLook look = lookOf(notice.tone);
    QPalette colors = palette();
    colors.setColor(QPalette::Window, themed(look.tint));
    colors.setColor(QPalette::WindowText, themed(Role::Text));
    setPalette(colors);
    m_icon->setPixmap(icon(QString::fromLatin1(look.iconName), look.mark).pixmap(kIconSize));
    m_text->setText(notice.text);
    for (const Choice& choice : notice.choices) {
        auto* const button = new QPushButton(choice.text, this);
        button->setToolTip(choice.tip);
        connect(button, &QPushButton::clicked, this, [this, topic = notice.topic, act = choice.act] {
            closeNotice(topic);
            if (act) {
                act();
            }
        });
        m_buttons->addWidget(button);
    }
}

} // namespace streamwright
