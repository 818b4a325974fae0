#pragma once

#include "core/base/result.h"

#include <functional>
#include <memory>
#include <string>

namespace streamwright {

/// What the metrics endpoint answers with. Called on the server's threads.
struct MetricsAnswers {
    std::function<std::string()> metrics;
    std::function<bool()> healthy; ///< /healthz: the run has not failed
    std::function<bool()> ready;   ///< /readyz: it is consuming, or stands by
};

/// GET /metrics, /healthz and /readyz over HTTP, without payloads and without anything that changes state.
/// Lifecycle: listens from start() until destroyed. Thread: its own.
class MetricsServer {
public:
    /// `address`: "HOST:PORT", or a bare port on 127.0.0.1; port 0 takes a free one. Errors: InvalidArgument,
    /// Io.
    [[nodiscard]] static Result<std::unique_ptr<MetricsServer>> start(const std::string& address,
                                                                      MetricsAnswers answers);
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;
    ~MetricsServer();

    [[nodiscard]] const std::string& address() const; ///< "127.0.0.1:9464"

private:
    struct Impl;
    explicit MetricsServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace streamwright
