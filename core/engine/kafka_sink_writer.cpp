#include "core/engine/kafka_sink_writer.h"

#include "core/engine/run_context.h"
#include "core/kafka/partitioner.h"
#include "core/record/dead_letter.h"

#include <algorithm>
#include <cstdio>

namespace streamwright {
namespace {

/// What a record costs beside key and value: batch header and varints (the message format, version 2).
constexpr std::size_t kRecordOverhead = 96;
constexpr std::size_t kHeaderOverhead = 10;
constexpr Millis kFullQueueWait{60'000};
constexpr Millis kTopicTimeout{10'000};
constexpr double kFullShare = 0.9; ///< of the send queue: no further batch is begun beyond it

bool sameBytes(NullableBytes a, NullableBytes b)
{
    return (a.data() == b.data() && a.size() == b.size()) || (isNull(a) == isNull(b) && a == b);
}

} // namespace

Result<KafkaSinkWriter::Target> KafkaSinkWriter::resolve(std::string_view topic, Millis timeout)
{
    auto found = m_producer->topic(topic, {m_context.binding.compression}, timeout);
    if (!found) {
        return found.error();
    }
    const auto limit = m_context.maxMessageBytes.find(topic);
    return Target{*found, kafka::Producer::partitionCount(**found),
                  limit == m_context.maxMessageBytes.end() ? kDefaultMaxMessageBytes : limit->second};
}

Result<void> KafkaSinkWriter::use(kafka::Producer* producer, Millis timeout)
{
    m_producer = producer;
    m_fixed = {};
    m_dynamic.clear();
    m_error.reset();
    if (producer == nullptr || m_context.binding.topicFrom) {
        return {};
    }
    auto target = resolve(m_context.binding.topic, timeout);
    if (!target) {
        return target.error();
    }
    m_fixed = *target;
    return {};
}

Demand KafkaSinkWriter::demand()
{
    if (m_producer == nullptr) {
        return {0, 0, "the producer is being made"};
    }
    const std::size_t records = m_producer->queuedRecords();
    const std::size_t bytes = m_producer->queuedBytes();
    if (m_context.probe != nullptr) {
        m_context.probe->setQueue(records, m_context.queueLimitRecords);
    }
    const auto full = [](std::size_t used, std::size_t limit) {
        return limit > 0 && static_cast<double>(used) > kFullShare * static_cast<double>(limit);
    };
    if (full(records, m_context.queueLimitRecords) || full(bytes, m_context.queueLimitBytes)) {
        return {0, 0, "the send queue is full"};
    }
    if (m_context.embeddedTopic != nullptr && m_context.embeddedTopic->full()) {
        return {0, 0, "the embedded broker's topic is not read quickly enough"};
    }
    return {};
}

Result<std::size_t> KafkaSinkWriter::write(const Batch& batch, Emitter& out)
{
    m_bytes = 0;
    m_error.reset();
    for (const RecordIndex index : batch.selection()) {
        if (send(batch.record(index), batch.arena(), out) == Sent::Stop) {
            return *m_error;
        }
    }
    if (m_context.embeddedTopic != nullptr) {
        m_context.embeddedTopic->producedBytes += static_cast<std::int64_t>(m_bytes);
    }
    if (m_context.embedded != nullptr && !m_context.binding.topicFrom) {
        m_context.embedded->noteProduced(m_context.binding.topic, batch.size(), m_bytes);
    }
    return m_bytes;
}

KafkaSinkWriter::Sent KafkaSinkWriter::send(const Record& record, Arena& arena, Emitter& out)
{
    const Target* const target = targetOf(record, arena, out);
    if (target == nullptr) {
        return m_error ? Sent::Stop : Sent::Refused;
    }
    NullableBytes key;
    std::int32_t partition = kafka::kPartitionAuto;
    if (!evaluateKey(record, arena, out, key) ||
        !choosePartition(record, *target, key, arena, out, partition)) {
        return Sent::Refused;
    }
    const NullableBytes value = valueOf(record, arena);
    const HeadersView headers = headersOf(record, arena);
    std::size_t size = key.size() + value.size() + kRecordOverhead;
    for (const Header& header : headers) {
        size += header.name.size() + header.value.size() + kHeaderOverhead;
    }
    if (size > target->limit) {
        char text[512];
        const std::string_view name = kafka::Producer::topicName(*target->topic);
        const int length = std::snprintf(text, sizeof text,
                                         "The record takes %zu bytes and topic \"%.*s\" takes at most %zu "
                                         "(max.message.bytes).",
                                         size, static_cast<int>(name.size()), name.data(), target->limit);
        out.fail(record, {.code = RecordErrorCode::TooLarge,
                          .message = arena.copy({text, static_cast<std::size_t>(std::clamp(
                                                           length, 0, static_cast<int>(sizeof text) - 1))}),
                          .stage = Stage::Produce});
        return Sent::Refused;
    }
    const bool keepTime =
        m_context.binding.timestamp == KafkaSinkBinding::TimestampMode::Keep && record.timestampMs > 0;
    const auto sent =
        m_producer->produce({.topic = target->topic,
                             .partition = partition,
                             .key = key,
                             .value = value,
                             .headers = headers,
                             .timestampMs = keepTime ? record.timestampMs : kafka::kTimestampNow},
                            kFullQueueWait, m_context.stop);
    if (sent) {
        m_bytes += key.size() + value.size();
        return Sent::Yes;
    }
    if (sent.error().code == Errc::TooLarge) {
        out.fail(record, {.code = RecordErrorCode::TooLarge,
                          .message = arena.copy(sent.error().message),
                          .stage = Stage::Produce});
        return Sent::Refused;
    }
    m_error = sent.error();
    return Sent::Stop;
}

const KafkaSinkWriter::Target* KafkaSinkWriter::targetOf(const Record& record, Arena& arena, Emitter& out)
{
    if (!m_context.binding.topicFrom) {
        return &m_fixed;
    }
    cel::EvalContext evaluation{arena, &m_context.clock};
    const cel::Value name = m_context.binding.topicFrom->evaluate(record, evaluation);
    if (!name.isString() || name.text().empty()) {
        out.fail(record, {.code = RecordErrorCode::ExpressionError,
                          .message = name.isError() ? name.message() : "topic_from gave no topic's name.",
                          .stage = Stage::Produce,
                          .field = "topic_from"});
        return nullptr;
    }
    if (const auto known = m_dynamic.find(name.text()); known != m_dynamic.end()) {
        return &known->second;
    }
    auto target = resolve(name.text(), kTopicTimeout);
    if (target) {
        return &m_dynamic.emplace(std::string(name.text()), *target).first->second;
    }
    if (target.error().code == Errc::UnknownTopic || target.error().code == Errc::Authorization ||
        target.error().code == Errc::InvalidArgument) {
        out.fail(record, {.code = RecordErrorCode::ProduceFailed,
                          .message = arena.copy(target.error().message),
                          .stage = Stage::Produce});
    } else {
        m_error = target.error();
    }
    return nullptr;
}

bool KafkaSinkWriter::evaluateKey(const Record& record, Arena& arena, Emitter& out, NullableBytes& key)
{
    switch (m_context.binding.keyMode) {
    case KafkaSinkBinding::KeyMode::Keep: key = record.key; return true;
    case KafkaSinkBinding::KeyMode::None: key = {}; return true;
    case KafkaSinkBinding::KeyMode::Expression: break;
    }
    cel::EvalContext evaluation{arena, &m_context.clock};
    const cel::Value value = m_context.binding.key->evaluate(record, evaluation);
    if (value.isNull()) {
        key = {};
        return true;
    }
    if (value.isString() || value.isBytes()) {
        key = value.text().data() == nullptr ? NullableBytes("", 0) : value.text();
        return true;
    }
    out.fail(record, {.code = RecordErrorCode::ExpressionError,
                      .message = value.isError() ? value.message() : "The key is no string, bytes or null.",
                      .stage = Stage::Produce,
                      .field = "key"});
    return false;
}

bool KafkaSinkWriter::choosePartition(const Record& record, const Target& target, NullableBytes key,
                                      Arena& arena, Emitter& out, std::int32_t& partition)
{
    const auto byKey = [&] {
        return isNull(key) ? kafka::kPartitionAuto : kafka::murmur2Partition(key, target.partitions);
    };
    switch (m_context.binding.partitionMode) {
    case KafkaSinkBinding::PartitionMode::ByKey: partition = byKey(); return true;
    case KafkaSinkBinding::PartitionMode::Auto:
        partition = record.origin->partition >= 0 && record.origin->partition < target.partitions &&
                            sameBytes(key, record.origin->key) && m_context.keepsPartition
                        ? record.origin->partition
                        : byKey();
        return true;
    case KafkaSinkBinding::PartitionMode::Keep:
        partition = m_context.keepsPartition ? record.origin->partition : byKey();
        break;
    case KafkaSinkBinding::PartitionMode::Expression: {
        cel::EvalContext evaluation{arena, &m_context.clock};
        const cel::Value value = m_context.binding.partition->evaluate(record, evaluation);
        if (value.kind != cel::Kind::Int) {
            out.fail(record, {.code = RecordErrorCode::ExpressionError,
                              .message = value.isError() ? value.message() : "The partition is no int.",
                              .stage = Stage::Produce,
                              .field = "partition"});
            return false;
        }
        partition = value.integer >= 0 && value.integer < target.partitions
                        ? static_cast<std::int32_t>(value.integer)
                        : target.partitions;
        break;
    }
    }
    if (partition >= target.partitions) {
        out.fail(record, {.code = RecordErrorCode::ProduceFailed,
                          .message = "The output topic does not have the partition that the record asks for.",
                          .stage = Stage::Produce,
                          .field = "partition"});
        return false;
    }
    return true;
}

NullableBytes KafkaSinkWriter::valueOf(const Record& record, Arena& arena)
{
    const RecordValue& value = record.value;
    if (record.error != nullptr || value.format == ValueFormat::Bytes) {
        return value.bytes; // a dead letter goes out as it was consumed
    }
    if (value.format == ValueFormat::Json) {
        if (value.json == nullptr) {
            return value.bytes; // a tombstone; an empty value stays one
        }
        if (!value.json->edited) {
            return value.json->source;
        }
        m_scratch.clear();
        appendJson(m_scratch, *value.json);
        return m_scratch;
    }
    if (m_context.binding.format == ValueFormat::Json && !isNull(value.bytes)) {
        return makeJsonString(value.bytes, arena).text;
    }
    return value.bytes;
}

HeadersView KafkaSinkWriter::headersOf(const Record& record, Arena& arena) const
{
    if (record.error != nullptr) {
        return deadLetterHeaders(record, m_context.topology.pipelineName, m_context.clock.wallMs(),
                                 m_context.binding.errorHeaders, arena);
    }
    if (record.headers.empty() || m_context.binding.headers == KafkaSinkBinding::HeadersMode::None) {
        return {};
    }
    return withoutErrorHeaders(record.headers, arena);
}

} // namespace streamwright
