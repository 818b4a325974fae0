#pragma once

#include "core/base/clock.h"
#include "core/node/node_type.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// Reads a source without an engine. Thread: the test's.
class SourceDriver final : public OperatorContext {
public:
    /// Fails the test where the config is refused.
    SourceDriver(const NodeType& type, std::string_view config, const std::filesystem::path& folder = {})
    {
        MakeContext context{.nodeId = "source", .pipelineName = "test", .dataDir = folder, .clock = &m_clock};
        auto made = type.make(Json::parse(config), context);
        EXPECT_TRUE(made) << made.error().message;
        m_source = std::move(std::get<std::unique_ptr<Source>>(*made));
    }

    [[nodiscard]] Result<void> open(std::optional<std::string_view> position = std::nullopt)
    {
        return m_source->open(*this, position);
    }
    /// Values of the next records, at most `most`; the state that came with them is in state().
    std::vector<std::string> poll(std::size_t most = 1024)
    {
        m_arena.reset();
        m_origins.clear();
        const auto polled = m_source->poll(m_arena, most, m_origins);
        EXPECT_TRUE(polled) << polled.error().message;
        m_poll = polled ? *polled : Source::Poll{};
        EXPECT_EQ(m_poll.records, m_origins.size());
        std::vector<std::string> values;
        for (const Origin& origin : m_origins) {
            values.emplace_back(origin.value);
        }
        return values;
    }
    /// Polls until records come; fails the test where `polls` times none did.
    std::vector<std::string> pollRecords(int polls = 5)
    {
        for (int i = 0; i < polls; ++i) {
            if (auto values = poll(); !values.empty()) {
                return values;
            }
        }
        return {};
    }

    [[nodiscard]] Source& source() { return *m_source; }
    [[nodiscard]] Source::State state() const { return m_poll.state; }
    [[nodiscard]] std::int64_t nextPollNs() const { return m_poll.nextPollNs; }
    [[nodiscard]] const std::vector<Origin>& origins() const { return m_origins; }
    [[nodiscard]] ManualClock& manualClock() { return m_clock; }

    [[nodiscard]] const Clock& clock() const override { return m_clock; }
    [[nodiscard]] std::string_view nodeId() const override { return "source"; }
    [[nodiscard]] std::int32_t partition() const override { return 0; }
    [[nodiscard]] Result<std::optional<std::int64_t>> greatestInOutput(std::string_view) override
    {
        return std::optional<std::int64_t>();
    }

private:
    ManualClock m_clock{1'700'000'000'000};
    std::unique_ptr<Source> m_source;
    Arena m_arena;
    std::vector<Origin> m_origins;
    Source::Poll m_poll;
};

} // namespace streamwright
