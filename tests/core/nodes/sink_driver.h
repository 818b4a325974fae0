#pragma once

#include "core/base/clock.h"
#include "core/node/node_type.h"
#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// Writes to a sink without an engine. Thread: the test's.
class SinkDriver {
public:
    SinkDriver(const NodeType& type, std::string_view config, const std::filesystem::path& folder,
               bool behindErrorPort = false)
    {
        MakeContext context{.nodeId = "sink",
                            .pipelineName = "test",
                            .dataDir = folder,
                            .behindErrorPort = behindErrorPort,
                            .clock = &m_clock};
        auto made = type.make(Json::parse(config), context);
        EXPECT_TRUE(made) << made.error().message;
        m_sink = std::move(std::get<std::unique_ptr<Sink>>(*made));
    }

    [[nodiscard]] Sink& sink() { return *m_sink; }
    [[nodiscard]] ManualClock& manualClock() { return m_clock; }

    /// One batch of JSON values.
    [[nodiscard]] Result<void> write(const std::vector<std::string>& values,
                                     const RecordError* error = nullptr)
    {
        Arena arena;
        JsonIndexer indexer;
        JsonError problem;
        std::deque<Origin> origins;
        std::vector<Record> records;
        for (const std::string& value : values) {
            Origin& origin = origins.emplace_back();
            origin = {.topic = "orders",
                      .partition = 1,
                      .offset = m_offset++,
                      .key = "k",
                      .value = value,
                      .timestampMs = 1'700'000'000'000,
                      .format = ValueFormat::Json};
            origin.json = indexer.index(value, arena, problem);
            records.push_back(restoredFrom(origin, error));
        }
        return m_sink->write(Batch::all(arena, records));
    }

private:
    ManualClock m_clock{1'700'000'000'000};
    std::unique_ptr<Sink> m_sink;
    std::int64_t m_offset = 0;
};

} // namespace streamwright
