#include "core/preview/pipeline_test_driver.h"

#include "core/base/assert.h"
#include "core/base/diagnostic.h"
#include "core/engine/source_decoder.h"
#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/topology/compile.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace streamwright {
namespace {

/// A pipeline whose topics feed each other is stopped here.
constexpr std::size_t kMaxLooped = 100'000;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int32_t kAllPartitions = -1;

/// The origins of records, which must live while they are driven.
Origin originOf(const InputRecord& record, std::string_view topic, std::int64_t offset,
                std::int64_t timestampMs, std::vector<Header>& headers)
{
    Origin origin;
    origin.topic = topic;
    origin.partition = record.partition;
    origin.offset = offset;
    origin.key = record.key ? NullableBytes(*record.key) : NullableBytes();
    origin.value = record.value ? NullableBytes(*record.value) : NullableBytes();
    for (const auto& [name, value] : record.headers) {
        headers.push_back({name, value ? NullableBytes(*value) : NullableBytes()});
    }
    origin.headers = headers;
    origin.timestampMs = timestampMs;
    origin.timestampType = TimestampType::Create;
    return origin;
}

/// A context of sources, which ask for little.
class SourceContext final : public OperatorContext {
public:
    SourceContext(const Clock& clock, std::string_view node) : m_clock(clock), m_node(node) {}

    const Clock& clock() const override { return m_clock; }
    std::string_view nodeId() const override { return m_node; }
    std::int32_t partition() const override { return 0; }
    Result<std::optional<std::int64_t>> greatestInOutput(std::string_view) override
    {
        return std::optional<std::int64_t>();
    }

private:
    const Clock& m_clock;
    std::string_view m_node;
};

const CapturedRecords kNoRecords; // of nodes and ports that there are none of

} // namespace

struct PipelineTestDriver::Impl {
    Impl(std::shared_ptr<const Topology> plan, std::filesystem::path folder, std::int64_t startMs)
        : topology(std::move(plan)), dataDir(std::move(folder)), clock(startMs),
          probes(topology->nodes.size(), topology->edgeCount)
    {
        log.nodes.resize(topology->nodes.size());
        kafkaSources.resize(topology->nodes.size());
        kafkaSinks.resize(topology->nodes.size());
        localSources.resize(topology->nodes.size());
    }

    [[nodiscard]] std::size_t indexOf(std::string_view node) const
    {
        for (std::size_t i = 0; i < topology->nodes.size(); ++i) {
            if (topology->nodes[i].id == node) {
                return i;
            }
        }
        return topology->nodes.size();
    }

    [[nodiscard]] Result<NodeRuntime> make(std::size_t index)
    {
        const PlannedNode& node = topology->nodes[index];
        MakeContext context{.nodeId = node.id,
                            .pipelineName = topology->pipelineName,
                            .dataDir = dataDir,
                            .behindErrorPort = node.behindErrorPort,
                            .clock = &clock};
        return node.type->make(node.config, context);
    }

    /// Bindings and local sources, once; sinks that are files stay closed.
    [[nodiscard]] Result<void> prepare()
    {
        for (std::size_t i = 0; i < topology->nodes.size(); ++i) {
            const PlannedNode& node = topology->nodes[i];
            if (node.mode == NodeMode::Off || !node.reachable) {
                continue;
            }
            auto made = make(i);
            if (!made) {
                return made.error();
            }
            if (auto* const source = std::get_if<KafkaSourceBinding>(&*made)) {
                kafkaSources[i] = std::move(*source);
            } else if (auto* const sink = std::get_if<KafkaSinkBinding>(&*made)) {
                kafkaSinks[i] = std::move(*sink);
            } else if (auto* const local = std::get_if<std::unique_ptr<Source>>(&*made)) {
                localSources[i] = std::move(*local);
            }
        }
        return {};
    }

    [[nodiscard]] Result<ChainExecutor*> chain(std::size_t flow, std::int32_t partition);
    [[nodiscard]] Result<void> drive(std::size_t source, std::span<Origin> origins);
    [[nodiscard]] Result<void> loopWritten(std::size_t from);
    [[nodiscard]] Result<void> pipeRun(std::span<const InputRecord> records);
    [[nodiscard]] std::vector<std::size_t> sourcesOf(const InputRecord& record) const;
    void captureSource(std::size_t source, std::span<Origin> origins);
    [[nodiscard]] ValueFormat formatOf(std::size_t source) const
    {
        return kafkaSources[source] ? kafkaSources[source]->format : localSources[source]->format();
    }
    [[nodiscard]] bool skipsTombstones(std::size_t source) const
    {
        return kafkaSources[source] && kafkaSources[source]->skipTombstones;
    }

    std::shared_ptr<const Topology> topology;
    std::filesystem::path dataDir;
    ManualClock clock;
    ThreadProbes probes;
    CaptureLog log;
    std::vector<std::optional<KafkaSourceBinding>> kafkaSources; ///< by node
    std::vector<std::optional<KafkaSinkBinding>> kafkaSinks;     ///< by node
    std::vector<std::unique_ptr<Source>> localSources;           ///< by node
    std::map<std::pair<std::size_t, std::int32_t>, std::unique_ptr<ChainExecutor>> chains;
    std::vector<std::unique_ptr<ChainSink>> sinks;
    std::map<std::tuple<std::size_t, std::string, std::int32_t>, std::int64_t> nextOffset;
    Arena arena;
    std::size_t looped = 0;
};

Result<ChainExecutor*> PipelineTestDriver::Impl::chain(std::size_t flow, std::int32_t partition)
{
    auto& known = chains[{flow, partition}];
    if (known != nullptr) {
        return known.get();
    }
    std::vector<ChainNode> nodes(topology->nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const PlannedNode& node = topology->nodes[i];
        if (node.mode == NodeMode::Off || !node.reachable) {
            continue;
        }
        if (node.spec().category == NodeCategory::Source) {
            nodes[i].sourceFormat = formatOf(i);
            nodes[i].skipTombstones = skipsTombstones(i);
        } else if (node.spec().category == NodeCategory::Sink) {
            sinks.push_back(capturingSink(node, i, kafkaSinks[i] ? &*kafkaSinks[i] : nullptr,
                                          topology->pipelineName, clock, log));
            nodes[i].sink = sinks.back().get();
        } else {
            auto made = make(i);
            if (!made) {
                return made.error();
            }
            nodes[i].transform =
                captured(std::move(std::get<std::unique_ptr<Operator>>(*made)), node, i, log);
        }
    }
    const ChainEnvironment environment{
        .topology = *topology, .flow = flow, .probes = probes, .clock = clock, .partition = partition};
    known = std::make_unique<ChainExecutor>(environment, std::move(nodes));
    if (const auto opened = known->open(); !opened) {
        return opened.error();
    }
    if (const auto restored = known->restore(RestoredState::Kind::Fresh, {}, {}); !restored) {
        return restored.error();
    }
    return known.get();
}

void PipelineTestDriver::Impl::captureSource(std::size_t source, std::span<Origin> origins)
{
    SourceDecoder decoder(formatOf(source), skipsTombstones(source));
    const SourceDecoder::Decoded decoded = decoder.decode(origins, arena);
    const PlannedNode& node = topology->nodes[source];
    for (const RecordIndex index : decoded.batch.selection()) {
        log.nodes[source].out[node.outputs.front().name].push_back(capture(decoded.batch.record(index)));
    }
    for (const FailedRecord& failed : decoded.failed) {
        RecordError error = *failed.error;
        error.node = node.id;
        CapturedRecord copy = capture(restoredFrom(*failed.origin, &error));
        log.nodes[source].out["error"].push_back(copy);
        log.failures.push_back(std::move(copy));
    }
}

/// Drives records of one source and task in batches as large as the chain takes.
Result<void> PipelineTestDriver::Impl::drive(std::size_t source, std::span<Origin> origins)
{
    const PlannedNode& node = topology->nodes[source];
    const bool oneTask = topology->flows[node.flow].scope == TaskScope::Pipeline;
    const auto found = chain(node.flow, oneTask ? kAllPartitions : origins.front().partition);
    if (!found) {
        return found.error();
    }
    ChainExecutor& executor = **found;
    while (!origins.empty()) {
        const Demand demand = executor.demand();
        if (demand.maxRecords == 0) {
            const std::int64_t waitNs =
                std::max<std::int64_t>(demand.blockedUntilNs - clock.monotonicNs(), kNsPerMs);
            clock.advance(Millis{(waitNs + kNsPerMs - 1) / kNsPerMs});
            continue;
        }
        const std::size_t count = std::min({demand.maxRecords, origins.size(), kMaxBatchRecords});
        const std::span<Origin> batch = origins.first(count);
        const std::size_t writtenBefore = log.written.size();
        captureSource(source, batch);
        const auto done = executor.run(source, batch, arena, clock.monotonicNs());
        if (!done) {
            return done;
        }
        origins = origins.subspan(count);
        if (const auto loopedOn = loopWritten(writtenBefore); !loopedOn) {
            return loopedOn;
        }
    }
    return {};
}

std::vector<std::size_t> PipelineTestDriver::Impl::sourcesOf(const InputRecord& record) const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < kafkaSources.size(); ++i) {
        const bool isSource = kafkaSources[i].has_value() || localSources[i] != nullptr;
        const bool byTopic = kafkaSources[i].has_value() && !record.topic.empty() &&
                             std::find(kafkaSources[i]->topics.begin(), kafkaSources[i]->topics.end(),
                                       record.topic) != kafkaSources[i]->topics.end();
        if (isSource && (record.node.empty() ? byTopic : topology->nodes[i].id == record.node)) {
            found.push_back(i);
        }
    }
    return found;
}

/// Feeds what sinks have written since `from` to the sources that read those topics.
Result<void> PipelineTestDriver::Impl::loopWritten(std::size_t from)
{
    std::vector<InputRecord> records;
    for (std::size_t i = from; i < log.written.size(); ++i) {
        const CapturedRecord& written = log.written[i];
        if (!kafkaSinks[log.writtenBy[i]]) {
            continue;
        }
        InputRecord record{.topic = written.topic,
                           .partition = std::max(written.partition, 0),
                           .timestampMs = written.timestampMs,
                           .key = written.key,
                           .value = written.value,
                           .headers = written.headers};
        if (!sourcesOf(record).empty()) {
            records.push_back(std::move(record));
        }
    }
    looped += records.size();
    if (looped > kMaxLooped) {
        return Error{Errc::InvalidArgument, "Topics of this pipeline feed each other without an end."};
    }
    return records.empty() ? Result<void>() : pipeRun(records);
}

Result<void> PipelineTestDriver::Impl::pipeRun(std::span<const InputRecord> records)
{
    for (const InputRecord& record : records) {
        clock.advance(Millis{record.advanceMs});
        const std::vector<std::size_t> sources = sourcesOf(record);
        if (sources.empty()) {
            return Error{Errc::InvalidArgument,
                         record.node.empty()
                             ? "No source reads topic " + quoted(record.topic) + '.'
                             : "There is no source " + quoted(record.node) + " that takes input."};
        }
        for (const std::size_t source : sources) {
            const std::string topic = !record.topic.empty()  ? record.topic
                                      : kafkaSources[source] ? kafkaSources[source]->topics.front()
                                                             : topology->nodes[source].id;
            std::int64_t& next = nextOffset[{source, topic, record.partition}];
            const std::int64_t offset = record.offset.value_or(next);
            next = offset + 1;
            std::vector<Header> headers;
            Origin origin =
                originOf(record, topic, offset, record.timestampMs.value_or(clock.wallMs()), headers);
            if (const auto done = drive(source, {&origin, 1}); !done) {
                return done;
            }
        }
    }
    return {};
}

PipelineTestDriver::PipelineTestDriver(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PipelineTestDriver::PipelineTestDriver(PipelineTestDriver&&) noexcept = default;
PipelineTestDriver& PipelineTestDriver::operator=(PipelineTestDriver&&) noexcept = default;
PipelineTestDriver::~PipelineTestDriver() = default;

Result<PipelineTestDriver> PipelineTestDriver::create(std::shared_ptr<const Topology> topology,
                                                      const std::filesystem::path& dataDir,
                                                      std::int64_t startMs)
{
    auto impl = std::make_unique<Impl>(std::move(topology), dataDir, startMs);
    if (const auto prepared = impl->prepare(); !prepared) {
        return prepared.error();
    }
    return PipelineTestDriver(std::move(impl));
}

PipelineTestDriver PipelineTestDriver::forNode(const NodeType& type, std::string_view config)
{
    Pipeline pipeline;
    pipeline.name = "test";
    pipeline.settings = Json::object();
    pipeline.connections.push_back({"kafka", Json{{"bootstrap_servers", "embedded"}}});
    const Json parsed = Json::parse(config, nullptr, false);
    SW_ASSERT(!parsed.is_discarded(), "the config of a driven node is JSON");
    pipeline.nodes.push_back(
        {.id = "source", .type = "kafka_source", .config = Json{{"connection", "kafka"}, {"topic", "in"}}});
    pipeline.nodes.push_back({.id = "node", .type = type.spec().type, .config = parsed});
    pipeline.edges.push_back({{"source", ""}, {"node", ""}, {}});
    for (const PortSpec& port : type.outputs(parsed)) {
        const std::string sink = "sink-" + port.name;
        pipeline.nodes.push_back({.id = sink,
                                  .type = "kafka_sink",
                                  .config = Json{{"connection", "kafka"}, {"topic", port.name}}});
        pipeline.edges.push_back({{"node", port.name}, {sink, ""}, {}});
    }
    const Compiled compiled = compile(pipeline, builtinNodes());
    for (const Diagnostic& diagnostic : compiled.diagnostics) {
        SW_ASSERT(diagnostic.severity != Severity::Error, diagnostic.message.c_str());
    }
    auto driver = create(compiled.topology, {});
    SW_ASSERT(driver.hasValue(), "a node whose config has no errors can be made");
    return std::move(*driver);
}

Result<void> PipelineTestDriver::pipe(std::span<const InputRecord> records)
{
    return m_impl->pipeRun(records);
}

void PipelineTestDriver::pipe(const Values& values)
{
    std::vector<InputRecord> records;
    for (const std::string& value : values) {
        records.push_back({.topic = "in", .value = value});
    }
    const auto piped = pipe(records);
    SW_ASSERT(piped.hasValue(), "a single node with wired ports takes every record");
}

std::vector<std::string> PipelineTestDriver::finiteSources() const
{
    std::vector<std::string> found;
    for (std::size_t i = 0; i < m_impl->localSources.size(); ++i) {
        if (m_impl->localSources[i] != nullptr && !m_impl->localSources[i]->endless()) {
            found.push_back(m_impl->topology->nodes[i].id);
        }
    }
    return found;
}

Result<void> PipelineTestDriver::runSource(std::string_view node, std::size_t maxRecords)
{
    const std::size_t index = m_impl->indexOf(node);
    if (index >= m_impl->localSources.size() || m_impl->localSources[index] == nullptr) {
        return Error{Errc::UnknownNode, "Node " + quoted(node) + " is no source that can be read here."};
    }
    Source& source = *m_impl->localSources[index];
    SourceContext context(m_impl->clock, m_impl->topology->nodes[index].id);
    if (const auto opened = source.open(context, std::nullopt); !opened) {
        return opened;
    }
    Arena arena;
    std::vector<Origin> origins;
    std::size_t taken = 0;
    while (taken < maxRecords) {
        origins.clear();
        const auto polled = source.poll(arena, std::min(kMaxBatchRecords, maxRecords - taken), origins);
        if (!polled) {
            return polled.error();
        }
        if (polled->state == Source::State::Finished) {
            break;
        }
        if (polled->state == Source::State::Idle) {
            if (source.endless() && polled->nextPollNs <= m_impl->clock.monotonicNs()) {
                break;
            }
            const std::int64_t waitNs = polled->nextPollNs - m_impl->clock.monotonicNs();
            m_impl->clock.advance(Millis{std::max<std::int64_t>(1, (waitNs + kNsPerMs - 1) / kNsPerMs)});
            continue;
        }
        taken += origins.size();
        if (const auto done = m_impl->drive(index, origins); !done) {
            return done;
        }
    }
    return {};
}

ManualClock& PipelineTestDriver::clock()
{
    return m_impl->clock;
}

const CapturedRecords& PipelineTestDriver::in(std::string_view node) const
{
    const std::size_t index = m_impl->indexOf(node);
    return index < m_impl->log.nodes.size() ? m_impl->log.nodes[index].in : kNoRecords;
}

const CapturedRecords& PipelineTestDriver::out(std::string_view node, std::string_view port) const
{
    const std::size_t index = m_impl->indexOf(node);
    if (index >= m_impl->log.nodes.size() || m_impl->topology->nodes[index].outputs.empty()) {
        return kNoRecords;
    }
    const std::string_view name = port.empty() ? m_impl->topology->nodes[index].outputs.front().name : port;
    const auto& ports = m_impl->log.nodes[index].out;
    const auto found = ports.find(name);
    return found == ports.end() ? kNoRecords : found->second;
}

CapturedRecords PipelineTestDriver::written(std::string_view sink) const
{
    const std::size_t index = m_impl->indexOf(sink);
    CapturedRecords records;
    for (std::size_t i = 0; i < m_impl->log.written.size(); ++i) {
        if (m_impl->log.writtenBy[i] == index) {
            records.push_back(m_impl->log.written[i]);
        }
    }
    return records;
}

const CaptureLog& PipelineTestDriver::log() const
{
    return m_impl->log;
}

NodeCounters PipelineTestDriver::counters(std::string_view node) const
{
    EngineSnapshot snapshot;
    snapshot.nodes.resize(m_impl->topology->nodes.size());
    snapshot.edges.resize(m_impl->topology->edgeCount);
    m_impl->probes.addTo(snapshot);
    const std::size_t index = m_impl->indexOf(node);
    return index < snapshot.nodes.size() ? snapshot.nodes[index].counters : NodeCounters{};
}

Values PipelineTestDriver::values(std::string_view port) const
{
    Values values;
    for (const CapturedRecord& record : out("node", port)) {
        values.push_back(record.value.value_or("null"));
    }
    return values;
}

bool PipelineTestDriver::reads(std::string_view topic) const
{
    return !m_impl->sourcesOf({.topic = std::string(topic)}).empty();
}

const Topology& PipelineTestDriver::topology() const
{
    return *m_impl->topology;
}

} // namespace streamwright
