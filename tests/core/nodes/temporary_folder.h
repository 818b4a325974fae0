#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace streamwright {

/// A folder for one test, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder()
    {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        std::string pattern = (std::filesystem::temp_directory_path() /
                               ("streamwright-" + std::string(test->test_suite_name()) + "-XXXXXX"))
                                  .string();
        m_path = ::mkdtemp(pattern.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::permissions(m_path, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(m_path, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::string read(const std::string& name) const
    {
        std::ifstream file(m_path / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_path / name, std::ios::binary) << text;
    }
    void append(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_path / name, std::ios::binary | std::ios::app) << text;
    }

private:
    std::filesystem::path m_path;
};

} // namespace streamwright
