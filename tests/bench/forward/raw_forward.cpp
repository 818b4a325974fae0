/// The yardstick R of resources/docs/performance.md: consume in batches, produce a copy, nothing in between.
/// Usage: raw_forward BOOTSTRAP INPUT OUTPUT GROUP. Runs until SIGTERM.
#include <librdkafka/rdkafka.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

volatile std::sig_atomic_t g_stop = 0;

using Properties = std::vector<std::pair<const char*, const char*>>;

rd_kafka_t* makeClient(rd_kafka_type_t type, const Properties& properties)
{
    rd_kafka_conf_t* const conf = rd_kafka_conf_new();
    std::array<char, 512> problem{};
    for (const auto& [name, value] : properties) {
        if (rd_kafka_conf_set(conf, name, value, problem.data(), problem.size()) != RD_KAFKA_CONF_OK) {
            std::fprintf(stderr, "raw_forward: %s=%s: %s\n", name, value, problem.data());
            std::exit(2);
        }
    }
    rd_kafka_t* const client = rd_kafka_new(type, conf, problem.data(), problem.size());
    if (client == nullptr) {
        std::fprintf(stderr, "raw_forward: %s\n", problem.data());
        std::exit(2);
    }
    return client;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: raw_forward BOOTSTRAP INPUT OUTPUT GROUP\n");
        return 2;
    }
    std::signal(SIGTERM, [](int) { g_stop = 1; });
    std::signal(SIGINT, [](int) { g_stop = 1; });

    // The settings of the engine's own clients, so that only the work in between differs.
    rd_kafka_t* const consumer = makeClient(RD_KAFKA_CONSUMER, {{"bootstrap.servers", argv[1]},
                                                                {"group.id", argv[4]},
                                                                {"auto.offset.reset", "earliest"},
                                                                {"enable.auto.commit", "true"},
                                                                {"auto.commit.interval.ms", "1000"},
                                                                {"queued.min.messages", "10000000"},
                                                                {"queued.max.messages.kbytes", "32768"},
                                                                {"fetch.queue.backoff.ms", "0"},
                                                                {"fetch.message.max.bytes", "4194304"},
                                                                {"fetch.wait.max.ms", "10"},
                                                                {"socket.nagle.disable", "true"},
                                                                {"isolation.level", "read_committed"}});
    rd_kafka_t* const producer = makeClient(RD_KAFKA_PRODUCER, {{"bootstrap.servers", argv[1]},
                                                                {"enable.idempotence", "true"},
                                                                {"linger.ms", "2"},
                                                                {"queue.buffering.max.messages", "1000000"},
                                                                {"queue.buffering.max.kbytes", "65536"},
                                                                {"compression.codec", "lz4"},
                                                                {"delivery.report.only.error", "true"},
                                                                {"socket.nagle.disable", "true"}});
    rd_kafka_topic_t* const output = rd_kafka_topic_new(producer, argv[3], nullptr);

    rd_kafka_topic_partition_list_t* const topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, argv[2], RD_KAFKA_PARTITION_UA);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_subscribe(consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    rd_kafka_queue_t* const queue = rd_kafka_queue_get_consumer(consumer);

    constexpr std::size_t kBatch = 4096;
    std::vector<rd_kafka_message_t*> messages(kBatch);
    while (g_stop == 0) {
        // A batch call returns when its array is full or the time is over: one with the time, then the rest.
        ssize_t count = rd_kafka_consume_batch_queue(queue, 100, messages.data(), 1);
        if (count == 1) {
            const ssize_t more = rd_kafka_consume_batch_queue(queue, 0, messages.data() + 1, kBatch - 1);
            count += more > 0 ? more : 0;
        }
        for (ssize_t i = 0; i < count; ++i) {
            rd_kafka_message_t* const message = messages[static_cast<std::size_t>(i)];
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                while (rd_kafka_produce(output, message->partition, RD_KAFKA_MSG_F_COPY, message->payload,
                                        message->len, message->key, message->key_len, nullptr) != 0 &&
                       rd_kafka_last_error() == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
                    rd_kafka_poll(producer, 1);
                }
            }
            rd_kafka_message_destroy(message);
        }
        rd_kafka_poll(producer, 0);
    }
    rd_kafka_flush(producer, 10'000);
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(consumer);
    rd_kafka_topic_destroy(output);
    rd_kafka_destroy(producer);
    rd_kafka_destroy(consumer);
    return 0;
}
