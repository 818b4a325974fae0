#include "core/cli/metrics_server.h"

#include "core/base/diagnostic.h"

#include <httplib.h>

#include <charconv>
#include <thread>
#include <utility>

namespace streamwright {
namespace {

constexpr int kServiceUnavailable = 503;
constexpr int kMaxPort = 65535;

} // namespace

struct MetricsServer::Impl {
    httplib::Server server;
    std::string address;
    std::thread thread;
};

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

MetricsServer::~MetricsServer()
{
    m_impl->server.stop();
    m_impl->thread.join();
}

const std::string& MetricsServer::address() const
{
    return m_impl->address;
}

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const std::string& address,
                                                            MetricsAnswers answers)
{
    const std::size_t colon = address.rfind(':');
    const std::string host = colon == std::string::npos ? "127.0.0.1" : address.substr(0, colon);
    const std::string text = colon == std::string::npos ? address : address.substr(colon + 1);
    int port = -1;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || port < 0 || port > kMaxPort ||
        host.empty()) {
        return Error{Errc::InvalidArgument,
                     "Address " + quoted(address) + " for metrics is neither HOST:PORT nor a port."};
    }
    auto impl = std::make_unique<Impl>();
    impl->server.Get("/metrics", [answers](const httplib::Request&, httplib::Response& response) {
        response.set_content(answers.metrics(), "text/plain; version=0.0.4; charset=utf-8");
    });
    const auto probe = [](const std::function<bool()>& good, httplib::Response& response) {
        const bool answer = good();
        response.status = answer ? 200 : kServiceUnavailable;
        response.set_content(answer ? "ok\n" : "not ok\n", "text/plain");
    };
    impl->server.Get("/healthz", [answers, probe](const httplib::Request&, httplib::Response& response) {
        probe(answers.healthy, response);
    });
    impl->server.Get("/readyz", [answers, probe](const httplib::Request&, httplib::Response& response) {
        probe(answers.ready, response);
    });
    if (port == 0) {
        port = impl->server.bind_to_any_port(host.c_str());
    } else if (!impl->server.bind_to_port(host.c_str(), port)) {
        port = -1;
    }
    if (port < 0) {
        return Error{Errc::Io, "Cannot listen on " + quoted(address) +
                                   " for metrics: the port is taken, or the "
                                   "address is not this machine's."};
    }
    impl->address = host + ':' + std::to_string(port);
    impl->thread = std::thread([server = &impl->server] { server->listen_after_bind(); });
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(impl)));
}

} // namespace streamwright
