#include "core/base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>
#include <mutex>
#include <utility>

namespace streamwright {
namespace {

struct LevelName {
    std::string_view name;
    LogLevel level;
};
constexpr std::array kLevels{LevelName{"trace", LogLevel::Trace}, LevelName{"debug", LogLevel::Debug},
                             LevelName{"info", LogLevel::Info},   LevelName{"warn", LogLevel::Warn},
                             LevelName{"error", LogLevel::Error}, LevelName{"off", LogLevel::Off}};

spdlog::level::level_enum toSpdlog(LogLevel level)
{
    using enum LogLevel;
    switch (level) {
    case Trace: return spdlog::level::trace;
    case Debug: return spdlog::level::debug;
    case Info: return spdlog::level::info;
    case Warn: return spdlog::level::warn;
    case Error: return spdlog::level::err;
    case Off: return spdlog::level::off;
    }
    return spdlog::level::info;
}

/// The message as the inside of a JSON string.
class JsonText final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override
    {
        constexpr std::string_view kHex = "0123456789abcdef";
        const auto put = [&out](std::string_view text) {
            out.append(text.data(), text.data() + text.size());
        };
        for (const char c : message.payload) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                put("\\");
                put({&c, 1});
            } else if (byte < 0x20) {
                const std::array escaped{'\\', 'u', '0', '0', kHex[byte >> 4U], kHex[byte & 0xFU]};
                put({escaped.data(), escaped.size()});
            } else {
                put({&c, 1});
            }
        }
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override
    {
        return std::make_unique<JsonText>();
    }
};

struct Listener {
    std::mutex mutex;
    void (*sink)(LogLevel, std::string_view, void*) = nullptr;
    void* context = nullptr;
};

Listener& listener()
{
    static Listener instance;
    return instance;
}

spdlog::logger& logger()
{
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>("streamwright",
                                                     std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%H:%M:%S.%e %^%-5l%$ %v");
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

} // namespace

std::optional<LogLevel> parseLogLevel(std::string_view name)
{
    for (const LevelName& entry : kLevels) {
        if (entry.name == name) {
            return entry.level;
        }
    }
    return std::nullopt;
}

namespace log {

void configure(LogLevel level, LogFormat format)
{
    logger().set_level(toSpdlog(level));
    if (format == LogFormat::Json) {
        auto formatter = std::make_unique<spdlog::pattern_formatter>();
        formatter->add_flag<JsonText>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})");
        logger().set_formatter(std::move(formatter));
    } else {
        logger().set_pattern("%H:%M:%S.%e %^%-5l%$ %v");
    }
}

void setListener(void (*sink)(LogLevel, std::string_view, void*), void* context)
{
    const std::lock_guard lock(listener().mutex);
    listener().sink = sink;
    listener().context = context;
}

bool enabled(LogLevel level)
{
    return logger().should_log(toSpdlog(level));
}

void write(LogLevel level, std::string_view text)
{
    logger().log(toSpdlog(level), "{}", text);
    if (!enabled(level)) {
        return;
    }
    const std::lock_guard lock(listener().mutex);
    if (listener().sink != nullptr) {
        listener().sink(level, text, listener().context);
    }
}

} // namespace log
} // namespace streamwright
