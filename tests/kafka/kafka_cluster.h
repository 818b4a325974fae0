#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/kafka/connection_config.h"

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace streamwright::kafka {

/// A real Apache Kafka for tests: one or more combined nodes (KRaft) as processes of their own, on free ports
/// of 127.0.0.1, in a fresh directory on a tmpfs. Everything goes with the object; the brokers also go with
/// the test's process, however that ends. Lifecycle: start() … destroyed (SIGKILL, directory removed).
/// Thread: the test's main thread, since a broker dies with the thread that started it.
class KafkaCluster {
public:
    struct Options {
        int brokers = 1;
        bool secured = false; ///< SASL_SSL, SSL with client certificates and ACLs beside PLAINTEXT's absence
        std::map<std::string, std::string> properties; ///< of server.properties, on top
        std::string heap = "512m";
        /// > 0: a second PLAINTEXT listener of the first broker, which tells its clients that port of
        /// 127.0.0.1: a proxy in front of proxiedPort(). Not with `secured`.
        int advertisedProxyPort = 0;
    };

    /// Why there is none here (Java or the jars are missing), or nothing. Tests skip loudly with it.
    [[nodiscard]] static std::optional<std::string> whyUnavailable();
    [[nodiscard]] static Result<std::unique_ptr<KafkaCluster>> start(const Options& options);
    /// One plain broker for all tests of an executable, started when first asked for.
    [[nodiscard]] static KafkaCluster& shared();
    /// One secured broker for all tests of an executable.
    [[nodiscard]] static KafkaCluster& sharedSecured();

    KafkaCluster(const KafkaCluster&) = delete;
    KafkaCluster& operator=(const KafkaCluster&) = delete;
    ~KafkaCluster();

    /// Addresses of all brokers: PLAINTEXT, or SASL_SSL where secured (by the name localhost).
    [[nodiscard]] std::string bootstrap() const;
    [[nodiscard]] std::string bootstrap(int broker) const;
    /// Where a proxy of Options::advertisedProxyPort has to connect to.
    [[nodiscard]] int proxiedPort() const { return m_brokers.front().sslPort; }
    /// PLAINTEXT, or as the superuser "admin" where secured.
    [[nodiscard]] ConnectionConfig connection() const;

    // Secured clusters. Users: "admin" (may do all) and "app" (only what allow() gives it); password USER-pw.
    [[nodiscard]] ConnectionConfig saslConnection(const std::string& mechanism,
                                                  const std::string& user) const;
    /// With the client certificate of CN=app.
    [[nodiscard]] ConnectionConfig sslConnection() const;
    [[nodiscard]] std::string caFile() const;      ///< of the brokers' certificates
    [[nodiscard]] std::string otherCaFile() const; ///< a CA that signed nothing
    /// The SASL_SSL listener by its IP, for which the certificate was not made.
    [[nodiscard]] std::string bootstrapByAddress() const;
    enum class Resource { Topic, Group, TransactionalId };
    enum class Right { Read, Write, Describe };
    [[nodiscard]] Result<void> allow(const std::string& user, Resource resource, const std::string& name,
                                     Right right);

    // Faults. `broker` counts from 0.
    void stop(int broker = 0);   ///< SIGTERM, and waits for the end
    void kill(int broker = 0);   ///< SIGKILL
    void pause(int broker = 0);  ///< SIGSTOP
    void resume(int broker = 0); ///< SIGCONT
    /// Starts a stopped or killed one on its old ports and data, and waits until it answers.
    [[nodiscard]] Result<void> restart(int broker = 0);
    [[nodiscard]] bool isRunning(int broker = 0);
    [[nodiscard]] pid_t pid(int broker = 0) const;
    [[nodiscard]] int brokers() const { return static_cast<int>(m_brokers.size()); }
    /// What the broker printed, for the messages of failed tests.
    [[nodiscard]] std::string log(int broker = 0) const;

    static constexpr Millis kStartPatience{90'000}; // a loaded machine takes its time

private:
    struct Broker {
        int number = 1; ///< node.id
        pid_t pid = -1;
        int clientPort = 0;
        int sslPort = 0;
        int controllerPort = 0;
        std::filesystem::path directory;
    };

    KafkaCluster() = default;
    [[nodiscard]] Result<void> prepare(const Options& options);
    [[nodiscard]] Result<void> choosePorts();
    [[nodiscard]] Result<void> makeCertificates() const;
    void writeConfiguration(const Broker& broker) const;
    [[nodiscard]] Result<void> format();
    [[nodiscard]] Result<void> launch(Broker& broker);
    [[nodiscard]] Result<void> waitUntilReady(Broker& broker);
    [[nodiscard]] Result<void> waitUntilComplete() const;
    void end(Broker& broker, int signal);
    [[nodiscard]] std::vector<std::string> java(std::vector<std::string> arguments,
                                                const std::string& heap) const;

    Options m_options;
    std::filesystem::path m_directory;
    std::vector<Broker> m_brokers;
};

/// A topic name that no other test uses.
[[nodiscard]] std::string uniqueName(const std::string& prefix);

} // namespace streamwright::kafka

/// First line of every test that needs a real broker.
#define SW_NEEDS_REAL_KAFKA()                                                                                \
    if (const auto why = ::streamwright::kafka::KafkaCluster::whyUnavailable()) {                            \
        GTEST_SKIP() << "REAL KAFKA SKIPPED: " << *why;                                                      \
    }                                                                                                        \
    static_assert(true)
