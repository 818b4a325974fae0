#include "core/cli/run_command.h"

#include "core/base/log.h"
#include "core/cli/exit_code.h"
#include "core/cli/metrics_server.h"
#include "core/cli/service_notice.h"
#include "core/cli/stop_signals.h"
#include "core/engine/metrics_text.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

namespace streamwright {
namespace {

constexpr std::chrono::milliseconds kTurn{50}; ///< how soon a signal is seen
/// Longer than any single wait of a task thread (30 s, for transactions to begin).
constexpr std::chrono::nanoseconds kStuckAfter = std::chrono::seconds(45);

int refuse(std::ostream& err, const std::string& message)
{
    err << "streamwright: " << message << '\n';
    return kExitBadInput;
}

/// The engine's options; empty, with a message, where one is wrong.
std::optional<EngineOptions> engineOptions(const RunOptions& options, const Topology& topology,
                                           std::ostream& err)
{
    EngineOptions engine;
    const std::filesystem::path file(options.pipeline.file);
    const std::filesystem::path folder =
        file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    engine.dataDir = options.dataDir.empty() ? folder : std::filesystem::path(options.dataDir);
    engine.stateDir =
        options.stateDir.empty() ? defaultStateDirectory(topology.pipelineName) : options.stateDir;
    engine.instance = options.instance;
    engine.onConflict = options.onConflict == "fail"       ? OnConflict::Fail
                        : options.onConflict == "takeover" ? OnConflict::Takeover
                                                           : OnConflict::Wait;
    for (const std::string& property : options.properties) {
        const std::size_t equals = property.find('=');
        if (equals == std::string::npos || equals == 0) {
            refuse(err, "-X takes PROPERTY=VALUE, not \"" + property + "\".");
            return std::nullopt;
        }
        engine.extraProperties.emplace_back(property.substr(0, equals), property.substr(equals + 1));
    }
    for (const std::string& text : options.feeds) {
        std::optional<Feed> feed = parseFeed(text);
        if (!feed) {
            refuse(err, "--feed takes TOPIC=FILE[@PER_SECOND], not \"" + text + "\".");
            return std::nullopt;
        }
        feed->records = options.feedFormat == "records";
        if (!std::filesystem::exists(feed->file)) {
            refuse(err, "The file to feed, \"" + feed->file.string() + "\", does not exist.");
            return std::nullopt;
        }
        engine.feeds.push_back(std::move(*feed));
    }
    engine.feedReal = options.feedReal;
    engine.untilEnd = options.untilEnd;
    engine.count = options.count;
    const auto period = [&err](const std::string& text, const char* option) {
        const auto parsed = parsePeriod(text);
        if (!parsed) {
            refuse(err,
                   std::string(option) + " takes a time such as 30s, 500ms or 2m, not \"" + text + "\".");
        }
        return parsed;
    };
    const auto connect = period(options.connectTimeout, "--connect-timeout");
    if (!connect) {
        return std::nullopt;
    }
    engine.connectTimeout = *connect;
    if (!options.duration.empty()) {
        engine.duration = period(options.duration, "--for");
        if (!engine.duration) {
            return std::nullopt;
        }
    }
    return engine;
}

bool isReady(const EngineSnapshot& snapshot)
{
    const bool standby = std::any_of(snapshot.flows.begin(), snapshot.flows.end(),
                                     [](const FlowSnapshot& flow) { return flow.standby; });
    return snapshot.state == EngineState::Running || standby;
}

/// Shows the run until it has ended.
void follow(Engine& engine, RunView& view, std::chrono::milliseconds interval)
{
    using SteadyClock = std::chrono::steady_clock;
    SteadyClock::time_point next = SteadyClock::now() + interval;
    bool stopping = false;
    bool ready = false;
    while (!engine.wait(std::min(kTurn, interval))) {
        if (StopSignals::came() && !stopping) {
            stopping = true;
            noticeService("STOPPING=1");
            engine.requestStop(StoppedBy::Signal);
        }
        if (SteadyClock::now() < next) {
            continue;
        }
        next = SteadyClock::now() + interval;
        view.show();
        const EngineSnapshot snapshot = engine.snapshot();
        const bool now = isReady(snapshot);
        if (now && !ready) {
            noticeService("READY=1");
        }
        ready = now;
        if (snapshot.stuckNs < kStuckAfter.count()) { // else systemd kills and starts anew: nothing is lost
            noticeService("WATCHDOG=1");
        }
    }
}

} // namespace

std::optional<std::chrono::milliseconds> parsePeriod(std::string_view text)
{
    double number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || !(number >= 0)) {
        return std::nullopt;
    }
    const std::string_view unit(parsed.ptr, static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
    constexpr double kSecond = 1000;
    constexpr double kMinute = 60 * kSecond;
    constexpr double kHour = 60 * kMinute;
    double factor = 0;
    if (unit == "ms") {
        factor = 1;
    } else if (unit == "s" || unit.empty()) {
        factor = kSecond;
    } else if (unit == "m" || unit == "min") {
        factor = kMinute;
    } else if (unit == "h") {
        factor = kHour;
    } else {
        return std::nullopt;
    }
    constexpr double kLongest = 1e15;
    if (number * factor > kLongest) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(number * factor));
}

std::optional<Feed> parseFeed(std::string_view text)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
        return std::nullopt;
    }
    Feed feed;
    feed.topic = text.substr(0, equals);
    std::string_view file = text.substr(equals + 1);
    if (const std::size_t at = file.rfind('@'); at != std::string_view::npos && at > 0) {
        const std::string_view number = file.substr(at + 1);
        double rate = 0;
        const auto parsed = std::from_chars(number.data(), number.data() + number.size(), rate);
        if (parsed.ec == std::errc() && parsed.ptr == number.data() + number.size() && rate > 0) {
            feed.perSecond = rate;
            file = file.substr(0, at);
        }
    }
    feed.file = file;
    return feed;
}

std::string defaultStateDirectory(const std::string& pipelineName)
{
    if (const char* const given = std::getenv("STATE_DIRECTORY"); given != nullptr && *given != '\0') {
        return given;
    }
    std::filesystem::path base;
    if (const char* const xdg = std::getenv("XDG_STATE_HOME"); xdg != nullptr && *xdg == '/') {
        base = xdg;
    } else {
        const char* const home = std::getenv("HOME");
        base = std::filesystem::path(home == nullptr ? "." : home) / ".local" / "state";
    }
    return (base / "streamwright" / pipelineName).string();
}

int runRun(const RunOptions& options, std::ostream& err)
{
    const StopSignals signals; // first of all: a stop that comes early is a clean one too
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    const StatsForm form = options.stats == "json"   ? StatsForm::Json
                           : options.stats == "none" ? StatsForm::None
                                                     : StatsForm::Text;
    LogLevel level = parseLogLevel(options.logLevel).value_or(LogLevel::Info);
    const bool table = form == StatsForm::Text && terminal;
    if (table && options.logLevel.empty()) {
        level = LogLevel::Off; // the table shows what the log would say, and would be torn by it
    }
    log::configure(level, options.logFormat == "json" ? LogFormat::Json : LogFormat::Text);
    const auto interval = parsePeriod(options.statsInterval);
    if (!interval || interval->count() <= 0) {
        return refuse(err,
                      "--stats-interval takes a time such as 1s, not \"" + options.statsInterval + "\".");
    }
    const std::optional<OpenedPipeline> opened = openSoundPipeline(options.pipeline, true, err);
    if (!opened) {
        return kExitBadInput;
    }
    std::optional<EngineOptions> engineSettings = engineOptions(options, *opened->topology, err);
    if (!engineSettings) {
        return kExitBadInput;
    }
    const std::unique_ptr<Engine> engine = Engine::create(opened->topology, std::move(*engineSettings));
    std::unique_ptr<MetricsServer> server;
    if (!options.metrics.empty()) {
        MetricsAnswers answers;
        answers.metrics = [&] { return metricsText(*opened->topology, engine->snapshot()); };
        answers.healthy = [&] {
            const EngineState state = engine->snapshot().state;
            return state != EngineState::Failed && state != EngineState::Fenced;
        };
        answers.ready = [&] { return isReady(engine->snapshot()); };
        auto started = MetricsServer::start(options.metrics, std::move(answers));
        if (!started) {
            return refuse(err, started.error().message);
        }
        server = std::move(*started);
        log::info("Metrics at http://" + server->address() + "/metrics.");
    }
    RunView view(*opened->topology, *engine, form, terminal, err);
    engine->start();
    follow(*engine, view, *interval);
    const std::optional<Error> failure = engine->snapshot().failure;
    if (failure) {
        err << "streamwright: " << failure->message << '\n';
    }
    view.showEnd();
    return engine->exitCode();
}

void addRunCommand(CLI::App& app, CommandRun& run)
{
    const auto options = std::make_shared<RunOptions>();
    CLI::App* const command = app.add_subcommand("run", "Runs a pipeline until it is stopped");
    command->add_option("FILE", options->pipeline.file, "Pipeline document")->required();
    addPipelineOptions(*command, options->pipeline, true);
    command->add_option("-X", options->properties, "A librdkafka property of every connection (repeatable)")
        ->type_name("PROPERTY=VALUE")
        ->allow_extra_args(false);
    command
        ->add_option("--on-conflict", options->onConflict,
                     "When a pipeline that must run once already runs: wait (default), fail or takeover")
        ->check(CLI::IsMember({"wait", "fail", "takeover"}));
    command->add_option("--feed", options->feeds, "Sends a file's lines to a topic as messages (repeatable)")
        ->type_name("TOPIC=FILE[@PER_SECOND]")
        ->allow_extra_args(false);
    command
        ->add_option("--feed-format", options->feedFormat,
                     "lines (default) or records, as \"peek\" prints them")
        ->check(CLI::IsMember({"lines", "records"}));
    command->add_flag("--feed-real", options->feedReal, "Allows --feed to write to a real broker");
    command->add_flag("--until-end", options->untilEnd,
                      "Stops when everything up to the present ends is processed");
    command->add_option("--count", options->count, "Stops after so many records taken from sources");
    command->add_option("--for", options->duration, "Stops after a time, for example 30s");
    command->add_option("--connect-timeout", options->connectTimeout,
                        "How long a start waits for a broker (15s)");
    command->add_option("--stats", options->stats, "text (default), json or none; on stderr")
        ->check(CLI::IsMember({"text", "json", "none"}));
    command->add_option("--stats-interval", options->statsInterval, "Time between two of them (1s)");
    command->add_option("--instance", options->instance,
                        "Name of this process among several of the pipeline; \"none\": no stable name");
    command->add_option("--metrics", options->metrics,
                        "Serves /metrics, /healthz and /readyz at HOST:PORT or PORT");
    command->add_option("--state-dir", options->stateDir, "Where slots and positions are kept");
    command->add_option("--data-dir", options->dataDir, "Where relative paths of the document start");
    command->add_option("--log-level", options->logLevel, "trace, debug, info (default), warn, error or off")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
    command->add_option("--log-format", options->logFormat, "text (default) or json")
        ->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "Examples:\n"
        "  streamwright run orders.pipeline.json\n"
        "  streamwright run orders.pipeline.json --broker embedded --feed InputsTopic=in.jsonl --until-end\n"
        "  streamwright run orders.pipeline.json --env prod.env --metrics 9464 --stats none\n"
        "Ctrl-C finishes and commits what is in hand; a second one ends at once.");
    command->callback([options, &run] { run = [options] { return runRun(*options, std::cerr); }; });
}

} // namespace streamwright
