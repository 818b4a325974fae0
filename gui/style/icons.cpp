#include "gui/style/icons.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>
#include <cmath>
#include <utility>

namespace streamwright {
namespace {

constexpr double kIconGrid = 16;

QByteArray tinted(const QString& name, const QColor& color)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    return file.readAll().replace("#000", color.name(QColor::HexRgb).toLatin1());
}

QPixmap iconPixmap(const QString& name, const QColor& color, int devicePixels)
{
    const QString key = QStringLiteral("sw-icon/%1/%2/%3").arg(name, color.name()).arg(devicePixels);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    pixmap = QPixmap(devicePixels, devicePixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(tinted(name, color));
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(0, 0, devicePixels, devicePixels));
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Reads the theme whenever it paints, so that icons follow it without being set again.
class ThemedIconEngine final : public QIconEngine {
public:
    ThemedIconEngine(QString name, Role role) : m_name(std::move(name)), m_role(role) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QColor color = themed(m_role);
        if (mode == QIcon::Disabled) {
            color = themed(Role::Muted);
            painter->setOpacity(painter->opacity() * 0.6);
        }
        const int side = std::min(rect.width(), rect.height());
        const QRectF square(rect.x() + (rect.width() - side) / 2.0, rect.y() + (rect.height() - side) / 2.0,
                            side, side);
        paintIcon(*painter, square, m_name, color);
        if (mode == QIcon::Disabled) {
            painter->setOpacity(painter->opacity() / 0.6);
        }
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    QString m_name;
    Role m_role;
};

class TileIconEngine final : public QIconEngine {
public:
    TileIconEngine(TileShape shape, QString name) : m_shape(shape), m_name(std::move(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const double opacity = painter->opacity();
        if (mode == QIcon::Disabled) {
            painter->setOpacity(opacity * 0.5);
        }
        paintTile(*painter, QRectF(rect).adjusted(0.5, 0.5, -1.5, -0.5), m_shape, m_name);
        painter->setOpacity(opacity);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new TileIconEngine(*this); }

private:
    TileShape m_shape;
    QString m_name;
};

} // namespace

QIcon icon(const QString& name, Role role)
{
    return QIcon(new ThemedIconEngine(name, role));
}

void paintIcon(QPainter& painter, const QRectF& where, const QString& name, const QColor& color)
{
    const QTransform device = painter.deviceTransform();
    const double scale = std::hypot(device.m11(), device.m12());
    const int pixels = std::max(1, qRound(where.width() * scale));
    const QPixmap pixmap = iconPixmap(name, color, pixels);
    const QTransform world = painter.combinedTransform();
    if (world.type() <= QTransform::TxScale) {
        // On whole device pixels strokes stay crisp.
        const double ratio = painter.device()->devicePixelRatioF();
        const QPointF corner = world.map(where.topLeft()) * ratio;
        painter.save();
        painter.resetTransform();
        const QPointF snapped(std::round(corner.x()) / ratio, std::round(corner.y()) / ratio);
        painter.drawPixmap(QRectF(snapped, QSizeF(pixels / ratio, pixels / ratio)), pixmap,
                           QRectF(0, 0, pixels, pixels));
        painter.restore();
    } else {
        painter.drawPixmap(where, pixmap, QRectF(0, 0, pixels, pixels));
    }
}

Role tileRole(TileShape shape)
{
    switch (shape) {
    case TileShape::Source: return Role::Source;
    case TileShape::Transform: return Role::Transform;
    case TileShape::Sink: return Role::Sink;
    }
    return Role::Transform;
}

void paintTile(QPainter& painter, const QRectF& where, TileShape shape, const QString& iconName)
{
    const double s = where.height();
    const double x = where.x();
    const double y = where.y();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(themed(tileRole(shape)));
    double shift = 0;
    switch (shape) {
    case TileShape::Source: painter.drawEllipse(QRectF(x, y, s, s)); break;
    case TileShape::Transform: painter.drawRoundedRect(QRectF(x, y, s, s), s / 7, s / 7); break;
    case TileShape::Sink: {
        const double r = s / 9;
        QPainterPath flag;
        flag.moveTo(x + r, y);
        flag.lineTo(x + s * 0.74, y);
        flag.lineTo(x + s * 1.04, y + s / 2);
        flag.lineTo(x + s * 0.74, y + s);
        flag.lineTo(x + r, y + s);
        flag.quadTo(x, y + s, x, y + s - r);
        flag.lineTo(x, y + r);
        flag.quadTo(x, y, x + r, y);
        painter.drawPath(flag);
        shift = -s * 0.05;
        break;
    }
    }
    constexpr double kGlyphShare = 0.57;
    const double glyph = std::max(s * kGlyphShare, std::min(s, 10.0));
    paintIcon(painter, QRectF(x + (s - glyph) / 2 + shift, y + (s - glyph) / 2, glyph, glyph), iconName,
              themed(Role::Card));
    painter.restore();
}

QIcon tileIcon(TileShape shape, const QString& iconName)
{
    return QIcon(new TileIconEngine(shape, iconName));
}

QPixmap tilePixmap(TileShape shape, const QString& iconName, int size, double devicePixelRatio)
{
    QPixmap pixmap(QSize(qRound((size + 2) * devicePixelRatio), qRound(size * devicePixelRatio)));
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintTile(painter, QRectF(0, 0, size, size), shape, iconName);
    return pixmap;
}

QString nodeTypeIcon(QStringView type)
{
    static const QHash<QString, QString> icons{
        {QStringLiteral("kafka_source"), QStringLiteral("topic")},
        {QStringLiteral("kafka_sink"), QStringLiteral("topic")},
        {QStringLiteral("file_source"), QStringLiteral("file")},
        {QStringLiteral("file_sink"), QStringLiteral("file")},
        {QStringLiteral("generator"), QStringLiteral("bolt")},
        {QStringLiteral("parse"), QStringLiteral("parse")},
        {QStringLiteral("filter"), QStringLiteral("filter")},
        {QStringLiteral("number"), QStringLiteral("hash")},
        {QStringLiteral("set_fields"), QStringLiteral("pencil")},
        {QStringLiteral("select_fields"), QStringLiteral("list")},
        {QStringLiteral("route"), QStringLiteral("route")},
        {QStringLiteral("explode"), QStringLiteral("explode")},
        {QStringLiteral("throttle"), QStringLiteral("gauge")},
        {QStringLiteral("console_sink"), QStringLiteral("terminal")},
    };
    return icons.value(type.toString(), QStringLiteral("node"));
}

} // namespace streamwright
