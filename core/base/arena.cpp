#include "core/base/arena.h"

#include <algorithm>

namespace streamwright {

void Arena::enter(std::size_t block)
{
    m_current = block;
    m_base = m_blocks[block].data.get();
    m_capacity = m_blocks[block].size;
    m_used = 0;
}

void* Arena::allocateSlow(std::size_t size)
{
    // Later blocks may be left from an earlier batch: use the next one that is large enough.
    for (std::size_t next = m_blocks.empty() ? 0 : m_current + 1; next < m_blocks.size(); ++next) {
        if (m_blocks[next].size >= size) {
            std::swap(m_blocks[next], m_blocks[m_current + 1]);
            enter(m_current + 1);
            m_used = size;
            return m_base;
        }
    }
    const std::size_t bytes = std::max(size, m_blockBytes);
    const std::size_t position = m_blocks.empty() ? 0 : m_current + 1;
    m_blocks.insert(m_blocks.begin() + static_cast<std::ptrdiff_t>(position),
                    Block{std::make_unique_for_overwrite<char[]>(bytes), bytes});
    enter(position);
    m_used = size;
    return m_base; // blocks come from operator new[], aligned for everything
}

void Arena::reset(std::size_t keepBytes)
{
    std::size_t kept = 0;
    std::size_t count = 0;
    while (count < m_blocks.size() && kept + m_blocks[count].size <= keepBytes) {
        kept += m_blocks[count++].size;
    }
    m_blocks.resize(count);
    if (m_blocks.empty()) {
        m_base = nullptr;
        m_used = m_capacity = m_current = 0;
    } else {
        enter(0);
    }
}

std::size_t Arena::reservedBytes() const
{
    std::size_t total = 0;
    for (const Block& block : m_blocks) {
        total += block.size;
    }
    return total;
}

} // namespace streamwright
