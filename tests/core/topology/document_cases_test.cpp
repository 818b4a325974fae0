#include "core/nodes/builtin.h"
#include "core/pipeline/document.h"
#include "core/topology/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace streamwright {
namespace {

struct DocumentCase {
    std::string name;
    std::string text;
    std::vector<std::string> expect; ///< "LINE:COL severity code"
};

/// tests/pipelines/documents/*.json: broken documents, line by line, with what is found in them.
std::vector<DocumentCase> readCases()
{
    std::vector<DocumentCase> cases;
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(SW_SOURCE_DIR "/tests/pipelines/documents")) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const std::filesystem::path& file : files) {
        std::ifstream stream(file);
        for (const Json& entry : Json::parse(stream)) {
            DocumentCase read{
                file.stem().string() + ": " + entry["name"].get<std::string>(), {}, entry["expect"]};
            for (const Json& line : entry["document"]) {
                read.text += line.get<std::string>() + '\n';
            }
            cases.push_back(std::move(read));
        }
    }
    return cases;
}

/// What `validate` finds, without notes.
Diagnostics diagnosticsOf(const std::string& text)
{
    const LoadedDocument loaded = parseDocument(text);
    const bool compiles = loaded.readable && loaded.formatVersion <= Pipeline::kFormatVersion;
    Diagnostics all = allDiagnostics(loaded, compiles ? compile(loaded.pipeline, builtinNodes()).diagnostics
                                                      : Diagnostics());
    std::erase_if(all, [](const Diagnostic& d) { return d.severity == Severity::Note; });
    return all;
}

TEST(DocumentCases, GiveTheirDiagnosticsAtTheirPlaces)
{
    const std::vector<DocumentCase> cases = readCases();
    ASSERT_GT(cases.size(), 40U);
    for (const DocumentCase& one : cases) {
        std::vector<std::pair<std::pair<int, int>, std::string>> lines;
        for (const Diagnostic& diagnostic : diagnosticsOf(one.text)) {
            const std::string line = std::to_string(diagnostic.line) + ':' +
                                     std::to_string(diagnostic.column) + ' ' +
                                     std::string(toString(diagnostic.severity)) + ' ' + diagnostic.code;
            lines.push_back({{diagnostic.line, diagnostic.column}, line});
        }
        std::sort(lines.begin(), lines.end());
        lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
        std::vector<std::string> found;
        for (auto& [unused, line] : lines) {
            found.push_back(std::move(line));
        }
        EXPECT_EQ(found, one.expect) << one.name << '\n' << one.text;
    }
}

TEST(DocumentCases, NeverShowASecret)
{
    for (const DocumentCase& one : readCases()) {
        for (const Diagnostic& diagnostic : diagnosticsOf(one.text)) {
            EXPECT_EQ(format(diagnostic, "file").find("canary"), std::string::npos) << one.name;
        }
    }
}

TEST(DocumentCases, SayWhatToDo)
{
    for (const DocumentCase& one : readCases()) {
        for (const Diagnostic& diagnostic : diagnosticsOf(one.text)) {
            EXPECT_TRUE(diagnostic.message.ends_with('.') || diagnostic.message.ends_with('?'))
                << one.name << ": " << diagnostic.message;
        }
    }
}

} // namespace
} // namespace streamwright
