#include "core/cli/describe_command.h"
#include "core/cli/exit_code.h"
#include "core/cli/nodes_command.h"
#include "core/cli/schema_command.h"
#include "core/cli/studio_command.h"
#include "core/cli/validate_command.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace streamwright {
namespace {

constexpr const char* kSound = R"({ "streamwright": 1, "name": "test",
  "connections": { "kafka": { "bootstrap_servers": "${SW_TEST_BROKERS:b:9092}" } },
  "nodes": [
    { "id": "in", "type": "kafka_source", "config": { "connection": "kafka", "topic": "a" } },
    { "id": "out", "type": "kafka_sink", "config": { "connection": "kafka", "topic": "b" } } ],
  "edges": [ { "from": "in", "to": "out" } ] })";
constexpr const char* kBroken = R"({ "streamwright": 1, "name": "test",
  "nodes": [ { "id": "in", "type": "generatr" } ],
  "edges": [] })";

class DocumentCommands : public testing::Test {
protected:
    void SetUp() override
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "streamwright.XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    std::string write(const char* name, const char* text)
    {
        std::ofstream(m_folder / name) << text;
        return (m_folder / name).string();
    }

    std::filesystem::path m_folder;
    std::ostringstream m_out;
    std::ostringstream m_err;
};

TEST_F(DocumentCommands, ValidatePrintsWhatCompilersPrint)
{
    ValidateOptions options;
    options.files = {write("good.json", kSound), write("bad.json", kBroken)};
    EXPECT_EQ(runValidate(options, m_out, m_err), kExitBadInput);
    EXPECT_NE(m_out.str().find(options.files[1] +
                               ":2:36: error: node \"in\", field \"type\": There is no node type "
                               "\"generatr\". Did you mean \"generator\"?\n"),
              std::string::npos)
        << m_out.str();
    EXPECT_NE(m_out.str().find(options.files[0] + ": 0 errors, 0 warnings\n"), std::string::npos);
    EXPECT_EQ(m_err.str(), "");
}

TEST_F(DocumentCommands, ValidateTellsProgramsInJson)
{
    ValidateOptions options;
    options.files = {write("bad.json", kBroken)};
    options.json = true;
    EXPECT_EQ(runValidate(options, m_out, m_err), kExitBadInput);
    const Json all = Json::parse(m_out.str());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0]["code"], "unknown_type");
    EXPECT_EQ(all[0]["line"], 2);
    EXPECT_EQ(all[0]["node"], "in");
}

TEST_F(DocumentCommands, ValidateTakesVariablesAndAssignments)
{
    ValidateOptions options;
    options.files = {write("good.json", kSound)};
    options.pipeline.envFile = write("env", "SW_TEST_BROKERS=\n");
    EXPECT_EQ(runValidate(options, m_out, m_err), kExitBadInput) << "the variable makes it empty";
    options.pipeline.envFile.clear();
    options.pipeline.assignments = {"in.topic=c", "settings.threads=2"};
    EXPECT_EQ(runValidate(options, m_out, m_err), kExitDone);
    options.pipeline.assignments = {"in.tpic=c"};
    EXPECT_EQ(runValidate(options, m_out, m_err), kExitBadInput);
    EXPECT_NE(m_err.str().find("Did you mean \"topic\"?"), std::string::npos);
}

TEST_F(DocumentCommands, ValidateNamesAFileThatIsNotThere)
{
    ValidateOptions options;
    options.files = {(m_folder / "none.json").string()};
    EXPECT_EQ(runValidate(options, m_out, m_err), kExitBadInput);
    EXPECT_NE(m_err.str().find("does not exist"), std::string::npos);
}

TEST_F(DocumentCommands, DescribePrintsThePlanOrWhatIsWrong)
{
    DescribeOptions options;
    options.pipeline.file = write("good.json", kSound);
    EXPECT_EQ(runDescribe(options, m_out, m_err), kExitDone);
    EXPECT_NE(m_out.str().find("in  kafka_source \"a\""), std::string::npos);
    options.format = "json";
    m_out.str({});
    EXPECT_EQ(runDescribe(options, m_out, m_err), kExitDone);
    EXPECT_EQ(Json::parse(m_out.str())["flows"][0]["group_id"], "test");
    options.pipeline.file = write("bad.json", kBroken);
    m_out.str({});
    EXPECT_EQ(runDescribe(options, m_out, m_err), kExitBadInput);
    EXPECT_EQ(m_out.str(), "");
    EXPECT_NE(m_err.str().find("There is no node type"), std::string::npos);
}

TEST_F(DocumentCommands, NodesPrintsTheReference)
{
    EXPECT_EQ(runNodes({}, m_out, m_err), kExitDone);
    EXPECT_NE(m_out.str().find("kafka_source"), std::string::npos);
    m_out.str({});
    EXPECT_EQ(runNodes({"parse", "json"}, m_out, m_err), kExitDone);
    EXPECT_EQ(Json::parse(m_out.str())["type"], "parse");
    EXPECT_EQ(runNodes({"prase", "text"}, m_out, m_err), kExitBadInput);
    EXPECT_NE(m_err.str().find("Did you mean \"parse\"?"), std::string::npos);
}

TEST_F(DocumentCommands, SchemaIsJson)
{
    EXPECT_EQ(runSchema(m_out), kExitDone);
    EXPECT_TRUE(Json::parse(m_out.str()).contains("$defs"));
}

TEST_F(DocumentCommands, StudioThatIsNotInstalledSaysSo)
{
    EXPECT_EQ(runStudio(m_folder / "streamwright-studio", {}, m_err), kExitBadInput);
    EXPECT_NE(m_err.str().find("The Studio is not installed"), std::string::npos);
}

} // namespace
} // namespace streamwright
