#include "core/engine/commit_tracker.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

std::string noMetadata(std::size_t)
{
    return {};
}

CommitTracker trackerOfTwo()
{
    CommitTracker tracker;
    const std::vector<kafka::PartitionOffset> starts{{{"in", 0}, 5, {}, {}}, {{"in", 1}, 7, {}, {}}};
    const std::vector<std::int64_t> committed{5, kafka::kOffsetNone};
    tracker.assign(starts, committed, 0);
    return tracker;
}

TEST(CommitTracker, CommitsTheOffsetBehindTheLastProcessedRecord)
{
    CommitTracker tracker = trackerOfTwo();

    tracker.processed(0, 9, 1);

    const auto offsets = tracker.toCommit(false, noMetadata);
    ASSERT_EQ(offsets.size(), 2U); // the second has no commit at all yet
    EXPECT_EQ(offsets[0].offset, 10);
    EXPECT_EQ(offsets[1].offset, 7);
}

TEST(CommitTracker, IsCleanOnceEverythingIsCommitted)
{
    CommitTracker tracker = trackerOfTwo();
    tracker.processed(0, 5, 1);
    const auto offsets = tracker.toCommit(false, noMetadata);

    tracker.committed(offsets);

    EXPECT_FALSE(tracker.dirty());
    EXPECT_TRUE(tracker.toCommit(false, noMetadata).empty());
    EXPECT_EQ(tracker.toCommit(true, noMetadata).size(), 2U);
}

TEST(CommitTracker, RefusesWhatWasProcessedAlreadyAndAllowsHoles)
{
    CommitTracker tracker = trackerOfTwo();
    tracker.processed(0, 8, 1);

    EXPECT_FALSE(tracker.isNew(0, 8));
    EXPECT_TRUE(tracker.isNew(0, 12));
}

TEST(CommitTracker, SkipsControlRecordsButNeverBackwards)
{
    CommitTracker tracker = trackerOfTwo();

    tracker.skipTo(0, 17, 1);
    tracker.skipTo(0, 3, 2);

    EXPECT_EQ(tracker.partitions()[0].next, 17);
    EXPECT_EQ(tracker.resumeFrom()[0].offset, 17);
}

} // namespace
} // namespace streamwright
