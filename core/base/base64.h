#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// Appends `bytes` in the standard alphabet of RFC 4648, padded.
void appendBase64(std::string& out, std::string_view bytes);
/// Empty where `text` is not padded base64 of the standard alphabet.
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

} // namespace streamwright
