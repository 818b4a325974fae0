#include "core/kafka/error_mapping.h"

#include "core/base/diagnostic.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

namespace streamwright::kafka {
namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// True for "b1:9092".
bool isAddress(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
        return false;
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(),
                       [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "sasl_ssl://b1:9092/1" -> "b1:9092"
std::string_view withoutDecoration(std::string_view name)
{
    if (const std::size_t scheme = name.find("://"); scheme != std::string_view::npos) {
        name.remove_prefix(scheme + 3);
    }
    return name.substr(0, name.find('/'));
}

/// The text behind the last broker name in front, without librdkafka's "(after 3ms in state CONNECT…)".
std::string_view essence(std::string_view reason)
{
    for (std::size_t end = reason.find(": "); end != std::string_view::npos; end = reason.find(": ")) {
        const std::string_view head = reason.substr(0, end);
        if (!isAddress(withoutDecoration(head)) && head != "GroupCoordinator" && head != "TxnCoordinator") {
            break;
        }
        reason.remove_prefix(end + 2);
    }
    if (const std::size_t after = reason.rfind(" (after "); after != std::string_view::npos) {
        reason = reason.substr(0, after);
    }
    while (!reason.empty() && (reason.back() == '.' || reason.back() == ' ' || reason.back() == '\n')) {
        reason.remove_suffix(1);
    }
    return reason;
}

/// What every message needs at hand.
struct Context {
    const ConnectionConfig& connection;
    const ErrorSubject& subject;
    std::string_view reason;

    [[nodiscard]] std::string connectionName() const { return "connection " + quoted(connection.name); }
    [[nodiscard]] std::string broker() const
    {
        std::string name = brokerOf(reason);
        return quoted(name.empty() ? connection.bootstrapServers : name);
    }
    [[nodiscard]] std::string host() const
    {
        std::string name = brokerOf(reason);
        return quoted(name.empty() ? connection.bootstrapServers : name.substr(0, name.rfind(':')));
    }
    [[nodiscard]] std::string who() const
    {
        const std::string user = connection.user();
        return user.empty() ? "This client (" + connectionName() + ")"
                            : "User " + quoted(user) + " of " + connectionName();
    }
    [[nodiscard]] std::string topic() const
    {
        return subject.topic.empty() ? std::string("The topic") : "Topic " + quoted(subject.topic);
    }
    [[nodiscard]] std::string because() const
    {
        const std::string_view text = essence(reason);
        return text.empty() ? std::string() : ": " + std::string(text);
    }
};

Error authenticationError(const Context& context)
{
    if (const std::size_t offers = context.reason.find("supported mechanisms: ");
        offers != std::string_view::npos) {
        std::string_view list =
            essence(context.reason.substr(offers + std::string_view("supported mechanisms: ").size()));
        return {Errc::Authentication, "Broker " + context.broker() + " does not offer SASL mechanism " +
                                          quoted(context.connection.mechanism()) + ", but " +
                                          std::string(list) + ". Change \"sasl_mechanism\" of " +
                                          context.connectionName() + "."};
    }
    return {Errc::Authentication,
            "Broker " + context.broker() + " refused user " + quoted(context.connection.user()) + " (SASL/" +
                context.connection.mechanism() + "). Check the user and the secret of " +
                context.connectionName() + "."};
}

Error tlsError(const Context& context)
{
    if (contains(context.reason, "certificate verify failed") ||
        contains(context.reason, "could not be verified")) {
        return {Errc::Tls,
                "The certificate of broker " + context.broker() +
                    " could not be verified: either \"ssl_ca_location\" does not hold the CA that signed "
                    "it, or it was not made for host " +
                    context.host() + ". Check both in " + context.connectionName() + "."};
    }
    if (contains(context.reason, "certificate required") ||
        contains(context.reason, "alert bad certificate") || contains(context.reason, "alert certificate") ||
        contains(context.reason, "alert unknown ca")) {
        return {Errc::Tls, "Broker " + context.broker() +
                               " asks for a client certificate and did not take this one's. Check "
                               "\"ssl_certificate_location\" and \"ssl_key_location\" of " +
                               context.connectionName() + "."};
    }
    return {Errc::Tls, "The TLS hand-shake with broker " + context.broker() + " failed" + context.because() +
                           ". Check \"security_protocol\" and the certificates of " +
                           context.connectionName() + "."};
}

Error transportError(const Context& context)
{
    Error error{Errc::Transport, {}, true, false};
    if (contains(context.reason, "Connection refused")) {
        error.code = Errc::ConnectionRefused;
        error.message = "Nobody listens at broker " + context.broker() +
                        ". Start it, or check \"bootstrap_servers\" of " + context.connectionName() + ".";
        return error;
    }
    // The library adds a guess about the security protocol to many a broken connection; ours stands at the
    // end.
    std::string_view what = essence(context.reason);
    what = what.substr(0, what.find(": verify that security.protocol"));
    error.message = "The connection to broker " + context.broker() + " is broken" +
                    (what.empty() ? std::string() : ": " + std::string(what)) +
                    ". The client goes on trying; check " + "the broker, the network, and that it speaks " +
                    context.connection.protocol() + " (\"security_protocol\" of " + context.connectionName() +
                    ").";
    return error;
}

Error resolveError(const Context& context)
{
    return {Errc::UnknownHost,
            "Host " + context.host() + " cannot be found. Check \"bootstrap_servers\" of " +
                context.connectionName() + " and the name service.",
            true, false};
}

Error unknownTopicError(const Context& context)
{
    return {Errc::UnknownTopic, context.topic() + " does not exist on the cluster of " +
                                    context.connectionName() + ". Create it, or change the name."};
}

Error topicAuthorizationError(const Context& context)
{
    const std::string doing(context.subject.doing.empty() ? "use" : context.subject.doing);
    std::string right = doing == "read" ? "Read" : doing == "write" ? "Write" : "Describe";
    return {Errc::Authorization, context.who() + " may not " + doing + " topic " +
                                     quoted(context.subject.topic) + ". Ask for the right " + right +
                                     " on it."};
}

Error groupAuthorizationError(const Context& context)
{
    return {Errc::Authorization, context.who() + " may not use consumer group " +
                                     quoted(context.subject.group) +
                                     ". Ask for the right Read on it, or change \"group_id\"."};
}

Error fencedError(const Context& context)
{
    std::string what = "Another instance has taken the place of this one";
    if (!context.subject.transactionalId.empty()) {
        what += " (transactional id " + quoted(context.subject.transactionalId) + ")";
    } else if (!context.subject.group.empty()) {
        what += " in consumer group " + quoted(context.subject.group);
    }
    return {Errc::Fenced, what + ". Stop one of them, or give them different --instance names.", false, true};
}

Error groupMovedOnError(const Context& context)
{
    return {Errc::Conflict,
            "Consumer group " + quoted(context.subject.group) +
                " has given this one's partitions to others. What was not committed is read again.",
            true, false};
}

Error tooLargeError(const Context& context)
{
    return {Errc::TooLarge,
            "The record is larger than topic " + quoted(context.subject.topic) +
                " takes. Raise \"max.message.bytes\" of the topic (and \"message.max.bytes\" of " +
                context.connectionName() + "), or make it smaller."};
}

Error otherError(Errc code, bool retriable, rd_kafka_resp_err_t source, const Context& context)
{
    std::string message = "Kafka (" + context.connectionName() + ")";
    if (!context.subject.doing.empty()) {
        message += " could not " + std::string(context.subject.doing);
    }
    if (!context.subject.topic.empty()) {
        message += " topic " + quoted(context.subject.topic);
    } else if (!context.subject.group.empty()) {
        message += " group " + quoted(context.subject.group);
    }
    const std::string name = rd_kafka_err2str(source);
    message += ": " + name;
    const std::string_view text = essence(context.reason);
    if (!text.empty() && text != name) {
        message += " (" + std::string(text) + ")";
    }
    return {code, message + ".", retriable, false};
}

Error mapCode(rd_kafka_resp_err_t code, const Context& context)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__RESOLVE: return resolveError(context);
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE: return authenticationError(context);
    case RD_KAFKA_RESP_ERR__SSL: return tlsError(context);
    case RD_KAFKA_RESP_ERR__TRANSPORT:
        // With TLS 1.3 the broker refuses a client's certificate after the hand-shake, by an alert.
        return contains(context.reason, "SSL alert") ? tlsError(context) : transportError(context);
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        return {Errc::Transport,
                "No broker of " + context.connectionName() + " (" + context.connection.bootstrapServers +
                    ") can be reached now. The client goes on trying.",
                true, false};
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_ID:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return unknownTopicError(context);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return topicAuthorizationError(context);
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED: return groupAuthorizationError(context);
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        return {Errc::Authorization, context.who() + " may not use transactional id " +
                                         quoted(context.subject.transactionalId) +
                                         ". Ask for the rights Write and Describe on it."};
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        return {Errc::Authorization, context.who() + " may not do that on the cluster" + context.because() +
                                         ". Ask for the right."};
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH: return fencedError(context);
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST: return groupMovedOnError(context);
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
        return {Errc::Conflict,
                "The pipeline took no message for longer than max.poll.interval.ms, so that group " +
                    quoted(context.subject.group) + " gave its partitions away. They are asked for again.",
                true, false};
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: return tooLargeError(context);
    case RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE:
        return {Errc::TooLarge,
                "The state beside the offsets of group " + quoted(context.subject.group) +
                    " is larger than the broker's offset.metadata.max.bytes. Raise it there."};
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR__NO_OFFSET:
    case RD_KAFKA_RESP_ERR__LOG_TRUNCATION:
        return {Errc::OffsetLost,
                "The offset to read next in " +
                    (context.subject.topic.empty() ? std::string("the topic")
                                                   : "topic " + quoted(context.subject.topic)) +
                    " is no longer there" + context.because() +
                    ". Retention has removed it; choose \"on_offset_lost\"."};
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
        return {Errc::QueueFull,
                "The send queue to topic " + quoted(context.subject.topic) +
                    " is full. The pipeline waits for a broker of " + context.connectionName() +
                    "; no record is lost.",
                true, false};
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return otherError(Errc::TimedOut, true, code, context);
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
    case RD_KAFKA_RESP_ERR__DESTROY: return otherError(Errc::Cancelled, false, code, context);
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
        return {Errc::AlreadyExists,
                context.topic() + " exists already on the cluster of " + context.connectionName() + "."};
    case RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND:
    case RD_KAFKA_RESP_ERR__UNKNOWN_GROUP:
        return {Errc::NotFound, "Consumer group " + quoted(context.subject.group) +
                                    " does not exist on the cluster of " + context.connectionName() + "."};
    case RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP:
        return {Errc::Conflict,
                "Consumer group " + quoted(context.subject.group) + " still has members. Stop them first."};
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR_SECURITY_DISABLED: return otherError(Errc::Unsupported, false, code, context);
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION: return otherError(Errc::InvalidArgument, false, code, context);
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__RETRY:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
    case RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR: return otherError(Errc::Transport, true, code, context);
    default: return otherError(Errc::Internal, false, code, context);
    }
}

} // namespace

std::string brokerOf(std::string_view reason)
{
    while (!reason.empty()) {
        const std::size_t end = reason.find(": ");
        const std::string_view name = withoutDecoration(reason.substr(0, end));
        if (isAddress(name)) {
            return std::string(name);
        }
        if (end == std::string_view::npos) {
            break;
        }
        reason.remove_prefix(end + 2);
    }
    return {};
}

Error mapError(int code, std::string_view reason, const ConnectionConfig& connection,
               const ErrorSubject& subject)
{
    Error error = mapCode(static_cast<rd_kafka_resp_err_t>(code), {connection, subject, reason});
    error.message = connection.scrub(std::move(error.message));
    return error;
}

Error mapError(rd_kafka_error_s* error, const ConnectionConfig& connection, const ErrorSubject& subject)
{
    const std::unique_ptr<rd_kafka_error_s, decltype(&rd_kafka_error_destroy)> owned(error,
                                                                                     rd_kafka_error_destroy);
    Error mapped = mapError(rd_kafka_error_code(error), rd_kafka_error_string(error), connection, subject);
    mapped.retriable = mapped.retriable || rd_kafka_error_is_retriable(error) != 0;
    mapped.fatal = mapped.fatal || rd_kafka_error_is_fatal(error) != 0;
    if (rd_kafka_error_txn_requires_abort(error) != 0 && mapped.code != Errc::Fenced) {
        mapped.code = Errc::TransactionAbort;
    }
    return mapped;
}

} // namespace streamwright::kafka
