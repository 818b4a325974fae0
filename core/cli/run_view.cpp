#include "core/cli/run_view.h"

#include "core/base/utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>
#include <sstream>

namespace streamwright {
namespace {

constexpr std::size_t kShownOutputs = 5;
constexpr std::size_t kShownRejects = 5;
constexpr std::size_t kShownEvents = 4;
constexpr std::size_t kShownBytes = 100;
constexpr std::size_t kLimitPerDrain = 64;
constexpr double kNsPerSecond = 1e9;
constexpr double kMsPerSecond = 1e3;

/// One line of at most kShownBytes, without what would move a terminal's cursor.
std::string oneLine(std::string_view text)
{
    const bool cut = text.size() > kShownBytes;
    std::string line(isValidUtf8(text) ? cutUtf8(text, kShownBytes) : text.substr(0, kShownBytes));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; },
        ' ');
    return cut ? line + "…" : line;
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    constexpr int kGroup = 3;
    for (int i = static_cast<int>(digits.size()) - kGroup; i > 0; i -= kGroup) {
        digits.insert(static_cast<std::size_t>(i), ",");
    }
    return digits;
}

std::string perSecond(double rate)
{
    return grouped(static_cast<std::uint64_t>(std::max(rate, 0.0) + 0.5)) + "/s";
}

std::string padded(const std::string& text, std::size_t width)
{
    const std::size_t size = countCodePoints(text);
    return size >= width ? text : text + std::string(width - size, ' ');
}

std::string paddedLeft(const std::string& text, std::size_t width)
{
    const std::size_t size = countCodePoints(text);
    return size >= width ? text : std::string(width - size, ' ') + text;
}

double elapsedSeconds(const EngineSnapshot& snapshot)
{
    return static_cast<double>(snapshot.takenAtMs - snapshot.startedAtMs) / kMsPerSecond;
}

std::string seconds(double value)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s", value);
    return text.data();
}

Json nodesJson(const EngineSnapshot& snapshot)
{
    Json nodes = Json::object();
    for (const NodeSnapshot& node : snapshot.nodes) {
        nodes[node.id] = {{"in", node.counters.recordsIn},
                          {"out", node.counters.recordsOut},
                          {"errors", node.counters.errors},
                          {"dropped", node.counters.dropped}};
    }
    return nodes;
}

Json sourcesJson(const EngineSnapshot& snapshot)
{
    Json sources = Json::object();
    for (const PartitionSnapshot& one : snapshot.partitions) {
        sources[one.node][one.topic][std::to_string(one.partition)] = {{"next", one.next}, {"end", one.end}};
    }
    return sources;
}

std::int64_t lagOf(const EngineSnapshot& snapshot, const std::string& node)
{
    std::int64_t lag = -1;
    for (const PartitionSnapshot& one : snapshot.partitions) {
        if (one.node == node && one.lag >= 0) {
            lag = std::max<std::int64_t>(lag, 0) + one.lag;
        }
    }
    return lag;
}

} // namespace

RunView::RunView(const Topology& topology, Engine& engine, StatsForm form, bool terminal, std::ostream& out)
    : m_topology(topology), m_engine(engine), m_form(form), m_terminal(terminal), m_out(out),
      m_last(engine.snapshot())
{
    if (form != StatsForm::Text || !terminal) {
        return;
    }
    // The last outputs: samples of the edges into the sinks that are not for failures.
    constexpr TapLimits kLimits{
        .perBatch = 2, .perSecond = 20, .valueBytes = 2 * kShownBytes, .capacity = 64};
    for (const PlannedNode& node : topology.nodes) {
        for (std::size_t port = 0; port < node.wires.size(); ++port) {
            if (node.outputs[port].role == PortRole::Error) {
                continue;
            }
            for (const PlannedEdge& edge : node.wires[port]) {
                const PlannedNode& to = topology.nodes[edge.toNode];
                if (to.spec().category == NodeCategory::Sink && !to.behindErrorPort) {
                    if (auto tap = engine.openTap(edge.index, kLimits)) {
                        m_taps.emplace_back(to.id, std::move(tap));
                    }
                }
            }
        }
    }
}

RunView::~RunView() = default;

double RunView::rate(std::uint64_t now, std::uint64_t before, const EngineSnapshot& snapshot) const
{
    const double passed = static_cast<double>(snapshot.monotonicNs - m_last.monotonicNs) / kNsPerSecond;
    return passed <= 0 ? 0 : static_cast<double>(now - before) / passed;
}

void RunView::show()
{
    const EngineSnapshot snapshot = m_engine.snapshot();
    switch (m_form) {
    case StatsForm::None: return;
    case StatsForm::Json: printJson(snapshot); break;
    case StatsForm::Text:
        if (m_terminal) {
            collectOutputs();
            drawTable(snapshot);
        } else {
            printLine(snapshot);
        }
        break;
    }
    m_last = snapshot;
}

void RunView::collectOutputs()
{
    for (const auto& [sink, tap] : m_taps) {
        for (const TapSample& sample : tap->drain(kLimitPerDrain)) {
            m_outputs.push_back(sink + "  " + (sample.valueIsNull ? "null" : oneLine(sample.value)));
        }
    }
    if (m_outputs.size() > kShownOutputs) {
        m_outputs.erase(m_outputs.begin(), m_outputs.end() - kShownOutputs);
    }
}

void RunView::clearTable()
{
    if (m_drawn > 0) {
        m_out << "\x1b[" << m_drawn << "A\x1b[J";
    }
    m_drawn = 0;
}

void RunView::drawTable(const EngineSnapshot& snapshot)
{
    std::ostringstream table;
    constexpr std::size_t kNumber = 12;
    std::size_t width = 4;
    for (const NodeSnapshot& node : snapshot.nodes) {
        width = std::max(width, node.id.size());
    }
    width += 2;
    table << "\x1b[1m" << m_topology.pipelineName << "\x1b[0m  " << toString(snapshot.state);
    for (const FlowSnapshot& flow : snapshot.flows) {
        if (snapshot.state == EngineState::Starting && !flow.step.empty()) {
            table << " (" << oneLine(flow.step) << ')';
            break;
        }
    }
    table << "  " << seconds(elapsedSeconds(snapshot)) << '\n';
    table << padded("node", width) << paddedLeft("in", kNumber) << paddedLeft("out", kNumber)
          << paddedLeft("errors", kNumber) << paddedLeft("dropped", kNumber) << paddedLeft("rate", kNumber)
          << paddedLeft("lag", kNumber) << '\n';
    for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
        const NodeSnapshot& node = snapshot.nodes[i];
        const std::int64_t lag = lagOf(snapshot, node.id);
        const std::string errors = paddedLeft(grouped(node.counters.errors), kNumber);
        table << padded(node.id, width) << paddedLeft(grouped(node.counters.recordsIn), kNumber)
              << paddedLeft(grouped(node.counters.recordsOut), kNumber)
              << (node.counters.errors > 0 ? "\x1b[33m" + errors + "\x1b[0m" : errors)
              << paddedLeft(grouped(node.counters.dropped), kNumber)
              << paddedLeft(
                     perSecond(rate(node.counters.recordsIn, m_last.nodes[i].counters.recordsIn, snapshot)),
                     kNumber)
              << paddedLeft(lag < 0 ? "" : grouped(static_cast<std::uint64_t>(lag)), kNumber);
        if (!node.blockedReason.empty()) {
            table << "  waits: " << node.blockedReason;
        }
        table << '\n';
    }
    if (!m_outputs.empty()) {
        table << "\x1b[1mlast outputs\x1b[0m\n";
        for (const std::string& output : m_outputs) {
            table << "  " << output << '\n';
        }
    }
    if (!snapshot.rejects.empty()) {
        table << "\x1b[1mlast rejects\x1b[0m\n";
        const std::size_t skip = snapshot.rejects.size() - std::min(snapshot.rejects.size(), kShownRejects);
        for (std::size_t i = skip; i < snapshot.rejects.size(); ++i) {
            const RejectSnapshot& reject = snapshot.rejects[i];
            table << "  " << reject.topic << '[' << reject.partition << "]@" << reject.offset << "  "
                  << reject.node << "  \x1b[33m" << reject.code << "\x1b[0m  " << oneLine(reject.message)
                  << '\n';
        }
    }
    std::size_t shown = 0;
    for (auto event = snapshot.events.rbegin(); event != snapshot.events.rend() && shown < kShownEvents;
         ++event) {
        if (event->kind == EngineEvent::Kind::Warning || event->kind == EngineEvent::Kind::Error ||
            event->kind == EngineEvent::Kind::Stalled) {
            table << "\x1b[33m! " << event->text << "\x1b[0m\n";
            ++shown;
        }
    }
    clearTable();
    const std::string text = table.str();
    m_drawn = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    m_out << text << std::flush;
}

void RunView::printLine(const EngineSnapshot& snapshot)
{
    std::ostringstream line;
    line << toString(snapshot.state) << ' ' << seconds(elapsedSeconds(snapshot));
    for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
        const NodeSnapshot& node = snapshot.nodes[i];
        line << " | " << node.id << ' ' << grouped(node.counters.recordsIn) << " in, "
             << perSecond(rate(node.counters.recordsIn, m_last.nodes[i].counters.recordsIn, snapshot));
        if (node.counters.errors > 0) {
            line << ", " << grouped(node.counters.errors) << " errors";
        }
        if (const std::int64_t lag = lagOf(snapshot, node.id); lag >= 0) {
            line << ", lag " << grouped(static_cast<std::uint64_t>(lag));
        }
    }
    m_out << line.str() << '\n';
    for (const RejectSnapshot& reject : snapshot.rejects) {
        const std::uint64_t first =
            snapshot.rejectsTotal - std::min<std::uint64_t>(snapshot.rejectsTotal, kShownRejects);
        if (reject.number > std::max(m_seenRejects, first)) {
            m_out << "  reject " << reject.topic << '[' << reject.partition << "]@" << reject.offset << ' '
                  << reject.node << ' ' << reject.code << ": " << oneLine(reject.message) << '\n';
        }
    }
    m_seenRejects = snapshot.rejectsTotal;
    m_out << std::flush;
}

void RunView::printJson(const EngineSnapshot& snapshot)
{
    Json line{{"state", toString(snapshot.state)}, {"elapsed_s", elapsedSeconds(snapshot)}};
    line["nodes"] = nodesJson(snapshot);
    for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
        line["nodes"][snapshot.nodes[i].id]["per_second"] =
            rate(snapshot.nodes[i].counters.recordsIn, m_last.nodes[i].counters.recordsIn, snapshot);
    }
    line["sources"] = sourcesJson(snapshot);
    m_out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

std::string RunView::summaryJson(const EngineSnapshot& snapshot) const
{
    Json summary{{"nodes", nodesJson(snapshot)},
                 {"sources", sourcesJson(snapshot)},
                 {"elapsed_s", elapsedSeconds(snapshot)},
                 {"stopped_by", toString(m_engine.stoppedBy())}};
    return Json{{"summary", summary}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string RunView::summaryText(const EngineSnapshot& snapshot) const
{
    std::ostringstream text;
    const double elapsed = elapsedSeconds(snapshot);
    text << "Stopped by " << toString(m_engine.stoppedBy()) << " after " << seconds(elapsed) << ".\n";
    for (const NodeSnapshot& node : snapshot.nodes) {
        text << "  " << node.id << ": " << grouped(node.counters.recordsIn) << " in, "
             << grouped(node.counters.recordsOut) << " out";
        if (node.counters.errors > 0) {
            text << ", " << grouped(node.counters.errors) << " errors";
        }
        if (node.counters.dropped > 0) {
            text << ", " << grouped(node.counters.dropped) << " dropped";
        }
        text << '\n';
    }
    for (const PartitionSnapshot& one : snapshot.partitions) {
        text << "  " << one.topic << '[' << one.partition << "]: next offset " << one.next << ", committed "
             << one.committed << ", end " << one.end << '\n';
    }
    return text.str();
}

void RunView::showEnd()
{
    const EngineSnapshot snapshot = m_engine.snapshot();
    if (m_form == StatsForm::Json) {
        m_out << summaryJson(snapshot) << std::endl;
        return;
    }
    if (m_form == StatsForm::Text) {
        if (m_terminal) {
            collectOutputs();
            drawTable(snapshot);
        }
        m_out << summaryText(snapshot) << std::flush;
    }
}

} // namespace streamwright
