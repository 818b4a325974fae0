#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/admin.h"
#include "core/kafka/connection_config.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace streamwright::kafka {

/// One partition that a group reads.
struct PartitionLag {
    TopicPartition where;
    std::int64_t committed = kOffsetNone;
    std::int64_t end = kOffsetNone;
    std::int64_t lag = -1; ///< end - committed (from the earliest where nothing is committed); -1 = unknown
    std::string owner;     ///< client.id of the member that has it, empty = nobody
    std::string ownerHost;
};

/// What the monitor saw at one moment. Immutable.
struct ClusterSnapshot {
    std::int64_t takenAtMs = 0; ///< wall clock
    bool reachable = false;
    std::optional<Error> error; ///< why the last round failed or is incomplete
    ClusterDescription cluster;
    std::string groupState;
    std::vector<GroupMember> members;
    std::vector<PartitionLag> lag; ///< of the watched topics
};

/// Watches a cluster, and a group's lag on some topics, from a thread of its own, so that neither the engine
/// nor a window ever waits for a broker. snapshot() is what it saw last. Lifecycle: start() … stop() (or the
/// destructor), which ends within a second or so. Thread: start() and stop() one, the rest any.
class ClusterMonitor {
public:
    struct Settings {
        std::string group;               ///< empty: no lag
        std::vector<std::string> topics; ///< whose lag is looked at
        Millis interval{2'000};
        Millis timeout{3'000}; ///< of one round's requests, each
    };

    ClusterMonitor(ConnectionConfig connection, Settings settings);
    ClusterMonitor(const ClusterMonitor&) = delete;
    ClusterMonitor& operator=(const ClusterMonitor&) = delete;
    ~ClusterMonitor();

    void start();
    void stop();
    /// A round now instead of at the next interval; does not wait.
    void refresh();
    /// The newest; never null, empty (takenAtMs 0) before the first round ended.
    [[nodiscard]] std::shared_ptr<const ClusterSnapshot> snapshot() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// One round, for `lag` and whoever needs it once. Blocks, at most about 4 x timeout.
[[nodiscard]] ClusterSnapshot takeClusterSnapshot(const ConnectionConfig& connection,
                                                  const std::string& group,
                                                  const std::vector<std::string>& topics, Millis timeout);

} // namespace streamwright::kafka
