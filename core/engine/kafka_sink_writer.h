#pragma once

#include "core/engine/chain_executor.h"
#include "core/kafka/embedded_broker.h"
#include "core/kafka/producer.h"
#include "core/node/binding.h"

#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

struct EmbeddedTopic;

/// The default of max.message.bytes on brokers.
constexpr std::size_t kDefaultMaxMessageBytes = 1'048'588;

/// What one task thread's Kafka sink knows of the world.
struct KafkaSinkContext {
    const Topology& topology;
    std::size_t node = 0;
    const KafkaSinkBinding& binding;
    const std::map<std::string, std::size_t, std::less<>>&
        maxMessageBytes; ///< by topic, as read at the start
    const Clock& clock = SystemClock::instance();
    bool keepsPartition = true; ///< false where local sources feed the flow: their partition means nothing
    std::stop_token stop;
    NodeProbe* probe = nullptr;
    EmbeddedTopic* embeddedTopic = nullptr; ///< a topic that this run reads on the embedded broker
    kafka::EmbeddedBroker* embedded = nullptr;
    std::size_t queueLimitBytes = 0;
    std::size_t queueLimitRecords = 0;
};

/// Writes records of a chain to Kafka by the rules of a kafka_sink (document.md part 4): key, partition (as
/// Java does), headers and time; a record behind an error port as it was consumed, with the headers that say
/// why. Untouched values go out as they came, edited ones are spliced into one buffer that is used again for
/// each. Thread: its task thread.
class KafkaSinkWriter final : public ChainSink {
public:
    explicit KafkaSinkWriter(KafkaSinkContext context) : m_context(std::move(context)) {}

    /// Sends through this producer from now on (the first one, or one that replaces a broken one); asks for
    /// the topic. nullptr: none for now.
    [[nodiscard]] Result<void> use(kafka::Producer* producer, Millis timeout);

    [[nodiscard]] Demand demand() override;
    [[nodiscard]] Result<std::size_t> write(const Batch& batch, Emitter& out) override;

private:
    struct Target {
        kafka::ProducerTopic* topic = nullptr;
        std::int32_t partitions = 0;
        std::size_t limit = kDefaultMaxMessageBytes;
    };
    /// What came of one record: sent, refused (its failure is told), or the flow cannot go on.
    enum class Sent : std::uint8_t { Yes, Refused, Stop };

    [[nodiscard]] Sent send(const Record& record, Arena& arena, Emitter& out);
    [[nodiscard]] const Target* targetOf(const Record& record, Arena& arena, Emitter& out);
    [[nodiscard]] Result<Target> resolve(std::string_view topic, Millis timeout);
    [[nodiscard]] bool evaluateKey(const Record& record, Arena& arena, Emitter& out, NullableBytes& key);
    [[nodiscard]] bool choosePartition(const Record& record, const Target& target, NullableBytes key,
                                       Arena& arena, Emitter& out, std::int32_t& partition);
    [[nodiscard]] NullableBytes valueOf(const Record& record, Arena& arena);
    [[nodiscard]] HeadersView headersOf(const Record& record, Arena& arena) const;

    KafkaSinkContext m_context;
    kafka::Producer* m_producer = nullptr;
    Target m_fixed;
    std::map<std::string, Target, std::less<>> m_dynamic; ///< topic_from
    std::string m_scratch;
    std::size_t m_bytes = 0; ///< written of the batch at work
    std::optional<Error> m_error;
};

} // namespace streamwright
