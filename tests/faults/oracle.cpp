#include "tests/faults/oracle.h"

#include "tests/support/seed_records.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace streamwright::faults {
namespace {

using Clock = std::chrono::steady_clock;
using testing::SeedRecord;
using testing::seedRecord;

constexpr std::chrono::milliseconds kPoll{10};

rd_kafka_t* makeClient(rd_kafka_type_t type,
                       const std::vector<std::pair<const char*, std::string>>& properties)
{
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    std::array<char, 512> problem{};
    for (const auto& [name, value] : properties) {
        if (rd_kafka_conf_set(conf, name, value.c_str(), problem.data(), problem.size()) !=
            RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "oracle: %s\n", problem.data());
            std::abort();
        }
    }
    return rd_kafka_new(type, conf, problem.data(), problem.size());
}

Output readOutput(const rd_kafka_message_t& message)
{
    Output output{.partition = message.partition, .offset = message.offset};
    const std::string_view text(static_cast<const char*>(message.payload), message.len);
    const nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
    if (!value.is_object() || !value.contains("id") || !value["id"].is_number_integer()) {
        return output;
    }
    output.id = value["id"].get<std::int64_t>();
    output.number = value.value("app_number", std::int64_t{-1});
    const SeedRecord expected = seedRecord(static_cast<std::uint64_t>(output.id));
    const std::string_view key(static_cast<const char*>(message.key), message.key_len);
    output.rightContents = expected.isRequest && value.value("product", "") == expected.product &&
                           value.value("quantity", std::int64_t{-1}) == expected.quantity &&
                           key == expected.key;
    return output;
}

} // namespace

std::string Verdict::text() const
{
    return std::to_string(expected) + " requests, " + std::to_string(seen) +
           " outputs: " + std::to_string(lost) + " lost, " + std::to_string(twice) + " twice, " +
           std::to_string(wrongContents) + " wrong, " + std::to_string(outOfOrder) + " out of order, " +
           std::to_string(numberGaps) + " numbers missing, " + std::to_string(numberConflicts) +
           " numbers given twice";
}

OutputReader::OutputReader(const std::string& bootstrap, const std::string& topic, int partitions)
    : m_topic(topic), m_partitions(partitions)
{
    m_consumer = makeClient(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                                {"group.id", "oracle"},
                                                {"enable.auto.commit", "false"},
                                                {"isolation.level", "read_committed"},
                                                {"fetch.wait.max.ms", "20"},
                                                {"fetch.queue.backoff.ms", "0"},
                                                {"auto.offset.reset", "earliest"}});
    rd_kafka_poll_set_consumer(m_consumer);
    rd_kafka_topic_partition_list_t* const all = rd_kafka_topic_partition_list_new(partitions);
    for (int partition = 0; partition < partitions; ++partition) {
        rd_kafka_topic_partition_list_add(all, topic.c_str(), partition)->offset = 0;
    }
    rd_kafka_assign(m_consumer, all);
    rd_kafka_topic_partition_list_destroy(all);
    m_thread = std::thread(&OutputReader::run, this);
}

OutputReader::~OutputReader()
{
    m_stop = true;
    m_thread.join();
    rd_kafka_consumer_close(m_consumer);
    rd_kafka_destroy(m_consumer);
}

void OutputReader::run()
{
    while (!m_stop.load()) {
        rd_kafka_message_t* const message = rd_kafka_consumer_poll(m_consumer, 50);
        if (message == nullptr) {
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            const Output output = readOutput(*message);
            const std::lock_guard lock(m_mutex);
            m_outputs.push_back(output);
            if (output.id >= 0) {
                const auto id = static_cast<std::size_t>(output.id);
                if (id >= m_seen.size()) {
                    m_seen.resize(id * 2 + 1024, false);
                }
                if (!m_seen[id]) {
                    m_seen[id] = true;
                    ++m_distinct;
                }
            }
            ++m_count;
        }
        rd_kafka_message_destroy(message);
    }
}

bool OutputReader::waitForDistinct(std::uint64_t wanted, std::chrono::seconds timeout) const
{
    const auto deadline = Clock::now() + timeout;
    while (distinct() < wanted) {
        if (Clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(kPoll);
    }
    return true;
}

double OutputReader::waitForProgress(std::uint64_t than, std::chrono::seconds timeout) const
{
    const auto begin = Clock::now();
    while (count() <= than) {
        if (Clock::now() > begin + timeout) {
            return -1;
        }
        std::this_thread::sleep_for(kPoll);
    }
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

bool OutputReader::waitForQuiet(std::chrono::seconds timeout) const
{
    const auto deadline = Clock::now() + timeout;
    constexpr int kAnswerMs = 5'000;
    for (int partition = 0; partition < m_partitions; ++partition) {
        std::int64_t low = 0;
        std::int64_t high = 0;
        if (rd_kafka_query_watermark_offsets(m_consumer, m_topic.c_str(), partition, &low, &high,
                                             kAnswerMs) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return false;
        }
        std::int64_t position = low == high ? high : -1;
        while (position < high) { // behind the control records too
            rd_kafka_topic_partition_list_t* const one = rd_kafka_topic_partition_list_new(1);
            rd_kafka_topic_partition_list_add(one, m_topic.c_str(), partition);
            rd_kafka_position(m_consumer, one);
            position = one->elems[0].offset;
            rd_kafka_topic_partition_list_destroy(one);
            if (position < high && Clock::now() > deadline) {
                return false;
            }
            std::this_thread::sleep_for(kPoll);
        }
    }
    return true;
}

std::vector<Output> OutputReader::outputs() const
{
    const std::lock_guard lock(m_mutex);
    return m_outputs;
}

LoadGenerator::LoadGenerator(const std::string& bootstrap, const std::string& topic, int partitions,
                             int perSecond)
{
    m_producer = makeClient(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap},
                                                {"enable.idempotence", "true"},
                                                {"message.timeout.ms", "0"},
                                                {"linger.ms", "5"}});
    m_topic = rd_kafka_topic_new(m_producer, topic.c_str(), nullptr);
    m_thread = std::thread(&LoadGenerator::run, this, partitions, perSecond);
}

LoadGenerator::~LoadGenerator()
{
    (void)finish();
    rd_kafka_topic_destroy(m_topic);
    rd_kafka_destroy(m_producer);
}

void LoadGenerator::run(int partitions, int perSecond)
{
    const auto begin = Clock::now();
    const std::chrono::nanoseconds period(1'000'000'000 / perSecond);
    for (std::uint64_t n = 0; !m_stop.load();) {
        const SeedRecord record = seedRecord(n);
        const int sentNow =
            rd_kafka_produce(m_topic, static_cast<int>(n % static_cast<std::uint64_t>(partitions)),
                             RD_KAFKA_MSG_F_COPY, const_cast<char*>(record.value.data()), record.value.size(),
                             record.key.data(), record.key.size(), nullptr);
        if (sentNow == 0) {
            m_sent = ++n;
        }
        rd_kafka_poll(m_producer, sentNow == 0 ? 0 : 10);
        const auto due = begin + static_cast<std::int64_t>(n) * period;
        if (due > Clock::now() + kPoll) {
            std::this_thread::sleep_until(
                due); // in steps of some milliseconds: the rate, not the single record
        }
    }
}

std::uint64_t LoadGenerator::finish()
{
    if (m_thread.joinable()) {
        m_stop = true;
        m_thread.join();
        if (rd_kafka_flush(m_producer, 120'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            std::fprintf(stderr, "load: the broker did not take all inputs within two minutes\n");
        }
    }
    return m_sent.load();
}

std::uint64_t requestsAmong(std::uint64_t sent)
{
    return sent - sent / 50;
}

Verdict judge(const std::vector<Output>& outputs, std::uint64_t sent, int partitions,
              bool oneCounterPerPartition)
{
    Verdict verdict{.expected = requestsAmong(sent), .seen = outputs.size()};
    std::vector<std::int64_t> numberOf(sent, -1);
    std::vector<bool> seen(sent, false);
    const auto inputs = static_cast<std::size_t>(partitions);
    std::vector<std::int64_t> lastId(inputs, -1);
    std::vector<std::map<std::int64_t, std::int64_t>> holders(oneCounterPerPartition ? inputs : 1);

    // Order is judged within an output partition, which is what Kafka promises; ours keep their partition.
    std::vector<Output> sorted = outputs;
    std::sort(sorted.begin(), sorted.end(), [](const Output& a, const Output& b) {
        return std::pair(a.partition, a.offset) < std::pair(b.partition, b.offset);
    });
    for (const Output& output : sorted) {
        if (output.id < 0 || static_cast<std::uint64_t>(output.id) >= sent || !output.rightContents) {
            ++verdict.wrongContents;
            continue;
        }
        const auto id = static_cast<std::size_t>(output.id);
        const std::size_t input = id % inputs;
        if (seen[id]) {
            ++verdict.twice;
        } else {
            verdict.outOfOrder += output.id < lastId[input] ? 1 : 0;
            lastId[input] = std::max(lastId[input], output.id);
        }
        if (seen[id] && numberOf[id] != output.number) {
            ++verdict.numberConflicts;
        }
        auto& numbers = holders[oneCounterPerPartition ? input : 0];
        const auto [holder, isNew] = numbers.emplace(output.number, output.id);
        verdict.numberConflicts += !isNew && holder->second != output.id ? 1 : 0;
        numberOf[id] = output.number;
        seen[id] = true;
    }
    for (std::uint64_t id = 0; id < sent; ++id) {
        verdict.lost += seedRecord(id).isRequest && !seen[id] ? 1 : 0;
    }
    for (const auto& numbers : holders) {
        const std::int64_t greatest = numbers.empty() ? 0 : numbers.rbegin()->first;
        verdict.numberGaps +=
            static_cast<std::uint64_t>(greatest) - static_cast<std::uint64_t>(numbers.size());
    }
    return verdict;
}

} // namespace streamwright::faults
