#pragma once

#include "core/node/node_type.h"

namespace streamwright {

// One function for each node type, in the .cpp of the same name.
[[nodiscard]] NodeType kafkaSourceNodeType();
[[nodiscard]] NodeType fileSourceNodeType();
[[nodiscard]] NodeType generatorNodeType();
[[nodiscard]] NodeType parseNodeType();
[[nodiscard]] NodeType filterNodeType();
[[nodiscard]] NodeType numberNodeType();
[[nodiscard]] NodeType setFieldsNodeType();
[[nodiscard]] NodeType selectFieldsNodeType();
[[nodiscard]] NodeType routeNodeType();
[[nodiscard]] NodeType explodeNodeType();
[[nodiscard]] NodeType throttleNodeType();
[[nodiscard]] NodeType kafkaSinkNodeType();
[[nodiscard]] NodeType fileSinkNodeType();
[[nodiscard]] NodeType consoleSinkNodeType();

/// All node types of this release, in palette order. An explicit list: objects that register themselves are
/// dropped by the linker out of a static library. Thread: any.
[[nodiscard]] const NodeRegistry& builtinNodes();

} // namespace streamwright
