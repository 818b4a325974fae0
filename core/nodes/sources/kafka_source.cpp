#include "core/base/diagnostic.h"
#include "core/node/binding.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

using Reset = KafkaSourceBinding::Reset;
using OnOffsetLost = KafkaSourceBinding::OnOffsetLost;

enum class Tombstones : std::uint8_t { Pass, Skip };

struct KafkaSourceConfig {
    std::string connection;
    std::string topic;
    std::vector<std::string> topics;
    std::string groupId;
    Reset autoOffsetReset = Reset::Earliest;
    OnOffsetLost onOffsetLost = OnOffsetLost::Fail;
    Tombstones tombstones = Tombstones::Pass;
    ValueFormat format = ValueFormat::Json;
};

TypedSpec<KafkaSourceConfig> kafkaSourceSpec()
{
    return SpecBuilder<KafkaSourceConfig>::source("kafka_source", "Input topic")
        .since("0.1")
        .summary("Reads the records of Kafka topics.")
        .description(
            "Reads as a member of a consumer group and goes on, after a restart, behind what was committed. "
            "With format `json` every value is checked once, strictly; what is not JSON leaves by the "
            "`error` "
            "port with its original bytes. An empty value (tombstone) counts as null.")
        .output(kOut, "The records, in the order of their partition.")
        .errorOutput("error", "Records whose value is not what the format says.")
        .add(field(&KafkaSourceConfig::connection, "connection", "Connection")
                 .doc("Name of a connection of this document.")
                 .editor(Editor::Connection)
                 .recommend("connections")
                 .required())
        .add(field(&KafkaSourceConfig::topic, "topic", "Topic")
                 .doc("The topic to read.")
                 .editor(Editor::Topic)
                 .recommend("topics"))
        .add(field(&KafkaSourceConfig::topics, "topics", "Topics")
                 .doc("Several topics to read, instead of one.")
                 .recommend("topics")
                 .advanced())
        .add(field(&KafkaSourceConfig::groupId, "group_id", "Consumer group")
                 .doc("Group whose committed offsets say where to go on. Left empty: the pipeline's name."))
        .add(field(&KafkaSourceConfig::autoOffsetReset, "auto_offset_reset", "Begin at")
                 .doc("Where a group without committed offsets begins.")
                 .options({{Reset::Earliest, "earliest", "The first record"},
                           {Reset::Latest, "latest", "The end: only what is new"},
                           {Reset::Error, "error", "Nowhere: stop and say so"}}))
        .add(field(&KafkaSourceConfig::onOffsetLost, "on_offset_lost", "When the place is lost")
                 .doc("What to do when retention has removed the record at the committed offset.")
                 .advanced()
                 .options({{OnOffsetLost::Fail, "fail", "Stop and say so"},
                           {OnOffsetLost::Earliest, "earliest", "Go on at the first record there is"},
                           {OnOffsetLost::Latest, "latest", "Go on at the end"}}))
        .add(field(&KafkaSourceConfig::tombstones, "tombstones", "Tombstones")
                 .doc("What to do with records whose value is empty or null.")
                 .advanced()
                 .options({{Tombstones::Pass, "pass", "Pass them on"},
                           {Tombstones::Skip, "skip", "Skip and count them"}}))
        .add(field(&KafkaSourceConfig::format, "format", "Format")
                 .doc("What the values are.")
                 .options({{ValueFormat::Json, "json", "JSON"},
                           {ValueFormat::Text, "text", "Text (UTF-8)"},
                           {ValueFormat::Bytes, "bytes", "Bytes, unread"}}))
        .example("Customers' messages",
                 R"({"connection": "kafka", "topic": "InputsTopic", "group_id": "corp-apps"})")
        .build();
}

Diagnostics lintKafkaSource(const KafkaSourceConfig& config, const LintContext&)
{
    Diagnostics found;
    if (config.topic.empty() && config.topics.empty()) {
        found.push_back(fieldProblem("topic", "missing_field", "Name the topic to read."));
    }
    if (!config.topic.empty() && !config.topics.empty()) {
        found.push_back(fieldProblem("topics", "conflicting_fields",
                                     "Both \"topic\" and \"topics\" are set. Keep one of them."));
    }
    for (std::size_t i = 0; i < config.topics.size(); ++i) {
        if (std::find(config.topics.begin(), config.topics.begin() + static_cast<std::ptrdiff_t>(i),
                      config.topics[i]) != config.topics.begin() + static_cast<std::ptrdiff_t>(i)) {
            found.push_back(fieldProblem("topics[" + std::to_string(i) + ']', "duplicate_topic",
                                         "Topic " + quoted(config.topics[i]) + " is listed twice."));
        }
    }
    return found;
}

Result<KafkaSourceBinding> makeKafkaSource(const KafkaSourceConfig& config, MakeContext&)
{
    KafkaSourceBinding binding;
    binding.connection = config.connection;
    binding.topics = config.topic.empty() ? config.topics : std::vector<std::string>{config.topic};
    binding.groupId = config.groupId;
    binding.reset = config.autoOffsetReset;
    binding.onOffsetLost = config.onOffsetLost;
    binding.skipTombstones = config.tombstones == Tombstones::Skip;
    binding.format = config.format;
    return binding;
}

} // namespace

NodeType kafkaSourceNodeType()
{
    return makeNodeType<KafkaSourceConfig>(kafkaSourceSpec(), lintKafkaSource, makeKafkaSource);
}

} // namespace streamwright
