#include "core/kafka/cluster_monitor.h"

#include "core/kafka/embedded_broker.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

namespace streamwright::kafka {
namespace {

void keepFirst(std::optional<Error>& error, const Error& another)
{
    if (!error) {
        error = another;
    }
}

std::vector<TopicPartition> partitionsOf(const ClusterDescription& cluster,
                                         const std::vector<std::string>& topics)
{
    std::vector<TopicPartition> partitions;
    const std::set<std::string> wanted(topics.begin(), topics.end());
    for (const TopicDescription& topic : cluster.topics) {
        if (!wanted.contains(topic.name)) {
            continue;
        }
        for (const PartitionDescription& partition : topic.partitions) {
            partitions.push_back({topic.name, partition.id});
        }
    }
    return partitions;
}

/// Offsets of `time` for each partition; kOffsetNone where there is no answer.
std::map<TopicPartition, std::int64_t> offsetsAt(Admin& admin, const std::vector<TopicPartition>& partitions,
                                                 std::int64_t time, Millis timeout,
                                                 std::optional<Error>& error)
{
    std::vector<OffsetSpec> specs;
    specs.reserve(partitions.size());
    for (const TopicPartition& where : partitions) {
        specs.push_back({where, time});
    }
    std::map<TopicPartition, std::int64_t> offsets;
    const auto found = admin.listOffsets(specs, true, timeout);
    if (!found) {
        keepFirst(error, found.error());
        return offsets;
    }
    for (const PartitionOffset& one : *found) {
        if (one.error) {
            keepFirst(error, *one.error);
        } else {
            offsets[one.where] = one.offset;
        }
    }
    return offsets;
}

void addLag(ClusterSnapshot& snapshot, Admin& admin, const std::string& group,
            const std::vector<std::string>& topics, Millis timeout)
{
    const std::vector<TopicPartition> partitions = partitionsOf(snapshot.cluster, topics);
    if (partitions.empty()) {
        return;
    }
    const auto committed = admin.committedOffsets(group, partitions, timeout);
    if (!committed) {
        keepFirst(snapshot.error, committed.error());
    }
    std::map<TopicPartition, std::int64_t> next;
    std::vector<TopicPartition> uncommitted;
    for (const TopicPartition& where : partitions) {
        const auto isIt = [&where](const PartitionOffset& one) { return one.where == where; };
        const auto found = committed ? std::find_if(committed->begin(), committed->end(), isIt)
                                     : std::vector<PartitionOffset>::const_iterator();
        if (committed && found != committed->end() && found->offset != kOffsetNone) {
            next[where] = found->offset;
        } else if (committed) {
            uncommitted.push_back(where);
        }
    }
    const auto ends = offsetsAt(admin, partitions, OffsetSpec::kLatest, timeout, snapshot.error);
    const auto begins = uncommitted.empty()
                            ? std::map<TopicPartition, std::int64_t>()
                            : offsetsAt(admin, uncommitted, OffsetSpec::kEarliest, timeout, snapshot.error);
    for (const TopicPartition& where : partitions) {
        PartitionLag one{.where = where};
        const auto committedHere = next.find(where);
        const auto begin = begins.find(where);
        const auto end = ends.find(where);
        one.committed = committedHere != next.end() ? committedHere->second : kOffsetNone;
        one.end = end != ends.end() ? end->second : kOffsetNone;
        const std::int64_t from = one.committed != kOffsetNone ? one.committed
                                  : begin != begins.end()      ? begin->second
                                                               : kOffsetNone;
        if (one.end != kOffsetNone && from != kOffsetNone) {
            one.lag = std::max<std::int64_t>(one.end - from, 0);
        }
        snapshot.lag.push_back(std::move(one));
    }
}

void addMembers(ClusterSnapshot& snapshot, Admin& admin, const std::string& group, Millis timeout)
{
    auto described = admin.describeGroup(group, timeout);
    if (!described) {
        keepFirst(snapshot.error, described.error());
        return;
    }
    snapshot.groupState = described->state;
    snapshot.members = std::move(described->members);
    for (PartitionLag& one : snapshot.lag) {
        for (const GroupMember& member : snapshot.members) {
            if (std::find(member.partitions.begin(), member.partitions.end(), one.where) !=
                member.partitions.end()) {
                one.owner = member.clientId;
                one.ownerHost = member.host;
            }
        }
    }
}

ClusterSnapshot lookOnce(Admin& admin, bool embedded, const std::string& group,
                         const std::vector<std::string>& topics, Millis timeout)
{
    ClusterSnapshot snapshot;
    auto cluster = admin.describeCluster(timeout);
    if (!cluster) {
        snapshot.error = cluster.error();
    } else {
        snapshot.reachable = true;
        snapshot.cluster = std::move(*cluster);
        if (!group.empty()) {
            addLag(snapshot, admin, group, topics, timeout);
            if (!embedded &&
                !EmbeddedBroker::isClusterId(snapshot.cluster.clusterId)) { // it does not describe groups
                addMembers(snapshot, admin, group, timeout);
            }
        }
    }
    snapshot.takenAtMs = SystemClock::instance().wallMs();
    return snapshot;
}

} // namespace

ClusterSnapshot takeClusterSnapshot(const ConnectionConfig& connection, const std::string& group,
                                    const std::vector<std::string>& topics, Millis timeout)
{
    auto admin = Admin::create(connection);
    if (!admin) {
        ClusterSnapshot snapshot;
        snapshot.takenAtMs = SystemClock::instance().wallMs();
        snapshot.error = admin.error();
        return snapshot;
    }
    return lookOnce(**admin, connection.embedded, group, topics, timeout);
}

struct ClusterMonitor::Impl {
    ConnectionConfig connection;
    Settings settings;

    mutable std::mutex mutex; ///< of what follows but the thread
    std::condition_variable_any wake;
    bool refreshAsked = false;
    std::shared_ptr<const ClusterSnapshot> newest = std::make_shared<const ClusterSnapshot>();
    std::jthread thread;

    void publish(ClusterSnapshot snapshot)
    {
        auto fresh = std::make_shared<const ClusterSnapshot>(std::move(snapshot));
        const std::scoped_lock lock(mutex);
        newest = std::move(fresh);
    }

    void run(const std::stop_token& stop)
    {
        std::unique_ptr<Admin> admin;
        while (!stop.stop_requested()) {
            if (admin == nullptr) {
                auto made = Admin::create(connection);
                if (made) {
                    admin = std::move(*made);
                    admin->setStopToken(stop);
                } else {
                    ClusterSnapshot failed;
                    failed.takenAtMs = SystemClock::instance().wallMs();
                    failed.error = made.error();
                    publish(std::move(failed));
                }
            }
            if (admin != nullptr) {
                ClusterSnapshot snapshot =
                    lookOnce(*admin, connection.embedded, settings.group, settings.topics, settings.timeout);
                if (!stop.stop_requested()) { // else it is only half a look
                    publish(std::move(snapshot));
                }
            }
            std::unique_lock lock(mutex);
            wake.wait_for(lock, stop, settings.interval, [this] { return refreshAsked; });
            refreshAsked = false;
        }
    }
};

ClusterMonitor::ClusterMonitor(ConnectionConfig connection, Settings settings)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->connection = std::move(connection);
    m_impl->settings = std::move(settings);
}

ClusterMonitor::~ClusterMonitor()
{
    stop();
}

void ClusterMonitor::start()
{
    if (!m_impl->thread.joinable()) {
        m_impl->thread =
            std::jthread([impl = m_impl.get()](const std::stop_token& stop) { impl->run(stop); });
    }
}

void ClusterMonitor::stop()
{
    if (m_impl->thread.joinable()) {
        m_impl->thread.request_stop();
        m_impl->thread.join();
    }
}

void ClusterMonitor::refresh()
{
    {
        const std::scoped_lock lock(m_impl->mutex);
        m_impl->refreshAsked = true;
    }
    m_impl->wake.notify_all();
}

std::shared_ptr<const ClusterSnapshot> ClusterMonitor::snapshot() const
{
    const std::scoped_lock lock(m_impl->mutex);
    return m_impl->newest;
}

} // namespace streamwright::kafka
