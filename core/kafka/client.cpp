#include "core/kafka/client.h"

#include "core/base/diagnostic.h"
#include "core/base/log.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace streamwright::kafka {
namespace {

constexpr std::int64_t kRepeatAfterNs = 30'000'000'000; // the same line again only after this long
constexpr std::size_t kRememberedLines = 64;

constexpr Millis kMetadataSlice{250}; // how often events are looked at while waiting
constexpr int kSyslogWarning = 4;     // the library logs with syslog's levels

} // namespace

void DestroyMetadata::operator()(const struct rd_kafka_metadata* metadata) const
{
    rd_kafka_metadata_destroy(metadata);
}

Client::Client(const ConnectionConfig& connection, ClientListener* listener, void* owner, LogHook logHook)
    : m_connection(connection), m_listener(listener), m_owner(owner),
      m_logHook(std::move(logHook)), m_lastError{Errc::Transport, {}, true, false}
{
}

Result<std::unique_ptr<Client>> Client::create(Kind kind, ClientConfig config,
                                               const ConnectionConfig& connection, ClientListener* listener,
                                               void* owner, LogHook logHook)
{
    std::unique_ptr<Client> client(new Client(connection, listener, owner, std::move(logHook)));
    rd_kafka_conf_set_opaque(config.handle(), client.get());
    rd_kafka_conf_set_error_cb(config.handle(), &Client::errorCallback);
    rd_kafka_conf_set_stats_cb(config.handle(), &Client::statisticsCallback);
    rd_kafka_conf_set_log_cb(config.handle(), &Client::logCallback);

    std::array<char, 1024> reason{};
    client->m_handle = rd_kafka_new(kind == Kind::Consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER,
                                    config.handle(), reason.data(), reason.size());
    if (client->m_handle == nullptr) {
        return Error{Errc::InvalidArgument, connection.scrub("Connection " + quoted(connection.name) +
                                                             " cannot be set up: " + reason.data() +
                                                             ". Check its fields and properties.")};
    }
    static_cast<void>(config.release()); // it is the handle's now
    return client;
}

Client::~Client()
{
    if (m_handle != nullptr) {
        rd_kafka_destroy_flags(m_handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }
}

Error Client::lastError() const
{
    const std::scoped_lock lock(m_mutex);
    return m_lastError;
}

void Client::noteSuccess()
{
    const std::scoped_lock lock(m_mutex);
    m_lastError.message.clear();
}

std::optional<Error> Client::fatalError(const ErrorSubject& subject) const
{
    std::array<char, 512> reason{};
    const rd_kafka_resp_err_t code = rd_kafka_fatal_error(m_handle, reason.data(), reason.size());
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return std::nullopt;
    }
    Error error = mapError(code, reason.data(), m_connection, subject);
    error.fatal = true;
    error.retriable = false;
    return error;
}

Result<Metadata> Client::metadata(rd_kafka_topic_s* topic, Millis timeout, const std::stop_token& stop)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const std::string_view name = topic != nullptr ? rd_kafka_topic_name(topic) : "";
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    while (!stop.stop_requested()) {
        const auto left = std::chrono::duration_cast<Millis>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            break;
        }
        const struct rd_kafka_metadata* found = nullptr;
        code = rd_kafka_metadata(m_handle, topic == nullptr ? 1 : 0, topic, &found,
                                 static_cast<int>(std::min(left, kMetadataSlice).count()));
        while (rd_kafka_poll(m_handle, 0) > 0) {
        }
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            noteSuccess();
            return Metadata(found);
        }
        const Error error = lastError();
        if (!error.message.empty() && (error.code == Errc::Authentication || error.code == Errc::Tls)) {
            return error;
        }
        const bool mayPass = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
        if (!mayPass) {
            return mapError(code, "", m_connection, {.topic = name, .doing = "describe"});
        }
    }
    if (Error error = lastError(); !error.message.empty()) {
        return error;
    }
    return mapError(code, "", m_connection, {.topic = name, .doing = "describe"});
}

void Client::errorCallback(rd_kafka_s* /*handle*/, int code, const char* reason, void* opaque)
{
    of(opaque).onError(code, reason != nullptr ? reason : "");
}

int Client::statisticsCallback(rd_kafka_s* /*handle*/, char* json, std::size_t size, void* opaque)
{
    Client& client = of(opaque);
    if (client.m_listener != nullptr) {
        client.m_listener->onStatistics({json, size});
    }
    return 0; // the library frees the text
}

void Client::logCallback(const rd_kafka_s* handle, int level, const char* facility, const char* text)
{
    void* const opaque = rd_kafka_opaque(handle);
    if (opaque != nullptr) {
        of(opaque).onLog(level, facility, text);
    }
}

void Client::onError(int code, std::string_view reason)
{
    Error error = code == RD_KAFKA_RESP_ERR__FATAL
                      ? fatalError().value_or(mapError(code, reason, m_connection))
                      : mapError(code, reason, m_connection);
    {
        const std::scoped_lock lock(m_mutex);
        // "all brokers down" follows the reason for it, which tells more
        if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || m_lastError.message.empty()) {
            m_lastError = error;
        }
    }
    if (m_listener != nullptr) {
        m_listener->onClientError(error);
        return;
    }
    if (isNews(error.message)) {
        log::warn(error.message);
    }
}

void Client::onLog(int level, std::string_view facility, std::string_view text)
{
    if (m_logHook) {
        m_logHook(facility, text);
    }
    // That a producer ignores a consumer's property is as it should be: the document has one set for both.
    const bool expected = facility == "CONFWARN";
    const LogLevel ours = level <= kSyslogWarning && !expected ? LogLevel::Warn : LogLevel::Debug;
    if (!log::enabled(ours) || !isNews(text)) {
        return;
    }
    log::write(ours, m_connection.scrub("Kafka client (connection " + quoted(m_connection.name) +
                                        "): " + std::string(facility) + ": " + std::string(text)));
}

bool Client::isNews(std::string_view text)
{
    // Repetitions differ in "(after 3ms in state CONNECT, 5 identical error(s) suppressed)" only.
    const std::string key(text.substr(0, text.find(" (after ")));
    const std::int64_t now = SystemClock::instance().monotonicNs();
    const std::scoped_lock lock(m_mutex);
    const auto known = m_lastSaid.find(key);
    if (known != m_lastSaid.end() && now - known->second < kRepeatAfterNs) {
        return false;
    }
    if (m_lastSaid.size() >= kRememberedLines) {
        m_lastSaid.clear();
    }
    m_lastSaid[key] = now;
    return true;
}

} // namespace streamwright::kafka
