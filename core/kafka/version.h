#pragma once

#include <string>

namespace streamwright::kafka {

/// Version of the librdkafka that is linked in, "2.8.0".
[[nodiscard]] std::string libraryVersion();

} // namespace streamwright::kafka
