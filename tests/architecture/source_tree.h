#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace streamwright::architecture {

/// One `#include` line.
struct Include {
    std::string file; ///< the file that has it, relative to the tree's top
    int line = 0;
    std::string target; ///< as written, without its quotes or angle brackets
    bool quoted = false;
};

/// The files of the project, relative to its top: what git tracks or would track; in an unpacked archive,
/// where there is no git, all but build/.
std::vector<std::string> projectFiles();

/// The project's files whose path begins with one of `folders` and ends in one of `endings`.
std::vector<std::string> projectFiles(const std::vector<std::string>& folders,
                                      const std::vector<std::string>& endings);

std::string readText(const std::string& file);

std::vector<Include> includesIn(const std::string& file, const std::string& text);

} // namespace streamwright::architecture
