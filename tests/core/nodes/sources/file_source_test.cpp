#include "core/nodes/builtin.h"
#include "tests/core/nodes/source_driver.h"
#include "tests/core/nodes/temporary_folder.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kOnce = R"({"path": "in.jsonl"})";
constexpr const char* kFollow = R"({"path": "in.txt", "format": "text_lines", "follow": true})";

class FileSourceTest : public testing::Test {
protected:
    TemporaryFolder folder;
};

TEST_F(FileSourceTest, ReadsLinesAndEnds)
{
    folder.write("in.jsonl", "{\"a\": 1}\r\n\n2\n3");
    SourceDriver source(fileSourceNodeType(), kOnce, folder.path());
    ASSERT_TRUE(source.open());

    EXPECT_EQ(source.poll(), (Lines{"{\"a\": 1}", "2"}));
    EXPECT_EQ(source.origins()[1].offset, 2) << "offsets are numbers of lines, empty ones count";
    EXPECT_EQ(source.origins()[0].topic, "source");
    EXPECT_EQ(source.poll(), (Lines{"3"})) << "a last line without a line end is a line";
    EXPECT_EQ(source.origins()[0].offset, 3);
    EXPECT_TRUE(source.poll().empty());
    EXPECT_EQ(source.state(), Source::State::Finished);
    EXPECT_FALSE(source.source().endless());
}

TEST_F(FileSourceTest, TakesNoMoreThanItIsAskedFor)
{
    folder.write("in.jsonl", "1\n2\n3\n");
    SourceDriver source(fileSourceNodeType(), kOnce, folder.path());
    ASSERT_TRUE(source.open());

    EXPECT_EQ(source.poll(2), (Lines{"1", "2"}));
    EXPECT_EQ(source.poll(2), (Lines{"3"}));
}

TEST_F(FileSourceTest, GoesOnAtItsPositionAndBeginsAnewOnceItWasReadToTheEnd)
{
    folder.write("in.jsonl", "1\n2\n3\n");
    SourceDriver first(fileSourceNodeType(), kOnce, folder.path());
    ASSERT_TRUE(first.open());
    first.poll(2);
    const std::string position = first.source().position();

    SourceDriver second(fileSourceNodeType(), kOnce, folder.path());
    ASSERT_TRUE(second.open(position));
    EXPECT_EQ(second.poll(), (Lines{"3"}));
    EXPECT_EQ(second.origins()[0].offset, 2);
    second.poll();
    EXPECT_EQ(second.source().position(), "");

    SourceDriver third(fileSourceNodeType(), kOnce, folder.path());
    ASSERT_TRUE(third.open(second.source().position()));
    EXPECT_EQ(third.poll(), (Lines{"1", "2", "3"}));
}

TEST_F(FileSourceTest, ReadsALineLongerThanItsBuffer)
{
    const std::string line(1'000'000, 'x');
    folder.write("in.txt", line + "\nshort\n");
    SourceDriver source(fileSourceNodeType(), R"({"path": "in.txt", "format": "text_lines"})", folder.path());
    ASSERT_TRUE(source.open());

    EXPECT_EQ(source.poll(), (Lines{line, "short"}));
}

TEST_F(FileSourceTest, SaysThatAFileIsMissing)
{
    SourceDriver source(fileSourceNodeType(), kOnce, folder.path());
    const auto opened = source.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::NotFound);
    EXPECT_NE(opened.error().message.find("in.jsonl"), std::string::npos);
}

TEST_F(FileSourceTest, FollowsAFileThatGrowsAndWaitsForWholeLines)
{
    SourceDriver source(fileSourceNodeType(), kFollow, folder.path());
    ASSERT_TRUE(source.open()) << "the file may come later";
    EXPECT_TRUE(source.poll().empty());
    EXPECT_EQ(source.state(), Source::State::Idle);
    EXPECT_GT(source.nextPollNs(), source.manualClock().monotonicNs());

    folder.write("in.txt", "one\ntw");
    EXPECT_EQ(source.pollRecords(), (Lines{"one"}));
    EXPECT_TRUE(source.poll().empty());
    folder.append("in.txt", "o\n");
    EXPECT_EQ(source.pollRecords(), (Lines{"two"}));
    EXPECT_TRUE(source.source().endless());
}

TEST_F(FileSourceTest, ReadsTheRestOfARotatedFileAndThenTheNewOne)
{
    folder.write("in.txt", "one\n");
    SourceDriver source(fileSourceNodeType(), kFollow, folder.path());
    ASSERT_TRUE(source.open());
    EXPECT_EQ(source.pollRecords(), (Lines{"one"}));

    folder.append("in.txt", "two\nlast without an end");
    std::filesystem::rename(folder.path() / "in.txt", folder.path() / "in.txt.1");
    folder.write("in.txt", "three\n");
    EXPECT_EQ(source.pollRecords(), (Lines{"two"}));
    EXPECT_EQ(source.pollRecords(), (Lines{"last without an end"}));
    EXPECT_EQ(source.pollRecords(), (Lines{"three"}));
}

TEST_F(FileSourceTest, FindsARotatedFileAgainAfterARestart)
{
    folder.write("in.txt", "one\ntwo\n");
    SourceDriver first(fileSourceNodeType(), kFollow, folder.path());
    ASSERT_TRUE(first.open());
    first.poll(1);
    const std::string position = first.source().position();
    std::filesystem::rename(folder.path() / "in.txt", folder.path() / "in.txt.1");
    folder.write("in.txt", "three\n");

    SourceDriver second(fileSourceNodeType(), kFollow, folder.path());
    ASSERT_TRUE(second.open(position));
    EXPECT_EQ(second.pollRecords(), (Lines{"two"}));
    EXPECT_EQ(second.pollRecords(), (Lines{"three"}));
}

TEST_F(FileSourceTest, BeginsAnewWhenTheFileWasCut)
{
    folder.write("in.txt", "one\ntwo\n");
    SourceDriver source(fileSourceNodeType(), kFollow, folder.path());
    ASSERT_TRUE(source.open());
    EXPECT_EQ(source.pollRecords(), (Lines{"one", "two"}));

    folder.write("in.txt", "new\n");
    EXPECT_EQ(source.pollRecords(), (Lines{"new"}));
}

TEST_F(FileSourceTest, RefusesAPositionThatItDidNotWrite)
{
    folder.write("in.jsonl", "1\n");
    SourceDriver source(fileSourceNodeType(), kOnce, folder.path());
    const auto opened = source.open("{\"x\": 1}");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::LostState);
}

} // namespace
} // namespace streamwright
