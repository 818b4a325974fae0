#pragma once

#include <cstdint>
#include <string_view>

namespace streamwright {

/// State of a task: one flow on one partition, or on all of them. After Kafka Streams' Task.State; Failed is
/// ours.
///
///   Created --> Restoring --> Running --> Suspended --> Closed
///                 |   ^          |            |           ^
///                 |   +----------|------------+           |
///                 +--> Failed <--+   also Created -> Closed, Restoring -> Suspended (revoked early)
///                         +-------------------------------+
enum class TaskState : std::uint8_t { Created, Restoring, Running, Suspended, Failed, Closed };

[[nodiscard]] std::string_view toString(TaskState state);
/// Whether `to` may follow `from`; an illegal change asserts.
[[nodiscard]] bool isAllowed(TaskState from, TaskState to);

} // namespace streamwright
