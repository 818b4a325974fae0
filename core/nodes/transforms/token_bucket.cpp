#include "core/nodes/transforms/token_bucket.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace streamwright {
namespace {

constexpr double kNsPerSecond = 1e9;
/// What may pass at once after a pause, as a share of a second: small, so that the rate is even.
constexpr double kBurstSeconds = 0.1;

} // namespace

TokenBucket::TokenBucket(double perSecond, const Clock& clock)
    : m_clock(clock), m_perNs(perSecond / kNsPerSecond), m_capacity(std::max(1.0, perSecond * kBurstSeconds)),
      m_tokens(1.0), m_filledAtNs(clock.monotonicNs())
{
}

void TokenBucket::fill()
{
    const std::int64_t now = m_clock.monotonicNs();
    m_tokens = std::min(m_capacity, m_tokens + static_cast<double>(now - m_filledAtNs) * m_perNs);
    m_filledAtNs = now;
}

TokenBucket::Offer TokenBucket::ask()
{
    const std::scoped_lock lock(m_mutex);
    fill();
    if (m_tokens >= 1.0) {
        return {.tokens = static_cast<std::size_t>(m_tokens)};
    }
    const double waitNs = std::ceil((1.0 - m_tokens) / m_perNs);
    return {.readyAtNs = m_filledAtNs + static_cast<std::int64_t>(waitNs)};
}

void TokenBucket::take(std::size_t tokens)
{
    const std::scoped_lock lock(m_mutex);
    fill();
    m_tokens -= static_cast<double>(tokens);
}

std::shared_ptr<TokenBucket> TokenBucket::ofNode(const std::string& pipeline, const std::string& node,
                                                 double perSecond, const Clock& clock)
{
    using Key = std::tuple<std::string, std::string, double, const Clock*>;
    static std::mutex mutex;
    static std::map<Key, std::weak_ptr<TokenBucket>> buckets;

    const std::scoped_lock lock(mutex);
    std::erase_if(buckets, [](const auto& entry) { return entry.second.expired(); });
    std::weak_ptr<TokenBucket>& known = buckets[Key{pipeline, node, perSecond, &clock}];
    std::shared_ptr<TokenBucket> bucket = known.lock();
    if (!bucket) {
        bucket = std::make_shared<TokenBucket>(perSecond, clock);
        known = bucket;
    }
    return bucket;
}

} // namespace streamwright
