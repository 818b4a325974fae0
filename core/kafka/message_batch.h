#pragma once

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/kafka/topic_partition.h"
#include "core/record/record.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

struct rd_kafka_message_s;

namespace streamwright::kafka {

/// A consumed message as views into librdkafka's memory; valid as long as its MessageBatch is not cleared.
struct ConsumedMessage {
    std::string_view topic;
    std::int32_t partition = -1;
    /// Place of the partition in Consumer::assignment() as it is when consume() returned.
    std::uint32_t assignmentIndex = 0;
    std::int64_t offset = -1;
    NullableBytes key;
    NullableBytes value;
    std::int64_t timestampMs = -1;
    TimestampType timestampType = TimestampType::NotAvailable;
};

/// An error that stands in the place of messages: of one partition, or of the client as a whole (empty
/// topic).
struct ConsumeError {
    TopicPartition where;
    std::int64_t offset = kOffsetNone;
    Error error;
};

/// What one consume() brought; owns the messages and frees them all. A message keeps its whole fetch response
/// alive, so that a batch is not held longer than its processing takes; what outlives it is copied.
/// Lifecycle: reused for every consume(), which clears it first. Must be cleared before its Consumer closes.
/// Thread: the consumer's.
class MessageBatch {
public:
    MessageBatch() = default;
    MessageBatch(const MessageBatch&) = delete;
    MessageBatch& operator=(const MessageBatch&) = delete;
    ~MessageBatch();

    [[nodiscard]] std::span<const ConsumedMessage> messages() const { return m_messages; }
    [[nodiscard]] std::span<const ConsumeError> errors() const { return m_errors; }
    [[nodiscard]] std::size_t size() const { return m_messages.size(); }
    [[nodiscard]] bool empty() const { return m_messages.empty(); }
    /// Keys and values together.
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }

    /// The headers of message `index` in their order, the array in `arena`, names and values in the message.
    [[nodiscard]] HeadersView headers(std::size_t index, Arena& arena) const;

    void clear();

private:
    friend class Consumer;

    std::vector<rd_kafka_message_s*> m_handles; ///< all that was taken, errors and dropped ones too
    std::vector<ConsumedMessage> m_messages;
    std::vector<std::uint32_t> m_handleOf; ///< message index -> place in m_handles
    std::vector<ConsumeError> m_errors;
    std::size_t m_bytes = 0;
};

} // namespace streamwright::kafka
