#include "core/base/utf8.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(Utf8, TakesTheFirstAndLastOfEachLength)
{
    for (const char* text :
         {"", "plain ASCII of more than eight bytes", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
          "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        EXPECT_TRUE(isValidUtf8(text)) << text;
    }
}

TEST(Utf8, RefusesOverlongSurrogateCutAndStrayBytes)
{
    for (const char* text :
         {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "12345678\xd0", "\xe2\x82", "\xe2\x28\xa1"}) {
        EXPECT_FALSE(isValidUtf8(text));
    }
}

TEST(Utf8, CountsAndCutsByCharacters)
{
    EXPECT_EQ(countCodePoints("Зоя 🚀"), 5U);
    EXPECT_EQ(cutUtf8("Зоя", 3), "З");
    EXPECT_EQ(cutUtf8("Зоя", 6), "Зоя");
    EXPECT_EQ(cutUtf8("🚀", 3), "");
}

} // namespace
} // namespace streamwright
