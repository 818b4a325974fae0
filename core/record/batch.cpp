#include "core/record/batch.h"

#include <algorithm>
#include <numeric>

namespace streamwright {

Batch Batch::all(Arena& arena, std::span<Record> records)
{
    const std::span<RecordIndex> indices = arena.makeArray<RecordIndex>(records.size());
    std::iota(indices.begin(), indices.end(), RecordIndex{0});
    return {arena, records, indices, true};
}

Batch Batch::select(std::span<const RecordIndex> indices) const
{
    if (indices.size() == m_selection.size()) {
        return *this; // a selection of a batch's own records in their order: all of them
    }
    const std::span<RecordIndex> copy = m_arena->makeArray<RecordIndex>(indices.size());
    std::copy(indices.begin(), indices.end(), copy.begin());
    return {*m_arena, m_records, copy, m_exclusive};
}

Batch Batch::shared() const
{
    return {*m_arena, m_records, m_selection, false};
}

Batch Batch::writable() const
{
    if (m_exclusive) {
        return *this;
    }
    const std::span<Record> copies = m_arena->makeArray<Record>(m_selection.size());
    std::transform(m_selection.begin(), m_selection.end(), copies.begin(),
                   [this](RecordIndex index) { return m_records[index]; });
    return all(*m_arena, copies);
}

} // namespace streamwright
