#pragma once

#include "core/engine/engine_snapshot.h"
#include "core/record/record.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A record that failed, with its reason; both live in the batch.
struct FailedRecord {
    const Origin* origin = nullptr;
    const RecordError* error = nullptr;
};

/// The newest dead letters and noteworthy events of a run, for whoever looks. Costs one lock per batch that
/// has failures and copies only the newest few of them. Thread: any.
class RunLog {
public:
    static constexpr std::size_t kKept = 200;

    void addRejects(std::span<const FailedRecord> failed, std::int64_t nowMs);
    /// Also writes it to the process's log.
    void addEvent(EngineEvent::Kind kind, std::string_view node, std::string text, std::int64_t nowMs);

    void copyTo(EngineSnapshot& snapshot) const;

private:
    mutable std::mutex m_mutex;
    std::vector<RejectSnapshot> m_rejects; ///< a ring; its strings keep their memory
    std::size_t m_nextReject = 0;          ///< the slot to write next: the oldest once the ring is full
    std::uint64_t m_rejectsTotal = 0;
    std::deque<EngineEvent> m_events;
    std::uint64_t m_eventsTotal = 0;
};

} // namespace streamwright
