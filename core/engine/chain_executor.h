#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/probe.h"
#include "core/engine/run_log.h"
#include "core/engine/source_decoder.h"
#include "core/engine/tap_board.h"
#include "core/node/operator.h"
#include "core/state/small_state.h"
#include "core/topology/topology.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// The end of a chain: what a sink node of the plan is at work. The engine has one for Kafka and one for
/// Sink (files, the terminal); a test driver has its own. Thread: the task's.
class ChainSink {
public:
    ChainSink() = default;
    ChainSink(const ChainSink&) = delete;
    ChainSink& operator=(const ChainSink&) = delete;
    virtual ~ChainSink() = default;

    [[nodiscard]] virtual Demand demand() { return {}; }
    /// Takes the whole batch; records that it must refuse go to `out.fail()`. Gives the bytes written. An
    /// error fails the flow: nothing of the batch is committed.
    [[nodiscard]] virtual Result<std::size_t> write(const Batch& batch, Emitter& out) = 0;
};

/// What a node of a chain runs with; one of the two, by the node's kind. Sources have neither.
struct ChainNode {
    std::unique_ptr<Operator> transform;
    ChainSink* sink = nullptr;
    ValueFormat sourceFormat = ValueFormat::Json; ///< sources
    bool skipTombstones = false;                  ///< sources
};

/// What a chain works with and outlives it.
struct ChainEnvironment {
    const Topology& topology;
    std::size_t flow = 0;
    ThreadProbes& probes;
    TapBoard* taps = nullptr;
    RunLog* log = nullptr;
    const Clock& clock = SystemClock::instance();
    std::int32_t partition = -1;
    /// Greatest integer in `field` among the last records of the output topics downstream of `node`; null
    /// where nobody can tell.
    class OutputReader* outputs = nullptr;
};

/// Answers on_lost_state: from_output. Does I/O.
class OutputReader {
public:
    virtual ~OutputReader() = default;
    [[nodiscard]] virtual Result<std::optional<std::int64_t>> greatestInOutput(std::size_t node,
                                                                               std::string_view field) = 0;
};

/// Drives batches of one task through the nodes of its flow, depth first: a node's output is worked on before
/// the node goes on. Brackets every node with its counters (once per batch), makes fan-outs share, collects
/// failures and sends them, as they were consumed, to the error port. Allocates nothing per record in the
/// long run. An error leaves the chain unusable: make a new one. Thread: the task's.
class ChainExecutor {
public:
    /// `nodes` by the numbers of Topology::nodes; those of other flows are ignored.
    ChainExecutor(const ChainEnvironment& environment, std::vector<ChainNode> nodes);
    ChainExecutor(const ChainExecutor&) = delete;
    ChainExecutor& operator=(const ChainExecutor&) = delete;
    ~ChainExecutor();

    /// Opens the operators.
    [[nodiscard]] Result<void> open();
    /// Gives the stateful operators their state: `kind` and `why` for all, the texts by node id. A node
    /// without a text is Fresh where `kind` is Restored and it is new in the document.
    [[nodiscard]] Result<void> restore(RestoredState::Kind kind, const SmallState& state,
                                       const std::string& why);
    /// State after the last processed record, of the stateful operators.
    [[nodiscard]] SmallState smallState() const;

    /// The least that any operator or sink can take now.
    [[nodiscard]] Demand demand();

    /// Decodes what source `node` brought and drives it through. `origins` and what they show must live until
    /// it returns; so must `arena`, which the caller resets. `arrivalNs`: monotonic time at which they came.
    /// Errors: RecordFailed (on_error: fail), those of sinks, Internal.
    [[nodiscard]] Result<void> run(std::size_t node, std::span<Origin> origins, Arena& arena,
                                   std::int64_t arrivalNs);

private:
    struct Wire {
        std::size_t edge = 0; ///< kNoEdge: to the sink of settings.dead_letter, which is not drawn
        std::size_t to = 0;
    };
    struct OutPort {
        PortRole role = PortRole::Main;
        std::vector<Wire> wires;
    };
    class Context;
    class Step;
    static constexpr std::size_t kNoEdge = static_cast<std::size_t>(-1);

    void enter(Step& step, const Batch& batch);
    void send(Step& from, const OutPort& port, const Batch& batch);
    void deliver(const Wire& wire, const Batch& batch, std::size_t bytes);
    void flushFailures(Step& step, Arena& arena);
    [[nodiscard]] bool dispose(Step& step, std::span<const FailedRecord> failed);
    void charge(NodeProbe& probe);

    ChainEnvironment m_environment;
    std::vector<std::unique_ptr<Step>> m_steps; ///< by number of Topology::nodes; null for other flows
    std::vector<std::size_t> m_order;           ///< the flow's nodes, sources first
    std::optional<Error> m_error;
    std::int64_t m_markNs = 0; ///< since when the node at work is charged
    std::int64_t m_arrivalNs = 0;
    Step* m_current = nullptr;
};

/// Bytes of keys and values of a batch, as they were consumed.
[[nodiscard]] std::size_t bytesOf(const Batch& batch);

} // namespace streamwright
