#include "core/base/utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

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

TEST(Utf8, TakesEveryCodePointAndRefusesSurrogates)
{
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        std::string text;
        appendUtf8(text, c);
        const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        ASSERT_TRUE(isValidUtf8(text)) << std::hex << static_cast<std::uint32_t>(c);
        ASSERT_EQ(text == "\uFFFD", surrogate || c == 0xFFFD) << std::hex << static_cast<std::uint32_t>(c);
        ASSERT_EQ(validUtf8Prefix(text), text.size());
    }
    std::string beyond;
    appendUtf8(beyond, 0x110000);
    EXPECT_EQ(beyond, "\uFFFD");
}

TEST(Utf8, JudgesRandomBytesLikeTheSimpleRule)
{
    std::mt19937 random(20261123);
    const std::vector<std::string> pieces{"a",           "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                          "\x80",        "\xC0",     "\xE0",         "\xED\xA0\x80",
                                          "\xF4\x90",    "\xF0\x8F", "\xFF",         "\xED\x9F\xBF",
                                          "\xE0\xA0\x80"};
    int valid = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        const auto count = random() % 24;
        const bool mostlyGood = random() % 2 == 0;
        for (std::size_t i = 0; i < count; ++i) {
            text += pieces[random() % (mostlyGood ? 4 : pieces.size())];
        }
        if (random() % 4 == 0 && !text.empty()) {
            text.resize(random() % text.size());
        }
        const bool simple = validUtf8Prefix(text) == text.size();
        ASSERT_EQ(isValidUtf8(text), simple);
        valid += simple ? 1 : 0;
    }
    EXPECT_GT(valid, 50'000);
    EXPECT_LT(valid, 150'000);
}

TEST(Utf8, FindsWhereTheValidBeginningEnds)
{
    EXPECT_EQ(validUtf8Prefix(""), 0U);
    EXPECT_EQ(validUtf8Prefix("ab\xFF"), 2U);
    EXPECT_EQ(validUtf8Prefix("é\xE2\x82"), 2U);
    EXPECT_EQ(validUtf8Prefix("\xC0\x80"), 0U);
    EXPECT_TRUE(isValidUtf8(std::string_view("\0", 1)));
}

} // namespace
} // namespace streamwright
