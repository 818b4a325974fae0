#pragma once

#include "core/base/result.h"
#include "core/kafka/client_settings.h"
#include "core/kafka/connection_config.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

struct rd_kafka_conf_s;

namespace streamwright::kafka {

/// Builds librdkafka's configuration: the defaults of kafka.md A, the connection, the user's `properties` on
/// top, and last what we force. Every value goes through one setter that looks only at the return code; a
/// property that an older library does not know is skipped where it is ours and an error where it is the
/// user's. Thread: any; one at a time.
class ClientConfig {
public:
    [[nodiscard]] static Result<ClientConfig> forConsumer(const ConnectionConfig& connection,
                                                          const ConsumerSettings& settings);
    [[nodiscard]] static Result<ClientConfig> forProducer(const ConnectionConfig& connection,
                                                          const ProducerSettings& settings);
    /// A client that only asks (Admin, checks, EmbeddedBroker).
    [[nodiscard]] static Result<ClientConfig> forAdmin(const ConnectionConfig& connection);

    /// What the library would use; for tests and `describe`. Empty for unknown names.
    [[nodiscard]] std::string value(const std::string& property) const;

    [[nodiscard]] rd_kafka_conf_s* handle() const { return m_conf.get(); }
    /// Gives the configuration away, as rd_kafka_new() takes it.
    [[nodiscard]] rd_kafka_conf_s* release() { return m_conf.release(); }

    /// Why a property of the document is refused, empty for one that is allowed. Lint asks here too.
    [[nodiscard]] static std::string whyForced(const std::string& property);

private:
    struct Destroy {
        void operator()(rd_kafka_conf_s* conf) const;
    };

    using Values = std::vector<std::pair<std::string, std::string>>;

    ClientConfig();
    [[nodiscard]] static Result<ClientConfig> build(const ConnectionConfig& connection,
                                                    const std::string& clientId, const Values& defaults,
                                                    const Values& forced);
    [[nodiscard]] Result<void> apply(const ConnectionConfig& connection, const Values& values);
    [[nodiscard]] Result<void> applyConnection(const ConnectionConfig& connection,
                                               const std::string& clientId);
    [[nodiscard]] Result<void> applyProperties(const ConnectionConfig& connection);
    [[nodiscard]] Result<void> set(const ConnectionConfig& connection, const std::string& property,
                                   const std::string& value);

    std::unique_ptr<rd_kafka_conf_s, Destroy> m_conf;
};

} // namespace streamwright::kafka
