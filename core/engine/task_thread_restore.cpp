#include "core/base/diagnostic.h"
#include "core/engine/task_thread.h"

#include <algorithm>
#include <set>

namespace streamwright {
namespace {

constexpr Millis kRequestTimeout{5'000};
constexpr std::int64_t kTailRecords = 1'000; ///< of each partition that on_lost_state: from_output looks at
constexpr Millis kTailTimeout{10'000};

std::string placeOf(const kafka::TopicPartition& where)
{
    return where.topic + '[' + std::to_string(where.partition) + ']';
}

} // namespace

std::size_t TaskThread::sourceNodeOf(std::string_view topic) const
{
    for (const std::size_t source : m_flow.plan.kafkaSources) {
        const std::vector<std::string>& topics = m_run.sources[source]->topics;
        if (std::find(topics.begin(), topics.end(), topic) != topics.end()) {
            return source;
        }
    }
    return m_flow.plan.kafkaSources.front();
}

const KafkaSourceBinding& TaskThread::bindingOf(std::string_view topic) const
{
    return *m_run.sources[sourceNodeOf(topic)];
}

Result<std::vector<kafka::PartitionOffset>>
TaskThread::prepare(std::span<const kafka::TopicPartition> partitions)
{
    dropTasks();
    if (partitions.empty()) {
        return std::vector<kafka::PartitionOffset>();
    }
    m_flow.setStep("restoring state");
    auto committed = m_consumer->committed(partitions, kRequestTimeout);
    if (!committed) {
        return committed.error();
    }
    std::vector<kafka::PartitionOffset> starts;
    std::vector<std::int64_t> committedOffsets;
    for (const kafka::PartitionOffset& one : *committed) {
        auto start = startOf(one);
        if (!start) {
            return start.error();
        }
        starts.push_back({one.where, *start, {}, std::nullopt});
        committedOffsets.push_back(one.offset);
    }
    m_tracker.assign(starts, committedOffsets, nowNs());
    if (auto made = makeTasks(*committed); !made) {
        return made.error();
    }
    if (auto done = commitStart(*committed); !done) {
        return done.error();
    }
    for (const std::unique_ptr<Task>& task : m_tasks) {
        task->enter(TaskState::Running);
    }
    m_embeddedOf.clear();
    for (const kafka::PartitionOffset& start : starts) {
        m_embeddedOf.push_back(m_run.embeddedTopic(start.where.topic));
    }
    m_flow.setStep("consuming");
    return starts;
}

Result<std::int64_t> TaskThread::startOf(const kafka::PartitionOffset& committed)
{
    auto marks = m_consumer->watermarks(committed.where, kRequestTimeout);
    if (!marks) {
        return marks.error();
    }
    const KafkaSourceBinding& binding = bindingOf(committed.where.topic);
    const std::string place = placeOf(committed.where);
    if (committed.offset < 0) {
        switch (binding.reset) {
        case KafkaSourceBinding::Reset::Earliest:
            m_run.event(EngineEvent::Kind::State, node(sourceNodeOf(committed.where.topic)).id,
                        "Group " + streamwright::quoted(m_flow.plan.groupId) + " has no offset for " + place +
                            ": reading from the beginning, " + std::to_string(marks->high - marks->low) +
                            " records.");
            return marks->low;
        case KafkaSourceBinding::Reset::Latest: return marks->high;
        case KafkaSourceBinding::Reset::Error:
            return Error{Errc::OffsetLost,
                         "Group " + streamwright::quoted(m_flow.plan.groupId) +
                             " has no committed offset for " + place +
                             " and \"auto_offset_reset\" is \"error\". Set it to \"earliest\" "
                             "or \"latest\" to begin."};
        }
    }
    if (committed.offset >= marks->low && committed.offset <= marks->high) {
        return committed.offset;
    }
    const std::string what = "The committed offset " + std::to_string(committed.offset) + " of " + place +
                             " is gone: the topic has " + std::to_string(marks->low) + " to " +
                             std::to_string(marks->high) + " (retention, or the topic was made anew). ";
    switch (binding.onOffsetLost) {
    case KafkaSourceBinding::OnOffsetLost::Fail: break;
    case KafkaSourceBinding::OnOffsetLost::Earliest:
        m_run.event(EngineEvent::Kind::Warning, {},
                    what + "Going on at the earliest, as \"on_offset_lost\" says.");
        return marks->low;
    case KafkaSourceBinding::OnOffsetLost::Latest:
        m_run.event(EngineEvent::Kind::Warning, {},
                    what + "Going on at the latest, as \"on_offset_lost\" says.");
        return marks->high;
    }
    return Error{Errc::OffsetLost,
                 what + "Set \"on_offset_lost\" to \"earliest\" or \"latest\" to go on in spite of the gap."};
}

Result<void> TaskThread::makeTasks(std::span<const kafka::PartitionOffset> committed)
{
    m_taskOf.assign(committed.size(), 0);
    m_groupOf.assign(committed.size(), 0);
    m_groups.clear();
    const auto addTask = [&](std::span<const kafka::PartitionOffset> offsets,
                             std::int32_t partition) -> Result<void> {
        auto task = makeTask(partition);
        if (!task) {
            return task.error();
        }
        m_tasks.push_back(std::move(*task));
        return restoreTask(*m_tasks.back(), offsets);
    };
    if (oneTask()) {
        if (auto added = addTask(committed, -1); !added) {
            return added;
        }
    } else {
        for (std::size_t i = 0; i < committed.size(); ++i) {
            m_taskOf[i] = i;
            if (auto added = addTask(committed.subspan(i, 1), committed[i].where.partition); !added) {
                return added;
            }
        }
    }
    for (std::size_t i = 0; i < committed.size(); ++i) {
        const std::size_t source = sourceNodeOf(committed[i].where.topic);
        const auto found = std::find_if(m_groups.begin(), m_groups.end(), [&](const Group& group) {
            return group.task == m_taskOf[i] && group.source == source;
        });
        m_groupOf[i] = static_cast<std::size_t>(found - m_groups.begin());
        if (found == m_groups.end()) {
            m_groups.push_back({m_taskOf[i], source, {}});
        }
    }
    return {};
}

Result<void> TaskThread::restoreTask(Task& task, std::span<const kafka::PartitionOffset> committed)
{
    if (!m_flow.plan.stateful) {
        return {};
    }
    SmallState state;
    bool hasState = false;
    const kafka::PartitionOffset* without = nullptr; // a commit that carries no state of ours
    for (const kafka::PartitionOffset& one : committed) {
        if (one.offset < 0) {
            continue;
        }
        auto decoded = decodeSmallState(one.metadata);
        if (!decoded || decoded->empty()) {
            without = &one;
            continue;
        }
        hasState = true;
        state = newest(std::move(state), *decoded);
    }
    if (hasState) {
        if (without != nullptr) {
            m_run.event(
                EngineEvent::Kind::Warning, {},
                "The committed offset of " + placeOf(without->where) +
                    " carries no state, it was set by another tool; the other partitions' state is used.");
        }
        return task.chain().restore(RestoredState::Kind::Restored, state, {});
    }
    if (without != nullptr) {
        return task.chain().restore(RestoredState::Kind::Lost, {},
                                    "the committed offset of " + placeOf(without->where) + " in group \"" +
                                        m_flow.plan.groupId +
                                        "\" carries no state: it was set by another tool");
    }
    auto known = groupHasCommits();
    if (!known) {
        return known.error();
    }
    if (!*known) {
        auto output = nonEmptyOutput();
        if (!output) {
            return output.error();
        }
        if (!output->empty()) {
            return task.chain().restore(
                RestoredState::Kind::Lost, {},
                "group \"" + m_flow.plan.groupId +
                    "\" has no committed offsets (new, or expired), but output topic \"" + *output +
                    "\" is not empty");
        }
    }
    return task.chain().restore(RestoredState::Kind::Fresh, {}, {});
}

/// The first act on partitions without a commit: commit where we begin, with the initial state, so that any
/// later start finds it (semantics.md part 3).
Result<void> TaskThread::commitStart(std::span<const kafka::PartitionOffset> committed)
{
    const bool anyNew = std::any_of(committed.begin(), committed.end(),
                                    [](const kafka::PartitionOffset& one) { return one.offset < 0; });
    if (!anyNew) {
        return {};
    }
    std::vector<kafka::PartitionOffset> offsets;
    for (std::size_t i = 0; i < committed.size(); ++i) {
        if (committed[i].offset >= 0 && !(oneTask() && m_flow.plan.stateful)) {
            continue;
        }
        auto metadata = encodeSmallState(m_tasks[m_taskOf[i]]->chain().smallState());
        if (!metadata) {
            return metadata.error();
        }
        offsets.push_back(
            {committed[i].where, m_tracker.partitions()[i].next, std::move(*metadata), std::nullopt});
    }
    if (auto done = m_consumer->commit(offsets, kRequestTimeout); !done) {
        return done;
    }
    m_tracker.committed(offsets);
    return {};
}

Result<bool> TaskThread::groupHasCommits()
{
    std::vector<kafka::TopicPartition> all;
    for (const std::size_t source : m_flow.plan.kafkaSources) {
        for (const std::string& topic : m_run.sources[source]->topics) {
            const auto count = m_run.inputPartitions.find(topic);
            for (int partition = 0; count != m_run.inputPartitions.end() && partition < count->second;
                 ++partition) {
                all.push_back({topic, partition});
            }
        }
    }
    auto committed = m_consumer->committed(all, kRequestTimeout);
    if (!committed) {
        return committed.error();
    }
    return std::any_of(committed->begin(), committed->end(),
                       [](const kafka::PartitionOffset& one) { return one.offset >= 0; });
}

std::vector<std::size_t> TaskThread::sinksBehind(std::size_t node) const
{
    const Topology& topology = *m_run.topology;
    std::vector<std::size_t> sinks;
    std::vector<std::size_t> open{node};
    std::set<std::size_t> seen{node};
    while (!open.empty()) {
        const PlannedNode& planned = topology.nodes[open.back()];
        const std::size_t index = open.back();
        open.pop_back();
        if (m_run.sinks[index] && m_run.sinks[index]->topicFrom == std::nullopt &&
            planned.mode == NodeMode::On) {
            sinks.push_back(index);
        }
        for (std::size_t port = 0; port < planned.wires.size(); ++port) {
            if (planned.outputs[port].role == PortRole::Error) {
                continue; // dead letters carry no number
            }
            for (const PlannedEdge& edge : planned.wires[port]) {
                if (seen.insert(edge.toNode).second) {
                    open.push_back(edge.toNode);
                }
            }
        }
    }
    return sinks;
}

Result<std::string> TaskThread::nonEmptyOutput()
{
    for (const std::size_t index : m_flow.plan.nodes) {
        if (!node(index).spec().stateful) {
            continue;
        }
        for (const std::size_t sink : sinksBehind(index)) {
            const KafkaSinkBinding& binding = *m_run.sinks[sink];
            auto reader = kafka::Consumer::create(m_run.connections.at(binding.connection), {});
            if (!reader) {
                return reader.error();
            }
            const auto topic = m_producers.at(binding.connection)
                                   ->topic(binding.topic, {binding.compression}, kRequestTimeout);
            if (!topic) {
                return topic.error();
            }
            for (std::int32_t i = 0; i < kafka::Producer::partitionCount(**topic); ++i) {
                auto marks = (*reader)->watermarks({binding.topic, i}, kRequestTimeout);
                if (!marks) {
                    return marks.error();
                }
                if (marks->high > marks->low) {
                    return binding.topic;
                }
            }
        }
    }
    return std::string();
}

Result<std::optional<std::int64_t>> TaskThread::greatestInOutput(std::size_t nodeIndex,
                                                                 std::string_view field)
{
    const auto path = JsonPath::parse(field);
    if (!path) {
        return Error{Errc::InvalidArgument, streamwright::quoted(field) + " is no path."};
    }
    std::optional<std::int64_t> greatest;
    for (const std::size_t sink : sinksBehind(nodeIndex)) {
        const KafkaSinkBinding& binding = *m_run.sinks[sink];
        auto made = kafka::Consumer::create(m_run.connections.at(binding.connection), {});
        if (!made) {
            return made.error();
        }
        kafka::Consumer& reader = **made;
        auto topic =
            m_producers.at(binding.connection)->topic(binding.topic, {binding.compression}, kRequestTimeout);
        if (!topic) {
            return topic.error();
        }
        std::vector<kafka::PartitionOffset> starts;
        std::vector<std::int64_t> ends;
        for (std::int32_t i = 0; i < kafka::Producer::partitionCount(**topic); ++i) {
            auto marks = reader.watermarks({binding.topic, i}, kRequestTimeout);
            if (!marks) {
                return marks.error();
            }
            if (marks->high > marks->low) {
                starts.push_back(
                    {{binding.topic, i}, std::max(marks->low, marks->high - kTailRecords), {}, std::nullopt});
                ends.push_back(marks->high);
            }
        }
        if (starts.empty()) {
            continue;
        }
        if (auto assigned = reader.assign(starts); !assigned) {
            return assigned.error();
        }
        kafka::MessageBatch batch;
        Arena arena;
        JsonIndexer indexer;
        const std::int64_t deadline = nowNs() + std::chrono::nanoseconds(kTailTimeout).count();
        const auto allRead = [&] {
            for (std::size_t i = 0; i < starts.size(); ++i) {
                if (reader.position(starts[i].where) < ends[i]) {
                    return false;
                }
            }
            return true;
        };
        while (!allRead()) {
            if (nowNs() > deadline) {
                return Error{Errc::TimedOut,
                             "Could not read the end of output topic " + streamwright::quoted(binding.topic) +
                                 " in time to find the greatest " + streamwright::quoted(field) + '.'};
            }
            if (auto read = reader.consume(batch, Millis{100}); !read) {
                return read.error();
            }
            for (const kafka::ConsumedMessage& message : batch.messages()) {
                arena.reset();
                JsonError error;
                const JsonValue* const value = indexer.index(message.value, arena, error);
                const auto found = value == nullptr ? std::nullopt : path->find(*value);
                const auto number = found && found->isNumber() ? asInt64(*found) : std::nullopt;
                if (number && (!greatest || *number > *greatest)) {
                    greatest = number;
                }
            }
        }
        batch.clear();
    }
    return greatest;
}

} // namespace streamwright
