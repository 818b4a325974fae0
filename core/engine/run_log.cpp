#include "core/engine/run_log.h"

#include "core/base/log.h"

#include <algorithm>

namespace streamwright {
namespace {

constexpr std::size_t kKeptPayloadBytes = 4096;

void assignCut(std::string& to, std::string_view from)
{
    to.assign(from.substr(0, kKeptPayloadBytes));
}

LogLevel levelOf(EngineEvent::Kind kind)
{
    switch (kind) {
    case EngineEvent::Kind::State:
    case EngineEvent::Kind::Rebalance:
    case EngineEvent::Kind::Recovered: return LogLevel::Info;
    case EngineEvent::Kind::Warning:
    case EngineEvent::Kind::Stalled: return LogLevel::Warn;
    case EngineEvent::Kind::Error: return LogLevel::Error;
    }
    return LogLevel::Info;
}

} // namespace

void RunLog::addRejects(std::span<const FailedRecord> failed, std::int64_t nowMs)
{
    constexpr std::size_t kCopiedPerBatch = 32;
    const std::lock_guard lock(m_mutex);
    const std::size_t skipped = failed.size() > kCopiedPerBatch ? failed.size() - kCopiedPerBatch : 0;
    m_rejectsTotal += skipped;
    for (const FailedRecord& record : failed.subspan(skipped)) {
        ++m_rejectsTotal;
        if (m_rejects.size() < kKept) {
            m_rejects.emplace_back();
        }
        RejectSnapshot& slot = m_rejects[m_nextReject];
        m_nextReject = (m_nextReject + 1) % kKept;
        slot.number = m_rejectsTotal;
        slot.failedAtMs = nowMs;
        slot.node.assign(record.error->node);
        slot.code.assign(toString(record.error->code));
        assignCut(slot.message, record.error->message);
        slot.topic.assign(record.origin->topic);
        slot.partition = record.origin->partition;
        slot.offset = record.origin->offset;
        assignCut(slot.key, record.origin->key);
        assignCut(slot.value, record.origin->value);
    }
}

void RunLog::addEvent(EngineEvent::Kind kind, std::string_view node, std::string text, std::int64_t nowMs)
{
    log::write(levelOf(kind), text);
    const std::lock_guard lock(m_mutex);
    m_events.push_back({++m_eventsTotal, nowMs, kind, std::string(node), std::move(text)});
    if (m_events.size() > kKept) {
        m_events.pop_front();
    }
}

void RunLog::copyTo(EngineSnapshot& snapshot) const
{
    const std::lock_guard lock(m_mutex);
    snapshot.rejects = m_rejects;
    std::sort(snapshot.rejects.begin(), snapshot.rejects.end(),
              [](const RejectSnapshot& a, const RejectSnapshot& b) { return a.number < b.number; });
    snapshot.rejectsTotal = m_rejectsTotal;
    snapshot.events.assign(m_events.begin(), m_events.end());
}

} // namespace streamwright
