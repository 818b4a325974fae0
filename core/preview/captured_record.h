#pragma once

#include "core/record/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

/// A record at one place of a pipeline, copied out of its batch. Plain value.
struct CapturedRecord {
    std::string topic; ///< of a sink: where it was written to; else where it came from
    std::int32_t partition = -1;
    std::int64_t offset = -1; ///< of the record that was consumed
    std::int64_t timestampMs = -1;
    std::optional<std::string> key;
    std::optional<std::string> value; ///< with the edits up to here
    ValueFormat format = ValueFormat::Bytes;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    bool failed = false; ///< it went out of an error port; `error` says why
    struct Failure {
        std::string node;
        std::string stage;
        std::string code;
        std::string message;
        std::string detail;
        std::string field;
        std::int32_t from = -1;
        std::int32_t to = -1;
    };
    Failure error;
};

using CapturedRecords = std::vector<CapturedRecord>;

/// A copy of `record` as it stands.
[[nodiscard]] CapturedRecord capture(const Record& record);

} // namespace streamwright
