#pragma once

#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/pipeline/json_text.h"
#include "core/pipeline/pipeline.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// What loading gives, broken documents included: as much of the pipeline as could be read, and everything
/// that is wrong with the text (syntax, shape, ids, versions), not with its meaning (compile() finds that).
struct LoadedDocument {
    Pipeline pipeline;
    Diagnostics diagnostics;
    SourceMap positions;
    bool readable = false; ///< false: not even JSON, `pipeline` is what could be saved of it
    int formatVersion = Pipeline::kFormatVersion; ///< of the text, before migration

    std::map<NodeId, std::string, std::less<>> nodePointers; ///< id -> "/nodes/3" in the text
    std::vector<std::string> edgePointers;                   ///< of pipeline.edges, in their order

    /// Adds line and column to diagnostics that name a node, port or field.
    void locate(Diagnostics& diagnostics) const;
};

/// `id` names a node: `[a-z][a-z0-9_-]{0,63}`, and not "settings" or "connections".
[[nodiscard]] bool isValidNodeId(std::string_view id);
/// Reads `node` or `node.port`.
[[nodiscard]] Endpoint parseEndpoint(std::string_view text);

[[nodiscard]] LoadedDocument parseDocument(std::string_view text);
/// Errors: NotFound, Io.
[[nodiscard]] Result<LoadedDocument> loadDocument(const std::filesystem::path& file);

/// The canonical text (document.md part 1): 2 spaces, fixed key order, pairs of numbers on one line.
[[nodiscard]] std::string saveText(const Pipeline& pipeline);
/// Writes the canonical text atomically (temporary file, fsync, rename). Errors: Io; the old file is then
/// kept.
[[nodiscard]] Result<void> saveDocument(const Pipeline& pipeline, const std::filesystem::path& file);

} // namespace streamwright
