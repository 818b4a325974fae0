#pragma once

#include "core/node/node_type.h"
#include "core/topology/topology.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

/// Node types that live as long as a test, and the plans that it builds out of them: the engine is tested
/// with operators that do exactly what the test says.
class PlanFixture {
public:
    using MakeOperator = std::function<std::unique_ptr<Operator>()>;
    using MakeRuntime = std::function<NodeRuntime(const MakeContext&)>;

    const NodeType& type(NodeSpec spec, MakeRuntime make)
    {
        NodeType::Functions functions;
        functions.validate = [](const Json&) { return Diagnostics(); };
        functions.lint = [](const Json&, const LintContext&) { return Diagnostics(); };
        functions.make = [make = std::move(make)](const Json&, MakeContext& context) -> Result<NodeRuntime> {
            return make(context);
        };
        functions.outputs = [outputs = spec.outputs](const Json&) { return outputs; };
        functions.scope = [](const Json&) { return TaskScope::Partition; };
        m_types.emplace_back(std::move(spec), std::move(functions));
        return m_types.back();
    }
    const NodeType& transform(const std::string& name, MakeOperator make, bool stateful = false,
                              std::vector<PortSpec> outputs = {{"out", PortRole::Main, ""},
                                                               {"error", PortRole::Error, ""}})
    {
        NodeSpec spec;
        spec.type = name;
        spec.category = NodeCategory::Transform;
        spec.inputs = {{"in", PortRole::Main, ""}};
        spec.outputs = std::move(outputs);
        spec.stateful = stateful;
        return type(std::move(spec),
                    [make = std::move(make)](const MakeContext&) { return NodeRuntime(make()); });
    }
    const NodeType& source(KafkaSourceBinding binding)
    {
        NodeSpec spec;
        spec.type = "kafka_source";
        spec.category = NodeCategory::Source;
        spec.outputs = {{"out", PortRole::Main, ""}, {"error", PortRole::Error, ""}};
        return type(std::move(spec), [binding](const MakeContext&) { return NodeRuntime(binding); });
    }
    const NodeType& localSource(std::function<std::unique_ptr<Source>()> make)
    {
        NodeSpec spec;
        spec.type = "local_source";
        spec.category = NodeCategory::Source;
        spec.outputs = {{"out", PortRole::Main, ""}, {"error", PortRole::Error, ""}};
        return type(std::move(spec),
                    [make = std::move(make)](const MakeContext&) { return NodeRuntime(make()); });
    }
    const NodeType& sink(KafkaSinkBinding binding)
    {
        NodeSpec spec;
        spec.type = "kafka_sink";
        spec.category = NodeCategory::Sink;
        spec.inputs = {{"in", PortRole::Main, ""}};
        spec.outputs = {{"error", PortRole::Error, ""}};
        return type(std::move(spec), [binding](const MakeContext&) { return NodeRuntime(binding); });
    }
    const NodeType& localSink(std::function<std::unique_ptr<Sink>()> make)
    {
        NodeSpec spec;
        spec.type = "local_sink";
        spec.category = NodeCategory::Sink;
        spec.inputs = {{"in", PortRole::Main, ""}};
        return type(std::move(spec),
                    [make = std::move(make)](const MakeContext&) { return NodeRuntime(make()); });
    }

    /// Adds a node to the plan; its number.
    std::size_t add(const std::string& id, const NodeType& type)
    {
        PlannedNode node;
        node.id = id;
        node.type = &type;
        node.config = Json::object();
        node.outputs = type.outputs(node.config);
        node.wires.resize(node.outputs.size());
        plan.nodes.push_back(std::move(node));
        return plan.nodes.size() - 1;
    }
    void wire(std::size_t from, const std::string& port, std::size_t to)
    {
        PlannedNode& node = plan.nodes[from];
        for (std::size_t i = 0; i < node.outputs.size(); ++i) {
            if (node.outputs[i].name == port) {
                node.wires[i].push_back({plan.edgeCount, to});
                plan.edges.push_back({{node.id, port}, {plan.nodes[to].id, "in"}});
                ++plan.edgeCount;
                plan.nodes[to].behindErrorPort = node.outputs[i].role == PortRole::Error;
            }
        }
    }
    /// Makes one flow out of all nodes, which were added sources first.
    PlannedFlow& flow(TaskScope scope = TaskScope::Partition)
    {
        PlannedFlow flow;
        flow.index = plan.flows.size();
        flow.name = plan.nodes.front().id;
        flow.scope = scope;
        flow.endless = false;
        for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
            flow.nodes.push_back(i);
            flow.stateful = flow.stateful || plan.nodes[i].spec().stateful;
            if (plan.nodes[i].spec().type == "kafka_source") {
                flow.kafkaSources.push_back(i);
                flow.connection = "kafka";
                flow.groupId = "test-group";
            } else if (plan.nodes[i].spec().category == NodeCategory::Source) {
                flow.localSources.push_back(i);
            }
        }
        plan.flows.push_back(std::move(flow));
        return plan.flows.back();
    }
    [[nodiscard]] std::shared_ptr<const Topology> topology() const
    {
        return std::make_shared<const Topology>(plan);
    }

    Topology plan;

private:
    std::deque<NodeType> m_types;
};

} // namespace streamwright
