#include "gui/canvas/geometry.h"

#include "gui/document/auto_layout.h"

#include <algorithm>
#include <cmath>

namespace streamwright::geometry {
namespace {

constexpr double kLeastControl = 48;
constexpr double kPortGap = 5;
constexpr double kTipGap = 6;
constexpr double kBackwards = 24;
constexpr double kLoopWidth = 44;

double controlOffset(double dx)
{
    return std::max(kLeastControl, std::abs(dx) / 2);
}

void curveTo(QPainterPath& path, const QPointF& to)
{
    const QPointF from = path.currentPosition();
    if (std::abs(from.y() - to.y()) < 0.5 && to.x() > from.x()) {
        path.lineTo(to);
        return;
    }
    const double k = controlOffset(to.x() - from.x());
    path.cubicTo(from + QPointF(k, 0), to - QPointF(k, 0), to);
}

/// The row between two cards in which a backward wire runs.
double corridor(const QPointF& from, const QPointF& to, const QRectF& fromCard, const QRectF& toCard)
{
    constexpr double kRoom = 24;
    if (fromCard.isValid() && toCard.isValid()) {
        if (toCard.top() >= fromCard.bottom() + kRoom) {
            return (fromCard.bottom() + toCard.top()) / 2;
        }
        if (fromCard.top() >= toCard.bottom() + kRoom) {
            return (toCard.bottom() + fromCard.top()) / 2;
        }
        return std::max(fromCard.bottom(), toCard.bottom()) + kRoom;
    }
    return (from.y() + to.y()) / 2;
}

double distanceToSegment(const QPointF& p, const QPointF& a, const QPointF& b)
{
    const QPointF ab = b - a;
    const double squared = QPointF::dotProduct(ab, ab);
    const double t = squared < 1e-9 ? 0 : std::clamp(QPointF::dotProduct(p - a, ab) / squared, 0.0, 1.0);
    const QPointF d = p - (a + ab * t);
    return std::hypot(d.x(), d.y());
}

} // namespace

Detail detailAt(double zoom)
{
    if (zoom >= kFullDetail) {
        return Detail::Full;
    }
    return zoom >= kSomeDetail ? Detail::Some : Detail::Plain;
}

double cardHeight(int inputs, int outputs)
{
    return nodeHeight(std::max(inputs, outputs));
}

QRectF cardRect(const QPointF& at, int inputs, int outputs)
{
    return {at.x(), at.y(), kCardWidth, cardHeight(inputs, outputs)};
}

QPointF inputPort(const QPointF& card, int index)
{
    return card + QPointF(0, kPortFirst + kPortStep * index);
}

QPointF outputPort(const QPointF& card, int index)
{
    return card + QPointF(kCardWidth, kPortFirst + kPortStep * index);
}

WireLine wireLine(const QPointF& from, const QPointF& to, const std::vector<QPointF>& bends,
                  const QRectF& fromCard, const QRectF& toCard)
{
    WireLine line;
    line.tip = to - QPointF(kTipGap, 0);
    const QPointF start = from + QPointF(kPortGap, 0);
    const QPointF end = line.tip - QPointF(kArrow - 2, 0);
    QPainterPath path(start);
    std::optional<QPointF> middle;
    if (!bends.empty()) {
        for (const QPointF& bend : bends) {
            curveTo(path, bend);
        }
        curveTo(path, end);
    } else if (end.x() < start.x() - kBackwards && fromCard.isValid()) {
        const double y = corridor(from, to, fromCard, toCard);
        const double right = start.x();
        const double left = end.x();
        path.cubicTo(right + kLoopWidth, start.y(), right + kLoopWidth, y, right, y);
        path.lineTo(left, y);
        path.cubicTo(left - kLoopWidth, y, left - kLoopWidth, end.y(), left - kArrow, end.y());
        path.lineTo(end);
        middle = QPointF((right + left) / 2, y);
    } else {
        curveTo(path, end);
    }
    line.path = path;
    line.length = path.length();
    line.middle = middle ? *middle : path.pointAtPercent(path.percentAtLength(line.length / 2));
    constexpr double kMargin = 60; // pills and queue bars stand off the line
    line.bounds =
        path.boundingRect().united(QRectF(line.tip, QSizeF(1, 1))).adjusted(-kMargin, -20, kMargin, 40);
    return line;
}

bool isNear(const WireLine& line, const QPointF& point, double distance)
{
    if (!line.path.boundingRect()
             .united(QRectF(line.tip, QSizeF(1, 1)))
             .adjusted(-distance, -distance, distance, distance)
             .contains(point)) {
        return false;
    }
    for (const QPolygonF& polygon : line.path.toSubpathPolygons()) {
        for (qsizetype i = 1; i < polygon.size(); ++i) {
            if (distanceToSegment(point, polygon[i - 1], polygon[i]) <= distance) {
                return true;
            }
        }
    }
    return distanceToSegment(point, line.path.currentPosition(), line.tip) <= distance;
}

int bendIndex(const QPointF& from, const QPointF& to, const std::vector<QPointF>& bends, const QPointF& point)
{
    std::vector<QPointF> points{from};
    points.insert(points.end(), bends.begin(), bends.end());
    points.push_back(to);
    int best = 0;
    double nearest = 1e18;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double distance = distanceToSegment(point, points[i - 1], points[i]);
        if (distance < nearest) {
            nearest = distance;
            best = static_cast<int>(i) - 1;
        }
    }
    return best;
}

double wheelFactor(int angleDelta)
{
    constexpr double kPerUnit = 1.0015;
    return std::pow(kPerUnit, angleDelta);
}

double boundedZoom(double zoom)
{
    return std::clamp(zoom, kLeastZoom, kMostZoom);
}

int nearestInDirection(const QPointF& from, const QPointF& direction, const std::vector<QPointF>& candidates)
{
    int best = -1;
    double least = 1e18;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const QPointF d = candidates[i] - from;
        const double along = QPointF::dotProduct(d, direction);
        const double across = std::abs(d.x() * direction.y() - d.y() * direction.x());
        if (along < 1 || across > along * 2.5) {
            continue;
        }
        const double cost = along + 2 * across;
        if (cost < least) {
            least = cost;
            best = static_cast<int>(i);
        }
    }
    return best;
}

QPointF freeSlot(const QPointF& wish, double height, const std::vector<QRectF>& taken)
{
    constexpr double kGap = 24;
    constexpr int kRows = 40;
    for (int row = 0; row < kRows; ++row) {
        const QPointF place = snapped(wish + QPointF(0, row * (height + 2 * kGap)));
        const QRectF card = QRectF(place, QSizeF(kCardWidth, height)).adjusted(-kGap, -kGap, kGap, kGap);
        const bool free = std::none_of(taken.begin(), taken.end(),
                                       [&](const QRectF& other) { return card.intersects(other); });
        if (free) {
            return place;
        }
    }
    return snapped(wish);
}

} // namespace streamwright::geometry
