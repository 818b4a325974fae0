#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace streamwright {

using Millis = std::chrono::milliseconds;

/// Where time comes from. Operators know no other clock, so that tests and previews can turn it by hand.
/// Thread: every method from any thread.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    /// Milliseconds since 1970-01-01 UTC.
    [[nodiscard]] virtual std::int64_t wallMs() const = 0;
    /// Nanoseconds that only grow; their zero means nothing.
    [[nodiscard]] virtual std::int64_t monotonicNs() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] std::int64_t wallMs() const override;
    [[nodiscard]] std::int64_t monotonicNs() const override;
    /// The one instance; it has no state.
    [[nodiscard]] static const SystemClock& instance();
};

/// Stands still until told otherwise.
class ManualClock final : public Clock {
public:
    explicit ManualClock(std::int64_t wallMs = 0) : m_wallMs(wallMs) {}
    [[nodiscard]] std::int64_t wallMs() const override { return m_wallMs.load(); }
    [[nodiscard]] std::int64_t monotonicNs() const override { return m_wallMs.load() * 1'000'000; }
    void advance(Millis by) { m_wallMs += by.count(); }
    void set(std::int64_t wallMs) { m_wallMs = wallMs; }

private:
    std::atomic<std::int64_t> m_wallMs;
};

} // namespace streamwright
