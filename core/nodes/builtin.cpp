#include "core/nodes/builtin.h"

namespace streamwright {

const NodeRegistry& builtinNodes()
{
    static const NodeRegistry registry({
        kafkaSourceNodeType(),
        fileSourceNodeType(),
        generatorNodeType(),
        parseNodeType(),
        filterNodeType(),
        numberNodeType(),
        setFieldsNodeType(),
        selectFieldsNodeType(),
        routeNodeType(),
        explodeNodeType(),
        throttleNodeType(),
        kafkaSinkNodeType(),
        fileSinkNodeType(),
        consoleSinkNodeType(),
    });
    return registry;
}

} // namespace streamwright
