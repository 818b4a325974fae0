#pragma once

#include "core/kafka/connection_config.h"
#include "core/topology/topology.h"

#include <string>
#include <utility>
#include <vector>

namespace streamwright {

/// The connection of a plan as the Kafka clients take it. `extra` are the command line's -X properties, on
/// top of the document's. An embedded one still has no address: see ConnectionConfig::onEmbeddedBroker().
[[nodiscard]] kafka::ConnectionConfig
connectionConfigOf(const PlannedConnection& connection,
                   const std::vector<std::pair<std::string, std::string>>& extra = {});

} // namespace streamwright
