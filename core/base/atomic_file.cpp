#include "core/base/atomic_file.h"

#include "core/base/diagnostic.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace streamwright {
namespace {

Error ioError(const std::string& doing, const std::filesystem::path& file)
{
    return Error{Errc::Io,
                 "Cannot " + doing + ' ' + quoted(file.string()) + ": " + std::strerror(errno) + '.'};
}

bool writeAll(int descriptor, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno != EINTR) {
            return false;
        }
        content.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return true;
}

} // namespace

Result<void> replaceFile(const std::filesystem::path& file, std::string_view content, unsigned newFileMode)
{
    // A symbolic link keeps pointing: what it points to is replaced.
    std::error_code unresolved;
    std::filesystem::path target = std::filesystem::canonical(file, unresolved);
    if (unresolved) {
        target = file;
    }
    struct stat former {};
    const bool existed = ::stat(target.c_str(), &former) == 0;
    std::string temporary = target.string() + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) {
        return ioError("write", file);
    }
    const mode_t mode = existed ? former.st_mode & 07777U : static_cast<mode_t>(newFileMode);
    bool good = ::fchmod(descriptor, mode) == 0 && writeAll(descriptor, content) && ::fsync(descriptor) == 0;
    int failure = errno;
    if (::close(descriptor) != 0 && good) {
        good = false;
        failure = errno;
    }
    if (good && ::rename(temporary.c_str(), target.c_str()) != 0) {
        good = false;
        failure = errno;
    }
    if (!good) {
        ::unlink(temporary.c_str());
        errno = failure;
        return ioError("write", file);
    }
    const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        // The rename stands; a file system that cannot sync folders is not an error of the caller.
        static_cast<void>(::fsync(directory));
        ::close(directory);
    }
    return {};
}

} // namespace streamwright
