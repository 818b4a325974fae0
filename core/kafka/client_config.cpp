#include "core/kafka/client_config.h"

#include "core/base/diagnostic.h"
#include "core/base/log.h"

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace streamwright::kafka {
namespace {

constexpr std::size_t kBytesPerKilobyte = 1024;
constexpr Millis kHeartbeat{1'000}; // how soon a member hears of a rebalance

struct Default {
    const char* property;
    const char* value;
};

// kafka.md A says why, row by row.
constexpr Default kCommon[] = {
    {"socket.nagle.disable", "true"},
    {"socket.keepalive.enable", "true"},
    {"reconnect.backoff.ms", "50"},
    {"reconnect.backoff.max.ms", "1000"}, // the library's 10 s are a long wait after a broker's restart
    {"enable.metrics.push", "false"}, // destroying a client would wait 1 s for a last report to the broker
    {"enable.ssl.certificate.verification", "true"},
    {"ssl.endpoint.identification.algorithm", "https"},
    {"allow.auto.create.topics", "false"},
};
constexpr Default kConsumer[] = {
    {"queued.min.messages", "10000000"},
    {"fetch.queue.backoff.ms", "5"},
    {"fetch.message.max.bytes", "4194304"},
    {"fetch.min.bytes", "1"},
    {"check.crcs", "false"},
};
constexpr Default kConsumerForced[] = {
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "error"},
    {"enable.partition.eof", "false"},
    {"partition.assignment.strategy", "range,roundrobin"},
};
constexpr Default kProducer[] = {
    {"compression.codec", "lz4"},
};
constexpr Default kProducerForced[] = {
    {"enable.idempotence", "true"},
    {"max.in.flight", "5"},
    {"partitioner", "murmur2_random"},
};

struct Forced {
    std::string_view property;
    std::string_view why;
};
constexpr std::string_view kOffsetsAreOurs =
    "the pipeline commits offsets itself, after the outputs are safe";
constexpr std::string_view kTyped = "the document has a field of its own for it";
constexpr std::string_view kIdempotent =
    "producers are always idempotent, so that a retry makes no duplicate and keeps the order";
constexpr Forced kForced[] = {
    {"enable.auto.commit", kOffsetsAreOurs},
    {"enable.auto.offset.store", kOffsetsAreOurs},
    {"offset.store.method", kOffsetsAreOurs},
    {"auto.commit.enable", kOffsetsAreOurs},
    {"auto.commit.interval.ms", kOffsetsAreOurs},
    {"auto.offset.reset", "field \"auto_offset_reset\" of the source decides it"},
    {"isolation.level", "inputs are always read_committed, so that an aborted record is never processed"},
    {"enable.partition.eof", "the end of a partition is found by its position"},
    {"partition.assignment.strategy",
     "partition N of all inputs must come to one worker, and cooperative assignment can lose it"},
    {"group.protocol", "only the classic group protocol is safe with this library"},
    {"group.id", "field \"group_id\" of the source decides it"},
    {"group.instance.id",
     "it is made from the group and the instance, so that a restart takes its place over at once"},
    {"bootstrap.servers", kTyped},
    {"metadata.broker.list", kTyped},
    {"client.id", kTyped},
    {"enable.idempotence", kIdempotent},
    {"acks", kIdempotent},
    {"request.required.acks", kIdempotent},
    {"max.in.flight", kIdempotent},
    {"max.in.flight.requests.per.connection", kIdempotent},
    {"message.timeout.ms", "a record that is given up is a silent gap"},
    {"delivery.timeout.ms", "a record that is given up is a silent gap"},
    {"delivery.report.only.error", "the pipeline's commit depends on the reports"},
    {"partitioner", "keys go to the partitions that Java clients choose"},
    {"transactional.id",
     "it is made from the group and the instance, so that it fences only its own predecessor"},
    {"transaction.timeout.ms", "it follows from \"commit_interval_ms\""},
    {"allow.auto.create.topics", "a missing topic is reported, not made; see setting \"create_topics\""},
    {"plugin.library.paths", "a document may not load code"},
    {"test.mock.num.brokers", "write \"bootstrap_servers\": \"embedded\" for an embedded broker"},
    {"log.queue", "the log is written by the program"},
};

Error refused(const ConnectionConfig& connection, const std::string& what)
{
    return {Errc::InvalidArgument, connection.scrub(what)};
}

Result<void> readable(const ConnectionConfig& connection, const std::string& file, std::string_view key)
{
    if (file.empty() || file == "probe" || access(file.c_str(), R_OK) == 0) {
        return {};
    }
    return Error{Errc::NotFound, "File " + quoted(file) + " (\"" + std::string(key) + "\" of connection " +
                                     quoted(connection.name) +
                                     ") cannot be read. Check the path and its rights."};
}

} // namespace

void ClientConfig::Destroy::operator()(rd_kafka_conf_s* conf) const
{
    rd_kafka_conf_destroy(conf);
}

ClientConfig::ClientConfig() : m_conf(rd_kafka_conf_new()) {}

std::string ClientConfig::whyForced(const std::string& property)
{
    const auto* const found = std::find_if(std::begin(kForced), std::end(kForced),
                                           [&](const Forced& row) { return row.property == property; });
    return found != std::end(kForced) ? std::string(found->why) : std::string();
}

Result<void> ClientConfig::set(const ConnectionConfig& connection, const std::string& property,
                               const std::string& value)
{
    std::array<char, 512> reason{};
    // Only the return code counts: a success may leave text behind too.
    switch (rd_kafka_conf_set(m_conf.get(), property.c_str(), value.c_str(), reason.data(), reason.size())) {
    case RD_KAFKA_CONF_OK: return {};
    case RD_KAFKA_CONF_UNKNOWN:
        return Error{Errc::Unsupported, "Property " + quoted(property) + " of connection " +
                                            quoted(connection.name) + " is not known to librdkafka " +
                                            rd_kafka_version_str() + ". Check its spelling."};
    case RD_KAFKA_CONF_INVALID: break;
    }
    return refused(connection, "Property " + quoted(property) + " of connection " + quoted(connection.name) +
                                   " is refused: " + reason.data() + ". Change its value.");
}

Result<void> ClientConfig::applyConnection(const ConnectionConfig& connection, const std::string& clientId)
{
    if (connection.bootstrapServers.empty()) {
        return refused(connection,
                       "Connection " + quoted(connection.name) +
                           " has no \"bootstrap_servers\". Write the address of a broker, for example "
                           "\"localhost:9092\".");
    }
    std::string client = clientId;
    if (client.empty()) {
        client = connection.clientId.empty() ? defaultClientId() : connection.clientId;
    }
    std::vector<std::pair<std::string, std::string>> values{
        {"bootstrap.servers", connection.bootstrapServers},
        {"client.id", client},
        {"security.protocol", connection.protocol()},
    };
    if (connection.usesSasl()) {
        values.emplace_back("sasl.mechanisms", connection.saslMechanism);
        values.emplace_back("sasl.username", connection.saslUsername);
        values.emplace_back("sasl.password", connection.saslPassword);
    }
    if (connection.usesTls()) {
        values.emplace_back("ssl.ca.location", connection.sslCaLocation);
        values.emplace_back("ssl.certificate.location", connection.sslCertificateLocation);
        values.emplace_back("ssl.key.location", connection.sslKeyLocation);
        values.emplace_back("ssl.key.password", connection.sslKeyPassword);
        for (const auto& [file, key] :
             {std::pair{&connection.sslCaLocation, "ssl_ca_location"},
              std::pair{&connection.sslCertificateLocation, "ssl_certificate_location"},
              std::pair{&connection.sslKeyLocation, "ssl_key_location"}}) {
            if (auto there = readable(connection, *file, key); !there) {
                return there;
            }
        }
    }
    for (const auto& [property, value] : values) {
        if (value.empty()) {
            continue;
        }
        if (auto done = set(connection, property, value); !done) {
            return done;
        }
    }
    return {};
}

Result<void> ClientConfig::applyProperties(const ConnectionConfig& connection)
{
    for (const auto& [property, value] : connection.properties) {
        if (const std::string why = whyForced(property); !why.empty()) {
            return refused(connection, "Property " + quoted(property) + " of connection " +
                                           quoted(connection.name) + " cannot be set: " + why +
                                           ". Remove it.");
        }
        if (auto done = set(connection, property, value); !done) {
            return done;
        }
        if (property == "enable.ssl.certificate.verification" && value == "false") {
            log::warn("Connection " + quoted(connection.name) +
                      " does not verify the broker's certificate: anybody on the way can read and change its "
                      "data.");
        }
    }
    return {};
}

Result<void> ClientConfig::apply(const ConnectionConfig& connection, const Values& values)
{
    for (const auto& [property, value] : values) {
        if (auto done = set(connection, property, value); !done && done.error().code != Errc::Unsupported) {
            return done; // an older library may lack a default of ours; that is no reason to stop
        }
    }
    return {};
}

Result<ClientConfig> ClientConfig::build(const ConnectionConfig& connection, const std::string& clientId,
                                         const Values& defaults, const Values& forced)
{
    ClientConfig config;
    Values common;
    for (const Default& row : kCommon) {
        common.emplace_back(row.property, row.value);
    }
    for (const Values* const values : {static_cast<const Values*>(&common), &defaults}) {
        if (auto done = config.apply(connection, *values); !done) {
            return done.error();
        }
    }
    if (auto done = config.applyConnection(connection, clientId); !done) {
        return done.error();
    }
    if (auto done = config.applyProperties(connection); !done) {
        return done.error();
    }
    if (auto done = config.apply(connection, forced); !done) {
        return done.error();
    }
    return config;
}

Result<ClientConfig> ClientConfig::forConsumer(const ConnectionConfig& connection,
                                               const ConsumerSettings& settings)
{
    if (!settings.readCommitted && !settings.groupId.empty()) {
        return refused(
            connection,
            "A consumer group reads only committed records. Leave the group away to look at others.");
    }
    constexpr Millis kEmbeddedFetchWait{10};  // an empty fetch waits the whole time there, even if data comes
    constexpr Millis kEmbeddedSession{3'000}; // there a rebalance takes as long as a session, less a second
    Values defaults;
    for (const Default& row : kConsumer) {
        defaults.emplace_back(row.property, row.value);
    }
    const std::size_t prefetchKilobytes =
        std::max<std::size_t>(settings.prefetchBytes / kBytesPerKilobyte, 1);
    const Millis fetchWait = connection.embedded ? kEmbeddedFetchWait : settings.fetchWait;
    defaults.emplace_back("queued.max.messages.kbytes", std::to_string(prefetchKilobytes));
    defaults.emplace_back("fetch.wait.max.ms", std::to_string(fetchWait.count()));
    const Millis session =
        connection.embedded ? std::min(settings.sessionTimeout, kEmbeddedSession) : settings.sessionTimeout;
    defaults.emplace_back("session.timeout.ms", std::to_string(session.count()));
    defaults.emplace_back("heartbeat.interval.ms", std::to_string(std::min(kHeartbeat, session / 3).count()));
    defaults.emplace_back("max.poll.interval.ms",
                          std::to_string(std::max(settings.maxPollInterval, session).count()));
    defaults.emplace_back("statistics.interval.ms", std::to_string(settings.statisticsInterval.count()));

    Values forced;
    for (const Default& row : kConsumerForced) {
        forced.emplace_back(row.property, row.value);
    }
#ifdef SW_MUTATION_READ_UNCOMMITTED_INPUT // tests/faults/mutations: aborted records are processed
    forced.emplace_back("isolation.level", "read_uncommitted");
#else
    forced.emplace_back("isolation.level", settings.readCommitted ? "read_committed" : "read_uncommitted");
#endif
    // The library assigns nothing without a name of a group, even where nobody joins it.
    forced.emplace_back("group.id", settings.groupId.empty() ? "streamwright-no-group" : settings.groupId);
    if (!settings.groupInstanceId.empty()) {
        forced.emplace_back("group.instance.id", settings.groupInstanceId);
    }
    return build(connection, settings.clientId, defaults, forced);
}

Result<ClientConfig> ClientConfig::forProducer(const ConnectionConfig& connection,
                                               const ProducerSettings& settings)
{
    Values defaults;
    for (const Default& row : kProducer) {
        defaults.emplace_back(row.property, row.value);
    }
    defaults.emplace_back("linger.ms", std::to_string(settings.linger.count()));
    defaults.emplace_back("queue.buffering.max.messages", std::to_string(settings.bufferMessages));
    defaults.emplace_back("queue.buffering.max.kbytes",
                          std::to_string(std::max<std::size_t>(settings.bufferBytes / kBytesPerKilobyte, 1)));
    defaults.emplace_back("statistics.interval.ms", std::to_string(settings.statisticsInterval.count()));
    if (settings.maxMessageBytes) {
        defaults.emplace_back("message.max.bytes", std::to_string(*settings.maxMessageBytes));
    }
    if (settings.batchBytes) {
        defaults.emplace_back("batch.size", std::to_string(*settings.batchBytes));
    }

    Values forced;
    for (const Default& row : kProducerForced) {
        forced.emplace_back(row.property, row.value);
    }
    forced.emplace_back("delivery.report.only.error", settings.fullReports ? "false" : "true");
    if (settings.transactionalId.empty()) {
        forced.emplace_back("message.timeout.ms", "0");
    } else {
        forced.emplace_back("transactional.id", settings.transactionalId);
        forced.emplace_back("transaction.timeout.ms", std::to_string(settings.transactionTimeout.count()));
        forced.emplace_back("message.timeout.ms", std::to_string(settings.transactionTimeout.count()));
    }
    return build(connection, settings.clientId, defaults, forced);
}

Result<ClientConfig> ClientConfig::forAdmin(const ConnectionConfig& connection)
{
    return build(connection, {}, {}, {});
}

std::string ClientConfig::value(const std::string& property) const
{
    std::array<char, 1024> text{};
    std::size_t size = text.size();
    if (rd_kafka_conf_get(m_conf.get(), property.c_str(), text.data(), &size) != RD_KAFKA_CONF_OK) {
        return {};
    }
    return text.data();
}

} // namespace streamwright::kafka
