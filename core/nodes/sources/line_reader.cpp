#include "core/nodes/sources/line_reader.h"

#include "core/base/diagnostic.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace streamwright {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

Error fileError(const std::filesystem::path& file, int code, std::string_view doing)
{
    const std::string reason = std::generic_category().message(code);
    if (code == ENOENT) {
        return {Errc::NotFound,
                "File " + quoted(file.string()) + " does not exist. Create it, or change field \"path\"."};
    }
    return {Errc::Io,
            "File " + quoted(file.string()) + " cannot be " + std::string(doing) + ": " + reason + '.'};
}

} // namespace

LineReader::~LineReader()
{
    close();
}

void LineReader::close()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        m_descriptor = -1;
    }
}

Result<void> LineReader::open(const std::filesystem::path& file, std::int64_t offset)
{
    close();
    m_descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (m_descriptor < 0 || ::fstat(m_descriptor, &status) != 0) {
        return fileError(file, errno, "opened");
    }
    if (S_ISDIR(status.st_mode)) {
        close();
        return fileError(file, EISDIR, "read");
    }
    if (::lseek(m_descriptor, offset, SEEK_SET) < 0 && errno != ESPIPE) {
        return fileError(file, errno, "read");
    }
    m_file = file;
    m_inode = status.st_ino;
    m_offset = offset;
    m_buffer.clear();
    m_begin = 0;
    m_searched = 0;
    return {};
}

Result<bool> LineReader::fill()
{
    m_buffer.erase(0, m_begin);
    m_searched -= m_begin;
    m_begin = 0;
    if (m_buffer.size() > kMaxLineBytes) {
        return Error{Errc::TooLarge, "A line of file " + quoted(m_file.string()) +
                                         " is longer than 128 MiB, at byte " + std::to_string(m_offset) +
                                         '.'};
    }
    const std::size_t held = m_buffer.size();
    m_buffer.resize(held + kReadBytes);
    ssize_t got = 0;
    do {
        got = ::read(m_descriptor, m_buffer.data() + held, kReadBytes);
    } while (got < 0 && errno == EINTR);
    const int code = errno;
    m_buffer.resize(held + static_cast<std::size_t>(got < 0 ? 0 : got));
    if (got < 0) {
        return fileError(m_file, code, "read");
    }
    return got > 0;
}

std::string_view LineReader::taken(std::size_t length, std::size_t lineEnd)
{
    std::string_view line = std::string_view(m_buffer).substr(m_begin, length);
    m_begin += length + lineEnd;
    m_searched = m_begin;
    m_offset += static_cast<std::int64_t>(length + lineEnd);
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    return line;
}

std::optional<std::string_view> LineReader::take()
{
    const std::size_t end = m_buffer.find('\n', m_searched);
    if (end == std::string::npos) {
        m_searched = m_buffer.size();
        return std::nullopt;
    }
    return taken(end - m_begin, 1);
}

std::optional<std::string_view> LineReader::takeRest()
{
    if (m_begin >= m_buffer.size()) {
        return std::nullopt;
    }
    return taken(m_buffer.size() - m_begin, 0);
}

std::int64_t LineReader::size() const
{
    struct stat status {};
    return ::fstat(m_descriptor, &status) == 0 ? static_cast<std::int64_t>(status.st_size) : -1;
}

std::optional<std::uint64_t> inodeOf(const std::filesystem::path& file)
{
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? std::optional<std::uint64_t>(status.st_ino) : std::nullopt;
}

std::optional<std::filesystem::path> findRotated(const std::filesystem::path& file, std::uint64_t inode)
{
    std::error_code failed;
    const std::filesystem::path folder =
        file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.is_regular_file(failed) && inodeOf(entry.path()) == inode) {
            return entry.path();
        }
    }
    return std::nullopt;
}

} // namespace streamwright
