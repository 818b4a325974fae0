#pragma once

#include "core/cel/program.h"
#include "core/record/dead_letter.h"
#include "core/record/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace streamwright {

/// What a kafka_source declares; the topology collects the bindings of a flow and the engine opens one
/// consumer for them. Field meanings: document.md part 4.
struct KafkaSourceBinding {
    enum class Reset : std::uint8_t { Earliest, Latest, Error };
    enum class OnOffsetLost : std::uint8_t { Fail, Earliest, Latest };

    std::string connection;
    std::vector<std::string> topics;
    std::string groupId; ///< empty: the pipeline's name
    Reset reset = Reset::Earliest;
    OnOffsetLost onOffsetLost = OnOffsetLost::Fail;
    bool skipTombstones = false;
    ValueFormat format = ValueFormat::Json;
};

/// What a kafka_sink declares. The engine evaluates the programs per record, off the hot path where absent.
struct KafkaSinkBinding {
    enum class KeyMode : std::uint8_t { Keep, None, Expression };
    enum class PartitionMode : std::uint8_t { Auto, Keep, ByKey, Expression };
    enum class HeadersMode : std::uint8_t { Keep, None };
    enum class TimestampMode : std::uint8_t { Keep, Now };

    std::string connection;
    std::string topic;                     ///< empty where topicFrom is set
    std::optional<cel::Program> topicFrom; ///< gives a string
    KeyMode keyMode = KeyMode::Keep;
    std::optional<cel::Program> key; ///< string, bytes or null
    PartitionMode partitionMode = PartitionMode::Auto;
    std::optional<cel::Program> partition; ///< int
    HeadersMode headers = HeadersMode::Keep;
    TimestampMode timestamp = TimestampMode::Keep;
    std::string compression = "lz4";
    ValueFormat format = ValueFormat::Json;
    struct Create {
        int partitions = 1;
        int replicationFactor = 1;
    };
    std::optional<Create> create;
    DeadLetterHeaderStyle errorHeaders = DeadLetterHeaderStyle::Streamwright;
};

} // namespace streamwright
