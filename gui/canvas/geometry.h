#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <QTransform>

#include <optional>
#include <vector>

/// Sizes and places on the canvas, in its own units (pixels at 100 %). Plain functions of their arguments.
namespace streamwright::geometry {

inline constexpr double kCardWidth = 200;
inline constexpr double kPortFirst = 20;
inline constexpr double kPortStep = 20;
inline constexpr double kPortRadius = 4.5;
inline constexpr double kErrorPortRadius = 6;
inline constexpr double kPortHit = 12; ///< half of the 24 px target
inline constexpr double kLiveLine = 32;
inline constexpr double kWireHit = 6; ///< half of the 12 px target
inline constexpr double kBendHit = 8;
inline constexpr double kGrid = 8;
inline constexpr double kDots = 24;
inline constexpr double kLeastDotSpacing = 8; ///< on screen
inline constexpr double kArrow = 9;
inline constexpr double kLeastZoom = 0.1;
inline constexpr double kMostZoom = 4.0;
inline constexpr double kFullDetail = 0.7;
inline constexpr double kSomeDetail = 0.4;
inline constexpr double kPillRoom = 96; ///< shorter wires show no pill

enum class Detail : std::uint8_t { Full, Some, Plain };
[[nodiscard]] Detail detailAt(double zoom);

[[nodiscard]] double cardHeight(int inputs, int outputs);
[[nodiscard]] QRectF cardRect(const QPointF& at, int inputs, int outputs);
[[nodiscard]] QPointF inputPort(const QPointF& card, int index);
[[nodiscard]] QPointF outputPort(const QPointF& card, int index);

/// The line of a wire: from an out port to the tip of its arrow before an in port. `fromCard` and `toCard`
/// let a wire that runs backwards pass between the rows; they may be empty while a wire is being drawn.
struct WireLine {
    QPainterPath path; ///< without the arrow
    QPointF tip;       ///< of the arrow
    QPointF middle;    ///< where the rate pill stands
    double length = 0;
    QRectF bounds;
};
[[nodiscard]] WireLine wireLine(const QPointF& from, const QPointF& to, const std::vector<QPointF>& bends,
                                const QRectF& fromCard = {}, const QRectF& toCard = {});
[[nodiscard]] bool isNear(const WireLine& line, const QPointF& point, double distance);
/// Where in the order of bends a new one at `point` belongs.
[[nodiscard]] int bendIndex(const QPointF& from, const QPointF& to, const std::vector<QPointF>& bends,
                            const QPointF& point);

/// Wheel steps to a factor; 120 is one notch.
[[nodiscard]] double wheelFactor(int angleDelta);
[[nodiscard]] double boundedZoom(double zoom);

/// The candidate nearest to `from` in a direction (unit vector), sideways counting double; -1: none lies
/// there.
[[nodiscard]] int nearestInDirection(const QPointF& from, const QPointF& direction,
                                     const std::vector<QPointF>& candidates);

/// First place on the grid at or right of `wish` where a card of this height touches none of `taken`.
[[nodiscard]] QPointF freeSlot(const QPointF& wish, double height, const std::vector<QRectF>& taken);

} // namespace streamwright::geometry
