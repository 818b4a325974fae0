#pragma once

#include "core/base/result.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/variables.h"
#include "core/preview/pipeline_test_driver.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A record that a case expects: only the keys that it names are compared.
struct ExpectedRecord {
    std::string where; ///< topic, node or node.port
    bool isNode = false;
    Json fields; ///< what is compared, by key: partition, offset, timestamp, key, value, headers, raw,
                 ///< raw_base64
};

/// One case of a test file (document.md part 3).
struct PipelineTestCase {
    std::string name;
    std::vector<InputRecord> input;
    std::optional<std::vector<ExpectedRecord>> output;
    std::optional<std::vector<Json>> deadLetters;
    std::map<std::string, std::map<std::string, std::uint64_t>> metrics;
};

/// A `*.pipeline-test.json` file: a pipeline and what it must do. Plain value.
struct PipelineTest {
    Pipeline pipeline;
    std::filesystem::path folder; ///< of the pipeline: relative paths of the document start here
    std::vector<PipelineTestCase> cases;
};

/// Errors: NotFound, Io, ParseError, DocumentInvalid, each with the file and place.
[[nodiscard]] Result<PipelineTest> loadPipelineTest(const std::filesystem::path& file);
/// The same out of text; a path in it is relative to `folder`.
[[nodiscard]] Result<PipelineTest> parsePipelineTest(std::string_view text,
                                                     const std::filesystem::path& folder);

/// What came of a case: nothing, or what differs, each a line that names the record and the field.
struct PipelineTestResult {
    std::string name;
    std::vector<std::string> differences;
    [[nodiscard]] bool passed() const { return differences.empty(); }
};

/// Compiles the pipeline once and runs each case on a driver of its own. Errors: DocumentInvalid with all
/// diagnostics, one a line.
[[nodiscard]] Result<std::vector<PipelineTestResult>> runPipelineTest(const PipelineTest& test,
                                                                      const VariableSource& variables = {});

/// What differs between what was driven and what `test` expects.
[[nodiscard]] std::vector<std::string> compareWithExpectations(const PipelineTestDriver& driver,
                                                               const PipelineTestCase& test);

} // namespace streamwright
