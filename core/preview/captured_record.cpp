#include "core/preview/captured_record.h"

#include "core/record/json_value.h"

namespace streamwright {
namespace {

std::optional<std::string> copied(NullableBytes bytes)
{
    return isNull(bytes) ? std::nullopt : std::optional<std::string>(bytes);
}

} // namespace

CapturedRecord capture(const Record& record)
{
    CapturedRecord copy;
    copy.topic = record.origin->topic;
    copy.partition = record.origin->partition;
    copy.offset = record.origin->offset;
    copy.timestampMs = record.timestampMs;
    copy.key = copied(record.key);
    copy.format = record.value.format;
    if (record.value.json != nullptr) {
        appendJson(copy.value.emplace(), *record.value.json);
    } else {
        copy.value = copied(record.value.bytes);
    }
    for (const Header& header : record.headers) {
        copy.headers.emplace_back(header.name, copied(header.value));
    }
    if (record.error != nullptr) {
        const RecordError& error = *record.error;
        copy.failed = true;
        copy.error = {.node = std::string(error.node),
                      .stage = std::string(toString(error.stage)),
                      .code = std::string(toString(error.code)),
                      .message = std::string(error.message),
                      .detail = std::string(error.detail),
                      .field = std::string(error.field),
                      .from = error.from,
                      .to = error.to};
    }
    return copy;
}

} // namespace streamwright
