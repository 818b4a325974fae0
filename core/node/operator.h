#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/record/batch.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// An out port as an operator names it: its number in the spec's list of out ports, without the error port.
struct Port {
    std::uint32_t index = 0;
    std::string_view name;
};

/// Why a record could not be worked on; the executor adds the node. Views: literals, configuration or arena.
struct RecordFailure {
    RecordErrorCode code = RecordErrorCode::WrongType;
    std::string_view message;
    Stage stage = Stage::Process;
    std::string_view detail = {};
    std::string_view field = {};
    std::int32_t from = -1; ///< code points of the field's text
    std::int32_t to = -1;
};

/// What an operator writes to. emit() runs what is downstream at once. Thread: task thread only.
class Emitter {
public:
    Emitter() = default;
    Emitter(const Emitter&) = delete;
    Emitter& operator=(const Emitter&) = delete;

    /// Sends `batch` out of `port`; empty batches are ignored.
    virtual void emit(Port port, const Batch& batch) = 0;
    /// Sends the record, as it was consumed, to the error port when process() has returned.
    virtual void fail(const Record& record, const RecordFailure& failure) = 0;
    /// Counts records that go nowhere on purpose (a tombstone skipped); `reason` is a bounded name.
    virtual void drop(std::size_t records, std::string_view reason) = 0;

protected:
    ~Emitter() = default;
};

/// What an operator or sink can take before its next batch (architecture.md part 4): asked between batches
/// only.
struct Demand {
    std::size_t maxRecords = std::numeric_limits<std::size_t>::max(); ///< 0 = Blocked
    std::int64_t blockedUntilNs = 0; ///< monotonic; with maxRecords 0 and 0 here: until a queue falls
    std::string_view reason = {};    ///< "rate limit", "send queue is full"
};

/// How an operator's state was found at the start (semantics.md part 3).
struct RestoredState {
    enum class Kind : std::uint8_t {
        Fresh,    ///< a group without commits, and nothing written yet: begin
        Restored, ///< `text` is what smallState() gave at the last commit
        Lost      ///< there were commits, or output, but the state is gone; `why` says how it was noticed
    };
    Kind kind = Kind::Fresh;
    std::string text;
    std::string why;
};

/// What the engine gives an operator. Outlives it. Thread: task thread.
class OperatorContext {
public:
    virtual ~OperatorContext() = default;

    [[nodiscard]] virtual const Clock& clock() const = 0;
    [[nodiscard]] virtual std::string_view nodeId() const = 0;
    /// Partition of the task; -1 where one task reads all.
    [[nodiscard]] virtual std::int32_t partition() const = 0;
    /// Greatest integer in `field` among the last records of the output topics downstream of this node; empty
    /// where they hold none. Does I/O: only while restoring.
    [[nodiscard]] virtual Result<std::optional<std::int64_t>> greatestInOutput(std::string_view field) = 0;
};

/// A transform at work: one instance for each task. It never blocks, sleeps, starts threads or reads a clock
/// other than the context's, and holds no record after process() returns.
/// Calls: make() -> open() -> restore() [stateful] -> { demand(), process() }* -> smallState() at each commit
/// -> destroyed. Thread: task thread only.
class Operator {
public:
    Operator() = default;
    Operator(const Operator&) = delete;
    Operator& operator=(const Operator&) = delete;
    virtual ~Operator() = default;

    /// `context` stays valid as long as the operator lives.
    [[nodiscard]] virtual Result<void> open(OperatorContext& context);
    [[nodiscard]] virtual Demand demand();
    virtual void process(const Batch& batch, Emitter& out) = 0;

    /// Takes back its state before the first record. Only operators whose type declares state are asked.
    [[nodiscard]] virtual Result<void> restore(const RestoredState& state);
    /// The state after the last processed record: compact JSON, at most a few hundred bytes; empty =
    /// stateless.
    [[nodiscard]] virtual std::string smallState() const;
};

/// Where a record's outputs of a non-Kafka sink go: a file, the terminal. One instance per node and process,
/// shared by all tasks of all threads; the engine calls write() from any of them.
class Sink {
public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    /// May do I/O; an error here is a start-up error (exit code 3 does not apply: 1, or 2 for a bad path).
    [[nodiscard]] virtual Result<void> open() { return {}; }
    [[nodiscard]] virtual Demand demand() { return {}; }
    /// Takes the whole batch. An error fails the pipeline (nothing is committed, nothing lost).
    /// Thread: any; the sink locks once per batch.
    [[nodiscard]] virtual Result<void> write(const Batch& batch) = 0;
    /// Makes what was written durable; called before offsets are committed.
    [[nodiscard]] virtual Result<void> flush() = 0;
};

/// A source that is not Kafka. One instance per node and process, read by one thread.
class Source {
public:
    enum class State : std::uint8_t { Records, Idle, Finished };
    struct Poll {
        State state = State::Idle;
        std::size_t records = 0;
        std::int64_t nextPollNs = 0; ///< Idle: monotonic time at which something may be there
    };

    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    [[nodiscard]] virtual Result<void> open(OperatorContext& context,
                                            std::optional<std::string_view> position) = 0;
    /// Appends up to `maxRecords` origins whose views live in `arena` or in the source until the next call.
    /// Does not decode: the engine indexes JSON by `format()`.
    [[nodiscard]] virtual Result<Poll> poll(Arena& arena, std::size_t maxRecords,
                                            std::vector<Origin>& out) = 0;
    [[nodiscard]] virtual ValueFormat format() const = 0;
    /// Where to go on after all that was polled: compact JSON, kept in the state directory at each commit.
    [[nodiscard]] virtual std::string position() const = 0;
    /// True where the source never ends by itself (`--until-end` is refused).
    [[nodiscard]] virtual bool endless() const = 0;
};

} // namespace streamwright
