#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warn, Error, Off };
enum class LogFormat : std::uint8_t { Text, Json };

[[nodiscard]] std::optional<LogLevel> parseLogLevel(std::string_view name);

/// The process's log, on stderr. By consequence: Error = data lost or someone must act, Warn = odd but
/// recovered, Info = something the user did took effect, Debug = not per record. Payloads and secrets never.
/// Thread: any. The functions take finished text so that no caller includes a logging library.
namespace log {

void configure(LogLevel level, LogFormat format);
/// Also hands each line to `sink` (the Studio's log dock); nullptr ends that. Called on the logging thread.
void setListener(void (*sink)(LogLevel level, std::string_view text, void* context), void* context);
[[nodiscard]] bool enabled(LogLevel level);
void write(LogLevel level, std::string_view text);

inline void debug(std::string_view text)
{
    write(LogLevel::Debug, text);
}
inline void info(std::string_view text)
{
    write(LogLevel::Info, text);
}
inline void warn(std::string_view text)
{
    write(LogLevel::Warn, text);
}
inline void error(std::string_view text)
{
    write(LogLevel::Error, text);
}

} // namespace log
} // namespace streamwright
