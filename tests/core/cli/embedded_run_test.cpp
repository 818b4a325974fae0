#include "core/base/base64.h"
#include "tests/core/cli/kafka_commands.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace streamwright {
namespace {

using nlohmann::json;

std::vector<std::string> linesOf(const std::string& file)
{
    std::vector<std::string> lines;
    std::ifstream stream(file, std::ios::binary);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// The whole way on an embedded broker: sent by a client, run as a process, read back.
class EmbeddedRun : public KafkaCommands {
protected:
    /// Runs a document against the broker until its input is processed.
    Answer runToTheEnd(const std::string& document)
    {
        return run({"run", document, "--until-end", "--stats", "none", "--state-dir", path("state"),
                    "--data-dir", m_folder.string()});
    }
    [[nodiscard]] std::vector<std::string> topics() const override
    {
        return {"InputsTopic", "CorpAppsTopic", "suite", "suite-out"};
    }
};

TEST_F(EmbeddedRun, PurchaseRequestsGiveTheGoldenOutputsAndRejects)
{
    const std::string golden = SW_TEST_DATA "/golden/purchase-requests/";
    const std::vector<std::string> input = linesOf(golden + "input.jsonl");
    if (input.empty()) {
        GTEST_SKIP() << "The golden data is not at " SW_TEST_DATA "; set STREAMWRIGHT_TEST_DATA.";
    }
    std::string records;
    for (std::size_t i = 0; i < input.size(); ++i) {
        records += json{{"key", 'k' + std::to_string(i)},
                        {"timestamp", 1'700'000'000'000 + static_cast<std::int64_t>(i)},
                        {"value", input[i]},
                        {"value_encoding", "text"}}
                       .dump() +
                   '\n';
    }
    ASSERT_EQ(produce("InputsTopic", records, {"--json"}).exitCode, 0);

    const Answer ran = runToTheEnd(SW_SOURCE_DIR "/resources/samples/purchase-requests.pipeline.json");
    ASSERT_EQ(ran.exitCode, 0) << ran.err;

    const std::vector<std::string> written = run({"peek", "CorpAppsTopic"}).lines();
    const std::vector<std::string> expected = linesOf(golden + "expected-output.jsonl");
    ASSERT_EQ(written.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const json line = json::parse(written[i]);
        const json wanted = json::parse(expected[i]);
        for (const char* key : {"key", "timestamp", "value"}) {
            EXPECT_EQ(line[key], wanted[key]) << written[i];
        }
    }
    std::vector<std::int64_t> rejected;
    for (const std::string& line : linesOf(path("dlq.jsonl"))) {
        rejected.push_back(json::parse(line)["error"]["offset"].get<std::int64_t>());
    }
    std::vector<std::int64_t> expectedRejects;
    for (const std::string& line : linesOf(golden + "expected-dead-letters.jsonl")) {
        expectedRejects.push_back(json::parse(line)["offset"].get<std::int64_t>());
    }
    EXPECT_EQ(rejected, expectedRejects);
}

constexpr const char* kForward = R"({
  "streamwright": 1, "name": "forward", "connections": { "kafka": { "bootstrap_servers": "localhost:1" } },
  "nodes": [
    { "id": "in", "type": "kafka_source", "config": { "connection": "kafka", "topic": "suite" } },
    { "id": "out", "type": "kafka_sink", "config": { "connection": "kafka", "topic": "suite-out" } },
    { "id": "dead", "type": "file_sink", "config": { "path": "dead.jsonl" } }
  ],
  "edges": [ { "from": "in", "to": "out" }, { "from": "in.error", "to": "dead" }, { "from": "out.error", "to": "dead" } ]
})";

/// Of the cases that the suite leaves open, numbers of any size are kept as text and all else is refused; the
/// empty value is a tombstone.
bool isTaken(const std::string& name)
{
    return name == "n_structure_no_data.json" || name[0] == 'y' || name.rfind("i_number", 0) == 0;
}

TEST_F(EmbeddedRun, EveryCaseOfTheJsonSuitePassesToTheByteOrBecomesADeadLetter)
{
    std::ifstream file(SW_TEST_DATA "/conformance/json-test-suite.json");
    if (!file) {
        GTEST_SKIP() << "The JSON test suite is not at " SW_TEST_DATA "; set STREAMWRIGHT_TEST_DATA.";
    }
    const json suite = json::parse(file);
    std::string records;
    for (const auto& [name, bytes] : suite.items()) {
        records += json{{"key", name}, {"value", bytes}, {"value_encoding", "base64"}}.dump() + '\n';
    }
    ASSERT_EQ(produce("suite", records, {"--json"}).exitCode, 0);
    write("forward.pipeline.json", kForward);
    const Answer ran = runToTheEnd(path("forward.pipeline.json"));
    ASSERT_EQ(ran.exitCode, 0) << ran.err;

    std::map<std::string, std::string> taken;
    const std::string text = run({"peek", "suite-out", "--format", "%k\\t%s\\t.end"}).out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t tab = text.find('\t', at);
        const std::size_t end = text.find("\t.end\n", tab);
        ASSERT_NE(end, std::string::npos);
        taken[text.substr(at, tab - at)] = text.substr(tab + 1, end - tab - 1);
        at = end + std::string_view("\t.end\n").size();
    }
    std::set<std::string> refused;
    for (const std::string& line : linesOf(path("dead.jsonl"))) {
        refused.insert(json::parse(line)["key"].get<std::string>());
    }
    EXPECT_EQ(taken.size() + refused.size(), suite.size());
    for (const auto& [name, bytes] : suite.items()) {
        if (isTaken(name)) {
            ASSERT_TRUE(taken.contains(name)) << name;
            EXPECT_EQ(taken[name], decodeBase64(bytes.get<std::string>())) << name;
        } else {
            EXPECT_TRUE(refused.contains(name)) << name;
        }
    }
}

} // namespace
} // namespace streamwright
