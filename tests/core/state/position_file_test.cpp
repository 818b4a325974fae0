#include "core/state/atomic_file.h"
#include "core/state/position_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace streamwright {
namespace {

class PositionFileTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        std::string name = ::testing::TempDir() + "positions-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        directory = name;
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    std::filesystem::path directory;
};

TEST_F(PositionFileTest, IsEmptyBeforeTheFirstCommit)
{
    const auto loaded = PositionFile(directory / "flow.json").load();

    ASSERT_TRUE(loaded);
    EXPECT_FALSE(loaded->has_value());
}

TEST_F(PositionFileTest, KeepsPositionsAndStateTogether)
{
    const PositionFile file(directory / "flow.json");
    ASSERT_TRUE(file.store({{{"lines", R"({"offset":10})"}, {"done", ""}}, {{"number", R"({"count":4})"}}}));
    ASSERT_TRUE(file.store({{{"lines", R"({"offset":20})"}, {"done", ""}}, {{"number", R"({"count":5})"}}}));

    const auto loaded = file.load();

    ASSERT_TRUE(loaded && *loaded);
    EXPECT_EQ((*loaded)->sources.at("lines"), R"({"offset":20})");
    EXPECT_EQ((*loaded)->sources.at("done"), "null");
    EXPECT_EQ((*loaded)->nodes.at("number"), R"({"count":5})");
    const auto mode = std::filesystem::status(file.path()).permissions();
    EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none);
}

TEST_F(PositionFileTest, NamesADamagedFileInsteadOfBeginningAnew)
{
    ASSERT_TRUE(replaceFile(directory / "flow.json", "{\"v\":1,"));

    const auto loaded = PositionFile(directory / "flow.json").load();

    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("flow.json"), std::string::npos);
}

TEST_F(PositionFileTest, KeepsTheOldFileWhenTheNewOneCannotBeWritten)
{
    const PositionFile file(directory / "missing" / "flow.json");

    const auto stored = file.store({});

    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, Errc::Io);
}

} // namespace
} // namespace streamwright
