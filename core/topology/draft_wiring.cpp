#include "core/topology/draft.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace streamwright {
namespace {

std::string edgeField(std::size_t edge, const char* end)
{
    return "edges[" + std::to_string(edge) + "]." + end;
}

std::string listed(const std::vector<std::string>& names, const char* before = "")
{
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + (before + quoted(name));
    }
    return text;
}

std::vector<std::string> namesOf(const std::vector<PortSpec>& ports)
{
    std::vector<std::string> names;
    for (const PortSpec& port : ports) {
        names.push_back(port.name);
    }
    return names;
}

/// The port that is meant where only the node is written: "out", or the only one that is not for errors, or
/// the only one at all.
std::optional<std::size_t> mainPort(const std::vector<PortSpec>& ports)
{
    std::optional<std::size_t> only;
    std::size_t others = 0;
    for (std::size_t i = 0; i < ports.size(); ++i) {
        if (ports[i].name == "out") {
            return i;
        }
        if (ports[i].role != PortRole::Error) {
            only = i;
            ++others;
        }
    }
    if (others == 1) {
        return only;
    }
    return ports.size() == 1 ? std::optional<std::size_t>(0) : std::nullopt;
}

std::optional<std::size_t> findPort(Draft& draft, std::size_t node, const Endpoint& end,
                                    const std::string& field, const std::vector<PortSpec>& ports,
                                    const char* direction)
{
    const std::vector<std::string> names = namesOf(ports);
    if (ports.empty()) {
        const bool isSource = std::string_view(direction) == "in";
        draft.report(end.node, field, "unknown_port",
                     draft.shownName(node) + " has no " + direction + " port.",
                     isSource ? "Nothing can lead into a source." : "Nothing can leave it.");
        return std::nullopt;
    }
    if (end.port.empty()) {
        const std::optional<std::size_t> port = mainPort(ports);
        if (!port) {
            draft.report(end.node, field, "port_required",
                         draft.shownName(node) + " has several " + direction + " ports; name one of them.",
                         "For example " + quoted(end.node + '.' + names.front()) +
                             ". Ports: " + listed(names) + '.');
        }
        return port;
    }
    const auto found = std::find(names.begin(), names.end(), end.port);
    if (found == names.end()) {
        const std::string near = nearest(end.port, names);
        Diagnostic& diagnostic = draft.report(
            end.node, field, "unknown_port",
            draft.shownName(node) + " has no " + direction + " port " + quoted(end.port) + '.',
            near.empty() ? "Ports: " + listed(names) + '.' : "Did you mean " + quoted(near) + '?');
        diagnostic.port = end.port;
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - names.begin());
}

std::optional<std::size_t> findEnd(Draft& draft, const Endpoint& end, const std::string& field)
{
    const auto found = draft.nodeIndex.find(end.node);
    if (found != draft.nodeIndex.end()) {
        return found->second;
    }
    std::vector<std::string> ids;
    for (const Node& node : draft.pipeline.nodes) {
        ids.push_back(node.id);
    }
    const std::string near = nearest(end.node, ids);
    draft.report({}, field, "unknown_node", "There is no node " + quoted(end.node) + '.',
                 near.empty() ? "" : "Did you mean " + quoted(near) + '?');
    return std::nullopt;
}

void draftEdges(Draft& draft)
{
    Topology& topology = draft.topology;
    topology.edgeCount = draft.pipeline.edges.size();
    std::map<std::tuple<std::size_t, std::size_t, std::size_t>, std::size_t> seen;
    for (std::size_t i = 0; i < draft.pipeline.edges.size(); ++i) {
        const Edge& edge = draft.pipeline.edges[i];
        topology.edges.emplace_back(edge.from, edge.to);
        const auto from = findEnd(draft, edge.from, edgeField(i, "from"));
        const auto to = findEnd(draft, edge.to, edgeField(i, "to"));
        const bool known = from && to && topology.nodes[*from].type && topology.nodes[*to].type;
        std::optional<std::size_t> fromPort;
        std::optional<std::size_t> toPort;
        if (from && topology.nodes[*from].type != nullptr) {
            fromPort =
                findPort(draft, *from, edge.from, edgeField(i, "from"), topology.nodes[*from].outputs, "out");
        }
        if (to && topology.nodes[*to].type != nullptr) {
            toPort =
                findPort(draft, *to, edge.to, edgeField(i, "to"), topology.nodes[*to].spec().inputs, "in");
        }
        if (!known || !fromPort || !toPort) {
            continue;
        }
        topology.edges.back().first.port = topology.nodes[*from].outputs[*fromPort].name;
        topology.edges.back().second.port = topology.nodes[*to].spec().inputs[*toPort].name;
        const auto [former, isNew] = seen.emplace(std::tuple(*from, *fromPort, *to), i);
        if (!isNew) {
            draft.report(edge.from.node, "edges[" + std::to_string(i) + ']', "duplicate_edge",
                         quoted(edge.from.text()) + " and " + quoted(edge.to.text()) +
                             " are connected twice, so that every record would go there twice.",
                         "Remove one of the two edges.");
            continue;
        }
        draft.edges.push_back({i, *from, *fromPort, *to});
        if (draft.isOn(*from) && draft.isOn(*to)) {
            topology.nodes[*from].wires[*fromPort].push_back({i, *to});
        }
        if (topology.nodes[*from].outputs[*fromPort].role == PortRole::Error) {
            topology.nodes[*to].behindErrorPort = true;
        }
    }
}

/// Tarjan's strongly connected components, without recursion: a long chain must not end the stack.
class CycleFinder {
public:
    explicit CycleFinder(const Draft& draft) : m_next(draft.topology.nodes.size())
    {
        for (const DraftEdge& edge : draft.edges) {
            m_next[edge.from].push_back(edge.to);
        }
    }

    /// The nodes of each cycle, in document order.
    std::vector<std::vector<std::size_t>> find()
    {
        const std::size_t count = m_next.size();
        m_order.assign(count, 0);
        m_low.assign(count, 0);
        m_onStack.assign(count, false);
        for (std::size_t root = 0; root < count; ++root) {
            if (m_order[root] == 0) {
                visit(root);
            }
        }
        std::sort(m_cycles.begin(), m_cycles.end());
        return m_cycles;
    }

private:
    struct Frame {
        std::size_t node;
        std::size_t edge = 0;
    };

    void enter(std::vector<Frame>& frames, std::size_t node)
    {
        m_order[node] = m_low[node] = ++m_counter;
        m_stack.push_back(node);
        m_onStack[node] = true;
        frames.push_back({node});
    }

    void visit(std::size_t root)
    {
        std::vector<Frame> frames;
        enter(frames, root);
        while (!frames.empty()) {
            const std::size_t node = frames.back().node;
            if (frames.back().edge < m_next[node].size()) {
                const std::size_t to = m_next[node][frames.back().edge++];
                if (m_order[to] == 0) {
                    enter(frames, to);
                } else if (m_onStack[to]) {
                    m_low[node] = std::min(m_low[node], m_order[to]);
                }
                continue;
            }
            frames.pop_back();
            if (!frames.empty()) {
                const std::size_t parent = frames.back().node;
                m_low[parent] = std::min(m_low[parent], m_low[node]);
            }
            if (m_low[node] == m_order[node]) {
                close(node);
            }
        }
    }

    void close(std::size_t node)
    {
        std::vector<std::size_t> component;
        std::size_t member = 0;
        do {
            member = m_stack.back();
            m_stack.pop_back();
            m_onStack[member] = false;
            component.push_back(member);
        } while (member != node);
        const auto& next = m_next[node];
        if (component.size() > 1 || std::find(next.begin(), next.end(), node) != next.end()) {
            std::sort(component.begin(), component.end());
            m_cycles.push_back(std::move(component));
        }
    }

    std::vector<std::vector<std::size_t>> m_next;
    std::vector<std::size_t> m_order;
    std::vector<std::size_t> m_low;
    std::vector<bool> m_onStack;
    std::vector<std::size_t> m_stack;
    std::vector<std::vector<std::size_t>> m_cycles;
    std::size_t m_counter = 0;
};

void checkCycles(Draft& draft)
{
    for (const std::vector<std::size_t>& cycle : CycleFinder(draft).find()) {
        const std::string& first = draft.topology.nodes[cycle.front()].id;
        if (cycle.size() == 1) {
            draft.report(first, {}, "cycle", "Node " + draft.shownName(cycle.front()) + " feeds itself.",
                         "Remove that edge; a pipeline has no cycles.");
            continue;
        }
        std::string names;
        for (std::size_t i = 0; i < cycle.size(); ++i) {
            names += i == 0 ? "" : i + 1 == cycle.size() ? " and " : ", ";
            names += draft.shownName(cycle[i]);
        }
        draft.report(first, {}, "cycle", "Nodes " + names + " feed each other.",
                     "Remove one of their edges; a pipeline has no cycles.");
    }
}

void checkBypass(Draft& draft)
{
    for (const PlannedNode& node : draft.topology.nodes) {
        if (node.type == nullptr || node.mode != NodeMode::Bypass) {
            continue;
        }
        const auto main = mainPort(node.outputs);
        if (node.spec().category != NodeCategory::Transform || !main ||
            node.outputs[*main].role == PortRole::Error) {
            draft.report(node.id, "mode", "bypass_not_possible",
                         std::string("A ") +
                             (node.spec().category == NodeCategory::Transform
                                  ? "node with several main ports"
                                  : std::string(toString(node.spec().category))) +
                             " cannot be bypassed: it is not known where its records would go.",
                         "Switch it off instead (\"mode\": \"off\").");
        }
    }
}

/// Which nodes records can reach; names the nodes that are off where they keep something dry.
void checkReach(Draft& draft)
{
    Topology& topology = draft.topology;
    std::vector<bool> reached(topology.nodes.size(), false);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
        if (draft.isOn(i) && topology.nodes[i].spec().category == NodeCategory::Source) {
            reached[i] = true;
            open.push_back(i);
        }
    }
    while (!open.empty()) {
        const std::size_t node = open.back();
        open.pop_back();
        for (const std::vector<PlannedEdge>& wires : topology.nodes[node].wires) {
            for (const PlannedEdge& wire : wires) {
                if (!reached[wire.toNode]) {
                    reached[wire.toNode] = true;
                    open.push_back(wire.toNode);
                }
            }
        }
    }
    std::vector<std::vector<std::size_t>> upstream(topology.nodes.size());
    for (const DraftEdge& edge : draft.edges) {
        upstream[edge.to].push_back(edge.from);
    }
    // An edge that is wrong at its other end is reported there; the port is wired all the same.
    std::vector<bool> wired(topology.nodes.size(), false);
    for (const Edge& edge : draft.pipeline.edges) {
        if (const auto to = draft.nodeIndex.find(edge.to.node); to != draft.nodeIndex.end()) {
            wired[to->second] = true;
        }
    }
    const bool someAreOff = std::any_of(topology.nodes.begin(), topology.nodes.end(),
                                        [](const PlannedNode& node) { return node.mode == NodeMode::Off; });
    for (std::size_t i = 0; i < draft.pipeline.nodes.size(); ++i) {
        PlannedNode& node = topology.nodes[i];
        node.reachable = reached[i];
        if (!draft.isOn(i) || node.id.empty() || node.spec().inputs.empty()) {
            continue;
        }
        if (!wired[i]) {
            const std::string& port = node.spec().inputs.front().name;
            draft
                .report(node.id, {}, "unwired_input", "Nothing leads into its port " + quoted(port) + '.',
                        "Draw an edge to it, or switch the node off.")
                .port = port;
        } else if (!reached[i] && someAreOff) {
            std::vector<std::string> off;
            for (const std::size_t from : upstream[i]) {
                if (topology.nodes[from].mode == NodeMode::Off) {
                    off.push_back(topology.nodes[from].id);
                }
            }
            draft.warn(node.id, {}, "unreachable",
                       off.empty() ? "No record can arrive here, because of nodes upstream."
                                   : "No record can arrive here: " + listed(off) +
                                         (off.size() == 1 ? " is" : " are") + " switched off.");
        }
    }
}

void checkOutputs(Draft& draft)
{
    std::vector<std::string> unwiredErrors;
    for (std::size_t i = 0; i < draft.pipeline.nodes.size(); ++i) {
        const PlannedNode& node = draft.topology.nodes[i];
        if (!draft.isOn(i) || !node.reachable) {
            continue;
        }
        for (std::size_t port = 0; port < node.outputs.size(); ++port) {
            if (!node.wires[port].empty()) {
                continue;
            }
            if (node.outputs[port].role == PortRole::Error) {
                unwiredErrors.push_back(node.id + '.' + node.outputs[port].name);
            } else if (node.outputs[port].role == PortRole::Main) {
                const bool drawn =
                    std::any_of(draft.edges.begin(), draft.edges.end(), [&](const DraftEdge& edge) {
                        return edge.from == i && edge.fromPort == port;
                    });
                draft
                    .warn(node.id, {}, "unwired_output",
                          drawn ? "What leaves here leads only to nodes that are switched off, so it is lost."
                                : "What leaves here goes nowhere, so it is lost.",
                          "Draw an edge from it.")
                    .port = node.outputs[port].name;
            }
        }
    }
    if (unwiredErrors.empty() || draft.topology.settings.onError == OnError::DeadLetter) {
        return;
    }
    const bool stops = draft.topology.settings.onError == OnError::Fail;
    Diagnostic& diagnostic = draft.warn(
        {}, "settings.on_error", "unwired_error_port",
        (stops ? "The first record that fails stops the pipeline at " : "Records that fail are dropped at ") +
            listed(unwiredErrors) + '.',
        "Wire these ports, or set on_error to \"dead_letter\".");
    diagnostic.severity = stops ? Severity::Note : Severity::Warning;
}

} // namespace

void draftWiring(Draft& draft)
{
    draftEdges(draft);
    checkCycles(draft);
    checkBypass(draft);
    checkReach(draft);
    checkOutputs(draft);
}

} // namespace streamwright
