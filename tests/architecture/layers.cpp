#include "tests/architecture/layers.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace streamwright::architecture {
namespace {

using Folders = std::set<std::string, std::less<>>;

/// What each folder of core may include beside itself. An include points towards what is simpler.
const std::map<std::string, Folders, std::less<>> kCore{
    {"base", {}},
    {"record", {"base"}},
    {"kafka", {"base", "record"}},
    {"cel", {"base", "record"}},
    {"node", {"base", "record", "cel"}},
    {"pipeline", {"base", "record", "cel", "node"}},
    {"topology", {"base", "record", "cel", "node", "pipeline"}},
    {"state", {"base", "record", "cel", "node"}},
    {"engine", {"base", "record", "cel", "node", "pipeline", "topology", "state", "kafka"}},
    {"nodes", {"base", "record", "cel", "node", "pipeline", "topology", "state", "engine"}},
    {"preview", {"base", "record", "cel", "node", "pipeline", "topology", "state", "engine", "nodes"}},
    {"cli",
     {"base", "record", "cel", "node", "pipeline", "topology", "state", "engine", "nodes", "preview",
      "kafka"}},
};

/// What each folder of gui may include of gui beside itself; "app" may include all. Feature folders meet in
/// app.
const Folders kFeatureMayInclude{"document", "bridge", "style"};
const std::map<std::string, Folders, std::less<>> kGui{
    {"style", {}},
    {"bridge", {}},
    {"document", {"bridge"}},
    {"canvas", kFeatureMayInclude},
    {"palette", kFeatureMayInclude},
    {"inspector", kFeatureMayInclude},
    {"monitor", kFeatureMayInclude},
    {"messages", kFeatureMayInclude},
    {"deadletters", kFeatureMayInclude},
    {"preview", kFeatureMayInclude},
    {"cluster", kFeatureMayInclude},
};

/// Folders of core that only gui/bridge may use; of these, headers that hold nothing but values travel
/// further.
const Folders kBridgeOnly{"engine", "kafka", "preview", "nodes", "state", "cli"};

bool holdsValuesOnly(std::string_view header)
{
    return header == "core/engine/tap.h" || header.ends_with("_snapshot.h") || header.ends_with("_state.h") ||
           header.ends_with("_event.h");
}

/// "core/base/arena.h" -> "base" for top "core"; empty where the path is not under `top`, or is not in a
/// folder.
std::string folderUnder(std::string_view top, std::string_view path)
{
    if (!path.starts_with(top) || path.size() <= top.size() || path[top.size()] != '/') {
        return {};
    }
    const std::string_view rest = path.substr(top.size() + 1);
    const std::size_t slash = rest.find('/');
    return slash == std::string_view::npos ? std::string() : std::string(rest.substr(0, slash));
}

bool isQt(const Include& include)
{
    return !include.quoted && include.target.size() > 1 && include.target[0] == 'Q' &&
           (include.target.starts_with("Qt") || (include.target[1] >= 'A' && include.target[1] <= 'Z'));
}

bool isQtCharts(std::string_view target)
{
    static const Folders charts{"QChart",        "QChartView",    "QLineSeries", "QSplineSeries",
                                "QAreaSeries",   "QBarSeries",    "QXYSeries",   "QValueAxis",
                                "QDateTimeAxis", "QLogValueAxis", "QBarSet",     "QScatterSeries"};
    return target.starts_with("QtCharts") || charts.contains(target);
}

std::string objectionInCore(const Include& include, const std::string& folder)
{
    if (isQt(include) || include.target.starts_with("gui/")) {
        return "core has no Qt and knows nothing of the Studio; hand a value out and let gui/bridge turn it";
    }
    if (include.target.starts_with("librdkafka/") && folder != "kafka") {
        return "librdkafka is used in core/kafka only; add what is missing to its wrappers";
    }
    if (include.target.starts_with("nlohmann/") && folder == "record") {
        return "a record's JSON is indexed by core/record itself; nlohmann_json is for documents";
    }
    const std::string other = folderUnder("core", include.target);
    if (other.empty() || other == folder) {
        return {};
    }
    const auto rule = kCore.find(folder);
    if (rule == kCore.end()) {
        return "core/" + folder +
               " has no place among the layers; give it one in tests/architecture/layers.cpp";
    }
    return rule->second.contains(other)
               ? ""
               : "core/" + folder + " stands below core/" + other + "; move the type down";
}

std::string objectionInGui(const Include& include, const std::string& folder)
{
    if (include.target.starts_with("librdkafka/")) {
        return "the Studio reaches Kafka through gui/bridge only";
    }
    if (isQtCharts(include.target) && include.file != "gui/monitor/chart_panel.cpp") {
        return "Qt Charts stays in gui/monitor/chart_panel.cpp, so that it can be replaced";
    }
    if (const std::string core = folderUnder("core", include.target); !core.empty()) {
        if (folder == "style") {
            return "gui/style includes nothing of ours";
        }
        const bool startsIt = folder.empty() && core == "nodes"; // main.cpp hands the list of node types over
        if (kBridgeOnly.contains(core) && folder != "bridge" && !startsIt &&
            !holdsValuesOnly(include.target)) {
            return "only gui/bridge talks to core/" + core +
                   "; take its snapshot, state or event values instead";
        }
        return {};
    }
    const std::string other = folderUnder("gui", include.target);
    // main.cpp stands in no folder; it and app put the rest together.
    if (other.empty() || other == folder || folder == "app" || folder.empty()) {
        return {};
    }
    const auto rule = kGui.find(folder);
    if (rule == kGui.end()) {
        return "gui/" + folder +
               " has no place among the layers; give it one in tests/architecture/layers.cpp";
    }
    return rule->second.contains(other)
               ? ""
               : "gui/" + folder + " may not know gui/" + other + "; let them meet in gui/app by signals";
}

} // namespace

std::string objectionTo(const Include& include)
{
    if (include.quoted && !include.target.starts_with("core/") && !include.target.starts_with("gui/") &&
        !include.target.starts_with("tests/") && !include.target.ends_with(".moc") &&
        !include.target.starts_with("ui_")) {
        return "includes go from the root of the tree; angle brackets are for what is not ours";
    }
    const bool inCore = include.file.starts_with("core/");
    if ((inCore || include.file.starts_with("gui/")) && include.target.starts_with("tests/")) {
        return "what is shipped does not include tests";
    }
    if (inCore) {
        return objectionInCore(include, folderUnder("core", include.file));
    }
    return include.file.starts_with("gui/") ? objectionInGui(include, folderUnder("gui", include.file)) : "";
}

} // namespace streamwright::architecture
