#include "tests/architecture/source_tree.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <sstream>
#include <string_view>

namespace streamwright::architecture {
namespace {

/// True where `word` stands in `line` with no letter, digit or underscore on either side.
bool hasWord(std::string_view line, std::string_view word)
{
    const auto partOfWord = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !partOfWord(line[at - 1])) && (end == line.size() || !partOfWord(line[end]))) {
            return true;
        }
    }
    return false;
}

/// Each place, as file:line, where `matches(line)` in the project's files with one of these endings.
template <typename Matches>
std::vector<std::string> places(const std::vector<std::string>& folders,
                                const std::vector<std::string>& endings, Matches matches)
{
    std::vector<std::string> found;
    for (const std::string& file : projectFiles(folders, endings)) {
        std::istringstream lines(readText(file));
        std::string line;
        for (int number = 1; std::getline(lines, line); ++number) {
            if (matches(line)) {
                found.push_back(file + ":" + std::to_string(number) + ": " + line);
            }
        }
    }
    return found;
}

const std::vector<std::string> kEverywhere{""};
const std::vector<std::string> kText{".h",    ".cpp", ".md",   ".txt", ".cmake",
                                     ".json", ".sh",  ".yaml", "run",  "quickstart"};
const std::vector<std::string> kCode{".h", ".cpp"};
const std::vector<std::string> kNone;

TEST(HouseRules, NothingIsLeftForLater)
{
    // The words are put together here, so that this file may stand in its own way.
    const std::string later = std::string("TO") + "DO";
    const std::string mend = std::string("FIX") + "ME";
    EXPECT_EQ(kNone, places(kEverywhere, kText, [&](const std::string& line) {
                  return hasWord(line, later) || hasWord(line, mend);
              }));
}

TEST(HouseRules, NoTestIsSwitchedOff)
{
    const std::string off = std::string("DISABLED") + "_";
    EXPECT_EQ(kNone, places({"tests/"}, kCode,
                            [&](const std::string& line) { return line.find(off) != std::string::npos; }));
}

TEST(HouseRules, NoPathOfOneMachineIsWrittenDown)
{
    const std::string home = std::string("/ho") + "me/";
    const std::string work = std::string("/wo") + "rk/";
    EXPECT_EQ(kNone, places(kEverywhere, kText, [&](const std::string& line) {
                  return line.find(work) != std::string::npos || line.find(home) != std::string::npos;
              }));
}

TEST(HouseRules, OnlyWhatANewcomerLooksForStandsAtTheTop)
{
    const std::set<std::string> expected{
        ".ci",  ".clang-format", ".clang-tidy", ".gitignore", "CMakeLists.txt", "CMakePresets.json",
        "core", "gui",           "installer",   "LICENSE",    "README.md",      "resources",
        "tests"};
    for (const std::string& file : projectFiles()) {
        const std::string top = file.substr(0, file.find('/'));
        EXPECT_TRUE(expected.contains(top) || top == ".git")
            << "\"" << file << "\" stands at the top of the tree. Put it into one of its folders.";
    }
}

TEST(HouseRules, EveryHeaderIsIncludedOnce)
{
    for (const std::string& file : projectFiles({"core/", "gui/", "tests/"}, {".h"})) {
        EXPECT_TRUE(readText(file).starts_with("#pragma once"))
            << file << " does not begin with #pragma once.";
    }
}

TEST(HouseRules, FileNamesAreSnakeCase)
{
    for (const std::string& file : projectFiles({"core/", "gui/", "tests/"}, kCode)) {
        EXPECT_EQ(file.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_/."), std::string::npos)
            << file;
    }
}

TEST(HouseRules, QObjectsStayInTheStudioAndConnectByFunction)
{
    EXPECT_EQ(kNone,
              places({"core/"}, kCode, [](const std::string& line) { return hasWord(line, "Q_OBJECT"); }));
    EXPECT_EQ(kNone, places({"gui/"}, kCode, [](const std::string& line) {
                  return line.find("SIGNAL(") != std::string::npos || line.find("SLOT(") != std::string::npos;
              }));
}

} // namespace
} // namespace streamwright::architecture
