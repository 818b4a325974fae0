#pragma once

#include "core/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace streamwright {

/// A rate that several tasks share: tokens come in evenly, each record takes one. Whoever took more than
/// there were (two tasks that asked at once) leaves a debt, so that the rate holds over time. Thread: any.
class TokenBucket {
public:
    TokenBucket(double perSecond, const Clock& clock);

    struct Offer {
        std::size_t tokens = 0;
        std::int64_t readyAtNs = 0; ///< monotonic; when the next token is there, where there is none now
    };
    [[nodiscard]] Offer ask();
    void take(std::size_t tokens);

    /// The bucket of a node in this process: the same one for all of the node's tasks as long as any of them
    /// lives.
    [[nodiscard]] static std::shared_ptr<TokenBucket>
    ofNode(const std::string& pipeline, const std::string& node, double perSecond, const Clock& clock);

private:
    void fill();

    const Clock& m_clock;
    double m_perNs;
    double m_capacity;
    std::mutex m_mutex;
    double m_tokens;
    std::int64_t m_filledAtNs;
};

} // namespace streamwright
