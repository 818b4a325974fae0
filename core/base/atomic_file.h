#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace streamwright {

/// Replaces `file` by `content` so that a crash or a full disk leaves the old or the new file, never a part:
/// temporary file beside it, fsync, rename, fsync of the folder. An existing file keeps its permissions; a
/// new one gets `newFileMode`. Errors: Io.
[[nodiscard]] Result<void> replaceFile(const std::filesystem::path& file, std::string_view content,
                                       unsigned newFileMode = 0644);

} // namespace streamwright
