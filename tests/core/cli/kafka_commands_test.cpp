#include "tests/core/cli/kafka_commands.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>

namespace streamwright {
namespace {

using nlohmann::json;

TEST_F(KafkaCommands, PeekShowsWhatProduceSent)
{
    const Answer sent = produce("in", "{\"a\": 1.0}\n\nplain\r\n", {"--key", "k", "--header", "h=x=y"});
    EXPECT_EQ(sent.exitCode, 0) << sent.err;
    EXPECT_NE(sent.err.find("2 records sent to topic \"in\""), std::string::npos) << sent.err;

    const Answer seen = run({"peek", "in"});
    EXPECT_EQ(seen.exitCode, 0) << seen.err;
    ASSERT_EQ(seen.lines().size(), 2U) << seen.out;
    const json first = json::parse(seen.lines()[0]);
    EXPECT_EQ(first["topic"], "in");
    EXPECT_EQ(first["offset"], 0);
    EXPECT_EQ(first["key"], "k");
    EXPECT_EQ(first["value"], json({{"a", 1.0}}));
    EXPECT_EQ(first["headers"], json::parse(R"([["h", "x=y"]])"));
    EXPECT_EQ(json::parse(seen.lines()[1])["value"], "plain");
}

TEST_F(KafkaCommands, PeekTakesARangeOfATopic)
{
    ASSERT_EQ(produce("in", "0\n1\n2\n3\n4\n").exitCode, 0);
    const auto values = [this](Words words) {
        words.insert(words.begin(), {"peek", "in", "--format", "value"});
        const Answer answer = run(words);
        EXPECT_EQ(answer.exitCode, 0) << answer.err;
        return answer.out;
    };
    EXPECT_EQ(values({}), "0\n1\n2\n3\n4\n");
    EXPECT_EQ(values({"--from", "3"}), "3\n4\n");
    EXPECT_EQ(values({"--from", "-2"}), "3\n4\n");
    EXPECT_EQ(values({"--from=-99"}), "0\n1\n2\n3\n4\n");
    EXPECT_EQ(values({"--from", "1", "--to", "3"}), "1\n2\n");
    EXPECT_EQ(values({"--from", "latest"}), "");
    EXPECT_EQ(values({"--count", "2"}), "0\n1\n");
    EXPECT_EQ(values({"--from", "2020-01-01"}), "0\n1\n2\n3\n4\n");
    EXPECT_EQ(values({"--from", "2090-01-01T00:00:00Z"}), "");
    EXPECT_EQ(values({"--where", "value >= 2 && offset < 4"}), "2\n3\n");
}

TEST_F(KafkaCommands, PeekPrintsByAFormatAndSaysWhatAConditionCouldNotAnswer)
{
    ASSERT_EQ(produce("in", "{\"n\": 1}\n{}\ntext\n", {"--key", "k"}).exitCode, 0);
    EXPECT_EQ(run({"peek", "in", "--count", "1", "--format", "%t[%p]@%o\\t%k=%s %h 100%%"}).out,
              "in[0]@0\tk={\"n\": 1}  100%\n");
    const Answer some = run({"peek", "in", "--where", "value.n == 1", "--format", "value"});
    EXPECT_EQ(some.out, "{\"n\": 1}\n");
    EXPECT_NE(some.err.find("no answer for 2 records"), std::string::npos) << some.err;
}

TEST_F(KafkaCommands, ProduceReadsTheLinesOfPeek)
{
    ASSERT_EQ(produce("in", "{\"a\": 1.0}\nplain\n", {"--key", "k", "--header", "h=1"}).exitCode, 0);
    const Answer lines = run({"peek", "in"});
    ASSERT_EQ(produce("out", lines.out, {"--json"}).exitCode, 0);

    const Answer copied = run({"peek", "out"});
    ASSERT_EQ(copied.lines().size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        json before = json::parse(lines.lines()[i]);
        json after = json::parse(copied.lines()[i]);
        before.erase("topic");
        after.erase("topic");
        EXPECT_EQ(before, after);
    }
    EXPECT_EQ(produce("out", "no record\n", {"--json"}).exitCode, 2);
}

TEST_F(KafkaCommands, PeekReadsAllPartitionsOrOne)
{
    for (const char* key : {"a", "b", "c", "d", "e", "f"}) {
        ASSERT_EQ(produce("wide", std::string(key) + "\n", {"--key", key}).exitCode, 0);
    }
    EXPECT_EQ(run({"peek", "wide"}).lines().size(), 6U);
    std::size_t sum = 0;
    for (const char* partition : {"0", "1", "2"}) {
        const Answer one = run({"peek", "wide", "--partition", partition, "--format", "%p"});
        for (const std::string& line : one.lines()) {
            EXPECT_EQ(line, partition);
        }
        sum += one.lines().size();
    }
    EXPECT_EQ(sum, 6U);
    EXPECT_EQ(run({"peek", "wide", "--partition", "3"}).exitCode, 3);
}

TEST_F(KafkaCommands, PeekFollowsUntilItHasEnough)
{
    ChildProcess peek = ChildProcess::start(
        {kProgram, "peek", "in", "--follow", "--count", "2", "--format", "value", "--broker", m_bootstrap},
        {}, m_folder / "follow.out", m_folder / "follow.err");
    ASSERT_EQ(produce("in", "1\n").exitCode, 0);
    ASSERT_EQ(produce("in", "2\n3\n").exitCode, 0);
    EXPECT_EQ(peek.wait(kTimeout), 0);
    EXPECT_EQ(read("follow.out"), "1\n2\n");
}

TEST_F(KafkaCommands, LagTellsHowFarAPipelineIs)
{
    write("copy.pipeline.json", R"({
        "streamwright": 1, "name": "copy", "connections": { "kafka": { "bootstrap_servers": "localhost:1" } },
        "nodes": [
            { "id": "in", "type": "kafka_source", "config": { "connection": "kafka", "topic": "in", "group_id": "g" } },
            { "id": "out", "type": "kafka_sink", "config": { "connection": "kafka", "topic": "out" } }
        ],
        "edges": [ { "from": "in", "to": "out" } ],
        "settings": { "on_error": "drop" } })");
    ASSERT_EQ(produce("in", "1\n2\n3\n").exitCode, 0);
    const auto partition = [this] {
        const Answer lag = run({"lag", path("copy.pipeline.json"), "--format", "json"});
        EXPECT_EQ(lag.exitCode, 0) << lag.err;
        const json all = json::parse(lag.out, nullptr, false);
        EXPECT_FALSE(all.is_discarded()) << lag.out;
        return all["groups"][0]["partitions"][0];
    };
    json before = partition();
    EXPECT_EQ(before["end"], 3);
    EXPECT_EQ(before["lag"], 3);
    EXPECT_TRUE(before["committed"].is_null());
    EXPECT_GE(before["last_record_age_ms"], 0);

    const Answer ran = run(
        {"run", path("copy.pipeline.json"), "--until-end", "--stats", "none", "--state-dir", path("state")});
    ASSERT_EQ(ran.exitCode, 0) << ran.err;
    EXPECT_EQ(run({"peek", "out", "--format", "value"}).out, "1\n2\n3\n");
    json after = partition();
    EXPECT_EQ(after["committed"], 3);
    EXPECT_EQ(after["lag"], 0);
    const Answer text = run({"lag", path("copy.pipeline.json")});
    EXPECT_NE(text.out.find("group \"g\""), std::string::npos) << text.out;
}

TEST_F(KafkaCommands, CheckFindsAMissingTopicAndPassesWhatIsThere)
{
    const auto document = [](const std::string& topic) {
        return R"({"streamwright": 1, "name": "c", "connections": { "kafka": { "bootstrap_servers": "localhost:1" } },
            "settings": { "on_error": "drop" },
            "nodes": [ { "id": "in", "type": "kafka_source", "config": { "connection": "kafka", "topic": ")" +
               topic +
               R"(" } }, { "id": "out", "type": "console_sink" } ], "edges": [ { "from": "in", "to": "out" } ] })";
    };
    write("good.pipeline.json", document("in"));
    write("bad.pipeline.json", document("no-such-topic"));
    const Answer good = run({"check", path("good.pipeline.json")});
    EXPECT_EQ(good.exitCode, 0) << good.out << good.err;
    const Answer bad = run({"check", path("bad.pipeline.json")});
    EXPECT_EQ(bad.exitCode, 3) << bad.out;
    EXPECT_NE(bad.out.find("no-such-topic"), std::string::npos) << bad.out;
    EXPECT_EQ(run({"check"}).exitCode, 0);
}

TEST_F(KafkaCommands, AMissingTopicOrBrokerIsExitCode3)
{
    for (const char* command : {"peek", "produce"}) {
        const Answer missing = run({command, "no-such-topic"});
        EXPECT_EQ(missing.exitCode, 3) << missing.err;
        EXPECT_NE(missing.err.find("no-such-topic"), std::string::npos) << missing.err;
    }
    const Answer refused = run({"check", "--broker", "127.0.0.1:1", "--connect-timeout", "1s"}, false);
    EXPECT_EQ(refused.exitCode, 3) << refused.err;
    EXPECT_NE((refused.out + refused.err).find("127.0.0.1:1"), std::string::npos);
}

TEST_F(KafkaCommands, AWrongOptionIsExitCode2)
{
    for (const Words& words : std::vector<Words>{{"peek", "in", "--from", "yesterday"},
                                                 {"peek", "in", "--format", "%x"},
                                                 {"peek", "in", "--format", "xml"},
                                                 {"peek", "in", "--where", "value +"},
                                                 {"peek", "in", "-X", "novalue"},
                                                 {"produce", "in", "/no/such/file"},
                                                 {"produce", "in", "--header", "novalue"},
                                                 {"check", "/no/such/file"}}) {
        const Answer answer = run(words);
        EXPECT_EQ(answer.exitCode, 2) << words[1] << ' ' << words.back() << ": " << answer.err;
        EXPECT_FALSE(answer.err.empty());
    }
    EXPECT_EQ(run({"peek", "in"}, false).exitCode, 2);
    EXPECT_EQ(run({"broker", "--topic", "a:0"}, false).exitCode, 2);
}

TEST_F(KafkaCommands, TheBrokerEndsWhenAsked)
{
    m_broker->signal(SIGTERM);
    EXPECT_EQ(m_broker->wait(kTimeout), 0);
}

TEST(TestCommand, ShowsEachFieldThatDiffers)
{
    std::string pattern = (std::filesystem::temp_directory_path() / "streamwright-test-XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    std::ofstream(folder / "wrong.pipeline-test.json")
        << R"({"pipeline": ")" SW_SOURCE_DIR
           R"(/resources/samples/purchase-requests.pipeline.json",
        "cases": [{"name": "wrong", "input": [], "expect": {"output": [{"topic": "CorpAppsTopic", "value": 1}]}}]})";
    ChildProcess process =
        ChildProcess::start({kProgram, "test", folder.string(), SW_SOURCE_DIR "/resources/samples"}, {},
                            folder / "out", folder / "err");
    EXPECT_EQ(process.wait(kTimeout), 1);
    std::ifstream file(folder / "out");
    const std::string out{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(out.find("FAIL  wrong"), std::string::npos) << out;
    EXPECT_NE(out.find("is missing"), std::string::npos) << out;
    EXPECT_NE(out.find("1 failed"), std::string::npos) << out;
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace streamwright
