#include "core/topology/draft.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace streamwright {
namespace {

/// What the nodes at the edge of a plan say of themselves once they are made.
struct Endpoints {
    std::map<std::size_t, KafkaSourceBinding> kafkaSources;
    std::map<std::size_t, KafkaSinkBinding> kafkaSinks;
    std::map<std::size_t, bool> localSources; ///< node -> endless
};

Endpoints makeEndpoints(Draft& draft)
{
    Endpoints endpoints;
    const Topology& topology = draft.topology;
    for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
        const PlannedNode& node = topology.nodes[i];
        const bool active = node.synthetic || (draft.isOn(i) && node.reachable);
        if (!active || !draft.sound[i] || node.spec().category == NodeCategory::Transform ||
            (node.spec().category == NodeCategory::Sink && node.spec().findField("connection") == nullptr)) {
            continue;
        }
        MakeContext context;
        context.nodeId = node.id;
        context.pipelineName = topology.pipelineName;
        context.behindErrorPort = node.behindErrorPort;
        Result<NodeRuntime> made = node.type->make(node.config, context);
        if (!made) {
            draft.report(node.synthetic ? "" : node.id, {}, "cannot_make", made.error().message);
        } else if (auto* const source = std::get_if<KafkaSourceBinding>(&*made)) {
            endpoints.kafkaSources.emplace(i, std::move(*source));
        } else if (auto* const sink = std::get_if<KafkaSinkBinding>(&*made)) {
            endpoints.kafkaSinks.emplace(i, std::move(*sink));
        } else if (const auto* const local = std::get_if<std::unique_ptr<Source>>(&*made)) {
            endpoints.localSources.emplace(i, (*local)->endless());
        }
    }
    return endpoints;
}

/// Connected parts among the nodes that records can reach, as sets of nodes in document order.
std::vector<std::vector<std::size_t>> connectedParts(const Draft& draft)
{
    const std::vector<PlannedNode>& nodes = draft.topology.nodes;
    std::vector<std::size_t> parent(nodes.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&parent](std::size_t node) {
        while (parent[node] != node) {
            node = parent[node] = parent[parent[node]];
        }
        return node;
    };
    const auto active = [&](std::size_t i) {
        return draft.isOn(i) && nodes[i].reachable && !nodes[i].synthetic;
    };
    for (const DraftEdge& edge : draft.edges) {
        if (active(edge.from) && active(edge.to)) {
            parent[std::max(root(edge.from), root(edge.to))] = std::min(root(edge.from), root(edge.to));
        }
    }
    std::map<std::size_t, std::vector<std::size_t>> parts;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (active(i)) {
            parts[root(i)].push_back(i);
        }
    }
    std::vector<std::vector<std::size_t>> result;
    for (auto& [unused, part] : parts) {
        result.push_back(std::move(part));
    }
    return result;
}

/// The nodes of a part, each behind all that lead into it, sources first, document order otherwise.
std::vector<std::size_t> sorted(const Draft& draft, const std::vector<std::size_t>& part)
{
    std::map<std::size_t, std::size_t> waitsFor;
    for (const std::size_t node : part) {
        waitsFor.emplace(node, 0);
    }
    for (const std::size_t node : part) {
        for (const auto& wires : draft.topology.nodes[node].wires) {
            for (const PlannedEdge& wire : wires) {
                ++waitsFor[wire.toNode];
            }
        }
    }
    std::vector<std::size_t> order;
    for (const std::size_t node : part) {
        if (waitsFor[node] == 0) {
            order.push_back(node);
        }
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (const auto& wires : draft.topology.nodes[order[i]].wires) {
            for (const PlannedEdge& wire : wires) {
                if (--waitsFor[wire.toNode] == 0) {
                    order.push_back(wire.toNode);
                }
            }
        }
    }
    return order;
}

class FlowPass {
public:
    explicit FlowPass(Draft& draft)
        : m_draft(draft), m_topology(draft.topology), m_endpoints(makeEndpoints(draft))
    {
    }

    void run()
    {
        for (const std::vector<std::size_t>& part : connectedParts(m_draft)) {
            addFlow(part);
        }
        for (const PlannedFlow& flow : m_topology.flows) {
            checkSources(flow);
            checkState(flow);
            checkFeedback(flow);
            if (m_topology.settings.guarantee == ProcessingGuarantee::ExactlyOnce) {
                checkExactlyOnce(flow);
            }
        }
        checkSharedTopics();
    }

private:
    void addFlow(const std::vector<std::size_t>& part)
    {
        PlannedFlow flow;
        flow.index = m_topology.flows.size();
        flow.nodes = sorted(m_draft, part);
        flow.endless = false;
        for (const std::size_t index : flow.nodes) {
            PlannedNode& node = m_topology.nodes[index];
            node.flow = flow.index;
            if (const auto source = m_endpoints.kafkaSources.find(index);
                source != m_endpoints.kafkaSources.end()) {
                flow.kafkaSources.push_back(index);
            } else if (const auto local = m_endpoints.localSources.find(index);
                       local != m_endpoints.localSources.end()) {
                flow.localSources.push_back(index);
                flow.endless = flow.endless || local->second;
            }
            if (node.mode == NodeMode::On && node.spec().stateful && m_draft.sound[index]) {
                flow.stateful = true;
                if (node.type->scope(node.config) == TaskScope::Pipeline) {
                    flow.scope = TaskScope::Pipeline;
                }
            }
        }
        flow.name = flow.nodes.empty() ? "" : m_topology.nodes[flow.nodes.front()].id;
        if (!flow.kafkaSources.empty()) {
            flow.connection = binding(flow.kafkaSources.front()).connection;
            flow.groupId = groupOf(flow.kafkaSources.front());
        }
        m_topology.flows.push_back(std::move(flow));
    }

    const KafkaSourceBinding& binding(std::size_t node) const { return m_endpoints.kafkaSources.at(node); }

    std::string groupOf(std::size_t node) const
    {
        const std::string& group = binding(node).groupId;
        return group.empty() ? m_topology.pipelineName : group;
    }

    void checkSources(const PlannedFlow& flow)
    {
        std::map<std::pair<std::string, std::string>, std::size_t> readBy;
        for (const std::size_t source : flow.kafkaSources) {
            const PlannedNode& node = m_topology.nodes[source];
            const std::string first = m_draft.shownName(flow.kafkaSources.front());
            if (binding(source).connection != flow.connection) {
                m_draft.report(
                    node.id, "connection", "mixed_connections",
                    "Reads connection " + quoted(binding(source).connection) + ", but " + first +
                        " of the same flow reads " + quoted(flow.connection) + '.',
                    "One flow has one consumer. Give each source a copy of the nodes behind it, or let one "
                    "flow write a topic that the other reads.");
            } else if (groupOf(source) != flow.groupId) {
                m_draft.report(node.id, "group_id", "mixed_groups",
                               "Reads as group " + quoted(groupOf(source)) + ", but " + first +
                                   " of the same flow as " + quoted(flow.groupId) + '.',
                               "Use one group, or give each source a copy of the nodes behind it.");
            }
            for (const std::string& topic : binding(source).topics) {
                const auto [former, isNew] =
                    readBy.emplace(std::pair(binding(source).connection, topic), source);
                if (!isNew && former->second != source) {
                    m_draft.report(node.id, "topic", "topic_read_twice",
                                   "Topic " + quoted(topic) + " is read by " +
                                       m_draft.shownName(former->second) + " of the same flow too.",
                                   "Remove one of the two and draw another edge from the other.");
                }
            }
        }
    }

    void checkState(const PlannedFlow& flow)
    {
        if (!flow.stateful) {
            return;
        }
        if (!flow.kafkaSources.empty() && !flow.localSources.empty()) {
            m_draft.report(
                m_topology.nodes[flow.localSources.front()].id, {}, "mixed_sources",
                "Leads into a flow that keeps state and reads Kafka as well; their positions cannot be "
                "committed together.",
                "Let this source write a topic of its own, and read that.");
        }
        if (flow.scope == TaskScope::Pipeline && !flow.kafkaSources.empty() &&
            m_topology.settings.guarantee == ProcessingGuarantee::AtLeastOnce) {
            checkNumberingOrder(flow);
        }
    }

    /// At least once over several partitions a replay may come in another order (semantics.md part 3).
    void checkNumberingOrder(const PlannedFlow& flow)
    {
        std::size_t topics = 0;
        int partitions = 1;
        for (const std::size_t source : flow.kafkaSources) {
            topics += binding(source).topics.size();
            for (const auto& [unused, sink] : m_endpoints.kafkaSinks) {
                const auto& read = binding(source).topics;
                if (sink.create && sink.connection == binding(source).connection &&
                    std::find(read.begin(), read.end(), sink.topic) != read.end()) {
                    partitions = std::max(partitions, sink.create->partitions);
                }
            }
        }
        const PlannedConnection* const connection = m_topology.findConnection(flow.connection);
        const bool known = topics > 1 || partitions > 1;
        if (!known && connection != nullptr && connection->embedded) {
            return; // its topics have one partition
        }
        for (const std::size_t index : flow.nodes) {
            const PlannedNode& node = m_topology.nodes[index];
            if (node.mode != NodeMode::On || !node.spec().stateful) {
                continue;
            }
            Diagnostic& diagnostic = m_draft.warn(
                node.id, {}, "order_after_crash",
                std::string(known ? "It reads more than one partition: "
                                  : "If its topic has more than one partition, ") +
                    "after a crash, records that are repeated may get other numbers than before.",
                "Set settings.processing_guarantee to \"exactly_once\".");
            diagnostic.severity = known ? Severity::Warning : Severity::Note;
        }
    }

    void checkFeedback(const PlannedFlow& flow)
    {
        for (const auto& [index, sink] : m_endpoints.kafkaSinks) {
            if (m_topology.nodes[index].flow != flow.index || sink.topic.empty()) {
                continue;
            }
            for (const std::size_t source : flow.kafkaSources) {
                const auto& topics = binding(source).topics;
                if (sink.connection == binding(source).connection &&
                    std::find(topics.begin(), topics.end(), sink.topic) != topics.end()) {
                    m_draft.warn(m_topology.nodes[index].id, "topic", "feedback",
                                 "Writes topic " + quoted(sink.topic) + ", which " +
                                     m_draft.shownName(source) +
                                     " of the same flow reads: its records come back.",
                                 "Write another topic, unless that is meant.");
                }
            }
        }
    }

    bool sameCluster(const std::string& a, const std::string& b) const
    {
        const PlannedConnection* const first = m_topology.findConnection(a);
        const PlannedConnection* const second = m_topology.findConnection(b);
        return a == b ||
               (first != nullptr && second != nullptr && first->config.contains("bootstrap_servers") &&
                second->config.contains("bootstrap_servers") &&
                first->config["bootstrap_servers"] == second->config["bootstrap_servers"]);
    }

    void checkExactlyOnce(const PlannedFlow& flow)
    {
        const std::string setting = "settings.processing_guarantee";
        if (flow.kafkaSources.empty()) {
            m_draft.warn({}, setting, "not_exactly_once",
                         "The flow of " + quoted(flow.name) + " reads no topic, so it stays at least once.");
            return;
        }
        if (!flow.localSources.empty()) {
            m_draft.warn(
                m_topology.nodes[flow.localSources.front()].id, {}, "not_exactly_once",
                "Its records stay at least once: only positions in topics are part of a transaction.");
        }
        if (const PlannedConnection* const input = m_topology.findConnection(flow.connection);
            input != nullptr && input->embedded) {
            m_draft.warn({}, setting, "not_exactly_once",
                         "The embedded broker keeps no transactions: the flow of " + quoted(flow.name) +
                             " is exactly once on a real broker only.");
        }
        for (std::size_t i = 0; i < m_topology.nodes.size(); ++i) {
            const PlannedNode& node = m_topology.nodes[i];
            const bool mine = node.flow == flow.index || node.synthetic;
            if (!mine || node.spec().category != NodeCategory::Sink) {
                continue;
            }
            const std::string id = node.synthetic ? "" : node.id;
            const std::string prefix = node.synthetic ? "settings.dead_letter.config." : "";
            const auto sink = m_endpoints.kafkaSinks.find(i);
            if (sink == m_endpoints.kafkaSinks.end()) {
                Diagnostic& note =
                    m_draft.warn(id, node.synthetic ? "settings.dead_letter" : "", "not_exactly_once",
                                 "This sink stays at least once: a crash may repeat what it wrote.");
                note.severity = Severity::Note;
            } else if (!sameCluster(sink->second.connection, flow.connection)) {
                m_draft.report(
                    id, prefix + "connection", "exactly_once_other_cluster",
                    "Writes to connection " + quoted(sink->second.connection) + ", but the flow reads " +
                        quoted(flow.connection) + "; a transaction covers one cluster.",
                    "Set processing_guarantee to \"at_least_once\", or write to the input's cluster.");
            }
        }
    }

    /// Two flows that read a topic as one group would each get a part of its records.
    void checkSharedTopics()
    {
        std::map<std::tuple<std::string, std::string, std::string>, std::size_t> readBy;
        for (const PlannedFlow& flow : m_topology.flows) {
            for (const std::size_t source : flow.kafkaSources) {
                for (const std::string& topic : binding(source).topics) {
                    const auto [former, isNew] = readBy.emplace(
                        std::tuple(binding(source).connection, groupOf(source), topic), source);
                    if (!isNew && m_topology.nodes[former->second].flow != flow.index) {
                        m_draft.report(m_topology.nodes[source].id, "group_id", "topic_read_twice",
                                       "Topic " + quoted(topic) + " is read by " +
                                           m_draft.shownName(former->second) +
                                           " of another flow as the same group " + quoted(groupOf(source)) +
                                           ", so each would get only a part of it.",
                                       "Give one of them a group_id of its own.");
                    }
                }
            }
        }
    }

    Draft& m_draft;
    Topology& m_topology;
    Endpoints m_endpoints;
};

} // namespace

void draftFlows(Draft& draft)
{
    FlowPass(draft).run();
}

} // namespace streamwright
