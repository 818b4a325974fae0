#include "core/state/instance_slot.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

namespace streamwright {
namespace {

class InstanceSlotTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        std::string name = ::testing::TempDir() + "slots-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        directory = name;
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    std::filesystem::path directory;
};

TEST_F(InstanceSlotTest, IsTheHostsFirstFreeNumber)
{
    auto first = InstanceSlot::take(directory, "");
    auto second = InstanceSlot::take(directory, "");

    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->name(), hostSlotName() + "-0");
    EXPECT_EQ(second->name(), hostSlotName() + "-1");
}

TEST_F(InstanceSlotTest, IsFreeAgainWhenItsHolderEnds)
{
    {
        const auto first = InstanceSlot::take(directory, "");
        ASSERT_TRUE(first);
    }

    const auto again = InstanceSlot::take(directory, "");

    ASSERT_TRUE(again);
    EXPECT_EQ(again->name(), hostSlotName() + "-0");
}

TEST_F(InstanceSlotTest, IsFreeAgainWhenItsHolderIsKilled)
{
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = InstanceSlot::take(directory, "");
        const char byte = held ? 'y' : 'n';
        static_cast<void>(::write(ready[1], &byte, 1));
        ::pause();
        ::_exit(0);
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ASSERT_EQ(byte, 'y');
    EXPECT_EQ(InstanceSlot::take(directory, "")->name(), hostSlotName() + "-1");

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);

    EXPECT_EQ(InstanceSlot::take(directory, "")->name(), hostSlotName() + "-0");
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_F(InstanceSlotTest, KeepsAGivenNameAndKnowsNone)
{
    EXPECT_EQ(InstanceSlot::take(directory, "orders a.1")->name(), "orders-a-1");
    EXPECT_EQ(InstanceSlot::take(directory, "none")->name(), "");
}

} // namespace
} // namespace streamwright
