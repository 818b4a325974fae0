#include "core/nodes/sinks/line_file.h"

#include "core/base/diagnostic.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace streamwright {
namespace {

constexpr mode_t kPrivateMode = 0600;
constexpr mode_t kSharedMode = 0666; // less what umask takes

Error fileError(const std::filesystem::path& file, int code, std::string_view doing)
{
    const std::filesystem::path folder =
        file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (code == ENOENT || code == ENOTDIR) {
        return {Errc::NotFound, "Folder " + quoted(folder.string()) + " of file " +
                                    quoted(file.filename().string()) +
                                    " does not exist. Create it, or change field \"path\"."};
    }
    std::string advice;
    if (code == ENOSPC || code == EDQUOT) {
        advice = " Free some space; nothing is lost, what was not written is read again at the next start.";
    } else if (code == EACCES || code == EPERM || code == EROFS) {
        advice = " Give the user of this process the right to write there, or change field \"path\".";
    }
    return {Errc::Io, "File " + quoted(file.string()) + " cannot be " + std::string(doing) + ": " +
                          std::generic_category().message(code) + '.' + advice};
}

} // namespace

LineFile::~LineFile()
{
    close();
}

void LineFile::close()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        m_descriptor = -1;
    }
}

Result<void> LineFile::open(const std::filesystem::path& file)
{
    close();
    const mode_t mode = m_options.privateToUser ? kPrivateMode : kSharedMode;
    // Read too: the last byte tells whether the last line is whole.
    m_descriptor = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, mode);
    if (m_descriptor < 0 && errno != ENOENT && errno != EISDIR) {
        m_descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC); // a pipe, or write-only to us
    }
    if (m_descriptor < 0) {
        return fileError(file, errno, "opened");
    }
    m_file = file;
    return closeTornLine();
}

Result<void> LineFile::closeTornLine()
{
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0) {
        return fileError(m_file, errno, "opened");
    }
    m_size = static_cast<std::uint64_t>(status.st_size);
    char last = '\n';
    if (S_ISREG(status.st_mode) && m_size > 0 && ::pread(m_descriptor, &last, 1, status.st_size - 1) == 1 &&
        last != '\n') {
        return writeAll("\n");
    }
    return {};
}

Result<void> LineFile::putAside(const std::filesystem::path& file)
{
    std::error_code failed;
    if (!std::filesystem::exists(file, failed)) {
        return {};
    }
    for (int number = 1;; ++number) {
        std::filesystem::path aside = file;
        aside += '.' + std::to_string(number);
        // link() refuses a name that is taken, so that no older file is overwritten.
        if (::link(file.c_str(), aside.c_str()) == 0) {
            return ::unlink(file.c_str()) == 0 ? Result<void>()
                                               : Result<void>(fileError(file, errno, "put aside"));
        }
        if (errno != EEXIST) {
            return fileError(file, errno, "put aside");
        }
    }
}

Result<void> LineFile::writeAll(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return fileError(m_file, errno, "written");
        }
        m_size += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        m_dirty = true;
    }
    return {};
}

Result<void> LineFile::append(std::string_view lines)
{
    if (m_options.rotateBytes > 0 && m_size > 0 && m_size + lines.size() > m_options.rotateBytes) {
        const std::filesystem::path file = m_file;
        if (const auto synced = sync(); !synced) {
            return synced;
        }
        if (const auto aside = putAside(file); !aside) {
            return aside;
        }
        if (const auto opened = open(file); !opened) {
            return opened;
        }
    }
    return writeAll(lines);
}

Result<void> LineFile::sync()
{
    if (!m_dirty || m_descriptor < 0) {
        return {};
    }
    if (::fdatasync(m_descriptor) != 0 && errno != EINVAL && errno != EROFS) { // EINVAL: a pipe or terminal
        return fileError(m_file, errno, "flushed");
    }
    m_dirty = false;
    return {};
}

} // namespace streamwright
