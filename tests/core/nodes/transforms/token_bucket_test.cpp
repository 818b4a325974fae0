#include "core/nodes/transforms/token_bucket.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(TokenBucket, LetsItsRateThroughOverTime)
{
    ManualClock clock;
    TokenBucket bucket(100, clock);
    std::size_t passed = 0;
    for (int tick = 0; tick < 1'000; ++tick) {
        const std::size_t tokens = bucket.ask().tokens;
        bucket.take(tokens);
        passed += tokens;
        clock.advance(Millis{10});
    }
    EXPECT_GE(passed, 999U);
    EXPECT_LE(passed, 1'001U);
}

TEST(TokenBucket, SaysWhenTheNextTokenIsThere)
{
    ManualClock clock;
    TokenBucket bucket(2, clock);
    bucket.take(1);
    const TokenBucket::Offer offer = bucket.ask();
    EXPECT_EQ(offer.tokens, 0U);
    EXPECT_EQ(offer.readyAtNs, clock.monotonicNs() + 500'000'000);
    clock.advance(Millis{500});
    EXPECT_EQ(bucket.ask().tokens, 1U);
}

TEST(TokenBucket, PaysADebtBeforeItGivesAgain)
{
    ManualClock clock;
    TokenBucket bucket(10, clock);
    bucket.take(11);
    clock.advance(Millis{900});
    EXPECT_EQ(bucket.ask().tokens, 0U);
    clock.advance(Millis{300});
    EXPECT_EQ(bucket.ask().tokens, 1U);
}

TEST(TokenBucket, IsSharedByTheTasksOfANode)
{
    ManualClock clock;
    auto first = TokenBucket::ofNode("p", "slow", 5, clock);
    EXPECT_EQ(TokenBucket::ofNode("p", "slow", 5, clock), first);
    EXPECT_NE(TokenBucket::ofNode("p", "other", 5, clock), first);
    first->take(1);
    first.reset();
    EXPECT_EQ(TokenBucket::ofNode("p", "slow", 5, clock)->ask().tokens, 1U)
        << "a new run begins with a new one";
}

} // namespace
} // namespace streamwright
