#pragma once

#include "core/engine/engine.h"
#include "core/engine/probe.h"
#include "core/engine/run_log.h"
#include "core/engine/tap_board.h"
#include "core/kafka/connection_config.h"
#include "core/kafka/embedded_broker.h"
#include "core/node/binding.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace streamwright {

/// What the threads of one flow share. The snapshot's part is under the mutex, the rest is atomic.
struct FlowRun {
    FlowRun(const PlannedFlow& flow, std::size_t threads)
        : plan(flow), atEnd(std::make_unique<std::atomic<bool>[]>(threads)), threadCount(threads)
    {
        snapshot.name = flow.name;
        snapshot.group = flow.groupId;
    }

    const PlannedFlow& plan;
    std::unique_ptr<std::atomic<bool>[]> atEnd; ///< by thread: everything up to the ends is processed
    std::size_t threadCount;
    std::atomic<bool> endsWanted{false};     ///< take the ends of the inputs, and stop there (--until-end)
    std::atomic<std::uint32_t> consuming{0}; ///< threads that are past their start-up

    mutable std::mutex mutex;
    FlowSnapshot snapshot;
    std::map<std::size_t, std::vector<PartitionSnapshot>> partitions; ///< by thread

    void setStep(std::string step)
    {
        const std::lock_guard lock(mutex);
        snapshot.step = std::move(step);
    }
    void setState(EngineState state)
    {
        const std::lock_guard lock(mutex);
        snapshot.state = state;
    }
    [[nodiscard]] bool allAtEnd() const
    {
        for (std::size_t i = 0; i < threadCount; ++i) {
            if (!atEnd[i].load()) {
                return false;
            }
        }
        return true;
    }
};

/// Bytes that went to a topic of the embedded broker and were read from it again by this run: its partitions
/// lose their oldest records when they are full, so whoever writes waits for whoever reads.
struct EmbeddedTopic {
    std::atomic<std::int64_t> producedBytes{0};
    std::atomic<std::int64_t> consumedBytes{0};

    static constexpr std::int64_t kMostUnreadBytes = 1024 * 1024;
    [[nodiscard]] bool full() const { return producedBytes.load() - consumedBytes.load() > kMostUnreadBytes; }
};

/// Everything that the threads of a run share; outlives them. Filled by the engine's start-up before they
/// begin, and constant from then on but for what is atomic or guards itself.
struct RunContext {
    RunContext(std::shared_ptr<const Topology> plan, EngineOptions runOptions)
        : topology(std::move(plan)), options(std::move(runOptions)), taps(topology->edgeCount)
    {
    }

    std::shared_ptr<const Topology> topology;
    EngineOptions options;
    const Clock& clock = SystemClock::instance();
    TapBoard taps;
    RunLog log;
    std::unique_ptr<kafka::EmbeddedBroker> embedded;
    std::map<std::string, kafka::ConnectionConfig, std::less<>> connections;
    std::vector<std::optional<KafkaSourceBinding>> sources; ///< by node
    std::vector<std::optional<KafkaSinkBinding>> sinks;     ///< by node
    std::vector<std::unique_ptr<Sink>> localSinks;          ///< by node
    std::map<std::string, std::map<std::string, std::size_t, std::less<>>, std::less<>> maxMessageBytes;
    std::map<std::string, int, std::less<>> inputPartitions;          ///< of the topics that are read
    std::map<std::string, EmbeddedTopic, std::less<>> embeddedTopics; ///< those that this run reads
    std::string slot;              ///< instance slot; empty: dynamic membership
    std::size_t prefetchBytes = 0; ///< of one consumer
    std::size_t sendBytes = 0;     ///< of one producer

    std::stop_source stop;                     ///< drain and end, within the stop budget
    std::atomic<bool> unhurried{false};        ///< the stop has no budget (--count, --until-end)
    std::atomic<std::int64_t> recordsLeft{-1}; ///< --count; negative: no limit
    std::mutex wakeMutex;
    std::condition_variable wake; ///< a thread ended, or something for the engine's thread to look at
    bool wakeFlag = false;

    void notify()
    {
        {
            const std::lock_guard lock(wakeMutex);
            wakeFlag = true;
        }
        wake.notify_all();
    }
    void event(EngineEvent::Kind kind, std::string_view node, std::string text)
    {
        log.addEvent(kind, node, std::move(text), clock.wallMs());
    }
    /// nullptr where the topic is not read by this run on the embedded broker.
    [[nodiscard]] EmbeddedTopic* embeddedTopic(std::string_view topic)
    {
        const auto found = embeddedTopics.find(topic);
        return found == embeddedTopics.end() ? nullptr : &found->second;
    }
    [[nodiscard]] MakeContext makeContext(std::size_t node) const
    {
        const PlannedNode& planned = topology->nodes[node];
        return {planned.id, topology->pipelineName, options.dataDir, planned.behindErrorPort, &clock};
    }
};

} // namespace streamwright
