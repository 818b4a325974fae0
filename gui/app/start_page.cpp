#include "gui/app/start_page.h"

#include "gui/style/icons.h"
#include "gui/style/studio_style.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QDateTime>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QFrame>
#include <QLabel>
#include <QLocale>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <functional>

namespace streamwright {
namespace {

constexpr int kWidth = 800;
constexpr int kCardHeight = 224;
constexpr int kArtHeight = 48;
constexpr int kFileRow = 40;
constexpr int kDots = 24;

/// Text in a role of the theme that follows it.
class RoleLabel final : public QLabel {
public:
    RoleLabel(const QString& text, const QFont& font, Role role, QWidget* parent)
        : QLabel(text, parent), m_role(role)
    {
        setFont(font);
        setWordWrap(true);
        takeColour();
        connect(&Theme::instance(), &Theme::changed, this, [this] { takeColour(); });
    }

private:
    void takeColour()
    {
        QPalette changed = palette();
        changed.setColor(QPalette::WindowText, themed(m_role));
        setPalette(changed);
    }
    Role m_role;
};

/// The small drawing at the top of a card.
class Art final : public QWidget {
public:
    enum class Kind { Example, File, Node };

    Art(Kind kind, QWidget* parent) : QWidget(parent), m_kind(kind) { setFixedHeight(kArtHeight); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const double y = 10;
        switch (m_kind) {
        case Kind::Example:
            paintTile(painter, {0, y, 28, 28}, TileShape::Source, QStringLiteral("bolt"));
            arrow(painter, 32, 80, y + 14);
            paintTile(painter, {84, y, 28, 28}, TileShape::Transform, QStringLiteral("parse"));
            arrow(painter, 116, 164, y + 14);
            paintTile(painter, {168, y, 28, 28}, TileShape::Sink, QStringLiteral("topic"));
            break;
        case Kind::File:
            paintIcon(painter, {0, 8, 32, 32}, QStringLiteral("file"), themed(Role::Wire));
            painter.setFont(monoFont());
            painter.setPen(themed(Role::Text));
            painter.drawText(QRectF(44, 8, width() - 44, 16), Qt::AlignVCenter,
                             QStringLiteral("orders.pipeline.json"));
            painter.setFont(captionFont());
            painter.setPen(themed(Role::Muted));
            painter.drawText(QRectF(44, 25, width() - 44, 16), Qt::AlignVCenter,
                             StartPage::tr("also runs without a screen"));
            break;
        case Kind::Node:
            painter.setPen(QPen(themed(Role::Outline), 1.5, Qt::DashLine));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(1, y - 4, 84, 36), kCardRadius, kCardRadius);
            paintIcon(painter, {35, y + 6, 16, 16}, QStringLiteral("plus"), themed(Role::Accent));
            break;
        }
    }

private:
    static void arrow(QPainter& painter, double from, double to, double y)
    {
        painter.setPen(QPen(themed(Role::Wire), 2));
        painter.drawLine(QPointF(from, y), QPointF(to - 8, y));
        painter.setPen(Qt::NoPen);
        painter.setBrush(themed(Role::Wire));
        painter.drawPolygon(QPolygonF({QPointF(to - 9, y - 5), QPointF(to, y), QPointF(to - 9, y + 5)}));
    }
    Kind m_kind;
};

/// A surface with an outline: accent for the one way that most people want.
class Card : public QFrame {
public:
    Card(bool accent, QWidget* parent) : QFrame(parent), m_accent(accent) {}

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(themed(m_accent ? Role::Accent : Role::Outline));
        painter.setBrush(themed(Role::Card));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
    }

private:
    bool m_accent;
};

/// A recent file: the whole row is a button.
class FileRow final : public QToolButton {
public:
    explicit FileRow(QWidget* parent) : QToolButton(parent)
    {
        setFixedHeight(kFileRow);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setCursor(Qt::PointingHandCursor);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setPen(themed(Role::Hairline));
        painter.drawLine(0, 0, width(), 0);
        if (isEnabled() && (underMouse() || hasFocus())) {
            painter.fillRect(rect().adjusted(1, 1, -1, 0),
                             themed(hasFocus() ? Role::Selection : Role::Sunken));
        }
    }
};

QString shortPath(const QString& path)
{
    const QString native = QDir::toNativeSeparators(path);
    const QString home = QDir::toNativeSeparators(QDir::homePath());
    return native.startsWith(home) ? QLatin1Char('~') + native.mid(home.size()) : native;
}

QString when(const QDateTime& time)
{
    const QDate today = QDate::currentDate();
    const QString clock = QLocale().toString(time.time(), QStringLiteral("HH:mm"));
    if (time.date() == today) {
        return StartPage::tr("today, %1").arg(clock);
    }
    if (time.date() == today.addDays(-1)) {
        return StartPage::tr("yesterday, %1").arg(clock);
    }
    return QLocale().toString(time.date(), QStringLiteral("d MMMM"));
}

} // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_recentBox(new QWidget), m_recent(new QVBoxLayout)
{
    setAcceptDrops(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    auto* const box = new QWidget;
    box->setMaximumWidth(kWidth);
    box->setMinimumWidth(kWidth / 2);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(kSpace16, kSpace24, kSpace16, kSpace24);
    column->setSpacing(kSpace4);
    column->addWidget(new RoleLabel(tr("Build a pipeline"), headingFont(), Role::Text, box));
    column->addWidget(new RoleLabel(
        tr("Read from Kafka, change each record, write it on. Nothing is sent anywhere until you press Run."),
        bodyFont(), Role::Muted, box));
    column->addSpacing(kSpace16);

    auto* const cards = new QHBoxLayout;
    cards->setSpacing(kSpace16);
    const auto card = [&](Art::Kind art, const QString& title, const QString& text, const QString& buttonText,
                          const QString& iconName, bool primary, auto signal) {
        auto* const made = new Card(primary, box);
        made->setFixedHeight(std::max(kCardHeight, QFontMetrics(bodyFont()).lineSpacing() * 12));
        auto* const inside = new QVBoxLayout(made);
        inside->setContentsMargins(20, kSpace16, 20, 20);
        inside->setSpacing(kSpace8);
        inside->addWidget(new Art(art, made));
        inside->addWidget(new RoleLabel(title, titleFont(), Role::Text, made));
        inside->addWidget(new RoleLabel(text, bodyFont(), Role::Muted, made));
        inside->addStretch(1);
        auto* const button =
            new QPushButton(icon(iconName, primary ? Role::OnAccent : Role::Text), buttonText, made);
        setPrimary(button, primary);
        connect(button, &QPushButton::clicked, this, signal);
        inside->addWidget(button, 0, Qt::AlignLeft);
        cards->addWidget(made, 1);
    };
    card(Art::Kind::Example, tr("From an example"),
         tr("Purchase requests out of customers' messages. It runs on the built-in broker: no Kafka needed."),
         tr("Open the example"), QStringLiteral("flask"), true, &StartPage::exampleRequested);
    card(Art::Kind::Node, tr("From an empty canvas"),
         tr("Place a first node and draw wires from its ports; or drag nodes from the palette."),
         tr("Add a node"), QStringLiteral("plus"), false, &StartPage::addNodeRequested);
    card(Art::Kind::File, tr("Open"), tr("A pipeline file from disk, or drop it anywhere on this window."),
         tr("Open a file"), QStringLiteral("folder"), false, &StartPage::openRequested);
    column->addLayout(cards);

    auto* const recentColumn = new QVBoxLayout(m_recentBox);
    recentColumn->setContentsMargins(0, kSpace24, 0, 0);
    recentColumn->setSpacing(kSpace4);
    auto* const head = new QHBoxLayout;
    head->addWidget(new RoleLabel(tr("Recent files"), titleFont(), Role::Text, m_recentBox), 1);
    auto* const clear = new QToolButton(m_recentBox);
    clear->setAutoRaise(true);
    clear->setText(tr("Clear the list"));
    connect(clear, &QToolButton::clicked, this, &StartPage::forgetAllRequested);
    head->addWidget(clear);
    recentColumn->addLayout(head);
    auto* const list = new Card(false, m_recentBox);
    m_recent->setContentsMargins(1, 0, 1, 1);
    m_recent->setSpacing(0);
    list->setLayout(m_recent);
    recentColumn->addWidget(list);
    column->addWidget(m_recentBox);

    column->addSpacing(kSpace16);
    column->addWidget(new RoleLabel(tr("Or press A to place a node, Ctrl+Shift+P for every command."),
                                    bodyFont(), Role::Muted, box));
    column->addStretch(1);

    auto* const scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* const page = new QWidget;
    auto* const centred = new QHBoxLayout(page);
    centred->setContentsMargins(0, kSpace32, 0, 0);
    centred->addStretch(1);
    centred->addWidget(box, 100);
    centred->addStretch(1);
    scroll->setWidget(page);
    page->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    m_recentBox->hide();
}

void StartPage::setRecent(const QStringList& files)
{
    while (QLayoutItem* const item = m_recent->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    m_recentBox->setVisible(!files.isEmpty());
    for (const QString& file : files) {
        const QFileInfo info(file);
        const bool there = info.exists();
        auto* const row = new FileRow(this);
        row->setAccessibleName(info.fileName());
        row->setToolTip(QDir::toNativeSeparators(file));
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(kSpace12, 0, kSpace12, 0);
        line->setSpacing(kSpace12);
        auto* const mark = new QLabel(row);
        mark->setPixmap(icon(QStringLiteral("file"), Role::Muted).pixmap(16, 16));
        line->addWidget(mark);
        QString name = info.fileName();
        name.remove(QStringLiteral(".pipeline.json"));
        auto* const title = new RoleLabel(name, bodyFont(), there ? Role::Text : Role::Muted, row);
        title->setMinimumWidth(200);
        line->addWidget(title);
        line->addWidget(new RoleLabel(shortPath(info.path()), bodyFont(), Role::Muted, row), 1);
        auto* const state = new RoleLabel(there ? when(info.lastModified()) : tr("The file is gone"),
                                          bodyFont(), Role::Muted, row);
        state->setWordWrap(false);
        line->addWidget(state);
        for (QLabel* label : row->findChildren<QLabel*>()) {
            label->setAttribute(Qt::WA_TransparentForMouseEvents);
        }
        if (there) {
            connect(row, &QToolButton::clicked, this, [this, file] { Q_EMIT fileRequested(file); });
        } else {
            auto* const forget = new QToolButton(row);
            forget->setAutoRaise(true);
            forget->setText(tr("Remove"));
            forget->setToolTip(tr("Forget this file"));
            connect(forget, &QToolButton::clicked, this, [this, file] { Q_EMIT forgetRequested(file); });
            line->addWidget(forget);
            row->setCursor(Qt::ArrowCursor);
            row->setFocusPolicy(Qt::NoFocus);
        }
        m_recent->addWidget(row);
    }
}

void StartPage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Role::Canvas));
    QPen pen(themed(Role::GridDot), 2);
    pen.setCapStyle(Qt::RoundCap);
    painter.setPen(pen);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int y = kDots / 2; y < height(); y += kDots) {
        for (int x = kDots / 2; x < width(); x += kDots) {
            painter.drawPoint(x, y);
        }
    }
}

void StartPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls()) {
        event->acceptProposedAction();
    }
}

void StartPage::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.first().isLocalFile()) {
        Q_EMIT fileDropped(urls.first().toLocalFile());
    }
}

} // namespace streamwright
