#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace streamwright {

/// A file that whole lines are appended to, also by several processes at once. A torn last line of a crash is
/// closed with a line end when the file is opened. Owns the descriptor. Thread: one at a time.
class LineFile {
public:
    struct Options {
        bool privateToUser = false;    ///< mode 0600 where the file is made
        std::uint64_t rotateBytes = 0; ///< a file that has reached this size is put aside; 0 = never
    };

    explicit LineFile(Options options) : m_options(options) {}
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;
    ~LineFile();

    /// Errors: NotFound (folder), Io. The message names the file and what to do.
    [[nodiscard]] Result<void> open(const std::filesystem::path& file);
    /// Renames `file`, if it is there, to the first free of FILE.1, FILE.2, …
    [[nodiscard]] static Result<void> putAside(const std::filesystem::path& file);
    void close();
    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_file; }

    /// Appends `lines`, whole lines with their ends, by one call where the system allows it. Begins a new
    /// file first where this one is full. Errors: Io.
    [[nodiscard]] Result<void> append(std::string_view lines);
    /// Makes what was appended durable. Errors: Io.
    [[nodiscard]] Result<void> sync();

private:
    [[nodiscard]] Result<void> closeTornLine();
    [[nodiscard]] Result<void> writeAll(std::string_view bytes);

    Options m_options;
    std::filesystem::path m_file;
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
    bool m_dirty = false;
};

} // namespace streamwright
