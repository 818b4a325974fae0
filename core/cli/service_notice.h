#pragma once

#include <string_view>

namespace streamwright {

/// Tells systemd how a Type=notify service stands (sd_notify(3)): "READY=1", "STOPPING=1", "WATCHDOG=1". Does
/// nothing where $NOTIFY_SOCKET is not set. Thread: any.
void noticeService(std::string_view state);

} // namespace streamwright
