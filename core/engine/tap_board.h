#pragma once

#include "core/base/clock.h"
#include "core/base/spsc_ring.h"
#include "core/engine/tap.h"
#include "core/record/batch.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace streamwright {

/// Where one tap's samples wait for its reader. Shared by the tap and the edge it looks at.
class TapRing {
public:
    explicit TapRing(TapLimits limits) : m_limits(limits), m_ring(limits.capacity) {}

    /// Copies at most perBatch records, and perSecond of the second that `nowNs` is in. Writer side.
    void sample(const Batch& batch, std::int64_t nowNs);
    [[nodiscard]] std::vector<TapSample> drain(std::size_t limit);
    [[nodiscard]] std::uint64_t dropped() const { return m_dropped.load(); }

private:
    void copy(const Record& record, TapSample& sample);

    TapLimits m_limits;
    SpscRing<TapSample> m_ring;
    std::atomic<std::uint64_t> m_dropped{0};
    std::int64_t m_second = -1;
    std::size_t m_inSecond = 0;
    std::string m_scratch;
};

/// The taps of all edges of a run. Off, an edge costs one relaxed load per batch. Thread: sample() any task
/// thread, open() any; the tap itself its reader's. Taps may outlive the engine.
class TapBoard {
public:
    explicit TapBoard(std::size_t edges);

    /// nullptr where there is no such edge.
    [[nodiscard]] std::unique_ptr<Tap> open(std::size_t edge, TapLimits limits);

    void sample(std::size_t edge, const Batch& batch, std::int64_t nowNs)
    {
        // Relaxed: a batch more or less after a tap opens or closes does not matter; the ring itself is
        // reached under the point's lock only (partner: TapHandle's constructor and destructor).
        if (m_points[edge]->active.load(std::memory_order_relaxed)) {
            sampleSlow(edge, batch, nowNs);
        }
    }
    [[nodiscard]] std::uint64_t dropped(std::size_t edge) const;

private:
    struct Point {
        std::atomic<bool> active{false};
        mutable std::mutex mutex; ///< makes the task threads one writer, and open and close safe
        std::vector<std::shared_ptr<TapRing>> rings;
        std::uint64_t droppedBefore = 0; ///< by taps that are closed
    };
    class Handle;

    void sampleSlow(std::size_t edge, const Batch& batch, std::int64_t nowNs);

    std::vector<std::shared_ptr<Point>> m_points;
};

} // namespace streamwright
