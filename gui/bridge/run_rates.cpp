#include "gui/bridge/run_rates.h"

#include <algorithm>

namespace streamwright {
namespace {

constexpr double kFullQueue = 0.86; ///< the third step of the queue bar
constexpr double kBusyBottleneck = 0.8;
constexpr double kNsPerSecond = 1e9;
constexpr double kUsPerMs = 1'000;

double perSecond(std::uint64_t older, std::uint64_t newer, double seconds)
{
    return seconds > 0 && newer > older ? static_cast<double>(newer - older) / seconds : 0;
}

double share(std::uint64_t olderNs, std::uint64_t newerNs, double seconds)
{
    return std::min(1.0, perSecond(olderNs, newerNs, seconds) / kNsPerSecond);
}

NodeRates nodeRates(const NodeSnapshot& older, const NodeSnapshot& newer, double seconds)
{
    const NodeCounters& before = older.counters;
    const NodeCounters& after = newer.counters;
    const Histogram latency = newer.latencyUs.since(older.latencyUs);
    return {.inPerS = perSecond(before.recordsIn, after.recordsIn, seconds),
            .outPerS = perSecond(before.recordsOut, after.recordsOut, seconds),
            .errorsPerS = perSecond(before.errors, after.errors, seconds),
            .droppedPerS = perSecond(before.dropped, after.dropped, seconds),
            .bytesPerS = perSecond(before.bytesOut + before.bytesIn, after.bytesOut + after.bytesIn, seconds),
            .busyShare = share(before.busyNs, after.busyNs, seconds),
            .waitInputShare = share(before.waitInputNs, after.waitInputNs, seconds),
            .waitOutputShare = share(before.waitOutputNs, after.waitOutputNs, seconds),
            .p50Ms = static_cast<double>(latency.quantile(0.5)) / kUsPerMs,
            .p99Ms = static_cast<double>(latency.quantile(0.99)) / kUsPerMs};
}

std::int64_t lagOf(const EngineSnapshot& snapshot)
{
    std::int64_t lag = -1;
    for (const PartitionSnapshot& partition : snapshot.partitions) {
        if (partition.lag >= 0) {
            lag = std::max<std::int64_t>(lag, 0) + partition.lag;
        }
    }
    return lag;
}

/// All nodes from which `target` can be reached.
std::vector<std::size_t> upstreamOf(std::size_t target, const Topology& topology)
{
    std::vector<bool> reaches(topology.nodes.size(), false);
    std::vector<std::size_t> pending{target};
    std::vector<std::size_t> found;
    while (!pending.empty()) {
        const std::size_t to = pending.back();
        pending.pop_back();
        for (std::size_t from = 0; from < topology.nodes.size(); ++from) {
            if (reaches[from] || from == target) {
                continue;
            }
            for (const std::vector<PlannedEdge>& wires : topology.nodes[from].wires) {
                if (std::any_of(wires.begin(), wires.end(),
                                [to](const PlannedEdge& edge) { return edge.toNode == to; })) {
                    reaches[from] = true;
                    found.push_back(from);
                    pending.push_back(from);
                    break;
                }
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::optional<std::size_t> bottleneckOf(const EngineSnapshot& snapshot, const RunRates& rates)
{
    for (std::size_t node = 0; node < snapshot.nodes.size(); ++node) {
        if (!snapshot.nodes[node].blockedReason.empty() ||
            snapshot.nodes[node].queueFill.value_or(0) >= kFullQueue) {
            if (rates.nodes[node].waitOutputShare < rates.nodes[node].busyShare ||
                !snapshot.nodes[node].blockedReason.empty()) {
                return node;
            }
        }
    }
    const auto busiest =
        std::max_element(rates.nodes.begin(), rates.nodes.end(),
                         [](const NodeRates& a, const NodeRates& b) { return a.busyShare < b.busyShare; });
    if (busiest != rates.nodes.end() && busiest->busyShare >= kBusyBottleneck) {
        return static_cast<std::size_t>(busiest - rates.nodes.begin());
    }
    return std::nullopt;
}

} // namespace

RunRates ratesBetween(const EngineSnapshot& older, const EngineSnapshot& newer, const Topology& topology)
{
    RunRates rates;
    rates.seconds = static_cast<double>(newer.monotonicNs - older.monotonicNs) / kNsPerSecond;
    rates.lag = lagOf(newer);
    Histogram latency;
    for (std::size_t i = 0; i < newer.nodes.size() && i < topology.nodes.size(); ++i) {
        const bool known = i < older.nodes.size();
        const NodeRates node =
            nodeRates(known ? older.nodes[i] : newer.nodes[i], newer.nodes[i], rates.seconds);
        const PlannedNode& planned = topology.nodes[i];
        if (planned.spec().category == NodeCategory::Source) {
            rates.inPerS += node.outPerS;
        } else if (planned.spec().category == NodeCategory::Sink && !planned.behindErrorPort &&
                   !planned.synthetic) {
            rates.outPerS += node.inPerS;
            latency.merge(known ? newer.nodes[i].latencyUs.since(older.nodes[i].latencyUs) : Histogram{});
        }
        rates.deadPerS += node.errorsPerS;
        rates.nodes.push_back(node);
    }
    rates.p50Ms = static_cast<double>(latency.quantile(0.5)) / kUsPerMs;
    rates.p99Ms = static_cast<double>(latency.quantile(0.99)) / kUsPerMs;
    for (std::size_t i = 0; i < newer.edges.size(); ++i) {
        const std::uint64_t before = i < older.edges.size() ? older.edges[i].records : newer.edges[i].records;
        rates.edges.push_back({.perS = perSecond(before, newer.edges[i].records, rates.seconds),
                               .total = newer.edges[i].records});
    }
    rates.bottleneck = bottleneckOf(newer, rates);
    if (rates.bottleneck) {
        rates.waiting = upstreamOf(*rates.bottleneck, topology);
    }
    return rates;
}

} // namespace streamwright
