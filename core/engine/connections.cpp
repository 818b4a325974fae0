#include "core/engine/connections.h"

namespace streamwright {
namespace {

/// A config value as text: librdkafka takes numbers and bools as text as well.
std::string textOf(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

} // namespace

kafka::ConnectionConfig connectionConfigOf(const PlannedConnection& connection,
                                           const std::vector<std::pair<std::string, std::string>>& extra)
{
    const auto text = [&connection](const char* key) {
        const auto found = connection.config.find(key);
        return found == connection.config.end() || found->is_null() ? std::string() : textOf(*found);
    };
    kafka::ConnectionConfig config;
    config.name = connection.name;
    config.bootstrapServers = text("bootstrap_servers");
    config.securityProtocol = text("security_protocol");
    config.saslMechanism = text("sasl_mechanism");
    config.saslUsername = text("sasl_username");
    config.saslPassword = text("sasl_password");
    config.sslCaLocation = text("ssl_ca_location");
    config.sslCertificateLocation = text("ssl_certificate_location");
    config.sslKeyLocation = text("ssl_key_location");
    config.sslKeyPassword = text("ssl_key_password");
    config.clientId = text("client_id");
    if (const auto properties = connection.config.find("properties"); properties != connection.config.end()) {
        for (const auto& [key, value] : properties->items()) {
            config.properties[key] = textOf(value);
        }
    }
    for (const auto& [key, value] : extra) {
        config.properties[key] = value;
    }
    config.embedded = connection.embedded;
    return config;
}

} // namespace streamwright
