#include "tests/core/topology/documents.h"

#include <gtest/gtest.h>

#include <chrono>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

std::string list(std::initializer_list<std::string> items)
{
    std::string text;
    for (const std::string& item : items) {
        text += (text.empty() ? "" : ", ") + item;
    }
    return '[' + text + ']';
}

std::string edge(const char* from, const char* to)
{
    return std::string(R"({"from": ")") + from + R"(", "to": ")" + to + "\"}";
}

std::string node(const char* id, const char* type, const char* config, const char* mode = "on")
{
    return std::string(R"({"id": ")") + id + R"(", "type": ")" + type + R"(", "mode": ")" + mode +
           R"(", "config": )" + config + "}";
}

std::string generator(const char* id, const char* mode = "on", const char* config = "{}")
{
    return node(id, "generator", config, mode);
}

TEST(Compile, PlansNodesWiresAndTheFlow)
{
    const Compiled result =
        compiled(list({kSource, kNumber, kSink, node("bad", "file_sink", R"({"path": "x"})")}),
                 list({edge("in", "num"), edge("num", "out"), edge("in.error", "bad"),
                       edge("num.error", "bad"), edge("out.error", "bad")}));
    ASSERT_NE(result.topology, nullptr) << format(result.diagnostics.front(), "");
    const Topology& plan = *result.topology;
    ASSERT_EQ(plan.nodes.size(), 4U);
    EXPECT_EQ(plan.nodes[0].outputs.back().name, "error");
    ASSERT_EQ(plan.nodes[0].wires.size(), 2U);
    EXPECT_EQ(plan.nodes[0].wires[0][0].toNode, 1U);
    EXPECT_EQ(plan.nodes[0].wires[1][0].index, 2U);
    EXPECT_TRUE(plan.nodes[3].behindErrorPort);
    EXPECT_FALSE(plan.nodes[2].behindErrorPort);
    EXPECT_EQ(plan.edges[0].first.text(), "in.out");
    EXPECT_EQ(plan.edges[0].second.text(), "num.in");
    ASSERT_EQ(plan.flows.size(), 1U);
    EXPECT_EQ(plan.flows[0].name, "in");
    EXPECT_EQ(plan.flows[0].nodes, (std::vector<std::size_t>{0, 1, 2, 3}));
    EXPECT_EQ(plan.flows[0].groupId, "test");
    EXPECT_EQ(plan.flows[0].connection, "kafka");
    EXPECT_EQ(plan.flows[0].scope, TaskScope::Pipeline);
    EXPECT_TRUE(plan.flows[0].stateful);
    EXPECT_FALSE(plan.flows[0].endless);
    ASSERT_EQ(plan.connections.size(), 1U) << "connections that nobody uses are left out";
}

TEST(Compile, KeepsFlowsThatAreNotConnectedApart)
{
    const Compiled result =
        compiled(list({generator("g"), node("print", "console_sink", "{}"), kSource, kSink}),
                 list({edge("g", "print"), edge("in", "out")}));
    ASSERT_NE(result.topology, nullptr);
    ASSERT_EQ(result.topology->flows.size(), 2U);
    EXPECT_EQ(result.topology->flows[0].name, "g");
    EXPECT_TRUE(result.topology->flows[0].endless);
    EXPECT_EQ(result.topology->flows[0].localSources, std::vector<std::size_t>{0});
    EXPECT_EQ(result.topology->flows[1].kafkaSources, std::vector<std::size_t>{2});
}

TEST(Compile, NamesTheNodesOfACycle)
{
    const Compiled result = compiled(
        list({kSource, R"({"id": "a", "type": "throttle", "title": "Enrich", "config": {"per_second": 1}})",
              R"({"id": "b", "type": "throttle", "title": "Retry", "config": {"per_second": 1}})", kSink}),
        list({edge("in", "a"), edge("a", "b"), edge("b", "a"), edge("b", "out")}));
    ASSERT_EQ(problemsOf(result), Lines{"error a  cycle"});
    for (const Diagnostic& diagnostic : result.diagnostics) {
        if (diagnostic.code == "cycle") {
            EXPECT_EQ(diagnostic.message, "Nodes \"Enrich\" and \"Retry\" feed each other.");
            EXPECT_EQ(diagnostic.hint, "Remove one of their edges; a pipeline has no cycles.");
        }
    }
    EXPECT_EQ(problemsOf(compiled(list({kSource, node("a", "throttle", R"({"per_second": 1})"), kSink}),
                                  list({edge("in", "a"), edge("a", "a"), edge("a", "out")}))),
              Lines{"error a  cycle"});
}

TEST(Compile, RefusesEdgesThatLeadNowhere)
{
    const Compiled result =
        compiled(list({kSource, kNumber, kSink}),
                 list({edge("in", "num"), edge("num.eror", "out"), edge("num", "out"), edge("num.out", "out"),
                       edge("nun", "out"), edge("out", "num"), edge("num", "in")}));
    // "out" has one out port, error: an edge from it is one from there.
    EXPECT_EQ(problemsOf(result),
              (Lines{"error num edges[1].from unknown_port", "error num edges[3] duplicate_edge",
                     "error  edges[4].from unknown_node", "error in edges[6].to unknown_port",
                     "error num  cycle"}));
    EXPECT_EQ(result.diagnostics[0].hint, "Did you mean \"error\"?");
    EXPECT_EQ(result.diagnostics[2].hint, "Did you mean \"num\"?");
    EXPECT_EQ(result.topology, nullptr);
}

TEST(Compile, RefusesUnknownTypesFieldsAndConnections)
{
    const Compiled result =
        compiled(list({node("in", "kafka_sorce", "{}"), node("num", "number", R"({"feld": "n"})"),
                       node("out", "kafka_sink", R"({"connection": "kafak", "topic": "b"})")}),
                 list({edge("in", "num"), edge("num", "out")}));
    EXPECT_EQ(problemsOf(result),
              (Lines{"error in type unknown_type", "error out connection unknown_connection",
                     "error num feld unknown_field", "error num field required"}));
    EXPECT_EQ(result.diagnostics[0].hint, "Did you mean \"kafka_source\"?");
}

TEST(Compile, ReportsWhatIsNotWired)
{
    const Compiled result = compiled(list({kSource, kNumber, kSink}), list({edge("in", "out")}));
    EXPECT_EQ(problemsOf(result), Lines{"error num  unwired_input"});
    const Compiled open = compiled(list({kSource}), "[]", R"({"on_error": "drop"})");
    EXPECT_EQ(problemsOf(open),
              (Lines{"warning in  unwired_output", "warning  settings.on_error unwired_error_port"}));
    ASSERT_NE(open.topology, nullptr);
}

TEST(Compile, SaysWhichPortsStopTheRun)
{
    const Compiled result = compiled(list({kSource, kSink}), list({edge("in", "out")}));
    ASSERT_EQ(result.diagnostics.size(), 1U);
    EXPECT_EQ(result.diagnostics[0].severity, Severity::Note);
    EXPECT_EQ(result.diagnostics[0].message,
              "The first record that fails stops the pipeline at \"in.error\", \"out.error\".");
}

TEST(Compile, AddsTheDeadLetterSink)
{
    const Compiled result = compiled(
        list({kSource, kSink}), list({edge("in", "out")}),
        R"({"on_error": "dead_letter", "dead_letter": {"type": "file_sink", "config": {"path": "d.jsonl"}}})");
    ASSERT_NE(result.topology, nullptr) << format(result.diagnostics.front(), "");
    const Topology& plan = *result.topology;
    ASSERT_EQ(plan.deadLetterNode, 2U);
    EXPECT_TRUE(plan.nodes[2].synthetic);
    EXPECT_TRUE(plan.nodes[2].behindErrorPort);
    const Compiled broken = compiled(
        list({kSource, kSink}), list({edge("in", "out")}),
        R"({"on_error": "dead_letter", "dead_letter": {"type": "kafka_sink", "config": {"topc": 1}}})");
    EXPECT_EQ(problemsOf(broken).front(), "error  settings.dead_letter.config.topc unknown_field");
}

TEST(Compile, LeavesOutWhatIsOffAndWarnsBehindIt)
{
    const Compiled result = compiled(
        list({kSource, node("slow", "throttle", R"({"per_second": 1})", "off"),
              node("num", "number", R"({"field": "n"})"), kSink, node("broken", "number", "{}", "off")}),
        list({edge("in", "slow"), edge("slow", "num"), edge("num", "out"), edge("in", "out")}));
    ASSERT_NE(result.topology, nullptr);
    EXPECT_EQ(problemsOf(result), (Lines{"warning num  unreachable", "warning broken field required"}));
    const Topology& plan = *result.topology;
    EXPECT_FALSE(plan.nodes[2].reachable);
    EXPECT_EQ(plan.nodes[0].wires[0].size(), 1U);
    EXPECT_EQ(plan.flows[0].nodes, (std::vector<std::size_t>{0, 3}));
    EXPECT_FALSE(plan.flows[0].stateful);
    EXPECT_EQ(plan.nodes[1].flow, kNoFlow);
}

TEST(Compile, BypassesTransformsOnly)
{
    EXPECT_EQ(problemsOf(
                  compiled(list({kSource, node("slow", "throttle", R"({"per_second": 1})", "bypass"), kSink}),
                           list({edge("in", "slow"), edge("slow", "out")}))),
              Lines{});
    EXPECT_EQ(problemsOf(compiled(list({kSource, node("end", "console_sink", "{}", "bypass")}),
                                  list({edge("in", "end")}))),
              Lines{"error end mode bypass_not_possible"});
}

TEST(Compile, SaysHowToSplitAFlowOfSeveralConsumers)
{
    const std::string second = node("in2", "kafka_source", R"({"connection": "other", "topic": "a"})");
    EXPECT_EQ(
        problemsOf(compiled(list({kSource, second, kSink}), list({edge("in", "out"), edge("in2", "out")}))),
        Lines{"error in2 connection mixed_connections"});
    const std::string group =
        node("in2", "kafka_source", R"({"connection": "kafka", "topic": "c", "group_id": "g"})");
    EXPECT_EQ(
        problemsOf(compiled(list({kSource, group, kSink}), list({edge("in", "out"), edge("in2", "out")}))),
        Lines{"error in2 group_id mixed_groups"});
    const std::string same = node("in2", "kafka_source", R"({"connection": "kafka", "topic": "a"})");
    EXPECT_EQ(
        problemsOf(compiled(list({kSource, same, kSink}), list({edge("in", "out"), edge("in2", "out")}))),
        Lines{"error in2 topic topic_read_twice"});
    const std::string print = node("print", "console_sink", "{}");
    EXPECT_EQ(problemsOf(compiled(list({kSource, same, kSink, print}),
                                  list({edge("in", "out"), edge("in2", "print")}))),
              Lines{"error in2 group_id topic_read_twice"});
}

TEST(Compile, RefusesStateOverKafkaAndLocalSources)
{
    EXPECT_EQ(problemsOf(compiled(list({kSource, generator("g"), kNumber, kSink}),
                                  list({edge("in", "num"), edge("g", "num"), edge("num", "out")}))),
              Lines{"error g  mixed_sources"});
}

TEST(Compile, WarnsAboutNumbersOfSeveralPartitions)
{
    const std::string topics = node("in", "kafka_source", R"({"connection": "kafka", "topics": ["a", "c"]})");
    const std::string edges = list({edge("in", "num"), edge("num", "out")});
    EXPECT_EQ(problemsOf(compiled(list({topics, kNumber, kSink}), edges)),
              Lines{"warning num  order_after_crash"});
    EXPECT_EQ(problemsOf(compiled(list({topics, kNumber, kSink}), edges,
                                  R"({"processing_guarantee": "exactly_once"})")),
              Lines{});
    const std::string embedded = node("in", "kafka_source", R"({"connection": "local", "topic": "a"})");
    for (const Diagnostic& diagnostic : compiled(list({embedded, kNumber, kSink}), edges).diagnostics) {
        EXPECT_NE(diagnostic.code, "order_after_crash");
    }
}

TEST(Compile, HoldsExactlyOnceToItsRules)
{
    const std::string exactly = R"({"processing_guarantee": "exactly_once"})";
    const std::string other = node("out", "kafka_sink", R"({"connection": "other", "topic": "b"})");
    EXPECT_EQ(problemsOf(compiled(list({kSource, other}), list({edge("in", "out")}), exactly)),
              Lines{"error out connection exactly_once_other_cluster"});
    EXPECT_EQ(problemsOf(compiled(list({generator("g"), kSink}), list({edge("g", "out")}), exactly)),
              Lines{"warning  settings.processing_guarantee not_exactly_once"});
    const Compiled beside =
        compiled(list({kSource, kSink, node("f", "file_sink", R"({"path": "x"})")}),
                 list({edge("in", "out"), edge("in.error", "f"), edge("out.error", "f")}), exactly);
    ASSERT_EQ(beside.diagnostics.size(), 1U);
    EXPECT_EQ(beside.diagnostics[0].code, "not_exactly_once");
    EXPECT_EQ(beside.diagnostics[0].node, "f");
    EXPECT_EQ(beside.diagnostics[0].severity, Severity::Note);
}

TEST(Compile, FillsInVariablesAndConvertsThem)
{
    VariableSource variables;
    variables.set("TOPIC", "orders");
    variables.set("START", "7");
    const std::string source = node("in", "kafka_source", R"({"connection": "kafka", "topic": "${TOPIC}"})");
    const std::string number =
        node("num", "number", R"({"field": "n", "start": "${START}", "step": "${STEP:2}"})");
    const std::string edges = list({edge("in", "num"), edge("num", "out")});
    CompileOptions options;
    options.variables = &variables;
    options.requireVariables = true;
    const Compiled result = compiled(list({source, number, kSink}), edges, "{}", options);
    ASSERT_NE(result.topology, nullptr) << format(result.diagnostics.front(), "");
    EXPECT_EQ(result.topology->nodes[0].config["topic"], "orders");
    EXPECT_EQ(result.topology->nodes[1].config["start"], 7);
    EXPECT_EQ(result.topology->nodes[1].config["step"], 2);
    variables.set("START", "many");
    EXPECT_EQ(problemsOf(compiled(list({source, number, kSink}), edges, "{}", options)),
              Lines{"error num start wrong_type"});
}

TEST(Compile, NamesMissingVariablesAsErrorsOnlyWhereTheyAreNeeded)
{
    const std::string source =
        node("in", "kafka_source", R"({"connection": "kafka", "topic": "${SW_TEST_NO_TOPIC}"})");
    const std::string number = node("num", "number", R"({"field": "n", "start": "${SW_TEST_NO_START}"})");
    const std::string edges = list({edge("in", "num"), edge("num", "out")});
    const Compiled lenient = compiled(list({source, number, kSink}), edges);
    EXPECT_EQ(problemsOf(lenient),
              (Lines{"warning in topic missing_variable", "warning num start missing_variable"}));
    EXPECT_NE(lenient.topology, nullptr);
    CompileOptions options;
    options.requireVariables = true;
    EXPECT_EQ(problemsOf(compiled(list({source, number, kSink}), edges, "{}", options)),
              (Lines{"error in topic missing_variable", "error num start missing_variable"}));
}

Compiled withConnection(const char* connection, const CompileOptions& options)
{
    Pipeline pipeline = documentOf(list({kSource, kSink}), list({edge("in", "out")}));
    pipeline.connections[0].config = Json::parse(connection);
    return compile(pipeline, builtinNodes(), options);
}

TEST(Compile, AsksOnlyForTheSecretsThatTheProtocolNeeds)
{
    CompileOptions options;
    options.requireVariables = true;
    const char* const sasl =
        R"({"bootstrap_servers": "b", "security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN",
        "sasl_username": "u", "sasl_password": "${secret:SW_TEST_NO_SECRET}"})";
    EXPECT_EQ(problemsOf(withConnection(sasl, options)),
              Lines{"error  connections.kafka.sasl_password missing_secret"});
    const char* const plain =
        R"({"bootstrap_servers": "b", "security_protocol": "${SW_TEST_NO_PROTOCOL:PLAINTEXT}",
        "sasl_mechanism": "PLAIN", "sasl_password": "${secret:SW_TEST_NO_SECRET}"})";
    EXPECT_EQ(problemsOf(withConnection(plain, options)), Lines{});
    const char* const embedded = R"({"bootstrap_servers": "embedded", "security_protocol": "SASL_SSL",
        "sasl_password": "${secret:SW_TEST_NO_SECRET}", "properties": {"sasl.password": "${secret:SW_TEST_NO_SECRET}"}})";
    const Compiled result = withConnection(embedded, options);
    EXPECT_EQ(problemsOf(result), Lines{});
    EXPECT_TRUE(result.topology->connections[0].embedded);
    options.brokerOverride = "x:1";
    const Compiled overridden = withConnection(sasl, options);
    EXPECT_EQ(problemsOf(overridden), Lines{});
    EXPECT_EQ(overridden.topology->connections[0].config, (Json{{"bootstrap_servers", "x:1"}}));
}

TEST(Compile, RefusesALiteralSecretWithoutShowingIt)
{
    const Compiled result = withConnection(R"({"bootstrap_servers": "b", "security_protocol": "SASL_SSL",
        "sasl_mechanism": "PLAIN", "sasl_username": "u", "sasl_password": "canary-7",
        "properties": {"ssl.key.password": "canary-7"}})",
                                           {});
    EXPECT_EQ(problemsOf(result),
              (Lines{"error  connections.kafka.sasl_password literal_secret",
                     "error  connections.kafka.properties.ssl.key.password literal_secret"}));
    for (const Diagnostic& diagnostic : result.diagnostics) {
        EXPECT_EQ(format(diagnostic, "").find("canary"), std::string::npos);
    }
}

TEST(Compile, IsQuickEnoughForEveryKeystroke)
{
    constexpr int kNodes = 500;
    std::string nodes = kSource;
    std::string edges = edge("in", "t1");
    for (int i = 1; i < kNodes; ++i) {
        const std::string id = "t" + std::to_string(i);
        nodes += ", " + node(id.c_str(), "throttle", R"({"per_second": 1})");
        edges += ", " + edge(id.c_str(), i + 1 < kNodes ? ("t" + std::to_string(i + 1)).c_str() : "out");
    }
    const Pipeline pipeline = documentOf('[' + nodes + ", " + kSink + ']', '[' + edges + ']');
    const auto start = std::chrono::steady_clock::now();
    const Compiled result = compile(pipeline, builtinNodes());
    const auto took = std::chrono::steady_clock::now() - start;
    ASSERT_NE(result.topology, nullptr);
    EXPECT_EQ(result.topology->flows[0].nodes.size(), 501U);
    // Ten times what it takes without optimisation and with a neighbour on the machine.
    EXPECT_LT(took, std::chrono::seconds(1));
}

} // namespace
} // namespace streamwright
