#include "core/engine/source_decoder.h"

#include "core/base/utf8.h"
#include "core/record/dead_letter.h"

#include <algorithm>
#include <cstdio>

namespace streamwright {
namespace {

const RecordError* failure(const Origin& origin, RecordErrorCode code, const char* what, std::size_t byte,
                           const char* reason, Arena& arena)
{
    constexpr std::size_t kRoom = 512;
    constexpr int kShownTopic = 249; // the longest name that Kafka takes
    char text[kRoom];
    const int length =
        std::snprintf(text, sizeof text, "Record %.*s[%d]@%lld is not %s: %s at byte %zu.",
                      std::min(kShownTopic, static_cast<int>(origin.topic.size())), origin.topic.data(),
                      origin.partition, static_cast<long long>(origin.offset), what, reason, byte);
    const auto size = static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof text) - 1));
    return arena.make<RecordError>(code, Stage::Deserialize, arena.copy({text, size}));
}

} // namespace

const RecordError* SourceDecoder::check(Origin& origin, Arena& arena)
{
    if (m_format == ValueFormat::Bytes || origin.value.empty()) {
        return nullptr; // nothing to look at: opaque, or a tombstone
    }
    if (m_format == ValueFormat::Text) {
        if (isValidUtf8(origin.value)) {
            return nullptr;
        }
        std::size_t valid = 0;
        while (const std::size_t length = utf8SequenceLength(origin.value, valid)) {
            valid += length;
        }
        return failure(origin, RecordErrorCode::BadUtf8, "UTF-8 text", valid, "invalid bytes", arena);
    }
    JsonError error;
    origin.json = m_indexer.index(origin.value, arena, error);
    if (origin.json != nullptr) {
        return nullptr;
    }
    const RecordErrorCode code =
        error.code == JsonError::Code::TooDeep ? RecordErrorCode::TooDeep : RecordErrorCode::BadJson;
    return failure(origin, code, "JSON", error.offset, error.reason, arena);
}

SourceDecoder::Decoded SourceDecoder::decode(std::span<Origin> origins, Arena& arena)
{
    m_failed.clear();
    Decoded decoded;
    const std::span<Record> records = arena.makeArray<Record>(origins.size());
    std::size_t count = 0;
    for (Origin& origin : origins) {
        decoded.bytes += origin.key.size() + origin.value.size();
        origin.format = m_format;
        origin.attempts = origin.headers.empty() ? 0 : attemptsOf(origin.headers);
        if (m_skipTombstones && isNull(origin.value)) {
            ++decoded.skipped;
            continue;
        }
        if (const RecordError* const error = check(origin, arena)) {
            m_failed.push_back({&origin, error});
            continue;
        }
        records[count++] = restoredFrom(origin, nullptr);
    }
    decoded.batch = Batch::all(arena, records.first(count));
    decoded.failed = m_failed;
    return decoded;
}

} // namespace streamwright
