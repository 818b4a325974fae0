#include "core/kafka/connection_check.h"

#include "core/base/diagnostic.h"
#include "core/kafka/admin.h"
#include "core/kafka/client.h"
#include "core/kafka/embedded_broker.h"

#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace streamwright::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;
using TimePoint = SteadyClock::time_point;

constexpr std::string_view kDefaultPort = "9092";
constexpr Millis kRetryPause{200};     // between attempts at a broker that is not there yet
constexpr Millis kConnectSlice{2'000}; // one attempt at one address
constexpr Millis kQuestion{5'000};     // one question about a topic or group

struct Endpoint {
    std::string host;
    std::string port;
    [[nodiscard]] std::string text() const { return host + ":" + port; }
};

struct FreeAddresses {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Millis left(TimePoint deadline)
{
    return std::max(std::chrono::duration_cast<Millis>(deadline - SteadyClock::now()), Millis{0});
}

Millis since(TimePoint began)
{
    return std::chrono::duration_cast<Millis>(SteadyClock::now() - began);
}

void pauseBeforeRetry(TimePoint deadline)
{
    poll(nullptr, 0, static_cast<int>(std::min(kRetryPause, left(deadline)).count()));
}

std::vector<Endpoint> endpointsOf(const std::string& bootstrapServers)
{
    std::vector<Endpoint> endpoints;
    std::string_view rest = bootstrapServers;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        std::string_view one = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        if (const std::size_t scheme = one.find("://"); scheme != std::string_view::npos) {
            one.remove_prefix(scheme + 3);
        }
        while (!one.empty() && one.front() == ' ') {
            one.remove_prefix(1);
        }
        while (!one.empty() && one.back() == ' ') {
            one.remove_suffix(1);
        }
        if (one.empty()) {
            continue;
        }
        const std::size_t colon = one.rfind(':');
        const bool hasPort =
            colon != std::string_view::npos && one.find(']', colon) == std::string_view::npos;
        std::string_view host = hasPort ? one.substr(0, colon) : one;
        if (host.starts_with('[') && host.ends_with(']')) {
            host = host.substr(1, host.size() - 2);
        }
        endpoints.push_back({std::string(host), std::string(hasPort ? one.substr(colon + 1) : kDefaultPort)});
    }
    return endpoints;
}

struct Lookup {
    Addresses addresses;
    int error = EAI_AGAIN;
};

/// The name service may hang for longer than we want to wait, so that it is asked on a thread that may be
/// left.
Lookup resolve(const Endpoint& endpoint, Millis patience)
{
    auto promise = std::make_shared<std::promise<Lookup>>();
    std::future<Lookup> answer = promise->get_future();
    std::thread([promise, endpoint] {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* list = nullptr;
        Lookup lookup;
        lookup.error = getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &list);
        lookup.addresses.reset(list);
        promise->set_value(std::move(lookup));
    }).detach();
    if (answer.wait_for(patience) != std::future_status::ready) {
        return {};
    }
    return answer.get();
}

/// 0, or the errno of the attempt.
int connectTo(const addrinfo& address, Millis patience)
{
    const int handle = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (handle < 0) {
        return errno;
    }
    int error = connect(handle, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        pollfd waiting{handle, POLLOUT, 0};
        socklen_t size = sizeof error;
        if (poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) {
            error = ETIMEDOUT;
        } else if (getsockopt(handle, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            error = errno;
        }
    }
    close(handle);
    return error;
}

/// What the library's log told about its way to the first broker that comes up.
class HandshakeWatch {
public:
    /// "…: Broker changed state SSL_HANDSHAKE -> APIVERSION_QUERY"; needs debug=broker.
    void onLog(std::string_view facility, std::string_view text)
    {
        constexpr std::string_view kMark = "changed state ";
        const std::size_t mark = text.find(kMark);
        if (facility != "STATE" || mark == std::string_view::npos) {
            return;
        }
        const std::string_view change = text.substr(mark + kMark.size());
        const std::size_t arrow = change.find(" -> ");
        if (arrow == std::string_view::npos) {
            return;
        }
        const std::string_view from = change.substr(0, arrow);
        const std::string_view to = change.substr(arrow + 4);
        const std::scoped_lock lock(m_mutex);
        if (to == "SSL_HANDSHAKE") {
            note(m_tlsBegan);
        }
        if (from == "SSL_HANDSHAKE" && to != "DOWN") {
            note(m_tlsEnded);
        }
        if (to.starts_with("AUTH")) {
            note(m_loginBegan);
        }
        if (to == "UP") {
            note(m_up);
        }
    }

    [[nodiscard]] bool tlsDone() const { return has(m_tlsEnded); }
    [[nodiscard]] bool loggedIn() const { return has(m_up); }
    [[nodiscard]] Millis tlsTook() const { return between(m_tlsBegan, m_tlsEnded); }
    [[nodiscard]] Millis loginTook() const { return between(m_loginBegan, m_up); }

private:
    using Moment = std::optional<TimePoint>;

    static void note(Moment& moment)
    {
        if (!moment) {
            moment = SteadyClock::now();
        }
    }
    [[nodiscard]] bool has(const Moment& moment) const
    {
        const std::scoped_lock lock(m_mutex);
        return moment.has_value();
    }
    [[nodiscard]] Millis between(const Moment& from, const Moment& to) const
    {
        const std::scoped_lock lock(m_mutex);
        return from && to ? std::chrono::duration_cast<Millis>(*to - *from) : Millis{};
    }

    mutable std::mutex m_mutex;
    Moment m_tlsBegan;
    Moment m_tlsEnded;
    Moment m_loginBegan;
    Moment m_up;
};

/// One run of the steps. Lifecycle: made, run() once. Thread: the caller's.
class ConnectionCheck {
public:
    ConnectionCheck(const ConnectionConfig& connection, const ConnectionNeeds& needs, Millis timeout,
                    const std::stop_token& stop)
        : m_connection(connection), m_needs(needs), m_deadline(SteadyClock::now() + timeout), m_stop(stop)
    {
    }

    CheckReport run()
    {
        if (resolveAll() && connectToAny() && shakeHands()) {
            askForTopics();
        }
        return std::move(m_report);
    }

private:
    void pass(CheckStep step, std::string subject, Millis took)
    {
        m_report.steps.push_back({step, std::move(subject), true, took, std::nullopt});
    }
    bool fail(CheckStep step, std::string subject, Millis took, Error error)
    {
        m_report.steps.push_back({step, std::move(subject), false, took, std::move(error)});
        return false;
    }
    [[nodiscard]] bool over() const { return m_stop.stop_requested() || left(m_deadline).count() == 0; }

    bool resolveAll()
    {
        const TimePoint began = SteadyClock::now();
        const std::vector<Endpoint> endpoints = endpointsOf(m_connection.bootstrapServers);
        bool mayPass = true;
        std::string lastName = m_connection.bootstrapServers;
        while (true) {
            mayPass = false;
            for (const Endpoint& endpoint : endpoints) {
                Lookup lookup = resolve(endpoint, left(m_deadline));
                if (lookup.error == 0) {
                    m_resolved.emplace_back(endpoint, std::move(lookup.addresses));
                } else {
                    mayPass = mayPass || lookup.error == EAI_AGAIN;
                    lastName = endpoint.text();
                }
            }
            if (!m_resolved.empty()) {
                pass(CheckStep::Resolve, m_connection.bootstrapServers, since(began));
                return true;
            }
            if (!mayPass || over()) {
                return fail(CheckStep::Resolve, lastName, since(began),
                            mapError(RD_KAFKA_RESP_ERR__RESOLVE, lastName + ": ", m_connection));
            }
            pauseBeforeRetry(m_deadline);
        }
    }

    bool connectToAny()
    {
        const TimePoint began = SteadyClock::now();
        while (true) {
            int error = 0;
            for (const auto& [endpoint, addresses] : m_resolved) {
                for (const addrinfo* address = addresses.get(); address != nullptr;
                     address = address->ai_next) {
                    const int outcome = connectTo(*address, std::min(kConnectSlice, left(m_deadline)));
                    if (outcome == 0) {
                        pass(CheckStep::Connect, endpoint.text(), since(began));
                        return true;
                    }
                    // Of several addresses the refusal tells more than an address family that is not there.
                    error = error == ECONNREFUSED ? error : outcome;
                }
            }
            if (over()) {
                const std::string broker = m_resolved.front().first.text();
                const std::string reason =
                    broker + ": " + (error == ECONNREFUSED ? "Connection refused" : std::strerror(error));
                return fail(CheckStep::Connect, broker, since(began),
                            mapError(RD_KAFKA_RESP_ERR__TRANSPORT, reason, m_connection));
            }
            pauseBeforeRetry(m_deadline);
        }
    }

    bool shakeHands()
    {
        const TimePoint began = SteadyClock::now();
        auto config = ClientConfig::forAdmin(m_connection);
        if (!config) {
            return fail(m_connection.usesTls() ? CheckStep::Tls : CheckStep::Metadata,
                        m_connection.bootstrapServers, since(began), config.error());
        }
        rd_kafka_conf_set(config->handle(), "debug", "broker", nullptr, 0); // says when which step is done
        HandshakeWatch watch;
        auto client = Client::create(
            Client::Kind::Producer, std::move(*config), m_connection, nullptr, nullptr,
            [&watch](std::string_view facility, std::string_view text) { watch.onLog(facility, text); });
        if (!client) {
            return fail(m_connection.usesTls() ? CheckStep::Tls : CheckStep::Metadata,
                        m_connection.bootstrapServers, since(began), client.error());
        }
        auto metadata = (*client)->metadata(nullptr, left(m_deadline), m_stop);
        const Errc code = metadata ? Errc::Internal : metadata.error().code;
        const std::string& where = m_connection.bootstrapServers;
        if (m_connection.usesTls()) {
            const bool passed =
                metadata || code == Errc::Authentication || (watch.tlsDone() && code != Errc::Tls);
            if (!passed) {
                return fail(CheckStep::Tls, where, since(began), metadata.error());
            }
            pass(CheckStep::Tls, where, watch.tlsTook());
        }
        if (m_connection.usesSasl()) {
            if (!metadata && !watch.loggedIn()) {
                return fail(CheckStep::Authenticate, where, since(began), metadata.error());
            }
            pass(CheckStep::Authenticate, m_connection.user(), watch.loginTook());
        }
        if (!metadata) {
            return fail(CheckStep::Metadata, where, since(began), metadata.error());
        }
        pass(CheckStep::Metadata, std::to_string((*metadata)->broker_cnt) + " brokers", since(began));
        return true;
    }

    void askForTopics()
    {
        if (m_needs.read.empty() && m_needs.write.empty() && m_needs.group.empty()) {
            return;
        }
        auto admin = Admin::create(m_connection);
        if (!admin) {
            fail(CheckStep::Metadata, m_connection.bootstrapServers, Millis{}, admin.error());
            return;
        }
        const auto id = (*admin)->clusterId(question());
        m_embedded = m_connection.embedded || (id && EmbeddedBroker::isClusterId(*id));
        for (const std::string& topic : m_needs.read) {
            askForTopic(**admin, topic, CheckStep::TopicReadable, "read", "Read");
        }
        for (const std::string& topic : m_needs.write) {
            askForTopic(**admin, topic, CheckStep::TopicWritable, "write", "Write");
        }
        if (!m_needs.group.empty() && !m_embedded) {
            askForGroup(**admin);
        }
    }

    [[nodiscard]] Millis question() const
    {
        return std::min(kQuestion, std::max(left(m_deadline), kRetryPause));
    }

    void askForTopic(Admin& admin, const std::string& topic, CheckStep step, std::string_view doing,
                     std::string_view right)
    {
        const TimePoint began = SteadyClock::now();
        const Error denied = mapError(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "", m_connection,
                                      {.topic = topic, .doing = doing});
        if (auto found = admin.describeTopic(topic, question()); !found) {
            fail(step, topic, since(began),
                 found.error().code == Errc::Authorization ? denied : found.error());
            return;
        }
        if (!m_embedded) {
            // A broker too old to say what is allowed shows it at the first read or write.
            const auto allowed = admin.allowedTopicOperations(topic, question());
            if (allowed && !allowed->empty() &&
                std::find(allowed->begin(), allowed->end(), right) == allowed->end()) {
                fail(step, topic, since(began), denied);
                return;
            }
        }
        pass(step, topic, since(began));
    }

    void askForGroup(Admin& admin)
    {
        const TimePoint began = SteadyClock::now();
        const std::string& group = m_needs.group;
        const auto found = admin.describeGroup(group, question());
        if (!found && found.error().code == Errc::Authorization) {
            fail(CheckStep::Group, group, since(began), found.error());
            return;
        }
        if (found && !found->allowedOperations.empty() &&
            std::find(found->allowedOperations.begin(), found->allowedOperations.end(), "Read") ==
                found->allowedOperations.end()) {
            fail(CheckStep::Group, group, since(began),
                 mapError(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, "", m_connection, {.group = group}));
            return;
        }
        pass(CheckStep::Group, group, since(began));
    }

    const ConnectionConfig& m_connection;
    const ConnectionNeeds& m_needs;
    TimePoint m_deadline;
    std::stop_token m_stop;
    bool m_embedded = false; ///< it never answers questions for rights
    std::vector<std::pair<Endpoint, Addresses>> m_resolved;
    CheckReport m_report;
};

} // namespace

std::string_view toString(CheckStep step)
{
    using enum CheckStep;
    switch (step) {
    case Resolve: return "resolve";
    case Connect: return "connect";
    case Tls: return "tls";
    case Authenticate: return "authenticate";
    case Metadata: return "metadata";
    case TopicReadable: return "topic_readable";
    case TopicWritable: return "topic_writable";
    case Group: return "group";
    }
    return "metadata";
}

bool CheckReport::ok() const
{
    return !error().has_value();
}

std::optional<Error> CheckReport::error() const
{
    for (const CheckResult& step : steps) {
        if (step.error) {
            return step.error;
        }
    }
    return std::nullopt;
}

CheckReport checkConnection(const ConnectionConfig& connection, const ConnectionNeeds& needs, Millis timeout,
                            const std::stop_token& stop)
{
    return ConnectionCheck(connection, needs, timeout, stop).run();
}

} // namespace streamwright::kafka
