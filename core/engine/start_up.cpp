#include "core/engine/start_up.h"

#include "core/base/assert.h"
#include "core/base/diagnostic.h"
#include "core/engine/connections.h"
#include "core/engine/kafka_sink_writer.h"
#include "core/kafka/admin.h"
#include "core/kafka/connection_check.h"
#include "core/state/atomic_file.h"
#include "core/state/instance_slot.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace streamwright {
namespace {

constexpr Millis kAdminTimeout{5'000};
constexpr std::size_t kBytesPerMb = 1024 * 1024;
constexpr std::size_t kPrefetchShare = 12; ///< 32 of the default 384 MiB
constexpr std::size_t kSendShare = 6;      ///< 64 of the default 384 MiB
constexpr std::size_t kLeastQueueBytes = 2 * kBytesPerMb;

/// What a run does with one connection.
struct Use {
    std::set<std::string> reads;
    std::set<std::string> writes;
    std::set<std::string> groups;
    std::vector<std::size_t> sinks; ///< nodes
};

std::map<std::string, Use> usesOf(const RunContext& run)
{
    std::map<std::string, Use> uses;
    const Topology& topology = *run.topology;
    for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
        if (topology.nodes[i].mode == NodeMode::Off || !topology.nodes[i].reachable) {
            continue;
        }
        if (run.sources[i]) {
            Use& use = uses[run.sources[i]->connection];
            use.reads.insert(run.sources[i]->topics.begin(), run.sources[i]->topics.end());
            use.groups.insert(topology.flows[topology.nodes[i].flow].groupId);
        }
        if (run.sinks[i]) {
            Use& use = uses[run.sinks[i]->connection];
            use.sinks.push_back(i);
            if (!run.sinks[i]->topicFrom) {
                use.writes.insert(run.sinks[i]->topic);
            }
        }
    }
    for (const Feed& feed : run.options.feeds) {
        for (auto& [connection, use] : uses) {
            if (use.reads.contains(feed.topic)) {
                use.writes.insert(feed.topic);
            }
        }
    }
    return uses;
}

Result<void> makeRuntimes(RunContext& run)
{
    const std::size_t count = run.topology->nodes.size();
    run.sources.resize(count);
    run.sinks.resize(count);
    run.localSinks.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const PlannedNode& node = run.topology->nodes[i];
        if (node.spec().category == NodeCategory::Transform || node.mode == NodeMode::Off ||
            !node.reachable) {
            continue;
        }
        MakeContext context = run.makeContext(i);
        auto made = node.type->make(node.config, context);
        if (!made) {
            return made.error();
        }
        if (auto* const source = std::get_if<KafkaSourceBinding>(&*made)) {
            run.sources[i] = std::move(*source);
        } else if (auto* const sink = std::get_if<KafkaSinkBinding>(&*made)) {
            run.sinks[i] = std::move(*sink);
        } else if (auto* const local = std::get_if<std::unique_ptr<Sink>>(&*made)) {
            run.localSinks[i] = std::move(*local);
        }
    }
    return {};
}

Result<void> startEmbedded(RunContext& run, const std::map<std::string, Use>& uses)
{
    for (const PlannedConnection& planned : run.topology->connections) {
        kafka::ConnectionConfig config = connectionConfigOf(planned, run.options.extraProperties);
        if (planned.embedded) {
            if (run.embedded == nullptr) {
                auto broker = kafka::EmbeddedBroker::start();
                if (!broker) {
                    return broker.error();
                }
                run.embedded = std::move(*broker);
                run.event(
                    EngineEvent::Kind::State, {},
                    "Embedded broker at " + run.embedded->bootstrap() +
                        ": in memory only, at most 5 MiB or 100,000 batches per partition, lost at the end.");
            }
            config = config.onEmbeddedBroker(run.embedded->bootstrap());
        }
        run.connections.insert_or_assign(planned.name, std::move(config));
    }
    for (const auto& [connection, use] : uses) {
        if (!run.connections.at(connection).embedded) {
            continue;
        }
        std::map<std::string, int> topics;
        for (const std::string& topic : use.reads) {
            topics.emplace(topic, 1);
            run.embeddedTopics.try_emplace(topic);
        }
        for (const std::size_t sink : use.sinks) {
            const KafkaSinkBinding& binding = *run.sinks[sink];
            if (!binding.topicFrom) {
                int& partitions = topics.emplace(binding.topic, 1).first->second;
                partitions = binding.create ? binding.create->partitions : partitions;
            }
        }
        for (const Feed& feed : run.options.feeds) {
            topics.emplace(feed.topic, 1);
        }
        for (const auto& [topic, partitions] : topics) {
            if (auto made = run.embedded->createTopic(topic, partitions); !made) {
                return made;
            }
        }
    }
    return {};
}

Result<void> check(RunContext& run, const std::string& connection, const Use& use, bool withTopics)
{
    kafka::ConnectionNeeds needs;
    if (withTopics) {
        needs.read.assign(use.reads.begin(), use.reads.end());
        needs.write.assign(use.writes.begin(), use.writes.end());
        needs.group = use.groups.empty() ? std::string() : *use.groups.begin();
    }
    const kafka::CheckReport report = kafka::checkConnection(
        run.connections.at(connection), needs, run.options.connectTimeout, run.stop.get_token());
    if (auto error = report.error()) {
        return std::move(*error);
    }
    return {};
}

Result<void> makeTopics(RunContext& run, kafka::Admin& admin, const Use& use)
{
    for (const std::size_t sink : use.sinks) {
        const KafkaSinkBinding& binding = *run.sinks[sink];
        if (binding.topicFrom || (!run.topology->settings.createTopics && !binding.create)) {
            continue;
        }
        auto known = admin.describeTopic(binding.topic, kAdminTimeout);
        if (known && !known->error) {
            continue;
        }
        const KafkaSinkBinding::Create create = binding.create.value_or(KafkaSinkBinding::Create{});
        kafka::NewTopic topic;
        topic.name = binding.topic;
        topic.partitions = create.partitions;
        topic.replicationFactor = binding.create ? create.replicationFactor : -1;
        auto made = admin.createTopic(topic, kAdminTimeout);
        if (!made && made.error().code != Errc::AlreadyExists) {
            return made;
        }
        if (made) {
            run.event(EngineEvent::Kind::State, run.topology->nodes[sink].id,
                      "Topic " + streamwright::quoted(binding.topic) + " made with " +
                          std::to_string(create.partitions) + " partitions.");
        }
    }
    return {};
}

/// What the topics take and how many partitions the inputs have. What may not be asked keeps its default.
Result<void> lookAtTopics(RunContext& run, const std::string& connection, kafka::Admin& admin, const Use& use)
{
    for (const std::string& topic : use.reads) {
        auto described = admin.describeTopic(topic, kAdminTimeout);
        if (!described) {
            return described.error();
        }
        if (described->error) {
            return *described->error;
        }
        run.inputPartitions[topic] = static_cast<int>(described->partitions.size());
    }
    if (run.connections.at(connection).embedded) {
        return {};
    }
    for (const std::string& topic : use.writes) {
        auto config = admin.topicConfig(topic, kAdminTimeout);
        std::size_t limit = kDefaultMaxMessageBytes;
        if (config) {
            if (const auto found = config->find("max.message.bytes"); found != config->end()) {
                const std::string& text = found->second;
                std::from_chars(text.data(), text.data() + text.size(), limit);
            }
        }
        run.maxMessageBytes[connection][topic] = limit;
    }
    return {};
}

void step(std::vector<std::unique_ptr<FlowRun>>& flows, const std::string& text)
{
    for (const std::unique_ptr<FlowRun>& flow : flows) {
        flow->setStep(text);
    }
}

Result<void> openLocalSinks(RunContext& run)
{
    for (std::size_t i = 0; i < run.localSinks.size(); ++i) {
        if (run.localSinks[i] != nullptr) {
            if (auto opened = run.localSinks[i]->open(); !opened) {
                return opened;
            }
        }
    }
    return {};
}

} // namespace

bool isBrokerError(const Error& error)
{
    switch (error.code) {
    case Errc::UnknownHost:
    case Errc::ConnectionRefused:
    case Errc::Transport:
    case Errc::Authentication:
    case Errc::Tls:
    case Errc::UnknownTopic:
    case Errc::Authorization:
    case Errc::TimedOut:
    case Errc::NotFound:
    case Errc::Unsupported: return true;
    default: return false;
    }
}

Result<void> startUp(RunContext& run, std::vector<std::unique_ptr<FlowRun>>& flows)
{
    if (auto made = makeRuntimes(run); !made) {
        return made;
    }
    if (auto made = ensurePrivateDirectory(run.options.stateDir); !made) {
        return made;
    }
    std::size_t threads = 0;
    for (const std::unique_ptr<FlowRun>& flow : flows) {
        threads += flow->threadCount;
    }
    const std::size_t memory = static_cast<std::size_t>(run.topology->settings.maxMemoryMb) * kBytesPerMb;
    threads = std::max<std::size_t>(threads, 1);
    run.prefetchBytes = std::max(memory / kPrefetchShare / threads, kLeastQueueBytes);
    run.sendBytes = std::max(memory / kSendShare / threads, kLeastQueueBytes);

    const std::map<std::string, Use> uses = usesOf(run);
    if (auto started = startEmbedded(run, uses); !started) {
        return started;
    }
    for (const auto& [connection, use] : uses) {
        kafka::ConnectionConfig& config = run.connections.at(connection);
        step(flows, "connecting to " + connection);
        run.event(EngineEvent::Kind::State, {}, "Connecting: " + config.describe() + '.');
        auto admin = kafka::Admin::create(config);
        if (!admin) {
            return admin.error();
        }
        if (!config.embedded) {
            if (auto connected = check(run, connection, use, false); !connected) {
                return connected;
            }
            if (auto id = (*admin)->clusterId(kAdminTimeout); id && kafka::EmbeddedBroker::isClusterId(*id)) {
                // `streamwright broker` elsewhere: it has no administration to ask.
                config = config.onEmbeddedBroker(config.bootstrapServers);
            }
        }
        if (!config.embedded) {
            step(flows, "making output topics");
            if (auto made = makeTopics(run, **admin, use); !made) {
                return made;
            }
            step(flows, "checking topics and permissions");
            if (auto checked = check(run, connection, use, true); !checked) {
                return checked;
            }
        }
        if (auto looked = lookAtTopics(run, connection, **admin, use); !looked) {
            return looked;
        }
    }
    if (auto opened = openLocalSinks(run); !opened) {
        return opened;
    }
    return {};
}

} // namespace streamwright
