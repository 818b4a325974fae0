#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/client_config.h"
#include "core/kafka/client_settings.h"
#include "core/kafka/connection_config.h"
#include "core/kafka/error_mapping.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

struct rd_kafka_s;
struct rd_kafka_topic_s;
struct rd_kafka_metadata;

namespace streamwright::kafka {

struct DestroyMetadata {
    void operator()(const struct rd_kafka_metadata* metadata) const;
};
using Metadata = std::unique_ptr<const struct rd_kafka_metadata, DestroyMetadata>;

/// An rd_kafka_t and what its callbacks need: errors become our messages, the library's log becomes ours
/// without secrets and without repetitions. What Consumer, Producer and Admin stand on; nobody else uses it.
/// Lifecycle: create() … destroyed, which destroys the handle and joins its threads.
/// Thread: handle() as librdkafka says; lastError() and the log from any.
class Client {
public:
    enum class Kind : std::uint8_t { Consumer, Producer };
    /// Sees each log line of the library (facility, text), from any of its threads.
    using LogHook = std::function<void(std::string_view facility, std::string_view text)>;

    /// Callbacks that are set on `config` before find their object by owner().
    [[nodiscard]] static Result<std::unique_ptr<Client>> create(Kind kind, ClientConfig config,
                                                                const ConnectionConfig& connection,
                                                                ClientListener* listener, void* owner,
                                                                LogHook logHook = {});
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    [[nodiscard]] rd_kafka_s* handle() const { return m_handle; }
    [[nodiscard]] const ConnectionConfig& connection() const { return m_connection; }
    [[nodiscard]] void* owner() const { return m_owner; }

    [[nodiscard]] Error lastError() const;
    /// Something worked: what went wrong before is over.
    void noteSuccess();
    /// The error after which the handle is of no use, if there is one.
    [[nodiscard]] std::optional<Error> fatalError(const ErrorSubject& subject = {}) const;
    /// The cluster's brokers and all its topics, or only `topic`. Serves events meanwhile, so that
    /// lastError() is fresh; a refused login or certificate ends it early, since waiting does not change
    /// that. Producers only.
    [[nodiscard]] Result<Metadata> metadata(rd_kafka_topic_s* topic, Millis timeout,
                                            const std::stop_token& stop = {});

    /// The client of an rd_kafka_conf_t opaque.
    [[nodiscard]] static Client& of(void* opaque) { return *static_cast<Client*>(opaque); }

private:
    Client(const ConnectionConfig& connection, ClientListener* listener, void* owner, LogHook logHook);
    static void errorCallback(rd_kafka_s* handle, int code, const char* reason, void* opaque);
    static int statisticsCallback(rd_kafka_s* handle, char* json, std::size_t size, void* opaque);
    static void logCallback(const rd_kafka_s* handle, int level, const char* facility, const char* text);
    void onError(int code, std::string_view reason);
    void onLog(int level, std::string_view facility, std::string_view text);
    [[nodiscard]] bool isNews(std::string_view text);

    ConnectionConfig m_connection;
    ClientListener* m_listener = nullptr;
    void* m_owner = nullptr;
    LogHook m_logHook;
    rd_kafka_s* m_handle = nullptr;

    mutable std::mutex m_mutex; ///< of what follows
    Error m_lastError;
    std::map<std::string, std::int64_t, std::less<>> m_lastSaid; ///< log text -> when (monotonic ns)
};

} // namespace streamwright::kafka
