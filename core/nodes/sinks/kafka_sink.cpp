#include "core/base/diagnostic.h"
#include "core/cel/program.h"
#include "core/node/binding.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace streamwright {
namespace {

using HeadersMode = KafkaSinkBinding::HeadersMode;
using TimestampMode = KafkaSinkBinding::TimestampMode;
using PartitionMode = KafkaSinkBinding::PartitionMode;
using KeyMode = KafkaSinkBinding::KeyMode;

struct CreateConfig {
    std::int64_t partitions = 1;
    std::int64_t replicationFactor = 1;
};

struct KafkaSinkConfig {
    std::string connection;
    std::string topic;
    std::string topicFrom;
    std::string key = "keep";
    std::string partition = "auto";
    HeadersMode headers = HeadersMode::Keep;
    std::string compression = "lz4";
    std::optional<CreateConfig> create;
    ValueFormat format = ValueFormat::Json;
    TimestampMode timestamp = TimestampMode::Keep;
    DeadLetterHeaderStyle errorHeaders = DeadLetterHeaderStyle::Streamwright;
};

TypedSpec<KafkaSinkConfig> kafkaSinkSpec()
{
    return SpecBuilder<KafkaSinkConfig>::sink("kafka_sink", "Output topic")
        .since("0.1")
        .summary("Writes records to a Kafka topic.")
        .description("Key, headers and timestamp of a record go through unless told otherwise; headers "
                     "`__streamwright.errors.*` of an earlier failure do not. Behind an `error` port the "
                     "record is written as it "
                     "was consumed, with headers that say why it failed.\n\n"
                     "With partition `auto` a record whose key is unchanged keeps its partition where the "
                     "topic has it; else the "
                     "key decides, by Java's rule (murmur2).")
        .input("in")
        .errorOutput("error", "Records that the topic does not take: too large, or refused for good.")
        .add(field(&KafkaSinkConfig::connection, "connection", "Connection")
                 .doc("Name of a connection of this document.")
                 .editor(Editor::Connection)
                 .recommend("connections")
                 .required())
        .add(field(&KafkaSinkConfig::topic, "topic", "Topic")
                 .doc("The topic to write to.")
                 .editor(Editor::Topic)
                 .recommend("topics"))
        .add(field(&KafkaSinkConfig::topicFrom, "topic_from", "Topic by expression")
                 .doc("CEL that gives each record's topic, instead of one topic; for example \"orders-\" + "
                      "value.country.")
                 .editor(Editor::CelExpression)
                 .advanced())
        .add(field(&KafkaSinkConfig::key, "key", "Key")
                 .doc("keep, none, or CEL that gives a string, bytes or null.")
                 .editor(Editor::CelExpression))
        .add(field(&KafkaSinkConfig::partition, "partition", "Partition")
                 .doc("auto, keep, by_key, or CEL that gives an int.")
                 .editor(Editor::CelExpression)
                 .advanced())
        .add(field(&KafkaSinkConfig::headers, "headers", "Headers")
                 .doc("Whether the record's headers go along.")
                 .advanced()
                 .options(
                     {{HeadersMode::Keep, "keep", "Keep them"}, {HeadersMode::None, "none", "Write none"}}))
        .add(field(&KafkaSinkConfig::compression, "compression", "Compression")
                 .doc("How batches are compressed.")
                 .advanced()
                 .options({{"lz4", "lz4", "LZ4"},
                           {"none", "none", "None"},
                           {"zstd", "zstd", "Zstandard"},
                           {"gzip", "gzip", "gzip"},
                           {"snappy", "snappy", "Snappy"}}))
        .add(field(&KafkaSinkConfig::create, "create", "Make the topic")
                 .doc("How to make the topic where it is missing and settings.create_topics is on.")
                 .advanced()
                 .columns(
                     field(&CreateConfig::partitions, "partitions", "Partitions").doc("How many.").minimum(1),
                     field(&CreateConfig::replicationFactor, "replication_factor", "Replication factor")
                         .doc("Copies of each partition.")
                         .minimum(1)))
        .add(field(&KafkaSinkConfig::format, "format", "Format")
                 .doc("What the values are.")
                 .advanced()
                 .options({{ValueFormat::Json, "json", "JSON"},
                           {ValueFormat::Text, "text", "Text (UTF-8)"},
                           {ValueFormat::Bytes, "bytes", "Bytes"}}))
        .add(field(&KafkaSinkConfig::timestamp, "timestamp", "Timestamp")
                 .doc("Which time the record gets.")
                 .advanced()
                 .options({{TimestampMode::Keep, "keep", "Its own"},
                           {TimestampMode::Now, "now", "That of the writing"}}))
        .add(
            field(&KafkaSinkConfig::errorHeaders, "error_headers", "Error headers")
                .doc("Whose names the headers of a dead letter have.")
                .advanced()
                .options({{DeadLetterHeaderStyle::Streamwright, "streamwright",
                           "Streamwright's: all that is known"},
                          {DeadLetterHeaderStyle::KafkaStreams, "kafka_streams", "Kafka Streams' (KIP-1034)"},
                          {DeadLetterHeaderStyle::KafkaConnect, "kafka_connect", "Kafka Connect's"}}))
        .example("Numbered purchase requests", R"({"connection": "kafka", "topic": "CorpAppsTopic"})")
        .build();
}

cel::CompileOptions expressionOptions(bool behindErrorPort)
{
    return {.hasError = behindErrorPort};
}

bool keyIsExpression(const KafkaSinkConfig& config)
{
    return config.key != "keep" && config.key != "none";
}

bool partitionIsExpression(const KafkaSinkConfig& config)
{
    return config.partition != "auto" && config.partition != "keep" && config.partition != "by_key";
}

/// Diagnostics of an expression that must give `expected`.
void lintExpression(const std::string& field, const std::string& expression, cel::Kind expected,
                    bool behindErrorPort, Diagnostics& found)
{
    append(found, diagnose(field, cel::check(expression, expressionOptions(behindErrorPort), expected)));
}

Diagnostics lintKafkaSink(const KafkaSinkConfig& config, const LintContext& context)
{
    Diagnostics found;
    if (config.topic.empty() && config.topicFrom.empty()) {
        found.push_back(fieldProblem("topic", "missing_field", "Name the topic to write to."));
    }
    if (!config.topic.empty() && !config.topicFrom.empty()) {
        found.push_back(fieldProblem("topic_from", "conflicting_fields",
                                     "Both \"topic\" and \"topic_from\" are set. Keep one of them."));
    }
    if (!config.topicFrom.empty()) {
        lintExpression("topic_from", config.topicFrom, cel::Kind::String, context.behindErrorPort, found);
    }
    if (keyIsExpression(config)) {
        lintExpression("key", config.key, cel::Kind::Dyn, context.behindErrorPort, found);
    }
    if (partitionIsExpression(config)) {
        lintExpression("partition", config.partition, cel::Kind::Int, context.behindErrorPort, found);
    }
    return found;
}

PartitionMode partitionMode(const KafkaSinkConfig& config)
{
    if (partitionIsExpression(config)) {
        return PartitionMode::Expression;
    }
    return config.partition == "keep"     ? PartitionMode::Keep
           : config.partition == "by_key" ? PartitionMode::ByKey
                                          : PartitionMode::Auto;
}

Result<KafkaSinkBinding> makeKafkaSink(const KafkaSinkConfig& config, MakeContext& context)
{
    KafkaSinkBinding binding;
    binding.connection = config.connection;
    binding.topic = config.topic;
    binding.keyMode = keyIsExpression(config) ? KeyMode::Expression
                      : config.key == "none"  ? KeyMode::None
                                              : KeyMode::Keep;
    binding.partitionMode = partitionMode(config);
    binding.headers = config.headers;
    binding.timestamp = config.timestamp;
    binding.compression = config.compression;
    binding.format = config.format;
    binding.errorHeaders = config.errorHeaders;
    if (config.create) {
        binding.create = {.partitions = static_cast<int>(config.create->partitions),
                          .replicationFactor = static_cast<int>(config.create->replicationFactor)};
    }
    const auto compileInto = [&context](const std::string& expression, std::optional<cel::Program>& into,
                                        bool wanted) -> Result<void> {
        if (!wanted) {
            return {};
        }
        auto program = cel::Program::compile(expression, expressionOptions(context.behindErrorPort));
        if (!program) {
            return program.error();
        }
        into = std::move(*program);
        return {};
    };
    for (const Result<void>& compiled :
         {compileInto(config.topicFrom, binding.topicFrom, !config.topicFrom.empty()),
          compileInto(config.key, binding.key, keyIsExpression(config)),
          compileInto(config.partition, binding.partition, partitionIsExpression(config))}) {
        if (!compiled) {
            return compiled.error();
        }
    }
    return binding;
}

} // namespace

NodeType kafkaSinkNodeType()
{
    return makeNodeType<KafkaSinkConfig>(kafkaSinkSpec(), lintKafkaSink, makeKafkaSink);
}

} // namespace streamwright
