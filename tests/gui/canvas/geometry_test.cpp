#include "gui/canvas/geometry.h"

#include <gtest/gtest.h>

namespace streamwright::geometry {
namespace {

TEST(Geometry, ACardGrowsByARowPerPortBeyondTwo)
{
    EXPECT_EQ(cardHeight(1, 2), 88);
    EXPECT_EQ(cardHeight(1, 3), 108);
    EXPECT_EQ(cardHeight(1, 5), 148);
    EXPECT_EQ(cardHeight(0, 0), 88);
}

TEST(Geometry, AWireBetweenNeighboursIsStraightAndEndsBeforeThePort)
{
    const WireLine line = wireLine({200, 20}, {312, 20}, {});
    EXPECT_DOUBLE_EQ(line.path.boundingRect().height(), 0);
    EXPECT_LT(line.tip.x(), 312);
    EXPECT_TRUE(isNear(line, {256, 24}, kWireHit));
    EXPECT_FALSE(isNear(line, {256, 30}, kWireHit));
}

TEST(Geometry, ABackwardWirePassesBetweenTheRows)
{
    const QRectF from(312, 0, 200, 88);
    const QRectF to(0, 184, 200, 108);
    const WireLine line = wireLine({512, 20}, {0, 204}, {}, from, to);
    EXPECT_DOUBLE_EQ(line.middle.y(), 136);
    // Its points, for QPainterPath::intersects() takes the area that an open path would enclose.
    for (int i = 0; i <= 100; ++i) {
        const QPointF point = line.path.pointAtPercent(i / 100.0);
        EXPECT_FALSE(from.adjusted(2, 2, -2, -2).contains(point)) << i;
        EXPECT_FALSE(to.adjusted(2, 2, -2, -2).contains(point)) << i;
    }
}

TEST(Geometry, BendsArePassedInTheirOrder)
{
    const std::vector<QPointF> bends{{400, 300}};
    const WireLine line = wireLine({200, 20}, {600, 20}, bends);
    EXPECT_TRUE(isNear(line, {400, 300}, 2));
    EXPECT_EQ(bendIndex({200, 20}, {600, 20}, bends, {300, 150}), 0);
    EXPECT_EQ(bendIndex({200, 20}, {600, 20}, bends, {500, 150}), 1);
}

TEST(Geometry, ZoomStaysBetweenTenAndFourHundredPerCent)
{
    EXPECT_EQ(boundedZoom(0.001), 0.1);
    EXPECT_EQ(boundedZoom(40), 4.0);
    EXPECT_NEAR(wheelFactor(120) * wheelFactor(-120), 1, 1e-12);
}

TEST(Geometry, ArrowKeysFindTheNearestInTheirDirection)
{
    const std::vector<QPointF> nodes{{0, 0}, {300, 10}, {310, 200}, {-300, 0}, {0, 180}};
    EXPECT_EQ(nearestInDirection({0, 0}, {1, 0}, nodes), 1);
    EXPECT_EQ(nearestInDirection({0, 0}, {-1, 0}, nodes), 3);
    EXPECT_EQ(nearestInDirection({0, 0}, {0, 1}, nodes), 4);
    EXPECT_EQ(nearestInDirection({0, 0}, {0, -1}, nodes), -1);
}

TEST(Geometry, AFreeSlotTouchesNoCard)
{
    const std::vector<QRectF> taken{{312, 0, 200, 88}, {312, 140, 200, 88}};
    const QPointF slot = freeSlot({312, 0}, 88, taken);
    for (const QRectF& card : taken) {
        EXPECT_FALSE(card.intersects(QRectF(slot, QSizeF(200, 88))));
    }
    EXPECT_EQ(freeSlot({624, 0}, 88, taken), QPointF(624, 0));
}

TEST(Geometry, DetailFollowsTheZoom)
{
    EXPECT_EQ(detailAt(1), Detail::Full);
    EXPECT_EQ(detailAt(0.5), Detail::Some);
    EXPECT_EQ(detailAt(0.2), Detail::Plain);
}

} // namespace
} // namespace streamwright::geometry
