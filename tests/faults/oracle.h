#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace streamwright::faults {

/// One record of the output topic, as a consumer with isolation level read_committed sees it.
struct Output {
    int partition = 0;
    std::int64_t offset = 0;
    std::int64_t id = -1;     ///< of the input; -1: not one of ours
    std::int64_t number = -1; ///< that the pipeline gave it; -1: none
    bool rightContents = false;
};

/// What was promised, and what came of it. Every count must be 0.
struct Verdict {
    std::uint64_t expected = 0;
    std::uint64_t seen = 0;
    std::uint64_t lost = 0;  ///< requests without an output
    std::uint64_t twice = 0; ///< outputs beyond the first of a request (at least once: allowed)
    std::uint64_t wrongContents = 0;
    std::uint64_t outOfOrder = 0;      ///< first outputs behind a later one of their input partition
    std::uint64_t numberGaps = 0;      ///< numbers between 1 and the greatest that nobody has
    std::uint64_t numberConflicts = 0; ///< numbers that two requests have, or requests with two numbers

    [[nodiscard]] bool nothingLost() const
    {
        return lost == 0 && wrongContents == 0 && outOfOrder == 0 && numberGaps == 0 && numberConflicts == 0;
    }
    [[nodiscard]] bool exactlyOnce() const { return nothingLost() && twice == 0; }
    [[nodiscard]] std::string text() const;
};

/// Reads the output topic all the time, beside the program under test, and keeps every record.
/// Thread: its own reader; the methods from the test's.
class OutputReader {
public:
    OutputReader(const std::string& bootstrap, const std::string& topic, int partitions);
    ~OutputReader();
    OutputReader(const OutputReader&) = delete;
    OutputReader& operator=(const OutputReader&) = delete;

    [[nodiscard]] std::uint64_t count() const { return m_count.load(); }
    /// Distinct requests among the outputs so far.
    [[nodiscard]] std::uint64_t distinct() const { return m_distinct.load(); }
    /// Waits until `distinct()` reaches `wanted`; false at the deadline.
    [[nodiscard]] bool waitForDistinct(std::uint64_t wanted, std::chrono::seconds timeout) const;
    /// Waits for one more record than `than`; the seconds that took, negative at the deadline.
    [[nodiscard]] double waitForProgress(std::uint64_t than, std::chrono::seconds timeout) const;
    /// Waits until everything that is in the topic now has been read.
    [[nodiscard]] bool waitForQuiet(std::chrono::seconds timeout) const;
    [[nodiscard]] std::vector<Output> outputs() const;

private:
    void run();

    std::string m_topic;
    int m_partitions = 0;
    rd_kafka_t* m_consumer = nullptr;
    std::atomic<std::uint64_t> m_count{0};
    std::atomic<std::uint64_t> m_distinct{0};
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::vector<Output> m_outputs;
    std::vector<bool> m_seen;
    std::thread m_thread;
};

/// Sends seed records 0, 1, 2, … at a rate until told to stop; record n goes to partition n modulo
/// partitions. Thread: its own; the methods from the test's.
class LoadGenerator {
public:
    LoadGenerator(const std::string& bootstrap, const std::string& topic, int partitions, int perSecond);
    ~LoadGenerator();
    LoadGenerator(const LoadGenerator&) = delete;
    LoadGenerator& operator=(const LoadGenerator&) = delete;

    /// Ends after the record at hand and waits until the broker has acknowledged all; how many were sent.
    std::uint64_t finish();
    [[nodiscard]] std::uint64_t sent() const { return m_sent.load(); }

private:
    void run(int partitions, int perSecond);

    rd_kafka_t* m_producer = nullptr;
    rd_kafka_topic_t* m_topic = nullptr;
    std::atomic<std::uint64_t> m_sent{0};
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

/// Purchase requests among the first `sent` seed records: the others are dead letters.
[[nodiscard]] std::uint64_t requestsAmong(std::uint64_t sent);

/// Judges the outputs of the first `sent` seed records over `partitions` input partitions. `numbered`: every
/// output carries a number of one counter. `oneCounterPerPartition`: a counter for each input partition
/// instead.
[[nodiscard]] Verdict judge(const std::vector<Output>& outputs, std::uint64_t sent, int partitions,
                            bool oneCounterPerPartition = false);

} // namespace streamwright::faults
