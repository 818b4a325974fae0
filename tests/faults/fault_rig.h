#pragma once

#include "tests/faults/oracle.h"
#include "tests/kafka/kafka_cluster.h"
#include "tests/support/child_process.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace streamwright::faults {

/// Whether the long rounds are asked for (`tests/faults/run --full`); otherwise a few of each, for every
/// change.
[[nodiscard]] bool isFull();
/// `full` rounds or `few`.
[[nodiscard]] int rounds(int full, int few);

enum class Guarantee { AtLeastOnce, ExactlyOnce };
[[nodiscard]] const char* toString(Guarantee guarantee);

/// The numbering pipeline on real Kafka, ready to be hurt: topics, load, a reader that sees every output, and
/// as many workers as the test starts. Each rig has topics and directories of its own. Thread: the test's.
class FaultRig {
public:
    struct Options {
        Guarantee guarantee = Guarantee::ExactlyOnce;
        int partitions = 1;
        bool countPerPartition = false; ///< number: scope partition instead of pipeline
        int perSecond = 4'000;
        int replication = 1;
        int commitIntervalMs = 100;
        double throttlePerS = 0;    ///< > 0: a throttle node before the sink
        std::string deadLetterFile; ///< empty: dead letters go to a topic
        std::string onLostState;    ///< of the numbering; empty: its default
        int maxMemoryMb = 0;        ///< 0: the default
        std::string bootstrap;      ///< the workers' way to the broker; empty: the cluster's own
    };

    FaultRig(kafka::KafkaCluster& cluster, const Options& options);
    ~FaultRig();
    FaultRig(const FaultRig&) = delete;
    FaultRig& operator=(const FaultRig&) = delete;

    /// `streamwright run` of the pipeline with its own log; `slot`: --instance, empty = the default.
    [[nodiscard]] testing::ChildProcess startWorker(const std::string& slot = {},
                                                    const std::vector<std::string>& arguments = {});
    void startLoad();
    /// Writes the pipeline anew with other options (topics and group stay): what the next worker runs.
    void change(const std::function<void(Options&)>& change);
    /// Waits until the group has no members: a stopped static member is forgotten after its session timeout.
    [[nodiscard]] bool waitForEmptyGroup(std::chrono::seconds patience = std::chrono::seconds(30));
    /// Ends the load and waits until every request has come out; then judges.
    [[nodiscard]] Verdict finish(std::chrono::seconds patience = std::chrono::seconds(90));
    /// Judges what is there, without waiting.
    [[nodiscard]] Verdict judgeNow() const;

    [[nodiscard]] OutputReader& reader() { return *m_reader; }
    [[nodiscard]] LoadGenerator& load() { return *m_load; }
    /// Waits until the worker that was started last with this slot says that it runs.
    [[nodiscard]] bool waitForStart(const std::string& slot,
                                    std::chrono::seconds patience = std::chrono::seconds(30)) const;
    /// How many outputs there are, when the reader has caught up: what comes beyond is new work, not what was
    /// written before a fault and not read yet.
    [[nodiscard]] std::uint64_t outputsSoFar();
    /// Waits until outputs come: the worker at work.
    [[nodiscard]] bool waitForWork(std::chrono::seconds patience = std::chrono::seconds(30));
    /// What the workers wrote to stderr, the last part of it.
    [[nodiscard]] std::string logs() const;

    [[nodiscard]] const std::string& input() const { return m_input; }
    [[nodiscard]] const std::string& output() const { return m_output; }
    [[nodiscard]] const std::string& group() const { return m_group; }
    [[nodiscard]] const std::filesystem::path& directory() const { return m_directory; }
    [[nodiscard]] std::filesystem::path pipelineFile() const { return m_directory / "faults.pipeline.json"; }
    [[nodiscard]] std::filesystem::path stateDirectory() const { return m_directory / "state"; }

private:
    void writePipeline() const;
    [[nodiscard]] std::filesystem::path logOf(const std::string& slot) const;
    [[nodiscard]] int startsLogged(const std::string& slot) const;

    kafka::KafkaCluster& m_cluster;
    Options m_options;
    std::string m_input;
    std::string m_output;
    std::string m_rejects;
    std::string m_group;
    std::filesystem::path m_directory;
    std::map<std::string, int> m_startsBefore; ///< by slot: what its log said before the last start
    std::unique_ptr<OutputReader> m_reader;
    std::unique_ptr<LoadGenerator> m_load;
};

/// Path of the program under test.
[[nodiscard]] std::string programPath();

/// Prints a line for resources/docs/reliability.md.
void printFigure(const std::string& what, const std::string& figure);

} // namespace streamwright::faults
