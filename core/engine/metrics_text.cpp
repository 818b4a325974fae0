#include "core/engine/metrics_text.h"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

constexpr double kNsPerSecond = 1e9;
constexpr double kMsPerSecond = 1e3;
constexpr double kUsPerSecond = 1e6;

/// Writes one metric family after the other.
class MetricsWriter {
public:
    explicit MetricsWriter(std::string pipeline) : m_pipeline(std::move(pipeline)) {}

    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        m_name = name;
        m_text.append("# HELP ").append(name).append(1, ' ').append(help).append(1, '\n');
        m_text.append("# TYPE ").append(name).append(1, ' ').append(type).append(1, '\n');
    }
    void sample(const Labels& labels, double value)
    {
        m_text += m_name;
        m_text += "{pipeline=";
        quote(m_pipeline);
        for (const auto& [name, text] : labels) {
            m_text.append(1, ',').append(name).append(1, '=');
            quote(text);
        }
        std::array<char, 40> number{};
        const int length = std::snprintf(number.data(), number.size(), "} %.15g\n", value);
        m_text.append(number.data(), static_cast<std::size_t>(length));
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    void quote(std::string_view text)
    {
        m_text += '"';
        for (const char c : text) {
            if (c == '\n') {
                m_text += "\\n";
                continue;
            }
            if (c == '"' || c == '\\') {
                m_text += '\\';
            }
            m_text += c;
        }
        m_text += '"';
    }

    std::string m_pipeline;
    std::string m_name;
    std::string m_text;
};

void writeNodes(MetricsWriter& out, const EngineSnapshot& snapshot)
{
    struct Column {
        const char* name;
        const char* help;
        std::uint64_t NodeCounters::*value;
        double scale;
    };
    constexpr std::array<Column, 9> kColumns{{
        {"streamwright_node_records_in_total", "Records that came into a node.", &NodeCounters::recordsIn, 1},
        {"streamwright_node_records_out_total", "Records that left a node, but by its error port.",
         &NodeCounters::recordsOut, 1},
        {"streamwright_node_errors_total", "Records that failed in a node.", &NodeCounters::errors, 1},
        {"streamwright_node_dropped_total", "Records dropped on purpose.", &NodeCounters::dropped, 1},
        {"streamwright_node_bytes_in_total", "Bytes of keys and values that came into a node.",
         &NodeCounters::bytesIn, 1},
        {"streamwright_node_bytes_out_total", "Bytes of keys and values that left a node.",
         &NodeCounters::bytesOut, 1},
        {"streamwright_node_busy_seconds_total", "Time that a node worked.", &NodeCounters::busyNs,
         kNsPerSecond},
        {"streamwright_node_wait_input_seconds_total", "Time that a source had nothing to read.",
         &NodeCounters::waitInputNs, kNsPerSecond},
        {"streamwright_node_wait_output_seconds_total", "Time that a source waited for what is downstream.",
         &NodeCounters::waitOutputNs, kNsPerSecond},
    }};
    for (const Column& column : kColumns) {
        out.family(column.name, "counter", column.help);
        for (const NodeSnapshot& node : snapshot.nodes) {
            out.sample({{"node", node.id}}, static_cast<double>(node.counters.*column.value) / column.scale);
        }
    }
    constexpr std::array<std::pair<const char*, double>, 3> kQuantiles{
        {{"0.5", 0.5}, {"0.95", 0.95}, {"0.99", 0.99}}};
    out.family("streamwright_node_latency_seconds", "summary",
               "From a record's arrival in the process to its hand-over to a sink.");
    for (const NodeSnapshot& node : snapshot.nodes) {
        for (const auto& [label, quantile] : kQuantiles) {
            if (node.latencyUs.total() > 0) {
                out.sample({{"node", node.id}, {"quantile", label}},
                           static_cast<double>(node.latencyUs.quantile(quantile)) / kUsPerSecond);
            }
        }
    }
    out.family("streamwright_node_queue_records", "gauge", "Records in a sink's send queue.");
    for (const NodeSnapshot& node : snapshot.nodes) {
        if (node.queueFill) {
            out.sample({{"node", node.id}}, static_cast<double>(node.queueDepth));
        }
    }
}

void writePartitions(MetricsWriter& out, const EngineSnapshot& snapshot)
{
    struct Column {
        const char* name;
        const char* help;
        std::int64_t PartitionSnapshot::*value;
    };
    constexpr std::array<Column, 4> kColumns{{
        {"streamwright_partition_next_offset", "Next offset to process.", &PartitionSnapshot::next},
        {"streamwright_partition_committed_offset", "Next offset to read after a restart.",
         &PartitionSnapshot::committed},
        {"streamwright_partition_end_offset", "End of the partition.", &PartitionSnapshot::end},
        {"streamwright_partition_lag_records", "Records that wait.", &PartitionSnapshot::lag},
    }};
    const auto labels = [](const PartitionSnapshot& one) {
        return Labels{{"node", one.node}, {"topic", one.topic}, {"partition", std::to_string(one.partition)}};
    };
    for (const Column& column : kColumns) {
        out.family(column.name, "gauge", column.help);
        for (const PartitionSnapshot& one : snapshot.partitions) {
            if (one.assigned && one.*column.value >= 0) {
                out.sample(labels(one), static_cast<double>(one.*column.value));
            }
        }
    }
    out.family("streamwright_partition_stalled", "gauge", "1 where records wait and nothing moved for 10 s.");
    for (const PartitionSnapshot& one : snapshot.partitions) {
        if (one.assigned) {
            out.sample(labels(one), one.stalled ? 1 : 0);
        }
    }
}

void writeFlows(MetricsWriter& out, const EngineSnapshot& snapshot)
{
    out.family("streamwright_flow_state", "gauge", "1 for the state that a flow is in.");
    for (const FlowSnapshot& flow : snapshot.flows) {
        out.sample({{"flow", flow.name}, {"state", std::string(toString(flow.state))}}, 1);
    }
    out.family("streamwright_flow_standby", "gauge", "1 while a flow waits for another instance to end.");
    for (const FlowSnapshot& flow : snapshot.flows) {
        out.sample({{"flow", flow.name}}, flow.standby ? 1 : 0);
    }
    out.family("streamwright_flow_commits_total", "counter", "Commits.");
    for (const FlowSnapshot& flow : snapshot.flows) {
        out.sample({{"flow", flow.name}}, static_cast<double>(flow.commits));
    }
    out.family("streamwright_flow_rebalances_total", "counter", "Times that the group gave partitions.");
    for (const FlowSnapshot& flow : snapshot.flows) {
        out.sample({{"flow", flow.name}}, static_cast<double>(flow.rebalances));
    }
    out.family("streamwright_flow_last_commit_timestamp_seconds", "gauge", "When a flow committed last.");
    for (const FlowSnapshot& flow : snapshot.flows) {
        if (flow.lastCommitMs > 0) {
            out.sample({{"flow", flow.name}}, static_cast<double>(flow.lastCommitMs) / kMsPerSecond);
        }
    }
}

} // namespace

std::string metricsText(const Topology& topology, const EngineSnapshot& snapshot)
{
    MetricsWriter out(topology.pipelineName);
    out.family("streamwright_state", "gauge", "1 for the state that the run is in.");
    out.sample({{"state", std::string(toString(snapshot.state))}}, 1);
    out.family("streamwright_start_timestamp_seconds", "gauge", "When the run began.");
    out.sample({}, static_cast<double>(snapshot.startedAtMs) / kMsPerSecond);
    out.family("streamwright_dead_letters_total", "counter", "Records that failed anywhere.");
    out.sample({}, static_cast<double>(snapshot.rejectsTotal));
    writeFlows(out, snapshot);
    writeNodes(out, snapshot);
    writePartitions(out, snapshot);
    return out.take();
}

} // namespace streamwright
