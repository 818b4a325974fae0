#include "tests/architecture/source_tree.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

namespace streamwright::architecture {
namespace {

const std::filesystem::path kTop = SW_SOURCE_DIR;

std::vector<std::string> filesOfGit()
{
    // A tree that another user has cloned is still this tree: nothing of its configuration is run by a
    // listing.
    const std::string command = "git -c safe.directory='*' -C '" + kTop.string() +
                                "' ls-files --cached --others --exclude-standard -z 2>/dev/null";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::vector<std::string> files;
    std::string name;
    for (int byte = pipe ? std::fgetc(pipe.get()) : EOF; byte != EOF; byte = std::fgetc(pipe.get())) {
        if (byte != 0) {
            name.push_back(static_cast<char>(byte));
        } else {
            // A deleted file stays in git's index until the deletion is committed.
            if (std::filesystem::exists(kTop / name)) {
                files.push_back(name);
            }
            name.clear();
        }
    }
    return files;
}

std::vector<std::string> filesOfDisk()
{
    std::vector<std::string> files;
    for (auto entry = std::filesystem::recursive_directory_iterator(kTop);
         entry != std::filesystem::recursive_directory_iterator(); ++entry) {
        const std::string name = entry->path().filename().string();
        if (entry->is_directory() && entry.depth() == 0 && (name == "build" || name == ".cache")) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file()) {
            files.push_back(std::filesystem::relative(entry->path(), kTop).string());
        }
    }
    return files;
}

} // namespace

std::vector<std::string> projectFiles()
{
    std::vector<std::string> files = filesOfGit();
    if (files.empty()) {
        files = filesOfDisk();
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::string> projectFiles(const std::vector<std::string>& folders,
                                      const std::vector<std::string>& endings)
{
    std::vector<std::string> files = projectFiles();
    std::erase_if(files, [&](const std::string& file) {
        return std::none_of(folders.begin(), folders.end(),
                            [&](const std::string& folder) { return file.starts_with(folder); }) ||
               std::none_of(endings.begin(), endings.end(),
                            [&](const std::string& ending) { return file.ends_with(ending); });
    });
    return files;
}

std::string readText(const std::string& file)
{
    std::ifstream in(kTop / file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<Include> includesIn(const std::string& file, const std::string& text)
{
    std::vector<Include> includes;
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const std::size_t hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#') {
            continue;
        }
        const std::size_t word = line.find_first_not_of(" \t", hash + 1);
        if (word == std::string::npos || line.compare(word, 7, "include") != 0) {
            continue;
        }
        const std::size_t begin = line.find_first_of("\"<", word + 7);
        if (begin == std::string::npos) {
            continue;
        }
        const bool quoted = line[begin] == '"';
        const std::size_t end = line.find(quoted ? '"' : '>', begin + 1);
        if (end != std::string::npos) {
            includes.push_back({file, number, line.substr(begin + 1, end - begin - 1), quoted});
        }
    }
    return includes;
}

} // namespace streamwright::architecture
