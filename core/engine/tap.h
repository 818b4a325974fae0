#pragma once

#include "core/record/record.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

struct TapLimits {
    std::size_t perBatch = 1024;
    std::size_t perSecond = 5'000;
    std::size_t valueBytes = 4'096; ///< longer values are cut and say so
    std::size_t capacity = 16'384;  ///< samples between two drains
};

/// A copy of a record that crossed an edge.
struct TapSample {
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    std::int64_t timestampMs = -1;
    bool keyIsNull = true;
    std::string key;
    bool valueIsNull = false;
    std::string value;         ///< as it stood on this edge, edits included
    std::size_t valueSize = 0; ///< before it was cut
    ValueFormat format = ValueFormat::Bytes;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string errorCode; ///< behind an error port
    std::string errorMessage;
    std::string errorNode;
};

/// A viewer of one edge. While it lives the engine copies samples into a ring that drops the newest when full
/// and counts it; destroying it ends that. drain() and dropped(): one reading thread.
class Tap {
public:
    virtual ~Tap() = default;
    /// Moves what came since the last call, at most `limit` samples.
    [[nodiscard]] virtual std::vector<TapSample> drain(std::size_t limit) = 0;
    [[nodiscard]] virtual std::uint64_t dropped() const = 0;
};

} // namespace streamwright
