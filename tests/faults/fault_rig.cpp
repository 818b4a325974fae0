#include "tests/faults/fault_rig.h"

#include "core/kafka/admin.h"
#include "tests/support/broker_client.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace streamwright::faults {
namespace {

constexpr std::size_t kLogTail = 4'000;

} // namespace

bool isFull()
{
    const char* const value = std::getenv("SW_FAULTS_FULL");
    return value != nullptr && std::string(value) == "1";
}

int rounds(int full, int few)
{
    return isFull() ? full : few;
}

const char* toString(Guarantee guarantee)
{
    return guarantee == Guarantee::ExactlyOnce ? "exactly_once" : "at_least_once";
}

FaultRig::FaultRig(kafka::KafkaCluster& cluster, const Options& options)
    : m_cluster(cluster), m_options(options), m_input(kafka::uniqueName("faults-in")),
      m_output(kafka::uniqueName("faults-out")), m_rejects(kafka::uniqueName("faults-rejects")),
      m_group(kafka::uniqueName("faults"))
{
    std::string pattern = (std::filesystem::temp_directory_path() / "streamwright-faults-XXXXXX").string();
    m_directory = mkdtemp(pattern.data());
    for (const std::string& topic : {m_input, m_output, m_rejects}) {
        testing::BrokerClient(cluster.bootstrap())
            .createTopic(topic, options.partitions, options.replication);
    }
    writePipeline();
    m_reader = std::make_unique<OutputReader>(cluster.bootstrap(), m_output, options.partitions);
}

FaultRig::~FaultRig()
{
    m_load.reset();
    m_reader.reset();
    std::error_code ignored;
    std::filesystem::remove_all(m_directory, ignored);
}

void FaultRig::writePipeline() const
{
    using Json = nlohmann::ordered_json;
    Json nodes = Json::array();
    const auto node = [&](const char* id, const char* type, Json config) {
        nodes.push_back({{"id", id}, {"type", type}, {"config", std::move(config)}});
    };
    node("requests", "kafka_source",
         {{"connection", "kafka"}, {"topic", m_input}, {"group_id", m_group}, {"format", "json"}});
    node("parse", "parse",
         {{"field", "content"},
          {"method", "split_right"},
          {"separator", " "},
          {"outputs", Json::array({{{"name", "product"}, {"type", "string"}},
                                   {{"name", "quantity"}, {"type", "int"}}})}});
    Json number{{"field", "app_number"}, {"scope", m_options.countPerPartition ? "partition" : "pipeline"}};
    if (!m_options.onLostState.empty()) {
        number["on_lost_state"] = m_options.onLostState;
    }
    node("number", "number", std::move(number));
    if (m_options.throttlePerS > 0) {
        node("throttle", "throttle", {{"per_second", m_options.throttlePerS}});
    }
    node("apps", "kafka_sink", {{"connection", "kafka"}, {"topic", m_output}, {"format", "json"}});
    if (m_options.deadLetterFile.empty()) {
        node("rejects", "kafka_sink", {{"connection", "kafka"}, {"topic", m_rejects}});
    } else {
        node("rejects", "file_sink", {{"path", m_options.deadLetterFile}, {"format", "json_lines"}});
    }
    Json edges = Json::array();
    const auto edge = [&](const char* from, const char* to) {
        edges.push_back({{"from", from}, {"to", to}});
    };
    edge("requests", "parse");
    edge("parse", "number");
    edge("number", m_options.throttlePerS > 0 ? "throttle" : "apps");
    if (m_options.throttlePerS > 0) {
        edge("throttle", "apps");
    }
    for (const char* port : {"requests.error", "parse.error", "number.error", "apps.error"}) {
        edge(port, "rejects");
    }
    Json settings{{"processing_guarantee", toString(m_options.guarantee)},
                  {"commit_interval_ms", m_options.commitIntervalMs}};
    if (m_options.maxMemoryMb > 0) {
        settings["max_memory_mb"] = m_options.maxMemoryMb;
    }
    const std::string bootstrap = m_options.bootstrap.empty() ? m_cluster.bootstrap() : m_options.bootstrap;
    const Json document{
        {"streamwright", 1},    {"name", m_group},
        {"settings", settings}, {"connections", {{"kafka", {{"bootstrap_servers", bootstrap}}}}},
        {"nodes", nodes},       {"edges", edges}};
    std::ofstream(pipelineFile()) << document.dump(2) << '\n';
}

void FaultRig::change(const std::function<void(Options&)>& change)
{
    change(m_options);
    writePipeline();
}

bool FaultRig::waitForEmptyGroup(std::chrono::seconds patience)
{
    constexpr Millis kAnswer{5'000};
    auto admin = kafka::Admin::create(m_cluster.connection());
    if (!admin) {
        return false;
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto group = (*admin)->describeGroup(m_group, kAnswer);
        if (group ? group->members.empty() : group.error().code == Errc::NotFound) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200)); // between two looks
    }
    return false;
}

std::string programPath()
{
    const char* const other = std::getenv("SW_FAULTS_PROGRAM"); // tests/faults/mutations
    return other == nullptr ? SW_STREAMWRIGHT : other;
}

testing::ChildProcess FaultRig::startWorker(const std::string& slot,
                                            const std::vector<std::string>& arguments)
{
    std::vector<std::string> command{programPath(), "run",         pipelineFile().string(),  "--stats",
                                     "none",        "--state-dir", stateDirectory().string()};
    if (!slot.empty()) {
        command.insert(command.end(), {"--instance", slot});
    }
    command.insert(command.end(), arguments.begin(), arguments.end());
    const std::filesystem::path log = logOf(slot);
    m_startsBefore[slot] = startsLogged(slot);
    return testing::ChildProcess::start(command, {}, log, log);
}

std::filesystem::path FaultRig::logOf(const std::string& slot) const
{
    return m_directory / ("worker-" + (slot.empty() ? std::string("default") : slot));
}

int FaultRig::startsLogged(const std::string& slot) const
{
    std::ifstream file(logOf(slot));
    int starts = 0;
    for (std::string line; std::getline(file, line);) {
        starts += line.ends_with(" Running.") ? 1 : 0;
    }
    return starts;
}

bool FaultRig::waitForStart(const std::string& slot, std::chrono::seconds patience) const
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (startsLogged(slot) <= m_startsBefore.at(slot)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // between two looks
    }
    return true;
}

void FaultRig::startLoad()
{
    m_load = std::make_unique<LoadGenerator>(m_cluster.bootstrap(), m_input, m_options.partitions,
                                             m_options.perSecond);
}

std::uint64_t FaultRig::outputsSoFar()
{
    constexpr std::chrono::seconds kPatience{30};
    if (!m_reader->waitForQuiet(kPatience)) {
        std::fprintf(stderr, "rig: the reader could not catch up\n");
    }
    return m_reader->count();
}

bool FaultRig::waitForWork(std::chrono::seconds patience)
{
    return m_reader->waitForProgress(outputsSoFar(), patience) >= 0;
}

Verdict FaultRig::finish(std::chrono::seconds patience)
{
    (void)m_reader->waitForDistinct(requestsAmong(m_load->finish()), patience);
    return judgeNow();
}

Verdict FaultRig::judgeNow() const
{
    return judge(m_reader->outputs(), m_load->sent(), m_options.partitions, m_options.countPerPartition);
}

std::string FaultRig::logs() const
{
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(m_directory)) {
        if (!entry.path().filename().string().starts_with("worker-")) {
            continue;
        }
        std::ifstream file(entry.path());
        std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (text.size() > kLogTail) {
            text = "…" + text.substr(text.size() - kLogTail);
        }
        all += "--- " + entry.path().filename().string() + '\n' + text;
    }
    return all;
}

void printFigure(const std::string& what, const std::string& figure)
{
    std::printf("FIGURE %s: %s\n", what.c_str(), figure.c_str());
    std::fflush(stdout);
}

} // namespace streamwright::faults
