#include "gui/app/overlay_builder.h"

#include "gui/style/figures.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace streamwright {
namespace {

constexpr double kNsPerSecond = 1e9;
constexpr double kErrorMemoryS = 60;
constexpr double kQueueWarning = 0.86;

QString tr(const char* text)
{
    return QCoreApplication::translate("OverlayBuilder", text);
}

QString rateText(double perSecond)
{
    return tr("%1/s").arg(figures::rate(perSecond));
}

QString percent(double share)
{
    return QString::number(std::lround(share * 100)) + QStringLiteral(" %");
}

std::int64_t lagOf(const EngineSnapshot& snapshot, const std::string& node)
{
    std::int64_t lag = -1;
    for (const PartitionSnapshot& partition : snapshot.partitions) {
        if (partition.node == node && partition.lag >= 0) {
            lag = std::max<std::int64_t>(lag, 0) + partition.lag;
        }
    }
    return lag;
}

QString shownName(const PlannedNode& node)
{
    return QString::fromStdString(node.title.empty() ? node.id : node.title);
}

} // namespace

OverlayState OverlayBuilder::update(const EngineSnapshot& snapshot, const RunRates& rates,
                                    const Topology& topology, const Pipeline& document)
{
    OverlayState overlay;
    overlay.active = true;
    const double now = static_cast<double>(snapshot.monotonicNs) / kNsPerSecond;
    const bool newPoint = m_lastPoint < 0 || now - m_lastPoint >= 1;
    m_lastPoint = newPoint ? now : m_lastPoint;
    const bool running = snapshot.state == EngineState::Running || snapshot.state == EngineState::Draining;

    const std::size_t count = std::min({snapshot.nodes.size(), rates.nodes.size(), topology.nodes.size()});
    for (std::size_t i = 0; i < count; ++i) {
        const PlannedNode& planned = topology.nodes[i];
        const NodeSnapshot& seen = snapshot.nodes[i];
        const NodeRates& rate = rates.nodes[i];
        const NodeCategory category = planned.spec().category;
        const double shown = category == NodeCategory::Source ? rate.outPerS : rate.inPerS;
        NodeOverlay node;
        node.rate = rateText(shown);
        std::deque<double>& history = m_history[planned.id];
        if (newPoint) {
            history.push_back(shown);
            if (history.size() > kSparklinePoints) {
                history.pop_front();
            }
        }
        node.history.assign(history.begin(), history.end());
        node.status = !running ? NodeStatus::Idle : NodeStatus::Running;
        if (category == NodeCategory::Source) {
            const std::int64_t lag = lagOf(snapshot, planned.id);
            if (lag >= 0) {
                node.number = tr("lag %1").arg(figures::count(lag));
                node.numberWarns = std::any_of(
                    snapshot.partitions.begin(), snapshot.partitions.end(),
                    [&](const PartitionSnapshot& p) { return p.node == planned.id && p.stalled; });
            } else {
                node.number = figures::count(static_cast<std::int64_t>(seen.counters.recordsOut));
            }
        } else if (category == NodeCategory::Sink) {
            node.number = seen.queueFill ? tr("queue %1").arg(percent(*seen.queueFill))
                                         : figures::bytes(static_cast<double>(seen.counters.bytesIn));
            node.numberWarns = seen.queueFill.value_or(0) >= kQueueWarning;
        } else {
            node.number = rate.errorsPerS > 0 ? tr("%1 errors/s").arg(figures::rate(rate.errorsPerS))
                                              : tr("busy %1").arg(percent(rate.busyShare));
            node.numberWarns = rate.errorsPerS > 0;
        }
        if (running && rate.errorsPerS > 0) {
            node.status = NodeStatus::Warning;
        }
        if (running && !seen.blockedReason.empty()) {
            node.status = NodeStatus::Waiting;
            node.mark = tr("Waiting: %1").arg(QString::fromStdString(seen.blockedReason));
        }
        overlay.nodes.emplace(planned.id, std::move(node));
    }
    if (running && rates.bottleneck && *rates.bottleneck < count) {
        const PlannedNode& planned = topology.nodes[*rates.bottleneck];
        NodeOverlay& node = overlay.nodes[planned.id];
        node.status = NodeStatus::Warning;
        node.markIsBottleneck = true;
        node.mark = tr("Bottleneck: busy %1").arg(percent(rates.nodes[*rates.bottleneck].busyShare));
        for (const std::size_t waiting : rates.waiting) {
            if (waiting < count && rates.nodes[waiting].waitOutputShare > 0.5) {
                NodeOverlay& upstream = overlay.nodes[topology.nodes[waiting].id];
                upstream.status = NodeStatus::Waiting;
                upstream.mark = tr("Waiting on %1").arg(shownName(planned));
                upstream.markTarget = planned.id;
            }
        }
    }

    for (std::size_t i = 0; i < snapshot.edges.size() && i < document.edges.size() && i < rates.edges.size();
         ++i) {
        const Edge& edge = document.edges[i];
        WireOverlay wire;
        wire.rate = rateText(rates.edges[i].perS);
        if (rates.edges[i].perS > 0) {
            m_lastErrors[i] = now;
        }
        const auto last = m_lastErrors.find(i);
        wire.errorsCrossed = last != m_lastErrors.end() && now - last->second <= kErrorMemoryS;
        const PlannedNode* const target = topology.findNode(edge.to.node);
        if (target != nullptr) {
            const auto index = static_cast<std::size_t>(target - topology.nodes.data());
            if (index < count && snapshot.nodes[index].queueFill && snapshot.nodes[index].queueLimit > 0 &&
                target->spec().category == NodeCategory::Sink) {
                wire.queueFill = snapshot.nodes[index].queueFill;
                wire.queueText =
                    tr("%1 of %2")
                        .arg(figures::count(static_cast<std::int64_t>(snapshot.nodes[index].queueDepth)),
                             figures::count(static_cast<std::int64_t>(snapshot.nodes[index].queueLimit)));
            }
        }
        overlay.wires.emplace(EdgeKey{edge.from, edge.to}, std::move(wire));
    }
    return overlay;
}

} // namespace streamwright
