#pragma once

#include "core/base/arena.h"
#include "core/engine/run_log.h"
#include "core/record/batch.h"
#include "core/record/json_value.h"

#include <cstddef>
#include <span>
#include <vector>

namespace streamwright {

/// Makes records out of what a source brought: checks and indexes JSON once, strictly, checks that text is
/// UTF-8, reads how often a record had failed before. Thread: its task's.
class SourceDecoder {
public:
    SourceDecoder(ValueFormat format, bool skipTombstones)
        : m_format(format), m_skipTombstones(skipTombstones)
    {
    }

    struct Decoded {
        Batch batch;                          ///< what can be read, in its order
        std::span<const FailedRecord> failed; ///< the others; valid until the next call
        std::size_t skipped = 0;              ///< tombstones left out on purpose
        std::size_t bytes = 0;                ///< keys and values of all of them
    };

    /// Fills in the origins' format, json and attempts. Everything lives as long as `origins` and `arena`.
    [[nodiscard]] Decoded decode(std::span<Origin> origins, Arena& arena);

private:
    [[nodiscard]] const RecordError* check(Origin& origin, Arena& arena);

    ValueFormat m_format;
    bool m_skipTombstones;
    JsonIndexer m_indexer;
    std::vector<FailedRecord> m_failed;
};

} // namespace streamwright
