#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace streamwright {

/// Reads a file line by line, front to back, also while another process appends to it. Owns the descriptor.
/// Thread: one.
class LineReader {
public:
    LineReader() = default;
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;
    ~LineReader();

    /// Opens `file` at byte `offset`. Errors: NotFound, Io.
    [[nodiscard]] Result<void> open(const std::filesystem::path& file, std::int64_t offset);
    void close();
    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }

    /// Reads on so that take() has more; false at the end of what the file has now. What take() gave before
    /// is then no longer valid. Errors: Io, TooLarge.
    [[nodiscard]] Result<bool> fill();
    /// The next whole line of what was read, without its line end (\n or \r\n).
    [[nodiscard]] std::optional<std::string_view> take();
    /// What is left behind the last line end, as a line: for the end of a file that will not grow.
    [[nodiscard]] std::optional<std::string_view> takeRest();

    /// Byte behind the last taken line.
    [[nodiscard]] std::int64_t offset() const { return m_offset; }
    /// The file's number, by which it is known again after a rotation.
    [[nodiscard]] std::uint64_t inode() const { return m_inode; }
    /// Size of the file now; -1 where it cannot be asked.
    [[nodiscard]] std::int64_t size() const;

    static constexpr std::size_t kMaxLineBytes = 128 * 1024 * 1024;

private:
    std::string_view taken(std::size_t length, std::size_t lineEnd);

    int m_descriptor = -1;
    std::uint64_t m_inode = 0;
    std::int64_t m_offset = 0;
    std::filesystem::path m_file;
    std::string m_buffer;
    std::size_t m_begin = 0;    ///< first byte that was not taken
    std::size_t m_searched = 0; ///< no line end before this one
};

/// Inode of `file`; empty where it is not there.
[[nodiscard]] std::optional<std::uint64_t> inodeOf(const std::filesystem::path& file);
/// The file beside `file` with that inode: what it was renamed to; empty where there is none.
[[nodiscard]] std::optional<std::filesystem::path> findRotated(const std::filesystem::path& file,
                                                               std::uint64_t inode);

} // namespace streamwright
