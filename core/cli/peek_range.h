#pragma once

#include "core/base/result.h"
#include "core/kafka/consumer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A place in a topic as `peek` takes it.
struct PeekPlace {
    enum class Kind : std::uint8_t { Earliest, Latest, Offset, Last, Time };
    Kind kind = Kind::Earliest;
    std::int64_t number = 0; ///< Offset; Last: how many; Time: milliseconds since 1970
};

/// `earliest`, `latest`, an offset, `-N` (the last N of each partition), `2026-01-31` or a time as RFC 3339
/// has it; empty where it is none of them.
[[nodiscard]] std::optional<PeekPlace> parsePlace(std::string_view text);

/// What is read of one partition: offsets first <= o < end.
struct PeekPartition {
    kafka::TopicPartition where;
    std::int64_t first = 0;
    std::int64_t end = 0; ///< as it is now; following goes on behind it
    bool done = false;
};

/// Works the places out for each partition. Without `canLookUpTimes` (the embedded broker) a time is the
/// beginning; the caller filters by time anyway. Errors: those of the broker.
[[nodiscard]] Result<std::vector<PeekPartition>>
resolveRange(kafka::Consumer& consumer, const std::vector<kafka::TopicPartition>& partitions,
             const PeekPlace& from, const std::optional<PeekPlace>& to, bool canLookUpTimes);

} // namespace streamwright
