#include "core/engine/tap_board.h"

#include <algorithm>

namespace streamwright {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

} // namespace

void TapRing::sample(const Batch& batch, std::int64_t nowNs)
{
    if (nowNs / kNsPerSecond != m_second) {
        m_second = nowNs / kNsPerSecond;
        m_inSecond = 0;
    }
    const std::size_t room = m_limits.perSecond > m_inSecond ? m_limits.perSecond - m_inSecond : 0;
    const std::size_t wanted = std::min({batch.size(), m_limits.perBatch, room});
    std::size_t taken = 0;
    while (taken < wanted) {
        const Record& record = batch.record(batch.selection()[taken]);
        if (!m_ring.push([&](TapSample& slot) { copy(record, slot); })) {
            break;
        }
        ++taken;
    }
    m_inSecond += taken;
    m_dropped += batch.size() - taken;
}

void TapRing::copy(const Record& record, TapSample& sample)
{
    const Origin& origin = *record.origin;
    sample.topic.assign(origin.topic);
    sample.partition = origin.partition;
    sample.offset = origin.offset;
    sample.timestampMs = record.timestampMs;
    sample.keyIsNull = isNull(record.key);
    sample.key.assign(record.key.substr(0, m_limits.valueBytes));
    sample.format = record.value.format;

    std::string_view value = record.value.bytes;
    sample.valueIsNull = isNull(value);
    if (record.value.format == ValueFormat::Json && record.error == nullptr) {
        sample.valueIsNull = record.value.json == nullptr;
        if (record.value.json != nullptr && record.value.json->edited) {
            m_scratch.clear();
            appendJson(m_scratch, *record.value.json);
            value = m_scratch;
        }
    }
    sample.valueSize = value.size();
    sample.value.assign(value.substr(0, m_limits.valueBytes));

    sample.headers.resize(record.headers.size());
    for (std::size_t i = 0; i < record.headers.size(); ++i) {
        sample.headers[i].first.assign(record.headers[i].name);
        sample.headers[i].second.assign(record.headers[i].value.substr(0, m_limits.valueBytes));
    }
    if (record.error != nullptr) {
        sample.errorCode.assign(toString(record.error->code));
        sample.errorMessage.assign(record.error->message.substr(0, m_limits.valueBytes));
        sample.errorNode.assign(record.error->node);
    } else {
        sample.errorCode.clear();
        sample.errorMessage.clear();
        sample.errorNode.clear();
    }
}

std::vector<TapSample> TapRing::drain(std::size_t limit)
{
    std::vector<TapSample> samples;
    while (samples.size() < limit && m_ring.pop([&](TapSample& slot) { samples.push_back(slot); })) {
    }
    return samples;
}

/// The reader's end; takes its ring off the edge when it goes.
class TapBoard::Handle final : public Tap {
public:
    Handle(std::shared_ptr<Point> point, TapLimits limits)
        : m_point(std::move(point)), m_ring(std::make_shared<TapRing>(limits))
    {
        const std::lock_guard lock(m_point->mutex);
        m_point->rings.push_back(m_ring);
        m_point->active.store(true, std::memory_order_relaxed); // partner: TapBoard::sample
    }
    ~Handle() override
    {
        const std::lock_guard lock(m_point->mutex);
        std::erase(m_point->rings, m_ring);
        m_point->droppedBefore += m_ring->dropped();
        m_point->active.store(!m_point->rings.empty(),
                              std::memory_order_relaxed); // partner: TapBoard::sample
    }
    std::vector<TapSample> drain(std::size_t limit) override { return m_ring->drain(limit); }
    std::uint64_t dropped() const override { return m_ring->dropped(); }

private:
    std::shared_ptr<Point> m_point;
    std::shared_ptr<TapRing> m_ring;
};

TapBoard::TapBoard(std::size_t edges)
{
    m_points.reserve(edges);
    for (std::size_t i = 0; i < edges; ++i) {
        m_points.push_back(std::make_shared<Point>());
    }
}

std::unique_ptr<Tap> TapBoard::open(std::size_t edge, TapLimits limits)
{
    if (edge >= m_points.size()) {
        return nullptr;
    }
    return std::make_unique<Handle>(m_points[edge], limits);
}

void TapBoard::sampleSlow(std::size_t edge, const Batch& batch, std::int64_t nowNs)
{
    Point& point = *m_points[edge];
    const std::lock_guard lock(point.mutex);
    for (const std::shared_ptr<TapRing>& ring : point.rings) {
        ring->sample(batch, nowNs);
    }
}

std::uint64_t TapBoard::dropped(std::size_t edge) const
{
    const Point& point = *m_points[edge];
    const std::lock_guard lock(point.mutex);
    std::uint64_t dropped = point.droppedBefore;
    for (const std::shared_ptr<TapRing>& ring : point.rings) {
        dropped += ring->dropped();
    }
    return dropped;
}

} // namespace streamwright
