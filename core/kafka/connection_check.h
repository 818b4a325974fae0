#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/kafka/connection_config.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::kafka {

/// What a start needs of a cluster.
struct ConnectionNeeds {
    std::vector<std::string> read;  ///< topics to read
    std::vector<std::string> write; ///< topics to write
    std::string group;              ///< consumer group to join, empty = none
};

enum class CheckStep : std::uint8_t {
    Resolve,
    Connect,
    Tls,
    Authenticate,
    Metadata,
    TopicReadable,
    TopicWritable,
    Group
};
[[nodiscard]] std::string_view toString(CheckStep step); ///< "resolve", "connect", "tls", …

struct CheckResult {
    CheckStep step = CheckStep::Resolve;
    std::string subject; ///< host, topic or group
    bool ok = false;
    Millis took{};
    std::optional<Error> error; ///< set unless ok
};

struct CheckReport {
    std::vector<CheckResult> steps; ///< in order; ends with the first broken one of the connection
    [[nodiscard]] bool ok() const;
    /// The first error, or none.
    [[nodiscard]] std::optional<Error> error() const;
};

/// Goes through the steps of a start without reading or writing anything: resolves, connects, shakes hands,
/// logs in, reads the cluster's description, asks for the topics and the rights on them. A broker that is not
/// there yet is waited for until `timeout`; what will not change by waiting (wrong password, certificate)
/// ends it at once. Blocks the caller. Thread: any.
[[nodiscard]] CheckReport checkConnection(const ConnectionConfig& connection, const ConnectionNeeds& needs,
                                          Millis timeout, const std::stop_token& stop = {});

} // namespace streamwright::kafka
