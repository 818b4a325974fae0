#pragma once

#include "core/base/clock.h"
#include "core/node/node_type.h"
#include "core/record/batch.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace streamwright {

/// A record as a test gives it. `value` is JSON text where the format is Json; nullptr is a tombstone.
struct TestRecord {
    const char* value = nullptr;
    const char* key = nullptr;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::int64_t timestampMs = 1'700'000'000'000;
    ValueFormat format = ValueFormat::Json;
};

/// Drives one operator without an engine: makes it from a config, feeds it a batch and keeps what comes out
/// of its ports as text. Thread: the test's.
class OperatorDriver final : public Emitter, public OperatorContext {
public:
    /// Fails the test where the config is refused.
    OperatorDriver(const NodeType& type, const char* config, bool behindErrorPort = false);
    ~OperatorDriver() override;

    /// One batch of all of them. `shared`: somebody else reads the same records.
    void pipe(const std::vector<TestRecord>& records, bool shared = false);
    void pipe(const std::vector<const char*>& values);

    /// Values that left by a port, as JSON text ("null" for a tombstone), in their order.
    [[nodiscard]] std::vector<std::string> values(const std::string& port) const;
    /// Keys, "null" for none.
    [[nodiscard]] std::vector<std::string> keys(const std::string& port) const;
    /// Headers of the records, "name=value;" each.
    [[nodiscard]] std::vector<std::string> headers(const std::string& port) const;
    [[nodiscard]] std::vector<std::int64_t> timestamps(const std::string& port) const;
    /// "code: message" of each failed record.
    [[nodiscard]] const std::vector<std::string>& failures() const { return m_failures; }
    [[nodiscard]] std::size_t dropped(const std::string& reason) const;
    [[nodiscard]] ManualClock& manualClock() { return m_clock; }
    /// Value of a piped record as the other reader of a shared batch sees it.
    [[nodiscard]] std::string inputValue(std::size_t index) const;

    void emit(Port port, const Batch& batch) override;
    void fail(const Record& record, const RecordFailure& failure) override;
    void drop(std::size_t records, std::string_view reason) override;
    [[nodiscard]] const Clock& clock() const override { return m_clock; }
    [[nodiscard]] std::string_view nodeId() const override { return "node"; }
    [[nodiscard]] std::int32_t partition() const override { return 0; }
    [[nodiscard]] Result<std::optional<std::int64_t>> greatestInOutput(std::string_view field) override;

private:
    struct Emitted {
        std::string value;
        std::string key;
        std::string headers;
        std::int64_t timestampMs = 0;
    };

    std::unique_ptr<Operator> m_operator;
    ManualClock m_clock{1'700'000'000'000};
    Arena m_arena;
    std::deque<std::string> m_texts;
    std::deque<Origin> m_origins;
    std::vector<Record> m_records;
    RecordError m_error;
    bool m_behindErrorPort;
    std::map<std::string, std::vector<Emitted>> m_emitted;
    std::vector<std::string> m_failures;
    std::map<std::string, std::size_t> m_dropped;
};

} // namespace streamwright
