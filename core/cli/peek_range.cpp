#include "core/cli/peek_range.h"

#include "core/base/time_text.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace streamwright {
namespace {

constexpr Millis kAskTimeout{10'000};

std::optional<std::int64_t> toNumber(std::string_view text)
{
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, number);
    return problem == std::errc{} && at == end && !text.empty() ? std::optional(number) : std::nullopt;
}

/// The place as an offset within what is there.
std::int64_t offsetOf(const PeekPlace& place, const kafka::Watermarks& marks,
                      std::optional<std::int64_t> byTime)
{
    switch (place.kind) {
    case PeekPlace::Kind::Earliest: return marks.low;
    case PeekPlace::Kind::Latest: return marks.high;
    case PeekPlace::Kind::Offset: return std::clamp(place.number, marks.low, marks.high);
    case PeekPlace::Kind::Last: return std::max(marks.low, marks.high - place.number);
    case PeekPlace::Kind::Time: return byTime ? std::clamp(*byTime, marks.low, marks.high) : marks.low;
    }
    return marks.low;
}

/// First offsets at or after a time, by partition; empty where the broker cannot tell.
std::vector<std::optional<std::int64_t>> offsetsAt(kafka::Consumer& consumer,
                                                   const std::vector<kafka::TopicPartition>& partitions,
                                                   const std::optional<PeekPlace>& place)
{
    std::vector<std::optional<std::int64_t>> offsets(partitions.size());
    if (!place || place->kind != PeekPlace::Kind::Time) {
        return offsets;
    }
    const auto found = consumer.offsetsAt(partitions, place->number, kAskTimeout);
    for (std::size_t i = 0; found && i < std::min(found->size(), offsets.size()); ++i) {
        const kafka::PartitionOffset& offset = (*found)[i];
        if (!offset.error && offset.offset >= 0) {
            offsets[i] = offset.offset;
        } else if (!offset.error && offset.offset == kafka::kOffsetEnd) {
            offsets[i] = std::numeric_limits<std::int64_t>::max();
        }
    }
    return offsets;
}

} // namespace

std::optional<PeekPlace> parsePlace(std::string_view text)
{
    if (text == "earliest" || text == "latest") {
        return PeekPlace{text == "latest" ? PeekPlace::Kind::Latest : PeekPlace::Kind::Earliest, 0};
    }
    if (const auto number = toNumber(text)) {
        return *number < 0 ? PeekPlace{PeekPlace::Kind::Last, -*number}
                           : PeekPlace{PeekPlace::Kind::Offset, *number};
    }
    constexpr std::size_t kDateLength = 10;
    const std::string time =
        text.size() == kDateLength ? std::string(text) + "T00:00:00Z" : std::string(text);
    if (const auto ms = parseRfc3339(time)) {
        return PeekPlace{PeekPlace::Kind::Time, *ms};
    }
    return std::nullopt;
}

Result<std::vector<PeekPartition>> resolveRange(kafka::Consumer& consumer,
                                                const std::vector<kafka::TopicPartition>& partitions,
                                                const PeekPlace& from, const std::optional<PeekPlace>& to,
                                                bool canLookUpTimes)
{
    const std::vector<std::optional<std::int64_t>> unknown(partitions.size());
    const auto firstByTime = canLookUpTimes ? offsetsAt(consumer, partitions, from) : unknown;
    const auto endByTime = canLookUpTimes ? offsetsAt(consumer, partitions, to) : unknown;
    std::vector<PeekPartition> range;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        const auto marks = consumer.watermarks(partitions[i], kAskTimeout);
        if (!marks) {
            return marks.error();
        }
        PeekPartition partition{.where = partitions[i]};
        partition.first = offsetOf(from, *marks, firstByTime[i]);
        partition.end = marks->high;
        const bool endKnown = to && (to->kind != PeekPlace::Kind::Time || endByTime[i]);
        if (endKnown) {
            partition.end = offsetOf(*to, *marks, endByTime[i]);
        }
        partition.done = partition.first >= partition.end;
        range.push_back(partition);
    }
    return range;
}

} // namespace streamwright
