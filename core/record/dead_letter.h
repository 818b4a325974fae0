#pragma once

#include "core/base/arena.h"
#include "core/base/result.h"
#include "core/record/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// Whose names the headers of a dead letter have (semantics.md part 4): ours, Kafka Streams' (KIP-1034) or
/// Kafka Connect's (KIP-298). Only ours tell everything.
enum class DeadLetterHeaderStyle : std::uint8_t { Streamwright, KafkaStreams, KafkaConnect };

/// Begins the name of every error header of ours.
constexpr std::string_view kErrorHeaderPrefix = "__streamwright.errors.";
/// The one header of them that a source reads (Origin::attempts).
constexpr std::string_view kAttemptsHeader = "__streamwright.errors.attempts";
/// Longer error messages are cut where they are written.
constexpr std::size_t kMaxErrorMessageBytes = 1024;

/// Appends the line of `record`, which left an error port, and a line end: first why it failed, then the
/// record as it was consumed. One line whatever the value holds: line ends between JSON tokens become spaces.
void appendDeadLetterLine(std::string& out, const Record& record, std::string_view pipelineName,
                          std::int64_t nowMs);

/// The record's own headers, without error headers of an earlier failure, and behind them those that tell of
/// this one. Lives in `arena`, names and values included.
[[nodiscard]] HeadersView deadLetterHeaders(const Record& record, std::string_view pipelineName,
                                            std::int64_t nowMs, DeadLetterHeaderStyle style, Arena& arena);

[[nodiscard]] bool isErrorHeader(std::string_view name);
/// `headers` without error headers of ours: what a sink passes on. The same view where it has none.
[[nodiscard]] HeadersView withoutErrorHeaders(HeadersView headers, Arena& arena);

/// What kAttemptsHeader says; 0 where it is absent or no number.
[[nodiscard]] std::uint32_t attemptsOf(HeadersView headers);

/// A dead letter read back, for whoever repairs and sends again. Codes and stages are text here: another
/// version may have written them. Plain value.
struct DeadLetter {
    std::string code;
    std::string message;
    std::string detail;
    std::string field;
    std::int32_t from = -1;
    std::int32_t to = -1;
    std::string node;
    std::string stage;
    std::string pipeline;
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    std::uint32_t attempts = 0;
    std::int64_t failedAtMs = -1;  ///< wall clock
    std::int64_t timestampMs = -1; ///< of the record

    std::optional<std::string> key; ///< empty: null
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers; ///< without error headers
};

/// Reads a line that appendDeadLetterLine() wrote. A JSON value comes back as it stands in the line. Errors:
/// ParseError.
[[nodiscard]] Result<DeadLetter> parseDeadLetterLine(std::string_view line);

/// Reads a record of a dead-letter topic in any of the three styles; empty where its headers tell of no
/// error.
[[nodiscard]] std::optional<DeadLetter> readDeadLetter(const Origin& record);

} // namespace streamwright
