#include "core/state/atomic_file.h"

#include "core/base/diagnostic.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace streamwright {
namespace {

constexpr mode_t kPrivateFile = 0600;

/// Closes on leaving the scope.
class FileDescriptor {
public:
    explicit FileDescriptor(int fd) : m_fd(fd) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor()
    {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

Error ioError(std::string_view what, const std::filesystem::path& path)
{
    return {Errc::Io, std::string(what) + ' ' + streamwright::quoted(path.string()) + ": " +
                          std::strerror(errno) + '.'};
}

} // namespace

Result<void> ensurePrivateDirectory(const std::filesystem::path& directory)
{
    std::error_code error;
    const bool made = std::filesystem::create_directories(directory, error);
    if (error) {
        return Error{Errc::Io, "Cannot make directory " + streamwright::quoted(directory.string()) + ": " +
                                   error.message() + ". Choose another with --state-dir."};
    }
    if (made) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    }
    return {};
}

Result<void> replaceFile(const std::filesystem::path& file, std::string_view content)
{
    std::filesystem::path temporary = file;
    temporary += ".new";
    {
        const FileDescriptor out(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kPrivateFile));
        if (out.get() < 0) {
            return ioError("Cannot write", temporary);
        }
        std::size_t written = 0;
        while (written < content.size()) {
            const ssize_t count = ::write(out.get(), content.data() + written, content.size() - written);
            if (count < 0) {
                if (errno == EINTR) {
                    continue;
                }
                return ioError("Cannot write", temporary);
            }
            written += static_cast<std::size_t>(count);
        }
        if (::fsync(out.get()) != 0) {
            return ioError("Cannot write", temporary);
        }
    }
    if (::rename(temporary.c_str(), file.c_str()) != 0) {
        return ioError("Cannot replace", file);
    }
    const std::filesystem::path parent = file.has_parent_path() ? file.parent_path() : ".";
    const FileDescriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) {
        return ioError("Cannot make durable", file);
    }
    return {};
}

Result<std::optional<std::string>> readFile(const std::filesystem::path& file)
{
    const FileDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.get() < 0) {
        if (errno == ENOENT) {
            return std::optional<std::string>();
        }
        return ioError("Cannot read", file);
    }
    std::string content;
    char block[16 * 1024];
    for (;;) {
        const ssize_t count = ::read(in.get(), block, sizeof block);
        if (count == 0) {
            return std::optional<std::string>(std::move(content));
        }
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            return ioError("Cannot read", file);
        }
        content.append(block, static_cast<std::size_t>(count));
    }
}

} // namespace streamwright
