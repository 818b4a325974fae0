#pragma once

#include "core/base/diagnostic.h"
#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"

#include <string_view>

namespace streamwright {

/// True for librdkafka properties whose values are secrets (`sasl.password`, `ssl.key.password`, jaas texts).
[[nodiscard]] bool isSecretProperty(std::string_view name);

/// True where `text` is more than references: it, or a default in it, would put a secret into the document.
[[nodiscard]] bool isLiteralSecret(std::string_view key, std::string_view text);

/// An error for each literal in a field that is marked secret, in connections and, where the types are known,
/// in nodes. Never shows the literal.
[[nodiscard]] Diagnostics findLiteralSecrets(const Pipeline& pipeline, const NodeRegistry* registry);

} // namespace streamwright
