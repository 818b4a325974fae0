#pragma once

#include "gui/style/theme.h"

#include <QIcon>
#include <QPixmap>
#include <QString>
#include <QStringView>

class QPainter;
class QRectF;

namespace streamwright {

/// An icon of resources/icons by its file name without ".svg", tinted with a role of the theme each time it
/// is drawn: no icon needs to be set again when the theme changes. Disabled icons are muted.
[[nodiscard]] QIcon icon(const QString& name, Role role = Role::Text);

/// Draws an icon into a square in the painter's coordinates, sharp at every zoom.
void paintIcon(QPainter& painter, const QRectF& where, const QString& name, const QColor& color);

/// The shape that says what a node is: source round, transform square, sink a flag pointing right.
enum class TileShape : std::uint8_t { Source, Transform, Sink };
[[nodiscard]] Role tileRole(TileShape shape);
void paintTile(QPainter& painter, const QRectF& where, TileShape shape, const QString& iconName);
[[nodiscard]] QIcon tileIcon(TileShape shape, const QString& iconName);
/// A tile as a picture for labels; `size` in device-independent pixels.
[[nodiscard]] QPixmap tilePixmap(TileShape shape, const QString& iconName, int size, double devicePixelRatio);

/// Which icon stands for a node type ("kafka_source" -> "topic"); "node" for one that is unknown.
[[nodiscard]] QString nodeTypeIcon(QStringView type);

} // namespace streamwright
