#pragma once

#include "core/base/arena.h"
#include "core/record/record.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace streamwright {

using RecordIndex = std::uint32_t;

/// Largest number of records in a batch (architecture.md, part 4).
constexpr std::size_t kMaxBatchRecords = 1024;

/// Records of a batch, some or all of them, in their order: a cheap view over arrays in the batch's arena. A
/// filter makes a smaller selection, an edit a writable copy. Valid until the storage is reset.
/// Thread: the task's.
class Batch {
public:
    Batch() = default;
    Batch(Arena& arena, std::span<Record> records, std::span<const RecordIndex> selection, bool exclusive)
        : m_arena(&arena), m_records(records), m_selection(selection), m_exclusive(exclusive)
    {
    }

    /// All of `records`, which nobody else holds.
    [[nodiscard]] static Batch all(Arena& arena, std::span<Record> records);

    [[nodiscard]] Arena& arena() const { return *m_arena; }
    [[nodiscard]] std::span<const RecordIndex> selection() const { return m_selection; }
    [[nodiscard]] std::size_t size() const { return m_selection.size(); }
    [[nodiscard]] bool empty() const { return m_selection.empty(); }
    [[nodiscard]] const Record& record(RecordIndex index) const { return m_records[index]; }

    /// These records only; `indices` are copied.
    [[nodiscard]] Batch select(std::span<const RecordIndex> indices) const;
    /// The same records, with another reader beside this one: nobody may edit them in place.
    [[nodiscard]] Batch shared() const;
    [[nodiscard]] bool exclusive() const { return m_exclusive; }

    /// The same records, ours to change: in place where no other reader has them, else copied (the records,
    /// not what they point to).
    [[nodiscard]] Batch writable() const;
    /// Only of a writable() batch.
    [[nodiscard]] Record& mutableRecord(RecordIndex index) { return m_records[index]; }

private:
    Arena* m_arena = nullptr;
    std::span<Record> m_records;
    std::span<const RecordIndex> m_selection;
    bool m_exclusive = false;
};

} // namespace streamwright
