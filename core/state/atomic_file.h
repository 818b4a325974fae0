#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// Replaces `file` as a whole: temporary file beside it (mode 0600), fsync, rename, fsync of the directory. A
/// crash leaves either the old or the new content. Errors: Io. Thread: any; one writer per file.
[[nodiscard]] Result<void> replaceFile(const std::filesystem::path& file, std::string_view content);

/// The whole file; empty where there is none. Errors: Io.
[[nodiscard]] Result<std::optional<std::string>> readFile(const std::filesystem::path& file);

/// Makes the directory, its parents included, for the owner alone (0700). Errors: Io.
[[nodiscard]] Result<void> ensurePrivateDirectory(const std::filesystem::path& directory);

} // namespace streamwright
