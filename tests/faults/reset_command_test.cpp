/// `streamwright reset` on a real broker: what it shows, what it refuses, and that counters go with the
/// offsets.
#include "core/kafka/admin.h"
#include "tests/faults/fault_rig.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fstream>
#include <thread>

namespace streamwright::faults {
namespace {

using kafka::KafkaCluster;
using testing::ChildProcess;

struct Answer {
    int code = -1;
    std::string output;
    std::string errors;

    [[nodiscard]] nlohmann::json row(std::size_t partition = 0) const
    {
        const nlohmann::json all = nlohmann::json::parse(output, nullptr, false);
        return all.is_object() ? all["flows"][0]["partitions"][partition] : nlohmann::json();
    }
};

Answer reset(const FaultRig& rig, const std::vector<std::string>& arguments)
{
    std::vector<std::string> command{programPath(), "reset", rig.pipelineFile().string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const std::filesystem::path out = rig.directory() / "reset.out";
    const std::filesystem::path err = rig.directory() / "reset.err";
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    ChildProcess process = ChildProcess::start(command, {}, out, err);
    const std::optional<int> code = process.wait(std::chrono::seconds(60));
    const auto text = [](const std::filesystem::path& path) {
        std::ifstream file(path);
        return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    };
    return {code.value_or(-1), text(out), text(err)};
}

TEST(ResetCommand, MovesTheOffsetsAndCarriesTheCountersAlong)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.guarantee = Guarantee::ExactlyOnce, .perSecond = 500});
    rig.startLoad();
    ChildProcess worker = rig.startWorker();
    ASSERT_TRUE(rig.waitForWork()) << rig.logs();

    const Answer busy = reset(rig, {"--to", "earliest", "--yes"});
    EXPECT_EQ(busy.code, 4) << "the group has a member\n" << busy.output << busy.errors;
    EXPECT_TRUE(worker.alive());

    ASSERT_TRUE(rig.finish().exactlyOnce()) << rig.logs();
    worker.signal(SIGTERM);
    ASSERT_EQ(worker.wait(std::chrono::seconds(10)), 0) << rig.logs();
    ASSERT_TRUE(rig.waitForEmptyGroup());
    const std::uint64_t sent = rig.load().sent();
    const auto numbered = static_cast<std::int64_t>(requestsAmong(sent));

    const Answer preview = reset(rig, {"--to", "earliest", "--format", "json"});
    ASSERT_EQ(preview.code, 0) << preview.errors;
    EXPECT_GE(preview.row().value("committed", std::int64_t{0}), static_cast<std::int64_t>(sent));
    EXPECT_EQ(preview.row().value("new", std::int64_t{-1}), 0);
    EXPECT_EQ(preview.row()["new_state"]["number"].value("count", std::int64_t{-1}), numbered);
    const Answer again = reset(rig, {"--to", "earliest", "--format", "json"});
    EXPECT_EQ(again.row(), preview.row()) << "a preview changes nothing";

    const Answer done = reset(rig, {"--to", "earliest", "--yes"});
    ASSERT_EQ(done.code, 0) << done.output << done.errors;
    EXPECT_NE(done.output.find("read again"), std::string::npos) << done.output;
    const std::uint64_t before = rig.reader().count();
    ChildProcess goesOn = rig.startWorker();
    ASSERT_GE(rig.reader().waitForProgress(2 * before - 1, std::chrono::seconds(60)), 0) << rig.logs();
    const std::vector<Output> outputs = rig.reader().outputs();
    EXPECT_EQ(outputs[before].id, 0) << "all is read again";
    EXPECT_EQ(outputs[before].number, numbered + 1) << "the counter goes on";
    goesOn.signal(SIGTERM);
    ASSERT_EQ(goesOn.wait(std::chrono::seconds(10)), 0) << rig.logs();

    ASSERT_TRUE(rig.waitForEmptyGroup());
    const Answer anew = reset(rig, {"--to", "earliest", "--counter", "start", "--yes"});
    ASSERT_EQ(anew.code, 0) << anew.output << anew.errors;
    ChildProcess first = rig.startWorker();
    ASSERT_GE(rig.reader().waitForProgress(outputs.size(), std::chrono::seconds(60)), 0) << rig.logs();
    EXPECT_EQ(rig.reader().outputs()[outputs.size()].number, 1) << "the counter begins anew";
}

TEST(ResetCommand, GoesToATimeAndRefusesToInventACounter)
{
    SW_NEEDS_REAL_KAFKA();
    FaultRig rig(KafkaCluster::shared(), {.perSecond = 500});
    EXPECT_EQ(reset(rig, {"--to", "yesterday"}).code, 2);
    rig.startLoad();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (rig.load().sent() < 100 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10)); // waits for some input, with a deadline
    }
    const auto sent = static_cast<std::int64_t>(rig.load().finish());
    ASSERT_GE(sent, 100);

    const Answer future = reset(rig, {"--to", "2100-01-01T00:00:00Z", "--format", "json"});
    ASSERT_EQ(future.code, 0) << future.errors;
    EXPECT_EQ(future.row().value("new", std::int64_t{-1}), sent) << "no record so late: behind the last";
    const Answer past = reset(rig, {"--to", "1000", "--format", "json"});
    EXPECT_EQ(past.row().value("new", std::int64_t{-1}), 0);

    const Answer refused = reset(rig, {"--to", "latest", "--yes"});
    EXPECT_EQ(refused.code, 2) << "there is no counter to keep";
    EXPECT_NE(refused.errors.find("--counter start"), std::string::npos) << refused.errors;
    const Answer done = reset(rig, {"--to", "latest", "--counter", "start", "--yes", "--format", "json"});
    ASSERT_EQ(done.code, 0) << done.errors;
    const Answer after = reset(rig, {"--to", "latest", "--format", "json"});
    EXPECT_EQ(after.row().value("committed", std::int64_t{-1}), sent);
    EXPECT_EQ(after.row()["state"]["number"].value("count", std::int64_t{-1}), 0);
}

} // namespace
} // namespace streamwright::faults
