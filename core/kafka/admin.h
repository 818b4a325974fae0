#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/connection_config.h"
#include "core/kafka/topic_partition.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::kafka {

struct BrokerDescription {
    std::int32_t id = -1;
    std::string host;
    int port = 0;
};

struct PartitionDescription {
    std::int32_t id = 0;
    std::int32_t leader = -1; ///< broker id, -1 = none now
    int replicas = 0;
    int inSync = 0;
};

struct TopicDescription {
    std::string name;
    std::vector<PartitionDescription> partitions;
    std::optional<Error> error; ///< UnknownTopic, Authorization, …
};

struct ClusterDescription {
    std::string clusterId;
    std::vector<BrokerDescription> brokers;
    std::vector<TopicDescription> topics;
};

struct NewTopic {
    std::string name;
    int partitions = 1;
    int replicationFactor = -1; ///< -1 = the broker's default
    std::map<std::string, std::string> config;
};

struct GroupMember {
    std::string clientId;
    std::string memberId;
    std::string instanceId; ///< static member's group.instance.id, else empty
    std::string host;
    std::vector<TopicPartition> partitions;
};

struct GroupDescription {
    std::string groupId;
    std::string state; ///< "Stable", "Empty", "PreparingRebalance", "CompletingRebalance", "Dead"
    std::vector<GroupMember> members;
    /// What we may do with it ("Read", "Describe", …); empty where the broker does not say.
    std::vector<std::string> allowedOperations;
};

/// Where in a partition, for listOffsets().
struct OffsetSpec {
    static constexpr std::int64_t kEarliest = -2;
    static constexpr std::int64_t kLatest = -1;
    static constexpr std::int64_t kMaxTimestamp = -3;
    TopicPartition where;
    std::int64_t timestampMs = kLatest; ///< or one of the above: the first record at or after that time
};

/// Questions about and changes to a cluster. Each call waits for its answer, at most `timeout`.
/// Lifecycle: cheap to keep, dear to make (connects). Thread: one.
/// On an embedded broker only describeCluster(), describeTopic(), listOffsets(earliest, latest) and
/// committedOffsets() have an answer; the others give Unsupported or TimedOut.
class Admin {
public:
    [[nodiscard]] static Result<std::unique_ptr<Admin>> create(const ConnectionConfig& connection);
    Admin(const Admin&) = delete;
    Admin& operator=(const Admin&) = delete;
    ~Admin();

    /// Brokers and all topics that we may see.
    [[nodiscard]] Result<ClusterDescription> describeCluster(Millis timeout);
    /// One topic; UnknownTopic, Authorization. Never creates it.
    [[nodiscard]] Result<TopicDescription> describeTopic(const std::string& name, Millis timeout);
    [[nodiscard]] Result<std::string> clusterId(Millis timeout);
    /// What we may do with a topic ("Read", "Write", "Describe", …); empty where the broker does not say.
    [[nodiscard]] Result<std::vector<std::string>> allowedTopicOperations(const std::string& name,
                                                                          Millis timeout);

    /// Makes a topic and waits until all brokers know it. AlreadyExists where it is there.
    [[nodiscard]] Result<void> createTopic(const NewTopic& topic, Millis timeout);
    [[nodiscard]] Result<void> deleteTopic(const std::string& name, Millis timeout);
    /// Removes the records before `offset` (kOffsetEnd: all), as retention does.
    [[nodiscard]] Result<void> deleteRecords(std::span<const PartitionOffset> before, Millis timeout);

    /// The topic's configuration ("max.message.bytes", "cleanup.policy", …).
    [[nodiscard]] Result<std::map<std::string, std::string>> topicConfig(const std::string& name,
                                                                         Millis timeout);

    [[nodiscard]] Result<GroupDescription> describeGroup(const std::string& groupId, Millis timeout);
    /// Removes an empty group with its offsets.
    [[nodiscard]] Result<void> deleteGroup(const std::string& groupId, Millis timeout);
    /// Committed offsets of a group, without joining it; kOffsetNone where nothing is.
    [[nodiscard]] Result<std::vector<PartitionOffset>>
    committedOffsets(const std::string& groupId, std::span<const TopicPartition> partitions, Millis timeout);
    /// Sets a group's offsets; the group must have no members.
    [[nodiscard]] Result<void> alterCommittedOffsets(const std::string& groupId,
                                                     std::span<const PartitionOffset> offsets,
                                                     Millis timeout);
    /// In the order asked. `readCommitted`: kLatest is the last stable offset.
    [[nodiscard]] Result<std::vector<PartitionOffset>> listOffsets(std::span<const OffsetSpec> where,
                                                                   bool readCommitted, Millis timeout);

    /// Calls that wait end early, with Cancelled or a timeout, once this says stop.
    void setStopToken(std::stop_token stop);

    [[nodiscard]] Error lastError() const;

private:
    struct Impl;
    explicit Admin(std::unique_ptr<Impl> impl);
    [[nodiscard]] Result<void> waitUntilKnown(const std::string& topic, Millis timeout);
    std::unique_ptr<Impl> m_impl;
};

} // namespace streamwright::kafka
