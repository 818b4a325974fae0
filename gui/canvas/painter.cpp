#include "gui/canvas/painter.h"

#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <QTextDocument>

#include <algorithm>
#include <cmath>

namespace streamwright::paint {
namespace {

constexpr double kRadius = 6;
constexpr double kStripe = 4;
constexpr double kTileSide = 28;
constexpr double kTileX = 14;
constexpr double kTileY = 12;
constexpr double kTextX = 52;
constexpr double kPillHeight = 20;
constexpr double kQueueWidth = 70;
constexpr double kQueueHeight = 6;
constexpr double kDim = 0.28;

QString tr(const char* text)
{
    return QCoreApplication::translate("Canvas", text);
}

QFont pixels(double size, QFont::Weight weight = QFont::Normal)
{
    QFont font = QApplication::font();
    // Whole pixels: Qt rounds them anyway, and text measures as it is drawn.
    font.setPixelSize(qRound(size));
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

Role statusRole(NodeStatus status)
{
    switch (status) {
    case NodeStatus::Idle: return Role::Outline;
    case NodeStatus::Running: return Role::Ok;
    case NodeStatus::Waiting:
    case NodeStatus::Warning: return Role::Warning;
    case NodeStatus::Error: return Role::Error;
    }
    return Role::Outline;
}

QString statusIcon(NodeStatus status)
{
    switch (status) {
    case NodeStatus::Idle: return QStringLiteral("pause");
    case NodeStatus::Running: return QStringLiteral("play");
    case NodeStatus::Waiting: return QStringLiteral("wait");
    case NodeStatus::Warning: return QStringLiteral("warning");
    case NodeStatus::Error: return QStringLiteral("error");
    }
    return {};
}

void text(QPainter& painter, const QRectF& where, int flags, const QString& what, const QFont& font,
          const QColor& ink, bool elide = true)
{
    painter.setFont(font);
    painter.setPen(ink);
    const QString shown = elide ? QFontMetricsF(font).elidedText(what, Qt::ElideRight, where.width()) : what;
    painter.drawText(where, flags | Qt::TextSingleLine, shown);
}

void port(QPainter& painter, const QPointF& at, const PortVisual& port, bool hot, double grow, double opacity,
          bool focused)
{
    const bool error = port.role == PortRole::Error;
    const QColor ink = error && hot ? themed(Role::Error) : themed(Role::Wire);
    painter.save();
    painter.setOpacity(painter.opacity() * opacity);
    painter.setPen(QPen(ink, 1.5));
    painter.setBrush(port.connected ? ink : themed(Role::Card));
    if (error) {
        const double r = geometry::kErrorPortRadius + grow;
        painter.drawPolygon(
            QPolygonF({at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)}));
    } else {
        const double r = geometry::kPortRadius + grow;
        painter.drawEllipse(at, r, r);
    }
    if (focused) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(themed(Role::Accent), 2));
        painter.drawEllipse(at, 10, 10);
    }
    painter.restore();
}

void sparkline(QPainter& painter, const QRectF& where, const std::vector<double>& history, const QColor& ink)
{
    if (history.size() < 2) {
        return;
    }
    const double most = *std::max_element(history.begin(), history.end());
    const double least = std::min(*std::min_element(history.begin(), history.end()), most * 0.6);
    const double span = most - least > 1e-9 ? most - least : 1;
    QList<QLineF> lines;
    lines.reserve(static_cast<qsizetype>(history.size()));
    QPointF former;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const QPointF at(where.x() +
                             where.width() * static_cast<double>(i) / static_cast<double>(history.size() - 1),
                         where.bottom() - where.height() * (history[i] - least) / span);
        if (i > 0) {
            lines.append(QLineF(former, at));
        }
        former = at;
    }
    painter.setPen(QPen(ink, 1));
    painter.drawLines(lines);
}

void liveLine(QPainter& painter, const NodeVisual& node, const NodeOverlay& overlay, const QRectF& line)
{
    const QRectF iconRect(line.x() + 14, line.y() + 10, 12, 12);
    const QColor ink = themed(statusRole(overlay.status));
    if (overlay.status == NodeStatus::Running) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        painter.drawPolygon(
            QPolygonF({iconRect.topLeft() + QPointF(2.5, 1.5), iconRect.topLeft() + QPointF(10.5, 6),
                       iconRect.topLeft() + QPointF(2.5, 10.5)}));
    } else {
        paintIcon(painter, iconRect, statusIcon(overlay.status),
                  overlay.status == NodeStatus::Idle ? themed(Role::Muted) : ink);
    }
    const QFont rateFont = pixels(12, QFont::DemiBold);
    text(painter, QRectF(line.x() + 32, line.y(), 64, line.height()), Qt::AlignVCenter | Qt::AlignLeft,
         overlay.rate, rateFont, themed(Role::Text));
    const double rateEnd = line.x() + 32 + QFontMetricsF(rateFont).horizontalAdvance(overlay.rate) + 6;
    const double numberWidth = QFontMetricsF(captionText()).horizontalAdvance(overlay.number);
    const double numberStart = line.right() - 12 - numberWidth;
    const double sparkStart = std::max(line.x() + 84, rateEnd);
    const double sparkWidth = std::min(36.0, numberStart - 6 - sparkStart);
    if (sparkWidth >= 16) {
        sparkline(painter, QRectF(sparkStart, line.y() + 9, sparkWidth, 14), overlay.history,
                  themed(tileRole(node.shape)));
    }
    text(painter, QRectF(rateEnd, line.y(), line.right() - 12 - rateEnd, line.height()),
         Qt::AlignVCenter | Qt::AlignRight, overlay.number, captionText(),
         themed(overlay.numberWarns ? Role::Warning : Role::Muted));
}

QString modeWord(NodeMode mode)
{
    return mode == NodeMode::Bypass ? tr("bypassed") : mode == NodeMode::Off ? tr("disabled") : QString();
}

void badge(QPainter& painter, const QRectF& card, int count, Role role, double right)
{
    const QString number = QString::number(count);
    const QFont font = pixels(11, QFont::DemiBold);
    const double width = 26 + QFontMetricsF(font).horizontalAdvance(number);
    const QRectF where(card.right() + 6 - width - right, card.y() - 10, width, kPillHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(themed(role));
    painter.drawRoundedRect(where, kPillHeight / 2, kPillHeight / 2);
    paintIcon(painter, QRectF(where.x() + 6, where.y() + 3.5, 13, 13), QStringLiteral("warning"),
              themed(Role::Card));
    text(painter, where.adjusted(20, 0, -6, 0), Qt::AlignCenter, number, font, themed(Role::Card), false);
}

/// Room that the name of an out port takes at the right of its row; the card's text ends before it.
double labelRoom(const NodeVisual& node, bool labels, std::size_t row)
{
    constexpr double kBare = 12;
    if (!labels || node.outputs.size() < 2 || row >= node.outputs.size()) {
        return kBare;
    }
    return QFontMetricsF(labelText()).horizontalAdvance(QString::fromStdString(node.outputs[row].name)) + 17;
}

void cardBody(QPainter& painter, const NodeVisual& node, const NodeLook& look, bool labels)
{
    const QRectF& card = node.rect;
    const NodeOverlay* overlay = look.overlay;
    const Role stripe = node.errors > 0      ? Role::Error
                        : overlay != nullptr ? statusRole(overlay->status)
                                             : Role::Outline;
    QPainterPath shape;
    shape.addRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter.fillPath(shape, themed(Role::Card));
    if (node.mode == NodeMode::Bypass) {
        QColor hatch = themed(Role::Hairline);
        painter.fillPath(shape, QBrush(hatch, Qt::BDiagPattern));
    }
    painter.save();
    painter.setClipPath(shape, Qt::IntersectClip);
    painter.fillRect(QRectF(card.x(), card.y(), kStripe + 1, card.height()), themed(stripe));
    painter.restore();
    painter.setPen(QPen(look.selected ? themed(Role::Accent) : themed(Role::Outline), look.selected ? 2 : 1));
    painter.setBrush(Qt::NoBrush);
    if (look.selected) {
        painter.drawRoundedRect(card, kRadius + 0.5, kRadius + 0.5);
    } else {
        painter.drawPath(shape);
    }
    if (look.focused) {
        painter.setPen(QPen(themed(Role::Accent), 1.5));
        painter.drawRoundedRect(card.adjusted(-4, -4, 4, 4), kRadius + 4, kRadius + 4);
    }
    paintTile(painter, QRectF(card.x() + kTileX, card.y() + kTileY, kTileSide, kTileSide), node.shape,
              node.icon);

    const double textWidth = card.width() - kTextX;
    text(painter, QRectF(card.x() + kTextX, card.y() + 9, textWidth - labelRoom(node, labels, 0), 20),
         Qt::AlignVCenter | Qt::AlignLeft, node.title, titleText(), themed(Role::Text));
    const QString word = modeWord(node.mode);
    text(painter, QRectF(card.x() + kTextX, card.y() + 28, textWidth - labelRoom(node, labels, 1), 16),
         Qt::AlignVCenter | Qt::AlignLeft,
         word.isEmpty() ? node.typeLabel : tr("%1, %2").arg(node.typeLabel, word), captionText(),
         themed(Role::Muted));
    if (node.changed) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(themed(Role::Accent));
        painter.drawEllipse(QPointF(card.x() + 10, card.y() + 8), 3, 3);
    }
}

} // namespace

QFont titleText()
{
    static const QFont font = pixels(13, QFont::DemiBold);
    return font;
}

QFont bodyText()
{
    static const QFont font = pixels(12);
    return font;
}

QFont captionText()
{
    static const QFont font = pixels(11);
    return font;
}

QFont labelText()
{
    static const QFont font = pixels(11);
    return font;
}

QFont monoText()
{
    static const QFont font = [] {
        QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        mono.setPixelSize(11);
        return mono;
    }();
    return font;
}

QRectF pill(QPainter& painter, const QPointF& centre, const Pill& what)
{
    const QFont font = what.bold ? pixels(11, QFont::DemiBold) : captionText();
    const double iconRoom = what.icon.isEmpty() ? 0 : 18;
    const double width = QFontMetricsF(font).horizontalAdvance(what.text) + 20 + iconRoom;
    const QRectF where(centre.x() - width / 2, centre.y() - kPillHeight / 2, width, kPillHeight);
    painter.setPen(QPen(what.border, 1));
    painter.setBrush(what.fill);
    painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), kPillHeight / 2 - 0.5,
                            kPillHeight / 2 - 0.5);
    if (!what.icon.isEmpty()) {
        paintIcon(painter, QRectF(where.x() + 9, where.y() + 4, 12, 12), what.icon, what.ink);
    }
    text(painter, where.adjusted(10 + iconRoom, 0, -10, 0), Qt::AlignCenter, what.text, font, what.ink,
         false);
    return where;
}

QRectF markRect(const NodeVisual& node, const QString& what)
{
    const double width = QFontMetricsF(pixels(11, QFont::DemiBold)).horizontalAdvance(what) + 38;
    return {node.rect.center().x() - width / 2, node.rect.y() - 32, width, kPillHeight};
}

void node(QPainter& painter, const NodeVisual& node, const NodeLook& look, geometry::Detail detail)
{
    painter.save();
    if (node.mode == NodeMode::Off) {
        painter.setOpacity(0.5);
    }
    if (look.dimmed) {
        painter.setOpacity(painter.opacity() * kDim);
    }
    if (detail == geometry::Detail::Plain) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.fillRect(node.rect, themed(node.errors > 0 ? Role::Error : tileRole(node.shape)));
        if (look.selected) {
            painter.setPen(QPen(themed(Role::Accent), 0));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(node.rect.adjusted(-8, -8, 8, 8));
        }
        painter.restore();
        return;
    }
    const bool full = detail == geometry::Detail::Full;
    cardBody(painter, node, look, full);

    if (full) {
        const QRectF line(node.rect.x(), node.rect.bottom() - geometry::kLiveLine, node.rect.width(),
                          geometry::kLiveLine);
        painter.setPen(QPen(themed(Role::Hairline), 1));
        painter.drawLine(QPointF(line.x() + kStripe + 1, line.y() + 0.5),
                         QPointF(line.right() - 1, line.y() + 0.5));
        if (look.overlay != nullptr) {
            liveLine(painter, node, *look.overlay, line);
        } else {
            text(painter, line.adjusted(16, 0, -12, 0), Qt::AlignVCenter | Qt::AlignLeft, node.summary,
                 node.summaryMono ? monoText() : captionText(), themed(Role::Muted));
        }
    }
    const bool wiring = !look.fitting.empty();
    const auto drawPorts = [&](PortSide side, const std::vector<PortVisual>& ports, std::size_t base) {
        for (std::size_t i = 0; i < ports.size(); ++i) {
            const QPointF at = node.portAt(side, static_cast<int>(i));
            const bool fits = wiring && base + i < look.fitting.size() && look.fitting[base + i];
            const bool hot = look.overlay != nullptr && look.overlay->status == NodeStatus::Error;
            port(painter, at, ports[i], hot, fits ? 2 : 0, wiring && !fits ? 0.35 : 1,
                 look.focusedPort == static_cast<int>(base + i));
            const bool single = ports.size() == 1;
            if (full && (!single || ((look.hovered || wiring) && side == PortSide::Out))) {
                const QString name = QString::fromStdString(ports[i].name);
                if (side == PortSide::Out) {
                    text(painter, QRectF(at.x() - 11 - 90, at.y() - 8, 90, 16),
                         Qt::AlignVCenter | Qt::AlignRight, name, labelText(), themed(Role::Muted), false);
                } else if (!single) {
                    text(painter, QRectF(at.x() + 10, at.y() - 8, 60, 16), Qt::AlignVCenter | Qt::AlignLeft,
                         name, labelText(), themed(Role::Muted), false);
                }
            }
        }
    };
    drawPorts(PortSide::In, node.inputs, 0);
    drawPorts(PortSide::Out, node.outputs, node.inputs.size());

    if (node.errors + node.warnings > 0) {
        badge(painter, node.rect, node.errors > 0 ? node.errors : node.warnings,
              node.errors > 0 ? Role::Error : Role::Warning, 0);
    }
    if (look.overlay != nullptr && !look.overlay->mark.isEmpty() && full) {
        const bool bottleneck = look.overlay->markIsBottleneck;
        const Role fill = bottleneck ? Role::Warning : Role::WarningTint;
        pill(painter, QPointF(node.rect.center().x(), node.rect.y() - 22),
             {look.overlay->mark, bottleneck ? QStringLiteral("warning") : QStringLiteral("wait"),
              themed(fill), themed(fill), themed(bottleneck ? Role::Card : Role::Warning), bottleneck});
    }
    painter.restore();
}

void wire(QPainter& painter, const WireVisual& wire, const WireLook& look, geometry::Detail detail)
{
    painter.save();
    if (look.dimmed) {
        painter.setOpacity(kDim);
    }
    const bool hot = wire.error && look.overlay != nullptr && look.overlay->errorsCrossed;
    const bool tapped = look.overlay != nullptr && look.overlay->tapped;
    QColor ink = themed(hot ? Role::Error : Role::Wire);
    if (look.selected || look.willTakeNode || tapped) {
        ink = themed(Role::Accent);
    }
    const double width = look.selected || look.hovered || look.willTakeNode || tapped ? 3 : 2;
    QPen pen(ink, width);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    if (wire.error && detail == geometry::Detail::Full) {
        pen.setDashPattern({6 / width, 4 / width});
    }
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    if (detail == geometry::Detail::Plain) {
        painter.drawLine(wire.line.path.pointAtPercent(0), wire.line.tip);
        painter.restore();
        return;
    }
    painter.drawPath(wire.line.path);
    const QPointF& tip = wire.line.tip;
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawPolygon(
        QPolygonF({tip + QPointF(-geometry::kArrow, -5), tip, tip + QPointF(-geometry::kArrow, 5)}));
    if (look.selected || look.hovered) {
        painter.setPen(QPen(ink, 1.5));
        painter.setBrush(themed(Role::Card));
        for (const QPointF& bend : wire.bends) {
            painter.drawEllipse(bend, 4, 4);
        }
    }
    painter.restore();
}

void wireLabels(QPainter& painter, const WireVisual& wire, const WireLook& look)
{
    const WireOverlay* overlay = look.overlay;
    if (overlay == nullptr || wire.line.length < geometry::kPillRoom) {
        return;
    }
    painter.save();
    if (look.dimmed) {
        painter.setOpacity(kDim);
    }
    const bool hot = wire.error && overlay->errorsCrossed;
    if (!overlay->rate.isEmpty() && (!wire.error || hot || overlay->tapped)) {
        Pill what{overlay->rate, {}, themed(Role::Surface), themed(Role::Outline), themed(Role::Text), false};
        if (overlay->tapped) {
            what = {overlay->rate,        QStringLiteral("eye"),  themed(Role::Accent),
                    themed(Role::Accent), themed(Role::OnAccent), true};
        } else if (hot) {
            what.border = themed(Role::Error);
            what.ink = themed(Role::Error);
        }
        if (overlay->pinned) {
            what.icon = QStringLiteral("pin");
        }
        pill(painter, wire.line.middle, what);
    }
    if (overlay->queueFill) {
        const double fill = std::clamp(*overlay->queueFill, 0.0, 1.0);
        const QRectF bar(wire.line.middle.x() - kQueueWidth / 2, wire.line.middle.y() + 16, kQueueWidth,
                         kQueueHeight);
        painter.setPen(QPen(themed(Role::Outline), 1));
        painter.setBrush(themed(Role::Sunken));
        painter.drawRoundedRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5), 2, 2);
        QRectF part = bar;
        part.setWidth(bar.width() * fill);
        constexpr double kStepTwo = 0.60;
        constexpr double kStepThree = 0.85;
        // Three steps by hatch, so that colour is not the only key.
        painter.fillRect(part, themed(fill > kStepTwo ? Role::Warning : Role::Transform));
        if (fill > kStepTwo) {
            painter.save();
            painter.setClipRect(part, Qt::IntersectClip);
            painter.setPen(QPen(themed(Role::Sunken), fill > kStepThree ? 1.4 : 2));
            const double step = fill > kStepThree ? 4 : 8;
            for (double x = bar.x() - kQueueHeight; x < part.right() + kQueueHeight; x += step) {
                painter.drawLine(QPointF(x, bar.bottom()), QPointF(x + kQueueHeight, bar.top()));
            }
            painter.restore();
        }
        text(painter, QRectF(bar.center().x() - 70, bar.bottom() + 3, 140, 14), Qt::AlignCenter,
             overlay->queueText, labelText(), themed(fill > kStepThree ? Role::Warning : Role::Muted));
    }
    painter.restore();
}

void draftWire(QPainter& painter, const QPointF& from, const QPointF& to, bool fits)
{
    const geometry::WireLine line = geometry::wireLine(from, to + QPointF(6, 0), {});
    QPen pen(themed(fits ? Role::Accent : Role::Wire), 2);
    if (!fits) {
        pen.setDashPattern({3, 2});
    }
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(line.path);
    painter.setPen(Qt::NoPen);
    painter.setBrush(pen.color());
    painter.drawPolygon(QPolygonF(
        {line.tip + QPointF(-geometry::kArrow, -5), line.tip, line.tip + QPointF(-geometry::kArrow, 5)}));
}

void frame(QPainter& painter, const FrameVisual& frame, bool selected, geometry::Detail detail)
{
    QColor fill = themed(Role::Sunken);
    fill.setAlphaF(0.55F);
    painter.setPen(QPen(themed(selected ? Role::Accent : Role::Hairline), selected ? 2 : 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(frame.rect, kRadius, kRadius);
    if (detail != geometry::Detail::Plain) {
        text(painter, QRectF(frame.rect.x() + 12, frame.rect.y() + 4, frame.rect.width() - 24, 22),
             Qt::AlignVCenter | Qt::AlignLeft, frame.title, titleText(), themed(Role::Muted));
    }
}

void note(QPainter& painter, const NoteVisual& note, bool selected, geometry::Detail detail)
{
    constexpr double kEar = 12;
    const QRectF r = note.rect.adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath sheet;
    sheet.moveTo(r.x() + 4, r.y());
    sheet.lineTo(r.right() - kEar, r.y());
    sheet.lineTo(r.right(), r.y() + kEar);
    sheet.lineTo(r.right(), r.bottom() - 4);
    sheet.quadTo(r.right(), r.bottom(), r.right() - 4, r.bottom());
    sheet.lineTo(r.x() + 4, r.bottom());
    sheet.quadTo(r.x(), r.bottom(), r.x(), r.bottom() - 4);
    sheet.lineTo(r.x(), r.y() + 4);
    sheet.quadTo(r.x(), r.y(), r.x() + 4, r.y());
    painter.setPen(QPen(themed(selected ? Role::Accent : Role::Outline), selected ? 2 : 1));
    painter.setBrush(themed(Role::Sunken));
    painter.drawPath(sheet);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(QPolygonF({QPointF(r.right() - kEar, r.y()), QPointF(r.right() - kEar, r.y() + kEar),
                                    QPointF(r.right(), r.y() + kEar)}));
    if (detail == geometry::Detail::Plain) {
        return;
    }
    painter.save();
    painter.setClipRect(r.adjusted(0, 0, -2, -2), Qt::IntersectClip);
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(bodyText());
    document.setDefaultStyleSheet(QStringLiteral("body{color:%1}").arg(themed(Role::Text).name()));
    document.setTextWidth(r.width() - 24);
    QTextDocument markdown;
    markdown.setMarkdown(note.text, QTextDocument::MarkdownNoHTML);
    document.setHtml(QStringLiteral("<body>%1</body>").arg(markdown.toHtml()));
    painter.translate(r.topLeft() + QPointF(12, 9));
    document.drawContents(&painter);
    painter.restore();
}

void grid(QPainter& painter, const QRectF& area, double zoom)
{
    if (geometry::kDots * zoom < geometry::kLeastDotSpacing) {
        return;
    }
    painter.setPen(Qt::NoPen);
    const double size = std::max(1.0, 2 / std::max(zoom, 1.0));
    QPen pen(themed(Role::GridDot), size);
    pen.setCapStyle(zoom < 0.6 ? Qt::SquareCap : Qt::RoundCap);
    painter.setPen(pen);
    QList<QPointF> dots;
    const double left = std::floor(area.left() / geometry::kDots) * geometry::kDots;
    const double top = std::floor(area.top() / geometry::kDots) * geometry::kDots;
    dots.reserve(
        static_cast<qsizetype>((area.width() / geometry::kDots + 2) * (area.height() / geometry::kDots + 2)));
    for (double y = top; y <= area.bottom(); y += geometry::kDots) {
        for (double x = left; x <= area.right(); x += geometry::kDots) {
            dots.append(QPointF(x, y));
        }
    }
    painter.drawPoints(dots.constData(), static_cast<int>(dots.size()));
}

} // namespace streamwright::paint
