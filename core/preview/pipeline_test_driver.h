#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/engine_snapshot.h"
#include "core/preview/captured_record.h"
#include "core/preview/chain_capture.h"
#include "core/topology/topology.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// A record handed to a driven pipeline: to the sources that read `topic`, or to source `node`.
struct InputRecord {
    std::string topic;
    std::string node;
    std::int32_t partition = 0;
    std::optional<std::int64_t> offset;      ///< empty: behind the last one of the partition
    std::optional<std::int64_t> timestampMs; ///< empty: the clock's
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    std::int64_t advanceMs = 0; ///< turns the clock before the record comes
};

/// Values as tests list them: text, "null" for a null value.
using Values = std::vector<std::string>;

/// Drives a topology without a broker, threads or files, as the engine does: the same operators in the same
/// chains, one task per partition or one for all, a clock that is turned by hand. Sinks keep what they would
/// have written; a topic that a sink writes and a source reads is looped. A throttle is waited for by turning
/// the clock. Lifecycle: create() -> pipe()* -> look. After an error of pipe() it can only be looked at.
/// Thread: one.
class PipelineTestDriver {
public:
    /// 2023-11-14T22:13:20Z: where the clock stands at first.
    static constexpr std::int64_t kStartMs = 1'700'000'000'000;

    /// `topology` came from compile(). Errors: those of the nodes' make(), open() and restore().
    [[nodiscard]] static Result<PipelineTestDriver> create(std::shared_ptr<const Topology> topology,
                                                           const std::filesystem::path& dataDir,
                                                           std::int64_t startMs = kStartMs);
    /// A single transform between an input topic "in" and sinks at all of its ports. `config` must be valid.
    [[nodiscard]] static PipelineTestDriver forNode(const NodeType& type, std::string_view config);

    PipelineTestDriver(PipelineTestDriver&&) noexcept;
    PipelineTestDriver& operator=(PipelineTestDriver&&) noexcept;
    ~PipelineTestDriver();

    /// Drives the records through, in their order. Errors: InvalidArgument (nothing reads that topic),
    /// RecordFailed (on_error: fail), those of the nodes.
    [[nodiscard]] Result<void> pipe(std::span<const InputRecord> records);
    /// The same with values alone, to the first source; a failure is a bug of the test and asserts.
    void pipe(const Values& values);
    /// Reads a source that is no Kafka topic (a generator, a file) up to its end, at most `maxRecords`.
    [[nodiscard]] Result<void> runSource(std::string_view node, std::size_t maxRecords);
    /// Sources of this kind that end by themselves.
    [[nodiscard]] std::vector<std::string> finiteSources() const;

    [[nodiscard]] ManualClock& clock();
    /// What went into a node. Empty for sources and unknown nodes.
    [[nodiscard]] const CapturedRecords& in(std::string_view node) const;
    /// What came out of a port; an empty port is the first. Empty for sinks.
    [[nodiscard]] const CapturedRecords& out(std::string_view node, std::string_view port) const;
    /// What a sink would have written.
    [[nodiscard]] CapturedRecords written(std::string_view sink) const;
    [[nodiscard]] const CaptureLog& log() const;
    [[nodiscard]] NodeCounters counters(std::string_view node) const;
    /// Values of port `port` of the only transform.
    [[nodiscard]] Values values(std::string_view port) const;

    [[nodiscard]] const Topology& topology() const;
    /// True where a source of the pipeline reads this topic.
    [[nodiscard]] bool reads(std::string_view topic) const;

private:
    struct Impl;
    explicit PipelineTestDriver(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace streamwright
