#pragma once

#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/pipeline/pipeline.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace streamwright {

/// Where things stand in the text of a document: JSON pointer ("/nodes/1/config/field") -> line and column
/// from 1, of the value (and of the key with "#key" appended).
using SourceMap = std::map<std::string, std::pair<int, int>>;

/// What loading gives, broken documents included: as much of the pipeline as could be read, and everything
/// that is wrong with the text (syntax, shape, ids, versions), not with its meaning (compile() finds that).
struct LoadedDocument {
    Pipeline pipeline;
    Diagnostics diagnostics;
    SourceMap positions;
    bool readable = false; ///< false: not even JSON, `pipeline` is what could be saved of it
    int formatVersion = Pipeline::kFormatVersion; ///< of the text, before migration

    /// Adds line and column to diagnostics that name a node, port or field.
    void locate(Diagnostics& diagnostics) const;
};

[[nodiscard]] LoadedDocument parseDocument(std::string_view text);
/// Errors: NotFound, Io.
[[nodiscard]] Result<LoadedDocument> loadDocument(const std::filesystem::path& file);

/// The canonical text (document.md part 1): 2 spaces, fixed key order, pairs of numbers on one line.
[[nodiscard]] std::string saveText(const Pipeline& pipeline);
/// Writes the canonical text atomically (temporary file, fsync, rename). Errors: Io; the old file is then
/// kept.
[[nodiscard]] Result<void> saveDocument(const Pipeline& pipeline, const std::filesystem::path& file);

} // namespace streamwright
