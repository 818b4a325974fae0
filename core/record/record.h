#pragma once

#include "core/record/json_value.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace streamwright {

/// Bytes that may be null (a Kafka key, value or header value): null is a view whose data() is nullptr,
/// which is not the same as an empty one.
using NullableBytes = std::string_view;
[[nodiscard]] inline bool isNull(NullableBytes bytes)
{
    return bytes.data() == nullptr;
}

/// KIP-32: who set a record's timestamp.
enum class TimestampType : std::uint8_t { NotAvailable, Create, LogAppend };

/// How a value is understood. Text is valid UTF-8, Bytes are opaque, Json was validated and indexed at the
/// source.
enum class ValueFormat : std::uint8_t { Json, Text, Bytes };

struct Header {
    std::string_view name;
    NullableBytes value;
};
using HeadersView = std::span<const Header>;

/// A record as it was consumed; what a dead letter holds. Lives in the batch, never changes.
/// Sources that are not Kafka give their node id as topic, partition 0 and a running offset.
struct Origin {
    std::string_view topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    NullableBytes key;
    NullableBytes value;
    HeadersView headers;
    std::int64_t timestampMs = -1; ///< since 1970-01-01 UTC; -1 = none
    TimestampType timestampType = TimestampType::NotAvailable;
    ValueFormat format = ValueFormat::Bytes;
    const JsonValue* json = nullptr; ///< index of `value` where format is Json and it is valid
    std::uint32_t attempts = 0;      ///< of header __streamwright.errors.attempts, 0 without it
};

/// Where in a node's work a record failed (semantics.md, part 4).
enum class Stage : std::uint8_t { Deserialize, Process, Produce };
[[nodiscard]] std::string_view toString(Stage stage);

/// The bounded set of reasons for which a record fails (semantics.md, part 4).
enum class RecordErrorCode : std::uint8_t {
    BadJson,
    BadUtf8,
    TooDeep,
    NotAnObject,
    MissingField,
    WrongType,
    NotEnoughParts,
    OutOfRange,
    NoMatch,
    ExpressionError,
    TooLarge,
    ProduceFailed
};
[[nodiscard]] std::string_view toString(RecordErrorCode code); ///< "bad_json", …

/// Why a record failed. Views live in the batch's arena or are literals.
struct RecordError {
    RecordErrorCode code = RecordErrorCode::BadJson;
    Stage stage = Stage::Process;
    std::string_view message; ///< for people; capped at 1 KiB where it is written
    std::string_view detail;  ///< the node's own reason where a configured message replaces it, else empty
    std::string_view field;   ///< path of the field at fault, else empty
    std::int32_t from = -1; ///< characters (code points) from..to of that field's text at fault; -1 = unknown
    std::int32_t to = -1;
    std::string_view node; ///< id of the failing node; set by the executor
};

/// The value of a record at one place of the chain.
struct RecordValue {
    ValueFormat format = ValueFormat::Bytes;
    NullableBytes bytes; ///< Text and Bytes: the value; Json: the original text (null = tombstone)
    const JsonValue* json = nullptr; ///< Json: index and edits; nullptr for a tombstone
};

/// One record on its way through a chain: a small value of views into the batch. Copying it is cheap; an edit
/// replaces views, never bytes. Thread: the task's.
struct Record {
    const Origin* origin = nullptr;
    NullableBytes key;
    HeadersView headers;
    std::int64_t timestampMs = -1;
    TimestampType timestampType = TimestampType::NotAvailable;
    RecordValue value;
    const RecordError* error = nullptr; ///< set on the way out of an error port
};

/// The record as it was consumed, on its way to a dead letter: key, value, headers and time of `origin`.
[[nodiscard]] Record restoredFrom(const Origin& origin, const RecordError* error);

} // namespace streamwright
