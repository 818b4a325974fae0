#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright::kafka {

/// What the engine asks of a consumer beyond the connection. The rest is kafka.md A, in ClientConfig.
struct ConsumerSettings {
    std::string groupId;                          ///< empty: no group (peek); only assign() works then
    std::string groupInstanceId;                  ///< static membership; empty = dynamic
    std::string clientId;                         ///< empty: the connection's
    std::size_t prefetchBytes = 32 * 1024 * 1024; ///< share of the memory cap
    bool readCommitted = true;                    ///< false only for peek --uncommitted; refused with a group
    Millis sessionTimeout{10'000};
    Millis maxPollInterval{120'000};
    Millis fetchWait{100};       ///< longest wait of a broker for data; embedded brokers always get 10 ms
    Millis statisticsInterval{}; ///< 0 = none
};

/// What the engine asks of a producer beyond the connection.
struct ProducerSettings {
    std::string clientId;        ///< empty: the connection's
    std::string transactionalId; ///< empty: at least once
    Millis transactionTimeout{60'000};
    std::size_t bufferBytes = 64 * 1024 * 1024; ///< queue limit, share of the memory cap
    std::size_t bufferMessages = 1'000'000;     ///< queue limit
    Millis linger{1};
    std::optional<std::size_t> batchBytes; ///< keep it below the smallest max.message.bytes of the topics
    std::optional<std::size_t> maxMessageBytes; ///< librdkafka's own check; default 1,000,000
    bool fullReports = false;                   ///< report successes too (about 10 % slower)
    Millis statisticsInterval{};                ///< 0 = none
};

/// What happens to a client beside its calls. Thread: the one that calls the client (consume, poll, produce,
/// flush…); a listener must outlive the client.
class ClientListener {
public:
    ClientListener() = default;
    ClientListener(const ClientListener&) = delete;
    ClientListener& operator=(const ClientListener&) = delete;
    virtual ~ClientListener() = default;

    /// A broker cannot be reached, refuses the login, … The client goes on trying unless `error.fatal`.
    virtual void onClientError(const Error& error) = 0;
    /// librdkafka's statistics, JSON. Only with a statisticsInterval.
    virtual void onStatistics(std::string_view json) { static_cast<void>(json); }
};

} // namespace streamwright::kafka
