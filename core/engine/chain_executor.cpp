#include "core/engine/chain_executor.h"

#include "core/base/assert.h"

#include <algorithm>
#include <exception>

namespace streamwright {
namespace {

constexpr std::int64_t kNsPerUs = 1'000;

std::string placeOf(const Origin& origin)
{
    return std::string(origin.topic) + '[' + std::to_string(origin.partition) + "]@" +
           std::to_string(origin.offset);
}

} // namespace

std::size_t bytesOf(const Batch& batch)
{
    std::size_t bytes = 0;
    for (const RecordIndex index : batch.selection()) {
        const Record& record = batch.record(index);
        bytes += record.key.size() + record.value.bytes.size();
    }
    return bytes;
}

/// What an operator is given.
class ChainExecutor::Context final : public OperatorContext {
public:
    Context(const ChainEnvironment& environment, std::size_t node) : m_environment(environment), m_node(node)
    {
    }

    const Clock& clock() const override { return m_environment.clock; }
    std::string_view nodeId() const override { return m_environment.topology.nodes[m_node].id; }
    std::int32_t partition() const override { return m_environment.partition; }
    Result<std::optional<std::int64_t>> greatestInOutput(std::string_view field) override
    {
        if (m_environment.outputs == nullptr) {
            return Error{Errc::Unsupported,
                         "There is no output topic to read the greatest " + std::string(field) + " from."};
        }
        return m_environment.outputs->greatestInOutput(m_node, field);
    }

private:
    const ChainEnvironment& m_environment;
    std::size_t m_node;
};

/// One node of the chain; its operator emits here.
class ChainExecutor::Step final : public Emitter {
public:
    Step(ChainExecutor& executor, std::size_t index, ChainNode node)
        : chain(node.transform != nullptr || node.sink != nullptr
                    ? std::move(node)
                    : ChainNode{nullptr, nullptr, node.sourceFormat, node.skipTombstones}),
          planned(executor.m_environment.topology.nodes[index]),
          probe(executor.m_environment.probes.node(index)), context(executor.m_environment, index),
          decoder(chain.sourceFormat, chain.skipTombstones), m_executor(executor)
    {
        for (std::size_t port = 0; port < planned.outputs.size(); ++port) {
            OutPort out{planned.outputs[port].role, {}};
            for (const PlannedEdge& edge : planned.wires[port]) {
                if (executor.m_environment.topology.nodes[edge.toNode].mode != NodeMode::Off) {
                    out.wires.push_back({edge.index, edge.toNode});
                }
            }
            if (out.role == PortRole::Error) {
                error = std::move(out);
            } else {
                outs.push_back(std::move(out));
            }
        }
        error.role = PortRole::Error;
    }

    void emit(Port port, const Batch& batch) override
    {
        SW_ASSERT(port.index < outs.size(), "an operator names ports of its own spec");
        if (!batch.empty()) {
            m_executor.send(*this, outs[port.index], batch);
        }
    }
    void fail(const Record& record, const RecordFailure& failure) override
    {
        const RecordError* const recordError =
            m_arena->make<RecordError>(failure.code, failure.stage, failure.message, failure.detail,
                                       failure.field, failure.from, failure.to, std::string_view(planned.id));
        failed.push_back({record.origin, recordError});
    }
    void drop(std::size_t records, std::string_view) override { probe.dropped.add(records); }

    void enterBatch(Arena& arena) { m_arena = &arena; }

    ChainNode chain;
    const PlannedNode& planned;
    NodeProbe& probe;
    Context context;
    SourceDecoder decoder;
    std::vector<OutPort> outs; ///< without the error port, as operators count them
    OutPort error;
    std::vector<FailedRecord> failed; ///< of the batch at work

private:
    ChainExecutor& m_executor;
    Arena* m_arena = nullptr;
};

ChainExecutor::ChainExecutor(const ChainEnvironment& environment, std::vector<ChainNode> nodes)
    : m_environment(environment), m_order(environment.topology.flows[environment.flow].nodes)
{
    m_steps.resize(environment.topology.nodes.size());
    nodes.resize(m_steps.size());
    for (const std::size_t index : m_order) {
        m_steps[index] = std::make_unique<Step>(*this, index, std::move(nodes[index]));
    }
    const std::size_t deadLetter = environment.topology.deadLetterNode;
    const bool useDeadLetter =
        environment.topology.settings.onError == OnError::DeadLetter && deadLetter < m_steps.size();
    if (!useDeadLetter) {
        return;
    }
    if (m_steps[deadLetter] == nullptr) { // it belongs to every flow
        m_steps[deadLetter] = std::make_unique<Step>(*this, deadLetter, std::move(nodes[deadLetter]));
        m_order.push_back(deadLetter);
    }
    for (const std::size_t index : m_order) {
        if (index != deadLetter && m_steps[index]->error.wires.empty()) {
            m_steps[index]->error.wires.push_back({kNoEdge, deadLetter});
        }
    }
}

ChainExecutor::~ChainExecutor() = default;

Result<void> ChainExecutor::open()
{
    for (const std::size_t index : m_order) {
        Step& step = *m_steps[index];
        if (step.chain.transform != nullptr) {
            if (auto opened = step.chain.transform->open(step.context); !opened) {
                return opened;
            }
        }
    }
    return {};
}

Result<void> ChainExecutor::restore(RestoredState::Kind kind, const SmallState& state, const std::string& why)
{
    for (const std::size_t index : m_order) {
        Step& step = *m_steps[index];
        if (step.chain.transform == nullptr || !step.planned.spec().stateful) {
            continue;
        }
        RestoredState restored{kind, {}, why};
        if (kind == RestoredState::Kind::Restored) {
            const auto found = state.find(step.planned.id);
            if (found == state.end()) {
                restored.kind = RestoredState::Kind::Lost;
                restored.why = "the committed state has no entry for node \"" + step.planned.id +
                               "\": it is new in this pipeline, or was renamed";
            } else {
                restored.text = found->second;
            }
        }
        if (auto done = step.chain.transform->restore(restored); !done) {
            return done;
        }
    }
    return {};
}

SmallState ChainExecutor::smallState() const
{
    SmallState state;
    for (const std::size_t index : m_order) {
        const Step& step = *m_steps[index];
        if (step.chain.transform != nullptr && step.planned.spec().stateful) {
            if (std::string text = step.chain.transform->smallState(); !text.empty()) {
                state.emplace(step.planned.id, std::move(text));
            }
        }
    }
    return state;
}

Demand ChainExecutor::demand()
{
    Demand least;
    for (const std::size_t index : m_order) {
        Step& step = *m_steps[index];
        Demand demand;
        if (step.chain.transform != nullptr) {
            demand = step.chain.transform->demand();
        } else if (step.chain.sink != nullptr) {
            demand = step.chain.sink->demand();
        }
        const bool blocked = demand.maxRecords == 0;
        if (blocked != (least.maxRecords == 0) ? blocked : demand.maxRecords < least.maxRecords) {
            least = demand;
        } else if (blocked) { // until both of them can go on
            least.blockedUntilNs = std::max(least.blockedUntilNs, demand.blockedUntilNs);
        }
    }
    return least;
}

void ChainExecutor::charge(NodeProbe& probe)
{
    const std::int64_t now = m_environment.clock.monotonicNs();
    probe.busyNs.add(static_cast<std::uint64_t>(now - m_markNs));
    m_markNs = now;
}

Result<void> ChainExecutor::run(std::size_t node, std::span<Origin> origins, Arena& arena,
                                std::int64_t arrivalNs)
{
    Step& source = *m_steps[node];
    m_arrivalNs = arrivalNs;
    m_markNs = m_environment.clock.monotonicNs();
    m_current = &source;
    try {
        const SourceDecoder::Decoded decoded = source.decoder.decode(origins, arena);
        source.probe.recordsIn.add(origins.size());
        source.probe.bytesIn.add(decoded.bytes);
        source.probe.dropped.add(decoded.skipped);
        source.enterBatch(arena);
        for (const FailedRecord& failed : decoded.failed) {
            RecordError* const error = arena.make<RecordError>(*failed.error);
            error->node = source.planned.id;
            source.failed.push_back({failed.origin, error});
        }
        if (!decoded.batch.empty()) {
            send(source, source.outs.front(), decoded.batch);
        }
        flushFailures(source, arena);
    } catch (const std::exception& exception) {
        m_error = Error{Errc::Internal, "Node \"" + m_current->planned.id +
                                            "\" failed unexpectedly: " + exception.what() + '.'};
    }
    charge(source.probe);
    if (m_error) {
        return *m_error;
    }
    return {};
}

void ChainExecutor::send(Step& from, const OutPort& port, const Batch& batch)
{
    if (port.wires.empty() && port.role == PortRole::Optional) {
        from.probe.dropped.add(batch.size());
        return;
    }
    const std::size_t bytes = bytesOf(batch);
    from.probe.recordsOut.add(batch.size());
    from.probe.bytesOut.add(bytes);
    if (port.wires.size() == 1) {
        deliver(port.wires.front(), batch, bytes);
        return;
    }
    for (const Wire& wire : port.wires) {
        deliver(wire, batch.shared(), bytes);
    }
}

void ChainExecutor::deliver(const Wire& wire, const Batch& batch, std::size_t bytes)
{
    if (m_error) {
        return; // the chain has failed in another branch; nothing of this batch will be committed
    }
    if (wire.edge != kNoEdge) {
        EdgeProbe& edge = m_environment.probes.edge(wire.edge);
        edge.records.add(batch.size());
        edge.bytes.add(bytes);
        if (m_environment.taps != nullptr) {
            m_environment.taps->sample(wire.edge, batch, m_markNs);
        }
    }
    Step& step = *m_steps[wire.to];
    step.probe.recordsIn.add(batch.size());
    step.probe.bytesIn.add(bytes);
    enter(step, batch);
}

void ChainExecutor::enter(Step& step, const Batch& batch)
{
    Step* const caller = m_current;
    charge(caller->probe);
    m_current = &step;
    step.enterBatch(batch.arena());
    if (step.planned.mode == NodeMode::Bypass && !step.outs.empty()) {
        send(step, step.outs.front(), batch);
    } else if (step.chain.sink != nullptr) {
        const auto written = step.chain.sink->write(batch, step);
        if (!written) {
            m_error = written.error();
        } else {
            const std::size_t done = batch.size() - std::min(batch.size(), step.failed.size());
            step.probe.recordsOut.add(done);
            step.probe.bytesOut.add(*written);
            charge(step.probe);
            const std::int64_t us = std::max<std::int64_t>(0, m_markNs - m_arrivalNs) / kNsPerUs;
            step.probe.addLatency(static_cast<std::uint64_t>(us), done);
        }
    } else if (step.chain.transform != nullptr) {
        step.chain.transform->process(batch, step);
    }
    if (!step.failed.empty()) {
        flushFailures(step, batch.arena());
    }
    charge(step.probe);
    m_current = caller;
}

bool ChainExecutor::dispose(Step& step, std::span<const FailedRecord> failed)
{
    if (m_environment.topology.settings.onError == OnError::Drop) {
        step.probe.dropped.add(failed.size());
        return true;
    }
    const FailedRecord& first = failed.front();
    m_error =
        Error{Errc::RecordFailed,
              "Record " + placeOf(*first.origin) + " failed in node \"" + step.planned.id + "\": " +
                  std::string(first.error->message) + " (" + std::string(toString(first.error->code)) +
                  "). Port \"error\" of the node is not wired and \"on_error\" is \"fail\", so the pipeline "
                  "stops before the record's offset is committed. Wire the port, or set \"on_error\" to "
                  "\"dead_letter\" or \"drop\".",
              false, true};
    return false;
}

void ChainExecutor::flushFailures(Step& step, Arena& arena)
{
    if (step.failed.empty() || m_error) {
        step.failed.clear();
        return;
    }
    step.probe.errors.add(step.failed.size());
    if (m_environment.log != nullptr) {
        m_environment.log->addRejects(step.failed, m_environment.clock.wallMs());
    }
    if (step.error.wires.empty()) {
        static_cast<void>(dispose(step, step.failed));
        step.failed.clear();
        return;
    }
    const std::span<Record> records = arena.makeArray<Record>(step.failed.size());
    std::transform(step.failed.begin(), step.failed.end(), records.begin(),
                   [](const FailedRecord& failed) { return restoredFrom(*failed.origin, failed.error); });
    step.failed.clear();
    const Batch batch = Batch::all(arena, records);
    const std::size_t bytes = bytesOf(batch);
    for (const Wire& wire : step.error.wires) {
        deliver(wire, step.error.wires.size() == 1 ? batch : batch.shared(), bytes);
    }
}

} // namespace streamwright
