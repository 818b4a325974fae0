#include "core/preview/chain_capture.h"

#include "core/record/dead_letter.h"
#include "core/record/json_value.h"

#include <utility>

namespace streamwright {
namespace {

void captureFailure(const Record& record, const RecordFailure& failure, const PlannedNode& node,
                    std::size_t index, CaptureLog& log)
{
    const RecordError error{.code = failure.code,
                            .stage = failure.stage,
                            .message = failure.message,
                            .detail = failure.detail,
                            .field = failure.field,
                            .from = failure.from,
                            .to = failure.to,
                            .node = node.id};
    CapturedRecord copy = capture(restoredFrom(*record.origin, &error));
    log.nodes[index].out["error"].push_back(copy);
    log.failures.push_back(std::move(copy));
}

/// Passes everything on and writes it down.
class CapturingEmitter final : public Emitter {
public:
    CapturingEmitter(Emitter& out, const PlannedNode& node, std::size_t index, CaptureLog& log)
        : m_out(out), m_node(node), m_index(index), m_log(log)
    {
    }

    void emit(Port port, const Batch& batch) override
    {
        CapturedRecords& records = m_log.nodes[m_index].out[m_node.outputs[port.index].name];
        for (const RecordIndex index : batch.selection()) {
            records.push_back(capture(batch.record(index)));
        }
        m_out.emit(port, batch);
    }
    void fail(const Record& record, const RecordFailure& failure) override
    {
        captureFailure(record, failure, m_node, m_index, m_log);
        m_out.fail(record, failure);
    }
    void drop(std::size_t records, std::string_view reason) override { m_out.drop(records, reason); }

private:
    Emitter& m_out;
    const PlannedNode& m_node;
    std::size_t m_index;
    CaptureLog& m_log;
};

class CapturingOperator final : public Operator {
public:
    CapturingOperator(std::unique_ptr<Operator> inner, const PlannedNode& node, std::size_t index,
                      CaptureLog& log)
        : m_inner(std::move(inner)), m_node(node), m_index(index), m_log(log)
    {
    }

    Result<void> open(OperatorContext& context) override { return m_inner->open(context); }
    Demand demand() override { return m_inner->demand(); }
    Result<void> restore(const RestoredState& state) override { return m_inner->restore(state); }
    std::string smallState() const override { return m_inner->smallState(); }

    void process(const Batch& batch, Emitter& out) override
    {
        for (const RecordIndex index : batch.selection()) {
            m_log.nodes[m_index].in.push_back(capture(batch.record(index)));
        }
        CapturingEmitter emitter(out, m_node, m_index, m_log);
        m_inner->process(batch, emitter);
    }

private:
    std::unique_ptr<Operator> m_inner;
    const PlannedNode& m_node;
    std::size_t m_index;
    CaptureLog& m_log;
};

class CapturingSink final : public ChainSink {
public:
    CapturingSink(const PlannedNode& node, std::size_t index, const KafkaSinkBinding* binding,
                  std::string pipelineName, const Clock& clock, CaptureLog& log)
        : m_node(node), m_index(index), m_binding(binding), m_pipelineName(std::move(pipelineName)),
          m_clock(clock), m_log(log)
    {
    }

    Result<std::size_t> write(const Batch& batch, Emitter& out) override
    {
        std::size_t bytes = 0;
        for (const RecordIndex index : batch.selection()) {
            const Record& record = batch.record(index);
            m_log.nodes[m_index].in.push_back(capture(record));
            CapturedRecord written = capture(record);
            if (m_binding != nullptr && !address(record, batch.arena(), written, out)) {
                continue;
            }
            bytes += written.key.value_or("").size() + written.value.value_or("").size();
            m_log.written.push_back(std::move(written));
            m_log.writtenBy.push_back(m_index);
        }
        return bytes;
    }

private:
    bool refuse(const Record& record, std::string_view field, const cel::Value& value,
                std::string_view otherwise, Emitter& out)
    {
        const RecordFailure failure{.code = RecordErrorCode::ExpressionError,
                                    .message = value.isError() ? value.message() : otherwise,
                                    .stage = Stage::Produce,
                                    .field = field};
        captureFailure(record, failure, m_node, m_index, m_log);
        out.fail(record, failure);
        return false;
    }

    /// Topic, key, headers, time and form of a record on its way to Kafka; false where it is refused.
    bool address(const Record& record, Arena& arena, CapturedRecord& written, Emitter& out)
    {
        cel::EvalContext evaluation{arena, &m_clock};
        written.topic = m_binding->topic;
        if (m_binding->topicFrom) {
            const cel::Value topic = m_binding->topicFrom->evaluate(record, evaluation);
            if (!topic.isString() || topic.text().empty()) {
                return refuse(record, "topic_from", topic, "topic_from gave no topic's name.", out);
            }
            written.topic = topic.text();
        }
        if (m_binding->keyMode == KafkaSinkBinding::KeyMode::None) {
            written.key.reset();
        } else if (m_binding->keyMode == KafkaSinkBinding::KeyMode::Expression) {
            const cel::Value key = m_binding->key->evaluate(record, evaluation);
            if (!key.isNull() && !key.isString() && !key.isBytes()) {
                return refuse(record, "key", key, "The key is no string, bytes or null.", out);
            }
            written.key = key.isNull() ? std::nullopt : std::optional<std::string>(key.text());
        }
        if (m_binding->partitionMode == KafkaSinkBinding::PartitionMode::Expression) {
            const cel::Value partition = m_binding->partition->evaluate(record, evaluation);
            if (partition.kind != cel::Kind::Int) {
                return refuse(record, "partition", partition, "The partition is no int.", out);
            }
            written.partition = static_cast<std::int32_t>(partition.integer);
        }
        if (m_binding->timestamp == KafkaSinkBinding::TimestampMode::Now || record.timestampMs < 0) {
            written.timestampMs = m_clock.wallMs();
        }
        setHeaders(record, arena, written);
        if (record.error == nullptr && written.value && record.value.format == ValueFormat::Text &&
            m_binding->format == ValueFormat::Json) {
            written.value = std::string(makeJsonString(record.value.bytes, arena).text);
        }
        return true;
    }

    void setHeaders(const Record& record, Arena& arena, CapturedRecord& written) const
    {
        HeadersView headers;
        if (record.error != nullptr) {
            headers =
                deadLetterHeaders(record, m_pipelineName, m_clock.wallMs(), m_binding->errorHeaders, arena);
        } else if (m_binding->headers == KafkaSinkBinding::HeadersMode::Keep) {
            headers = withoutErrorHeaders(record.headers, arena);
        }
        written.headers.clear();
        for (const Header& header : headers) {
            written.headers.emplace_back(
                header.name, isNull(header.value) ? std::nullopt : std::optional<std::string>(header.value));
        }
    }

    const PlannedNode& m_node;
    std::size_t m_index;
    const KafkaSinkBinding* m_binding;
    std::string m_pipelineName;
    const Clock& m_clock;
    CaptureLog& m_log;
};

} // namespace

std::unique_ptr<Operator> captured(std::unique_ptr<Operator> inner, const PlannedNode& node,
                                   std::size_t index, CaptureLog& log)
{
    return std::make_unique<CapturingOperator>(std::move(inner), node, index, log);
}

std::unique_ptr<ChainSink> capturingSink(const PlannedNode& node, std::size_t index,
                                         const KafkaSinkBinding* binding, const std::string& pipelineName,
                                         const Clock& clock, CaptureLog& log)
{
    return std::make_unique<CapturingSink>(node, index, binding, pipelineName, clock, log);
}

} // namespace streamwright
