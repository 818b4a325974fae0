#include "core/topology/describe.h"

#include "core/base/diagnostic.h"

#include <algorithm>

namespace streamwright {
namespace {

std::string_view guaranteeName(ProcessingGuarantee guarantee)
{
    return guarantee == ProcessingGuarantee::ExactlyOnce ? "exactly_once" : "at_least_once";
}

std::string_view onErrorName(OnError onError)
{
    switch (onError) {
    case OnError::Fail: return "fail";
    case OnError::Drop: return "drop";
    case OnError::DeadLetter: return "dead_letter";
    }
    return "fail";
}

/// What a node at the edge of the plan reads or writes, of its resolved config.
std::string target(const PlannedNode& node)
{
    for (const char* const key : {"topic", "topics", "topic_from", "path"}) {
        if (node.config.contains(key)) {
            const Json& value = node.config[key];
            return value.is_string() ? value.get<std::string>() : value.dump();
        }
    }
    return {};
}

std::string nodeLine(const PlannedNode& node)
{
    std::string line = node.id + "  " + node.spec().type;
    if (const std::string where = target(node);
        !where.empty() && node.spec().category != NodeCategory::Transform) {
        line += ' ' + quoted(where);
    }
    if (node.mode != NodeMode::On) {
        line += "  (" + std::string(toString(node.mode)) + ')';
    }
    return line;
}

std::string wireText(const Topology& topology, const PlannedNode& node, std::size_t port)
{
    const PortSpec& spec = node.outputs[port];
    std::string text;
    for (const PlannedEdge& wire : node.wires[port]) {
        text += (text.empty() ? "" : ", ") + topology.nodes[wire.toNode].id;
    }
    if (!text.empty()) {
        return text;
    }
    switch (spec.role) {
    case PortRole::Main: return "nowhere";
    case PortRole::Optional: return "dropped on purpose";
    case PortRole::Error: break;
    }
    switch (topology.settings.onError) {
    case OnError::Fail: return "stops the pipeline";
    case OnError::Drop: return "dropped";
    case OnError::DeadLetter: return "settings.dead_letter";
    }
    return {};
}

std::string flowTitle(const PlannedFlow& flow)
{
    std::string title = "Flow " + quoted(flow.name);
    if (!flow.kafkaSources.empty()) {
        title += ": connection " + quoted(flow.connection) + ", group " + quoted(flow.groupId);
    } else {
        title += flow.endless ? ": local sources without end" : ": local sources, ends by itself";
    }
    title += flow.scope == TaskScope::Pipeline ? ", one task over all partitions" : ", a task per partition";
    return title + (flow.stateful ? ", with state" : "");
}

std::string dotQuoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c == '\n' ? ' ' : c;
    }
    return result + '"';
}

} // namespace

std::string describeText(const Topology& topology)
{
    std::string out = "Pipeline " + quoted(topology.pipelineName) + ": " +
                      std::string(guaranteeName(topology.settings.guarantee)) + ", on_error " +
                      std::string(onErrorName(topology.settings.onError)) + ", commits every " +
                      std::to_string(topology.settings.effectiveCommitIntervalMs()) + " ms\n";
    for (const PlannedFlow& flow : topology.flows) {
        out += '\n' + flowTitle(flow) + '\n';
        for (const std::size_t index : flow.nodes) {
            const PlannedNode& node = topology.nodes[index];
            out += "  " + nodeLine(node) + '\n';
            for (std::size_t port = 0; port < node.outputs.size(); ++port) {
                out += "    " + node.outputs[port].name + " -> " + wireText(topology, node, port) + '\n';
            }
        }
    }
    std::string idle;
    for (const PlannedNode& node : topology.nodes) {
        if (node.flow == kNoFlow && !node.synthetic) {
            idle += "  " + nodeLine(node) + (node.mode == NodeMode::On ? "  (cannot be reached)" : "") + '\n';
        }
    }
    return out + (idle.empty() ? "" : "\nNot running\n" + idle);
}

std::string describeDot(const Topology& topology)
{
    std::string out =
        "digraph " + dotQuoted(topology.pipelineName) + " {\n  rankdir=LR;\n  node [shape=box];\n";
    for (const PlannedFlow& flow : topology.flows) {
        out += "  subgraph cluster_" + std::to_string(flow.index) + " {\n    label=" + dotQuoted(flow.name) +
               ";\n";
        for (const std::size_t index : flow.nodes) {
            const PlannedNode& node = topology.nodes[index];
            out += "    " + dotQuoted(node.id) + " [label=" +
                   dotQuoted((node.title.empty() ? node.id : node.title) + " (" + node.spec().type + ')') +
                   (node.mode == NodeMode::Bypass ? ", style=dashed" : "") + "];\n";
        }
        out += "  }\n";
    }
    for (const PlannedNode& node : topology.nodes) {
        for (std::size_t port = 0; port < node.outputs.size(); ++port) {
            for (const PlannedEdge& wire : node.wires[port]) {
                out += "  " + dotQuoted(node.id) + " -> " + dotQuoted(topology.nodes[wire.toNode].id) +
                       " [label=" + dotQuoted(node.outputs[port].name) +
                       (node.outputs[port].role == PortRole::Error ? ", color=red" : "") + "];\n";
            }
        }
    }
    return out + "}\n";
}

Json describeJson(const Topology& topology)
{
    Json json{{"name", topology.pipelineName},
              {"processing_guarantee", guaranteeName(topology.settings.guarantee)},
              {"on_error", onErrorName(topology.settings.onError)},
              {"commit_interval_ms", topology.settings.effectiveCommitIntervalMs()},
              {"flows", Json::array()},
              {"nodes", Json::array()}};
    for (const PlannedFlow& flow : topology.flows) {
        Json entry{{"name", flow.name},
                   {"scope", flow.scope == TaskScope::Pipeline ? "pipeline" : "partition"},
                   {"stateful", flow.stateful},
                   {"endless", flow.endless || !flow.kafkaSources.empty()},
                   {"nodes", Json::array()}};
        if (!flow.kafkaSources.empty()) {
            entry["connection"] = flow.connection;
            entry["group_id"] = flow.groupId;
        }
        for (const std::size_t index : flow.nodes) {
            entry["nodes"].push_back(topology.nodes[index].id);
        }
        json["flows"].push_back(std::move(entry));
    }
    for (const PlannedNode& node : topology.nodes) {
        Json entry{{"id", node.id},
                   {"type", node.spec().type},
                   {"mode", toString(node.mode)},
                   {"outputs", Json::object()}};
        if (node.synthetic) {
            entry["synthetic"] = true;
        } else if (node.flow == kNoFlow && node.mode != NodeMode::Off) {
            entry["reachable"] = false;
        }
        for (std::size_t port = 0; port < node.outputs.size(); ++port) {
            Json wires = Json::array();
            for (const PlannedEdge& wire : node.wires[port]) {
                wires.push_back(topology.nodes[wire.toNode].id);
            }
            entry["outputs"][node.outputs[port].name] = std::move(wires);
        }
        json["nodes"].push_back(std::move(entry));
    }
    return json;
}

} // namespace streamwright
