#include "core/base/diagnostic.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

TEST(Diagnostic, ReadsLikeACompilersLine)
{
    const Diagnostic diagnostic{.code = "required",
                                .message = "Is required.",
                                .hint = "Add it.",
                                .node = "parse",
                                .field = "outputs",
                                .line = 12,
                                .column = 7};
    EXPECT_EQ(format(diagnostic, "a.json"),
              "a.json:12:7: error: node \"parse\", field \"outputs\": Is required. Add it.");
}

TEST(Diagnostic, ProposesTheNearestName)
{
    EXPECT_EQ(nearest("tpic", {"topic", "group_id"}), "topic");
    EXPECT_EQ(nearest("strat", {"topic", "start"}), "start");
    EXPECT_EQ(nearest("zzzzz", {"topic", "group_id"}), "");
}

TEST(Diagnostic, QuotesWhatATerminalWouldSwallow)
{
    EXPECT_EQ(quoted("a\"b\n\x01"), "\"a\\\"b\\n\\x01\"");
}

} // namespace
} // namespace streamwright
