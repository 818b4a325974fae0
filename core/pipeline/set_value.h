#pragma once

#include "core/base/result.h"
#include "core/node/node_type.h"
#include "core/pipeline/edit.h"
#include "core/pipeline/pipeline.h"

#include <string_view>

namespace streamwright {

/// The edit that `PATH=VALUE` of `--set` asks for: PATH is `node.field`, `settings.KEY` or
/// `connections.NAME.KEY` (`connections.NAME.properties.PROPERTY` too). VALUE is text where the field takes
/// text, JSON otherwise. The values themselves are checked with the document. Errors: InvalidArgument,
/// UnknownNode, NotFound.
[[nodiscard]] Result<Edit> editOfAssignment(std::string_view assignment, const Pipeline& pipeline,
                                            const NodeRegistry& registry);

} // namespace streamwright
