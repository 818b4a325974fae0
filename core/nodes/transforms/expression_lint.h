#pragma once

#include "core/base/diagnostic.h"
#include "core/cel/type.h"

#include <string>

namespace streamwright {

/// Diagnostics of the expression in config field `field`. One that still holds a `${…}` is checked when the
/// reference is resolved.
[[nodiscard]] Diagnostics lintExpression(const std::string& field, const std::string& expression,
                                         bool behindErrorPort, cel::Kind expected = cel::Kind::Dyn);

} // namespace streamwright
