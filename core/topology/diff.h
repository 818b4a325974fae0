#pragma once

#include "core/pipeline/pipeline.h"

#include <cstdint>
#include <string>
#include <vector>

namespace streamwright {

/// One difference in what two documents do. Layout, titles and descriptions never count.
struct TopologyChange {
    enum class Kind : std::uint8_t { Added, Removed, Changed };
    Kind kind = Kind::Changed;
    NodeId node; ///< empty: an edge, setting, connection or the name
    std::string
        field; ///< config key, "settings.threads", "connections.kafka.client_id"; empty: the thing itself
    std::string text; ///< for people: `Field "topic" of node "Orders": "a" becomes "b".`
};

/// What has to change so that `before` does what `after` does, in document order. Equal documents give none.
[[nodiscard]] std::vector<TopologyChange> diff(const Pipeline& before, const Pipeline& after);

} // namespace streamwright
