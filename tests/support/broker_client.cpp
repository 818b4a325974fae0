#include "tests/support/broker_client.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

namespace streamwright::testing {
namespace {

constexpr int kTimeoutMs = 30'000;

[[noreturn]] void fail(const std::string& what)
{
    std::fprintf(stderr, "benchmark: %s\n", what.c_str());
    std::exit(3);
}

rd_kafka_t* makeClient(rd_kafka_type_t type,
                       const std::vector<std::pair<std::string, std::string>>& properties)
{
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    std::array<char, 512> problem{};
    for (const auto& [name, value] : properties) {
        if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), problem.data(), problem.size()) !=
            RD_KAFKA_CONF_OK) {
            fail(problem.data());
        }
    }
    rd_kafka_t* const client = rd_kafka_new(type, conf, problem.data(), problem.size());
    if (client == nullptr) {
        fail(problem.data());
    }
    return client;
}

/// Sends one admin request and waits for its answer.
void admin(rd_kafka_t* client, const std::function<void(rd_kafka_queue_t*)>& request)
{
    rd_kafka_queue_t* const queue = rd_kafka_queue_new(client);
    request(queue);
    rd_kafka_event_t* const event = rd_kafka_queue_poll(queue, kTimeoutMs);
    if (event == nullptr || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fail(event == nullptr ? "the broker does not answer" : rd_kafka_event_error_string(event));
    }
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
}

} // namespace

BrokerClient::BrokerClient(const std::string& bootstrap) : m_bootstrap(bootstrap)
{
    m_client = makeClient(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap},
                                              {"enable.idempotence", "true"},
                                              {"linger.ms", "20"},
                                              {"compression.codec", "lz4"},
                                              {"queue.buffering.max.messages", "500000"}});
}

BrokerClient::~BrokerClient()
{
    rd_kafka_destroy(m_client);
}

void BrokerClient::createTopic(const std::string& topic, int partitions, int replication)
{
    admin(m_client, [&](rd_kafka_queue_t* queue) {
        rd_kafka_NewTopic_t* request =
            rd_kafka_NewTopic_new(topic.c_str(), partitions, replication, nullptr, 0);
        rd_kafka_CreateTopics(m_client, &request, 1, nullptr, queue);
        rd_kafka_NewTopic_destroy(request);
    });
}

void BrokerClient::deleteTopic(const std::string& topic)
{
    admin(m_client, [&](rd_kafka_queue_t* queue) {
        rd_kafka_DeleteTopic_t* request = rd_kafka_DeleteTopic_new(topic.c_str());
        rd_kafka_DeleteTopics(m_client, &request, 1, nullptr, queue);
        rd_kafka_DeleteTopic_destroy(request);
    });
}

void BrokerClient::produce(const std::string& topic, std::uint64_t count,
                           const std::function<Message(std::uint64_t)>& make)
{
    for (std::uint64_t n = 0; n < count; ++n) {
        const Message message = make(n);
        while (rd_kafka_producev(
                   m_client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(message.partition),
                   RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
                   RD_KAFKA_V_VALUE(const_cast<char*>(message.value.data()), message.value.size()),
                   RD_KAFKA_V_TIMESTAMP(message.timestampMs), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                   RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            rd_kafka_poll(m_client, 10);
        }
        if (n % 10'000 == 0) {
            rd_kafka_poll(m_client, 0);
        }
    }
    if (rd_kafka_flush(m_client, 120'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fail("the broker did not take all input records");
    }
}

int BrokerClient::partitionsOf(const std::string& topic)
{
    if (topic == m_partitionsTopic) {
        return m_partitions;
    }
    rd_kafka_topic_t* const handle = rd_kafka_topic_new(m_client, topic.c_str(), nullptr);
    const struct rd_kafka_metadata* metadata = nullptr; // the tag is also a function's name
    const rd_kafka_resp_err_t error = rd_kafka_metadata(m_client, 0, handle, &metadata, kTimeoutMs);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || metadata->topic_cnt != 1) {
        fail("no metadata of topic " + topic);
    }
    m_partitionsTopic = topic;
    m_partitions = metadata->topics[0].partition_cnt;
    rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    return m_partitions;
}

std::uint64_t BrokerClient::endOffsets(const std::string& topic)
{
    std::uint64_t sum = 0;
    for (int partition = 0; partition < partitionsOf(topic); ++partition) {
        std::int64_t low = 0;
        std::int64_t high = 0;
        if (rd_kafka_query_watermark_offsets(m_client, topic.c_str(), partition, &low, &high, kTimeoutMs) !=
            RD_KAFKA_RESP_ERR_NO_ERROR) {
            fail("no end offsets of topic " + topic);
        }
        sum += static_cast<std::uint64_t>(high);
    }
    return sum;
}

void BrokerClient::readAll(const std::string& topic,
                           const std::function<bool(int, std::string_view, std::string_view)>& take)
{
    rd_kafka_t* const consumer = makeClient(RD_KAFKA_CONSUMER, {{"bootstrap.servers", m_bootstrap},
                                                                {"group.id", "benchmark-reader"},
                                                                {"enable.auto.commit", "false"},
                                                                {"enable.partition.eof", "true"},
                                                                {"isolation.level", "read_committed"},
                                                                {"fetch.queue.backoff.ms", "0"}});
    rd_kafka_poll_set_consumer(consumer);
    const int partitions = partitionsOf(topic);
    rd_kafka_topic_partition_list_t* const assignment = rd_kafka_topic_partition_list_new(partitions);
    for (int partition = 0; partition < partitions; ++partition) {
        rd_kafka_topic_partition_list_add(assignment, topic.c_str(), partition)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    }
    rd_kafka_assign(consumer, assignment);
    rd_kafka_topic_partition_list_destroy(assignment);
    int ended = 0;
    bool wanted = true;
    while (wanted && ended < partitions) {
        rd_kafka_message_t* const message = rd_kafka_consumer_poll(consumer, kTimeoutMs);
        if (message == nullptr) {
            fail("topic " + topic + " could not be read back");
        }
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            ++ended;
        } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            wanted = take(message->partition, {static_cast<const char*>(message->key), message->key_len},
                          {static_cast<const char*>(message->payload), message->len});
        }
        rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

} // namespace streamwright::testing
