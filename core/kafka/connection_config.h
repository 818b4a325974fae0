#pragma once

#include <map>
#include <string>

namespace streamwright::kafka {

/// A connection of the document with its variables resolved: the typed keys of document.md part 1 and any
/// other librdkafka property. Holds secrets, so it is never logged; describe() is what may be shown. Plain
/// value, any thread. Empty text means "not given".
struct ConnectionConfig {
    std::string name; ///< of the connection in the document; messages name it
    std::string bootstrapServers;
    std::string securityProtocol; ///< PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; empty = PLAINTEXT
    std::string saslMechanism;
    std::string saslUsername;
    std::string saslPassword;
    std::string sslCaLocation;
    std::string sslCertificateLocation;
    std::string sslKeyLocation;
    std::string sslKeyPassword;
    std::string clientId; ///< empty: streamwright-<host>-<pid>
    std::map<std::string, std::string> properties;
    bool embedded = false; ///< bootstrapServers is an EmbeddedBroker: no security, a short fetch wait

    /// "plain connection to ADDRESS", as --broker makes it.
    [[nodiscard]] static ConnectionConfig plain(std::string name, std::string bootstrapServers);
    /// The same connection on an embedded broker: its security keys are ignored.
    [[nodiscard]] ConnectionConfig onEmbeddedBroker(std::string bootstrap) const;

    // What counts in the end: `properties` (and -X, which goes there) win over the typed keys.
    [[nodiscard]] std::string protocol() const; ///< upper case, PLAINTEXT where none is given
    [[nodiscard]] std::string mechanism() const;
    [[nodiscard]] std::string user() const;
    [[nodiscard]] bool usesTls() const;
    [[nodiscard]] bool usesSasl() const;
    /// `connection "dev" to b1:9092 (SASL_SSL, SCRAM-SHA-256, user "app")`; never a secret.
    [[nodiscard]] std::string describe() const;
    /// Every occurrence of one of this connection's secrets in `text` becomes "***".
    [[nodiscard]] std::string scrub(std::string text) const;
};

/// True for property names whose values are never shown (password, secret, token, key, jaas).
[[nodiscard]] bool isSecretProperty(const std::string& name);

/// `streamwright-<host>-<pid>`: by it a conflict check recognises our own processes (kafka.md B).
[[nodiscard]] std::string defaultClientId();

} // namespace streamwright::kafka
