#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace streamwright {

/// Memory of one batch: allocation moves a pointer, everything is freed at once by reset(), which keeps the
/// blocks for the next batch. Only trivially destructible things live here. Thread: one at a time.
class Arena {
public:
    explicit Arena(std::size_t blockBytes = kDefaultBlockBytes) : m_blockBytes(blockBytes) {}
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    Arena(Arena&&) = default;
    Arena& operator=(Arena&&) = default;

    /// `size` bytes, uninitialised, aligned to `alignment` (a power of two).
    [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment = alignof(std::max_align_t))
    {
        const std::size_t start = (m_used + alignment - 1) & ~(alignment - 1);
        if (start + size <= m_capacity) {
            m_used = start + size;
            return m_base + start;
        }
        return allocateSlow(size);
    }

    template <typename T, typename... Args>
    [[nodiscard]] T* make(Args&&... args)
    {
        static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
        return ::new (allocate(sizeof(T), alignof(T))) T{static_cast<Args&&>(args)...};
    }

    /// `count` value-initialised elements.
    template <typename T>
    [[nodiscard]] std::span<T> makeArray(std::size_t count)
    {
        static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
        T* const data = static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
        for (std::size_t i = 0; i < count; ++i) {
            ::new (static_cast<void*>(data + i)) T{};
        }
        return {data, count};
    }

    /// A copy of `text` that lives until reset().
    [[nodiscard]] std::string_view copy(std::string_view text)
    {
        char* const data = static_cast<char*>(allocate(text.size() + 1, 1));
        if (!text.empty()) {
            std::memcpy(data, text.data(), text.size());
        }
        return {data, text.size()};
    }

    /// Forgets everything handed out; blocks beyond `keepBytes` are given back.
    void reset(std::size_t keepBytes = kDefaultKeepBytes);

    /// Bytes in blocks, used or not.
    [[nodiscard]] std::size_t reservedBytes() const;

    static constexpr std::size_t kDefaultBlockBytes = 64 * 1024;
    static constexpr std::size_t kDefaultKeepBytes = 4 * 1024 * 1024;

private:
    struct Block {
        std::unique_ptr<char[]> data;
        std::size_t size = 0;
    };

    void* allocateSlow(std::size_t size);
    void enter(std::size_t block);

    std::size_t m_blockBytes;
    char* m_base = nullptr;
    std::size_t m_used = 0;
    std::size_t m_capacity = 0;
    std::size_t m_current = 0;
    std::vector<Block> m_blocks;
};

} // namespace streamwright
