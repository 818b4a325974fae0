#include "core/record/record.h"

namespace streamwright {

std::string_view toString(Stage stage)
{
    switch (stage) {
    case Stage::Deserialize: return "deserialize";
    case Stage::Process: return "process";
    case Stage::Produce: return "produce";
    }
    return "process";
}

std::string_view toString(RecordErrorCode code)
{
    using enum RecordErrorCode;
    switch (code) {
    case BadJson: return "bad_json";
    case BadUtf8: return "bad_utf8";
    case TooDeep: return "too_deep";
    case NotAnObject: return "not_an_object";
    case MissingField: return "missing_field";
    case WrongType: return "wrong_type";
    case NotEnoughParts: return "not_enough_parts";
    case OutOfRange: return "out_of_range";
    case NoMatch: return "no_match";
    case ExpressionError: return "expression_error";
    case TooLarge: return "too_large";
    case ProduceFailed: return "produce_failed";
    }
    return "bad_json";
}

Record restoredFrom(const Origin& origin, const RecordError* error)
{
    return {.origin = &origin,
            .key = origin.key,
            .headers = origin.headers,
            .timestampMs = origin.timestampMs,
            .timestampType = origin.timestampType,
            .value = {.format = origin.format, .bytes = origin.value, .json = origin.json},
            .error = error};
}

} // namespace streamwright
