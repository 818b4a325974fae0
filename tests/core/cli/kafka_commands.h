#pragma once

#include "tests/support/child_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace streamwright {

using testing::ChildProcess;
using Words = std::vector<std::string>;

inline constexpr std::chrono::seconds kTimeout{60};
inline const std::string kProgram = SW_BINARY_DIR "/bin/streamwright";

struct Answer {
    int exitCode = -1;
    std::string out;
    std::string err;
    [[nodiscard]] std::vector<std::string> lines() const
    {
        std::vector<std::string> all;
        std::istringstream text(out);
        for (std::string line; std::getline(text, line);) {
            all.push_back(line);
        }
        return all;
    }
};

/// The commands as processes, beside a `broker` process of their own.
class KafkaCommands : public ::testing::Test {
protected:
    void SetUp() override
    {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "streamwright-commands-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        Words command{kProgram, "broker"};
        for (const std::string& topic : topics()) {
            command.insert(command.end(), {"--topic", topic});
        }
        m_broker = std::make_unique<ChildProcess>(
            ChildProcess::start(command, {}, m_folder / "broker.out", m_folder / "broker.err"));
        const auto deadline = std::chrono::steady_clock::now() + kTimeout;
        while (m_bootstrap.empty() && std::chrono::steady_clock::now() < deadline) {
            const std::string text = read("broker.out");
            if (text.find('\n') != std::string::npos) {
                m_bootstrap = text.substr(0, text.find('\n'));
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        ASSERT_EQ(m_bootstrap.rfind("bootstrap=127.0.0.1:", 0), 0U) << m_bootstrap;
        m_bootstrap.erase(0, m_bootstrap.find('=') + 1);
    }
    void TearDown() override
    {
        m_broker.reset();
        std::filesystem::remove_all(m_folder);
    }

    /// What the broker is to have; NAME:PARTITIONS.
    [[nodiscard]] virtual std::vector<std::string> topics() const { return {"in", "wide:3", "out"}; }
    [[nodiscard]] std::string read(const std::string& name) const
    {
        std::ifstream file(m_folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder / name).string(); }

    /// Runs a command against the broker to its end.
    Answer run(Words words, bool withBroker = true)
    {
        words.insert(words.begin(), kProgram);
        if (withBroker) {
            words.insert(words.end(), {"--broker", m_bootstrap});
        }
        const std::string name = "run" + std::to_string(m_runs++);
        ChildProcess process =
            ChildProcess::start(words, {}, m_folder / (name + ".out"), m_folder / (name + ".err"));
        const auto code = process.wait(kTimeout);
        EXPECT_TRUE(code) << words[1] << " did not end";
        return {code.value_or(-1), read(name + ".out"), read(name + ".err")};
    }
    Answer produce(const std::string& topic, const std::string& lines, Words more = {})
    {
        write("lines", lines);
        Words words{"produce", topic, path("lines")};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    std::filesystem::path m_folder;
    std::unique_ptr<ChildProcess> m_broker;
    std::string m_bootstrap;
    int m_runs = 0;
};

} // namespace streamwright
