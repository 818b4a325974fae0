#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace streamwright {

/// The name of this process among several of one pipeline. It goes into group.instance.id and
/// transactional.id, so that a restarted process takes its predecessor's place over at once (kafka.md B).
/// Holds a flock on a file in the state directory, which the kernel frees however the process ends. Movable
/// value.
class InstanceSlot {
public:
    /// `wanted` empty: the host's name and the first number whose lock is free. "none": no slot, nothing is
    /// locked. Any other name is used as it is: a second process with the same name fences the first, so its
    /// lock is taken where it is free and not waited for. Errors: Io.
    [[nodiscard]] static Result<InstanceSlot> take(const std::filesystem::path& stateDir,
                                                   const std::string& wanted);

    InstanceSlot() = default;
    InstanceSlot(InstanceSlot&& other) noexcept;
    InstanceSlot& operator=(InstanceSlot&& other) noexcept;
    ~InstanceSlot();

    /// Empty with "none": dynamic membership.
    [[nodiscard]] const std::string& name() const { return m_name; }

private:
    std::string m_name;
    int m_fd = -1;
};

/// The host's name with everything that Kafka does not take in an id replaced by '-'.
[[nodiscard]] std::string hostSlotName();

} // namespace streamwright
