#include "core/state/instance_slot.h"

#include "core/base/diagnostic.h"
#include "core/state/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace streamwright {
namespace {

constexpr int kMaxSlots = 1000;

std::string asId(std::string text)
{
    std::replace_if(
        text.begin(), text.end(),
        [](char c) {
            const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            return !plain && c != '-' && c != '_';
        },
        '-');
    return text;
}

} // namespace

std::string hostSlotName()
{
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') {
        return "host";
    }
    return asId(host.data());
}

Result<InstanceSlot> InstanceSlot::take(const std::filesystem::path& stateDir, const std::string& wanted)
{
    InstanceSlot slot;
    if (wanted == "none") {
        return slot;
    }
    const std::filesystem::path directory = stateDir / "slots";
    if (auto made = ensurePrivateDirectory(directory); !made) {
        return made.error();
    }
    const bool named = !wanted.empty();
    const std::string host = hostSlotName();
    for (int number = 0; number < kMaxSlots; ++number) {
        std::string name = named ? asId(wanted) : host + '-' + std::to_string(number);
        const std::filesystem::path file = directory / (name + ".lock");
        const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            return Error{Errc::Io, "Cannot open " + streamwright::quoted(file.string()) + ": " +
                                       std::strerror(errno) + ". Choose another directory with --state-dir."};
        }
        const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
        if (locked || named) {
            slot.m_name = std::move(name);
            slot.m_fd = fd;
            return slot;
        }
        ::close(fd);
    }
    return Error{Errc::Conflict, "All " + std::to_string(kMaxSlots) + " instance slots of " +
                                     streamwright::quoted(directory.string()) +
                                     " are taken. Name one with --instance."};
}

InstanceSlot::InstanceSlot(InstanceSlot&& other) noexcept
    : m_name(std::move(other.m_name)), m_fd(std::exchange(other.m_fd, -1))
{
}

InstanceSlot& InstanceSlot::operator=(InstanceSlot&& other) noexcept
{
    std::swap(m_name, other.m_name);
    std::swap(m_fd, other.m_fd);
    return *this;
}

InstanceSlot::~InstanceSlot()
{
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

} // namespace streamwright
