#include "core/kafka/partitioner.h"

#include <gtest/gtest.h>

using namespace streamwright::kafka;

// The vectors are those of Kafka's own test (UtilsTest.testMurmur2), as signed 32-bit numbers.
TEST(Partitioner, HashesAsJavaDoes)
{
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("21")), -973932308);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("foobar")), -790332482);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("a-little-bit-long-string")), -985981536);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("a-little-bit-longer-string")), -1486304829);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")),
              -58897971);
    EXPECT_EQ(static_cast<std::int32_t>(murmur2("abc")), 479470107);
}

TEST(Partitioner, GivesEveryKeyAPartitionThatExists)
{
    EXPECT_EQ(murmur2Partition("abc", 1), 0);
    EXPECT_EQ(murmur2Partition("abc", 7), 479470107 % 7);
    EXPECT_EQ(murmur2Partition("21", 6), (-973932308 & 0x7fffffff) % 6);
    EXPECT_LT(murmur2Partition("", 4), 4);
}
