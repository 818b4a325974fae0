#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace streamwright {

/// A bounded queue between one writing and one reading thread, without locks. When it is full the newest is
/// refused and the caller counts it. Slots are reused: a T that keeps its memory when assigned to (strings)
/// costs no allocation in the long run. Thread: push() one writer at a time, pop() one reader.
template <typename T>
class SpscRing {
public:
    /// Room for at least `capacity` elements.
    explicit SpscRing(std::size_t capacity)
        : m_slots(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity)), m_mask(m_slots.size() - 1)
    {
    }
    SpscRing(const SpscRing&) = delete;
    SpscRing& operator=(const SpscRing&) = delete;

    /// Lets `fill` write the next free slot; false when there is none.
    template <typename Fill>
    bool push(Fill&& fill)
    {
        const std::size_t tail = m_tail.load(std::memory_order_relaxed); // only this thread writes it
        if (tail - m_head.load(std::memory_order_acquire) > m_mask) {    // pairs with pop()'s release
            return false;
        }
        fill(m_slots[tail & m_mask]);
        m_tail.store(tail + 1, std::memory_order_release); // pairs with pop()'s acquire: the slot is written
        return true;
    }

    /// Lets `take` read the oldest element; false when there is none.
    template <typename Take>
    bool pop(Take&& take)
    {
        const std::size_t head = m_head.load(std::memory_order_relaxed); // only this thread writes it
        if (head == m_tail.load(std::memory_order_acquire)) {            // pairs with push()'s release
            return false;
        }
        take(m_slots[head & m_mask]);
        m_head.store(head + 1, std::memory_order_release); // pairs with push()'s acquire: the slot is free
        return true;
    }

    [[nodiscard]] std::size_t capacity() const { return m_slots.size(); }

private:
    std::vector<T> m_slots;
    std::size_t m_mask;
    alignas(64) std::atomic<std::size_t> m_head{0};
    alignas(64) std::atomic<std::size_t> m_tail{0};
};

} // namespace streamwright
