#include "core/record/record_line.h"

#include "core/record/record_text.h"

namespace streamwright {

void appendRecordLine(std::string& out, const Record& record)
{
    LineWriter line(out);
    line.text("topic", record.origin->topic);
    line.number("partition", record.origin->partition);
    line.number("offset", record.origin->offset);
    line.timestamp("timestamp", record.timestampMs);
    line.bytes("key", record.key);
    line.value("value", record.value, true);
    line.headers("headers", record.headers);
    line.close();
    out += '\n';
}

Result<RecordLine> parseRecordLine(std::string_view line)
{
    Arena arena;
    JsonError problem;
    const JsonValue* const value = JsonIndexer().index(line, arena, problem);
    if (value == nullptr || !value->isObject()) {
        return Error{Errc::ParseError, value != nullptr
                                           ? std::string("The line is not an object.")
                                           : "The line is not JSON: " + std::string(problem.reason) +
                                                 " at byte " + std::to_string(problem.offset) + '.'};
    }
    const LineFields fields(value->root);
    RecordLine record;
    record.topic = fields.text("topic");
    record.partition = static_cast<std::int32_t>(fields.number("partition", -1));
    record.offset = fields.number("offset", -1);
    record.timestampMs = fields.number("timestamp", -1);
    auto key = fields.bytes("key");
    auto body = fields.value("value", false);
    auto headers = fields.headers("headers");
    if (!key || !body || !headers) {
        return !key ? key.error() : !body ? body.error() : headers.error();
    }
    record.key = std::move(*key);
    record.value = std::move(*body);
    record.headers = std::move(*headers);
    return record;
}

} // namespace streamwright
