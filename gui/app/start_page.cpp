#include "gui/app/start_page.h"

#include "gui/style/icons.h"
#include "gui/style/studio_style.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace streamwright {
namespace {

constexpr int kWidth = 560;

QLabel* label(const QString& text, const QFont& font, Role role, QWidget* parent)
{
    auto* const made = new QLabel(text, parent);
    made->setFont(font);
    made->setWordWrap(true);
    QPalette palette = made->palette();
    palette.setColor(QPalette::WindowText, themed(role));
    made->setPalette(palette);
    return made;
}

} // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_recent(new QVBoxLayout)
{
    auto* const box = new QWidget(this);
    box->setFixedWidth(kWidth);
    auto* const column = new QVBoxLayout(box);
    column->setSpacing(kSpace8);
    column->addWidget(label(tr("Build a pipeline"), headingFont(), Role::Text, box));
    column->addWidget(label(tr("Records come in at the left, pass through nodes, and leave at the right. "
                               "Nothing runs until you press Run."),
                            bodyFont(), Role::Muted, box));
    column->addSpacing(kSpace8);

    const auto way = [&](const QString& text, const QString& explanation, const QString& iconName,
                         bool primary, auto signal) {
        auto* const button =
            new QPushButton(icon(iconName, primary ? Role::OnAccent : Role::Text), text, box);
        button->setMinimumWidth(190);
        setPrimary(button, primary);
        connect(button, &QPushButton::clicked, this, signal);
        auto* const row = new QHBoxLayout;
        row->setSpacing(kSpace16);
        row->addWidget(button);
        row->addWidget(label(explanation, bodyFont(), Role::Muted, box), 1);
        column->addLayout(row);
    };
    way(tr("Open the example"), tr("Purchase requests out of customers' messages, on the built-in broker."),
        QStringLiteral("flask"), true, &StartPage::exampleRequested);
    way(tr("Open a file…"), tr("A *.pipeline.json of yours."), QStringLiteral("folder"), false,
        &StartPage::openRequested);
    way(tr("Add the first node"), tr("Or drag one from the palette; A opens this list anywhere."),
        QStringLiteral("plus"), false, &StartPage::addNodeRequested);
    column->addSpacing(kSpace8);
    m_recent->setSpacing(kSpace4);
    column->addLayout(m_recent);

    auto* const layout = new QVBoxLayout(this);
    layout->addStretch(1);
    layout->addWidget(box, 0, Qt::AlignHCenter);
    layout->addStretch(2);
}

void StartPage::setRecent(const QStringList& files)
{
    while (QLayoutItem* const item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (files.isEmpty()) {
        return;
    }
    m_recent->addWidget(label(tr("Recent files"), titleFont(), Role::Text, this));
    for (const QString& file : files) {
        const QFileInfo info(file);
        auto* const row = new QWidget(this);
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        auto* const open = new QToolButton(row);
        open->setAutoRaise(true);
        open->setText(info.fileName());
        open->setToolTip(QDir::toNativeSeparators(file));
        open->setEnabled(info.exists());
        connect(open, &QToolButton::clicked, this, [this, file] { Q_EMIT fileRequested(file); });
        line->addWidget(open);
        line->addWidget(
            label(info.exists() ? QDir::toNativeSeparators(info.path()) : tr("is not there any more"),
                  captionFont(), Role::Muted, row),
            1);
        if (!info.exists()) {
            auto* const forget = new QToolButton(row);
            forget->setAutoRaise(true);
            forget->setText(tr("Remove"));
            forget->setToolTip(tr("Forget this file"));
            connect(forget, &QToolButton::clicked, this, [this, file] { Q_EMIT forgetRequested(file); });
            line->addWidget(forget);
        }
        m_recent->addWidget(row);
    }
}

} // namespace streamwright
