#include "core/kafka/embedded_broker.h"

#include "core/base/diagnostic.h"
#include "core/kafka/client.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace streamwright::kafka {
namespace {

constexpr int kReplicationFactor = 1; // the mock cluster has one copy whatever it is told
constexpr std::int32_t kNoRebalanceDelay = 0;

struct DestroyCluster {
    void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
};

} // namespace

struct EmbeddedBroker::Impl {
    struct Topic {
        int partitions = 1;
        std::uint64_t records = 0;
        std::uint64_t bytes = 0;
    };

    std::unique_ptr<Client> client; ///< hosts the cluster's thread
    std::unique_ptr<rd_kafka_mock_cluster_t, DestroyCluster> cluster;
    std::unique_ptr<Client> asker; ///< asks for the ends of partitions
    std::string bootstrap;
    mutable std::mutex mutex;
    std::map<std::string, Topic> topics;
};

EmbeddedBroker::EmbeddedBroker(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
EmbeddedBroker::~EmbeddedBroker() = default;

Result<std::unique_ptr<EmbeddedBroker>> EmbeddedBroker::start(int brokers)
{
    auto impl = std::make_unique<Impl>();
    // The host never connects anywhere; the address is only there to be valid.
    const ConnectionConfig nowhere = ConnectionConfig::plain("embedded", "127.0.0.1:1");
    auto config = ClientConfig::forAdmin(nowhere);
    if (!config) {
        return config.error();
    }
    rd_kafka_conf_set(config->handle(), "bootstrap.servers", "", nullptr, 0);
    auto client = Client::create(Client::Kind::Producer, std::move(*config), nowhere, nullptr, impl.get());
    if (!client) {
        return client.error();
    }
    impl->client = std::move(*client);
    impl->cluster.reset(rd_kafka_mock_cluster_new(impl->client->handle(), brokers));
    if (impl->cluster == nullptr) {
        return Error{Errc::Io, "The embedded broker could not open a port on 127.0.0.1."};
    }
    rd_kafka_mock_group_initial_rebalance_delay_ms(impl->cluster.get(), kNoRebalanceDelay);
    impl->bootstrap = rd_kafka_mock_cluster_bootstraps(impl->cluster.get());

    const ConnectionConfig here = nowhere.onEmbeddedBroker(impl->bootstrap);
    auto askerConfig = ClientConfig::forAdmin(here);
    if (!askerConfig) {
        return askerConfig.error();
    }
    auto asker = Client::create(Client::Kind::Producer, std::move(*askerConfig), here, nullptr, impl.get());
    if (!asker) {
        return asker.error();
    }
    impl->asker = std::move(*asker);
    return std::unique_ptr<EmbeddedBroker>(new EmbeddedBroker(std::move(impl)));
}

const std::string& EmbeddedBroker::bootstrap() const
{
    return m_impl->bootstrap;
}

Result<void> EmbeddedBroker::createTopic(const std::string& name, int partitions)
{
    const std::scoped_lock lock(m_impl->mutex);
    if (m_impl->topics.contains(name)) {
        return {};
    }
    const rd_kafka_resp_err_t code =
        rd_kafka_mock_topic_create(m_impl->cluster.get(), name.c_str(), partitions, kReplicationFactor);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return mapError(code, "", m_impl->asker->connection(), {.topic = name, .doing = "create"});
    }
    m_impl->topics[name].partitions = partitions;
    return {};
}

bool EmbeddedBroker::hasTopic(const std::string& name) const
{
    const std::scoped_lock lock(m_impl->mutex);
    return m_impl->topics.contains(name);
}

std::vector<std::string> EmbeddedBroker::topics() const
{
    const std::scoped_lock lock(m_impl->mutex);
    std::vector<std::string> names;
    for (const auto& [name, topic] : m_impl->topics) {
        names.push_back(name);
    }
    return names;
}

void EmbeddedBroker::noteProduced(const std::string& topic, std::uint64_t records, std::uint64_t bytes)
{
    const std::scoped_lock lock(m_impl->mutex);
    if (const auto found = m_impl->topics.find(topic); found != m_impl->topics.end()) {
        found->second.records += records;
        found->second.bytes += bytes;
    }
}

Result<std::vector<EmbeddedBroker::Fill>> EmbeddedBroker::fill(Millis timeout) const
{
    std::map<std::string, Impl::Topic> topics;
    {
        const std::scoped_lock lock(m_impl->mutex);
        topics = m_impl->topics;
    }
    std::vector<Fill> fills;
    for (const auto& [name, topic] : topics) {
        for (int partition = 0; partition < topic.partitions; ++partition) {
            std::int64_t low = 0;
            std::int64_t high = 0;
            const rd_kafka_resp_err_t code =
                rd_kafka_query_watermark_offsets(m_impl->asker->handle(), name.c_str(), partition, &low,
                                                 &high, static_cast<int>(timeout.count()));
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
                return mapError(code, "", m_impl->asker->connection(),
                                {.topic = name, .doing = "find the ends of"});
            }
            Fill one{.where = {name, partition}, .records = high - low, .lostRecords = low, .used = 0};
            const double meanBytes =
                topic.records == 0 ? 0
                                   : static_cast<double>(topic.bytes) / static_cast<double>(topic.records);
            one.used = std::min(1.0, meanBytes * static_cast<double>(one.records) / kPartitionBytes);
            if (one.lostRecords > 0) {
                one.used = 1; // it drops only when it is full
            }
            fills.push_back(std::move(one));
        }
    }
    return fills;
}

Result<void> EmbeddedBroker::setBrokerUp(std::int32_t id, bool up)
{
    const rd_kafka_resp_err_t code = up ? rd_kafka_mock_broker_set_up(m_impl->cluster.get(), id)
                                        : rd_kafka_mock_broker_set_down(m_impl->cluster.get(), id);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return mapError(code, "", m_impl->asker->connection(), {.doing = "switch the broker"});
    }
    return {};
}

Result<void> EmbeddedBroker::setRoundTripTime(std::int32_t id, Millis time)
{
    const rd_kafka_resp_err_t code =
        rd_kafka_mock_broker_set_rtt(m_impl->cluster.get(), id, static_cast<int>(time.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return mapError(code, "", m_impl->asker->connection(), {.doing = "slow the broker"});
    }
    return {};
}

void EmbeddedBroker::failRequests(std::int16_t apiKey, std::int32_t errorCode, int count)
{
    const std::vector<rd_kafka_resp_err_t> errors(static_cast<std::size_t>(count),
                                                  static_cast<rd_kafka_resp_err_t>(errorCode));
    rd_kafka_mock_push_request_errors_array(m_impl->cluster.get(), apiKey, errors.size(), errors.data());
}

} // namespace streamwright::kafka
