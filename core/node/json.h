#pragma once

#include <nlohmann/json_fwd.hpp>

namespace streamwright {

/// Configuration and document text as a tree; keys keep their order. Never used for records (performance.md).
using Json = nlohmann::ordered_json;

} // namespace streamwright
