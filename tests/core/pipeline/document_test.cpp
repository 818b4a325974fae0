#include "core/pipeline/document.h"
#include "core/pipeline/migration.h"
#include "tests/core/pipeline/sample_document.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace streamwright {
namespace {

class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "streamwright.XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() { std::filesystem::remove_all(m_path); }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return m_path / name; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::size_t filesIn(const std::filesystem::path& folder)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(Document, SavesACanonicalFileByteForByte)
{
    const LoadedDocument loaded = parseDocument(kSampleDocument);
    EXPECT_EQ(loaded.diagnostics, Diagnostics{});
    EXPECT_TRUE(loaded.readable);
    EXPECT_EQ(saveText(loaded.pipeline), kSampleDocument);
}

TEST(Document, ReadsEveryPart)
{
    const Pipeline pipeline = parseDocument(kSampleDocument).pipeline;
    EXPECT_EQ(pipeline.name, "purchase-requests");
    EXPECT_EQ(pipeline.settings["commit_interval_ms"], 1000);
    ASSERT_EQ(pipeline.connections.size(), 2U);
    EXPECT_EQ(pipeline.connections[1].name, "other");
    ASSERT_EQ(pipeline.nodes.size(), 3U);
    EXPECT_EQ(pipeline.nodes[0].shownName(), "Input topic");
    EXPECT_EQ(pipeline.nodes[1].mode, NodeMode::Bypass);
    EXPECT_TRUE(pipeline.nodes[2].config.is_object());
    ASSERT_EQ(pipeline.edges.size(), 2U);
    EXPECT_EQ(pipeline.edges[1].from, (Endpoint{"parse", "error"}));
    EXPECT_EQ(pipeline.edges[0].from, (Endpoint{"requests", ""}));
    EXPECT_EQ(pipeline.position("parse"), std::pair(312.0, 0.5));
    EXPECT_EQ(pipeline.position("apps"), std::nullopt);
}

TEST(Document, SavesInDocumentOrderWhateverTheOrderOfTheFile)
{
    const LoadedDocument loaded = parseDocument(
        R"({"layout": {"nodes": {"b": [1,2], "a": [3,4]}}, "nodes": [{"type":"t","id":"a"},{"id":"b","type":"t"}],)"
        R"( "name": "n", "streamwright": 1})");
    const std::string text = saveText(loaded.pipeline);
    EXPECT_LT(text.find("\"name\""), text.find("\"nodes\""));
    EXPECT_LT(text.find("\"a\": [3, 4]"), text.find("\"b\": [1, 2]"));
    EXPECT_EQ(saveText(parseDocument(text).pipeline), text);
}

TEST(Document, KeepsUnknownKeysAndWarns)
{
    const LoadedDocument loaded = parseDocument(R"({
  "streamwright": 1, "name": "n", "nodez": [1],
  "nodes": [{"id": "a", "type": "t", "colour": "red"}], "edges": []
})");
    ASSERT_EQ(loaded.diagnostics.size(), 2U);
    EXPECT_EQ(loaded.diagnostics[0].severity, Severity::Warning);
    EXPECT_EQ(loaded.diagnostics[0].hint, "Did you mean \"nodes\"?");
    EXPECT_NE(saveText(loaded.pipeline).find("\"colour\": \"red\""), std::string::npos);
    EXPECT_NE(saveText(loaded.pipeline).find("\"nodez\""), std::string::npos);
}

TEST(Document, SavesWhatCouldBeReadOfACutOffFile)
{
    const std::string_view text = kSampleDocument;
    const LoadedDocument loaded = parseDocument(text.substr(0, text.find("\"edges\"")));
    EXPECT_FALSE(loaded.readable);
    ASSERT_EQ(loaded.diagnostics.size(), 1U);
    EXPECT_EQ(loaded.diagnostics[0].code, "bad_json");
    EXPECT_EQ(loaded.pipeline.nodes.size(), 3U);
}

TEST(Document, NeverCrashesOnAnyBeginningOfADocument)
{
    for (std::size_t size = 0; size < kSampleDocument.size(); ++size) {
        const LoadedDocument loaded = parseDocument(kSampleDocument.substr(0, size));
        // The last byte is a line end: without it the document is whole.
        EXPECT_EQ(hasErrors(loaded.diagnostics), size + 1 < kSampleDocument.size()) << size;
        static_cast<void>(saveText(loaded.pipeline));
    }
}

TEST(Document, RefusesANewerVersionByName)
{
    const LoadedDocument loaded = parseDocument(R"({"streamwright": 2, "name": "n", "nodes": []})");
    ASSERT_EQ(loaded.diagnostics.size(), 1U);
    EXPECT_EQ(loaded.diagnostics[0].code, "newer_version");
    EXPECT_EQ(loaded.diagnostics[0].hint, "Update Streamwright.");
    EXPECT_EQ(loaded.formatVersion, 2);
}

TEST(Document, LocatesProblemsOfTheCompiler)
{
    const LoadedDocument loaded = parseDocument(R"({
  "streamwright": 1, "name": "n",
  "settings": { "threads": 0 },
  "connections": { "kafka": { "properties": { "sasl.password": "x" } } },
  "nodes": [
    { "id": "a", "type": "t",
      "config": { "outputs": [ { "name": "b" } ] } }
  ],
  "edges": [ { "from": "a", "to": "b" } ]
})");
    const auto at = [&loaded](const char* node, const char* field, const char* code = "x") {
        Diagnostics diagnostics(1);
        diagnostics[0].node = node;
        diagnostics[0].field = field;
        diagnostics[0].code = code;
        loaded.locate(diagnostics);
        return std::pair(diagnostics[0].line, diagnostics[0].column);
    };
    EXPECT_EQ(at("", "settings.threads"), std::pair(3, 28));
    EXPECT_EQ(at("", "connections.kafka.properties.sasl.password"), std::pair(4, 64));
    EXPECT_EQ(at("a", "outputs[0].name"), std::pair(7, 42));
    EXPECT_EQ(at("a", "outputs[0].name", "unknown_field"), std::pair(7, 34));
    EXPECT_EQ(at("a", "outputs[0].type"), std::pair(7, 32));
    EXPECT_EQ(at("a", "condition"), std::pair(7, 17));
    EXPECT_EQ(at("a", "type"), std::pair(6, 26));
    EXPECT_EQ(at("a", ""), std::pair(6, 13));
    EXPECT_EQ(at("", "edges[0].to"), std::pair(9, 35));
    EXPECT_EQ(at("", ""), std::pair(1, 1));
}

TEST(Document, CountsColumnsInCharacters)
{
    const LoadedDocument loaded = parseDocument("{\"x-заявка\": \"покупка\", }");
    ASSERT_FALSE(loaded.diagnostics.empty());
    EXPECT_EQ(loaded.diagnostics[0].column, 25);
}

TEST(Migration, GoesThroughEveryVersionInOrder)
{
    const MigrationStep steps[] = {
        {1, [](Json& document) { document["nodes"] = document["steps"]; }},
        {2, [](Json& document) { document["nodes"].push_back("b"); }},
    };
    Json document{{"streamwright", 1}, {"steps", Json::array({"a"})}};
    EXPECT_TRUE(migrate(document, 1, 3, steps));
    EXPECT_EQ(document["nodes"], Json::array({"a", "b"}));
    EXPECT_EQ(document["streamwright"], 3);
    EXPECT_FALSE(migrate(document, 3, 5, steps));
    EXPECT_EQ(document["streamwright"], 3);
}

TEST(SaveDocument, ReplacesTheFileAndKeepsItsPermissions)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "a.pipeline.json";
    std::ofstream(file) << "old";
    ::chmod(file.c_str(), 0640);
    ASSERT_TRUE(saveDocument(parseDocument(kSampleDocument).pipeline, file));
    EXPECT_EQ(contentOf(file), kSampleDocument);
    struct stat status {};
    ::stat(file.c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
    EXPECT_EQ(filesIn(folder.path()), 1U);
    const Result<LoadedDocument> loaded = loadDocument(file);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->pipeline, parseDocument(kSampleDocument).pipeline);
}

TEST(SaveDocument, KeepsTheOldFileWhenTheDiskIsFull)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "a.pipeline.json";
    std::ofstream(file) << "old";
    // A limit of the file size fails the write as a full disk does, half way.
    struct rlimit former {};
    ::getrlimit(RLIMIT_FSIZE, &former);
    struct rlimit small = former;
    small.rlim_cur = 100;
    std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Result<void> saved = saveDocument(parseDocument(kSampleDocument).pipeline, file);
    ::setrlimit(RLIMIT_FSIZE, &former);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, Errc::Io);
    EXPECT_EQ(contentOf(file), "old");
    EXPECT_EQ(filesIn(folder.path()), 1U);
}

TEST(SaveDocument, RefusesALiteralSecretWithoutShowingIt)
{
    const TemporaryFolder folder;
    Pipeline pipeline = parseDocument(kSampleDocument).pipeline;
    pipeline.connections[0].config["sasl_password"] = "hunter2";
    const Result<void> saved = saveDocument(pipeline, folder / "a.json");
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, Errc::DocumentInvalid);
    EXPECT_EQ(saved.error().message.find("hunter2"), std::string::npos);
    EXPECT_NE(saved.error().message.find("${secret:SASL_PASSWORD}"), std::string::npos);
}

TEST(LoadDocument, NamesAFileThatIsNotThere)
{
    const Result<LoadedDocument> loaded = loadDocument("/nonexistent/a.json");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, Errc::NotFound);
    EXPECT_EQ(loadDocument("/").error().code, Errc::Io);
}

} // namespace
} // namespace streamwright
