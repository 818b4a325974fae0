#include "core/state/small_state.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(SmallState, ComesBackAsItWasWritten)
{
    const SmallState state{{"number", R"({"count":120,"start":1,"step":1})"}, {"other", R"({"count":2})"}};

    const auto text = encodeSmallState(state);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, R"({"v":1,"nodes":{"number":{"count":120,"start":1,"step":1},"other":{"count":2}}})");
    const auto back = decodeSmallState(*text);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, state);
}

TEST(SmallState, IsNoTextWhereNobodyKeepsAny)
{
    EXPECT_EQ(*encodeSmallState({}), "");
    EXPECT_TRUE(decodeSmallState("")->empty());
}

TEST(SmallState, RefusesWhatAnotherToolWrote)
{
    for (const char* const text : {"{", "hello", R"({"v":2,"nodes":{}})", R"({"v":1})", "[]", "7"}) {
        EXPECT_FALSE(decodeSmallState(text)) << text;
    }
}

TEST(SmallState, RefusesMoreThanKafkaTakesBesideAnOffset)
{
    const SmallState state{{"number", '"' + std::string(kMaxMetadataBytes, 'x') + '"'}};

    const auto text = encodeSmallState(state);

    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, Errc::TooLarge);
}

TEST(SmallState, TakesTheGreatestCountOfSeveralPartitions)
{
    const SmallState older{{"a", R"({"count":3})"}, {"b", R"({"count":9})"}};
    const SmallState newer{{"a", R"({"count":12})"}, {"c", R"({"count":1})"}};

    const SmallState both = newest(older, newer);

    EXPECT_EQ(both.at("a"), R"({"count":12})");
    EXPECT_EQ(both.at("b"), R"({"count":9})");
    EXPECT_EQ(both.at("c"), R"({"count":1})");
}

} // namespace
} // namespace streamwright
