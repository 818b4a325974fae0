#pragma once

#include "core/base/result.h"
#include "core/record/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// Appends a record as one JSON object on one line, with a line end: `{"topic": "t", "partition": 0,
/// "offset": 12, "timestamp": 1700000000000, "key": "k", "value": {…}, "headers": [["name", "text"]]}`. What
/// `peek --format json` prints and `produce --json` reads. A key, value or header that is not UTF-8 is base64
/// and marked `"key_encoding": "base64"`; a value that is text and no JSON is marked `"value_encoding":
/// "text"`.
void appendRecordLine(std::string& out, const Record& record);

/// A record read back; what the line does not name is empty. Plain value.
struct RecordLine {
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    std::int64_t timestampMs = -1;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

/// Reads a line that appendRecordLine() wrote, or that somebody wrote after its form. Errors: ParseError.
[[nodiscard]] Result<RecordLine> parseRecordLine(std::string_view line);

} // namespace streamwright
