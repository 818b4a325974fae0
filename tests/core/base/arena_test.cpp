#include "core/base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace streamwright {
namespace {

TEST(Arena, KeepsWhatItCopiedUntilReset)
{
    Arena arena(64);
    std::vector<std::string_view> views;
    for (int i = 0; i < 1000; ++i) {
        views.push_back(arena.copy("text " + std::to_string(i)));
    }
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(views[static_cast<std::size_t>(i)], "text " + std::to_string(i));
    }
}

TEST(Arena, ReusesItsBlocksAfterReset)
{
    Arena arena(1024);
    for (int i = 0; i < 100; ++i) {
        (void)arena.allocate(300);
    }
    const std::size_t reserved = arena.reservedBytes();
    for (int round = 0; round < 10; ++round) {
        arena.reset();
        for (int i = 0; i < 100; ++i) {
            (void)arena.allocate(300);
        }
    }
    EXPECT_EQ(arena.reservedBytes(), reserved);
}

TEST(Arena, AlignsWhatItHandsOut)
{
    Arena arena;
    (void)arena.allocate(1, 1);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.allocate(8, 8)) % 8, 0U);
    (void)arena.allocate(3, 1);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.make<double>(1.0)) % alignof(double), 0U);
}

TEST(Arena, TakesOneValueLargerThanABlock)
{
    Arena arena(64);
    const std::string large(10'000, 'x');
    EXPECT_EQ(arena.copy(large), large);
}

} // namespace
} // namespace streamwright
