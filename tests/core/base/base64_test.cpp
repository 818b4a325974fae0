#include "core/base/base64.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

std::string encoded(std::string_view bytes)
{
    std::string text;
    appendBase64(text, bytes);
    return text;
}

TEST(Base64, EncodesTheExamplesOfTheStandard)
{
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foo"), "Zm9v");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
    EXPECT_EQ(encoded("\xff\xfe"), "//4=");
}

TEST(Base64, DecodesWhatItEncoded)
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        EXPECT_EQ(decodeBase64(encoded(all)), all);
    }
}

TEST(Base64, RefusesWhatIsNotBase64)
{
    EXPECT_EQ(decodeBase64("Zg="), std::nullopt);
    EXPECT_EQ(decodeBase64("Zg=a"), std::nullopt);
    EXPECT_EQ(decodeBase64("Z==="), std::nullopt);
    EXPECT_EQ(decodeBase64("Zm9\n"), std::nullopt);
}

} // namespace
} // namespace streamwright
