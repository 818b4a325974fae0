#include "tests/architecture/layers.h"
#include "tests/architecture/source_tree.h"

#include <gtest/gtest.h>

namespace streamwright::architecture {
namespace {

Include includeOf(const std::string& file, const std::string& line)
{
    const std::vector<Include> includes = includesIn(file, line);
    return includes.empty() ? Include{} : includes.front();
}

bool allowed(const std::string& file, const std::string& line)
{
    return objectionTo(includeOf(file, line)).empty();
}

TEST(Layering, IncludesPointFromTheComplexToTheSimple)
{
    const std::vector<std::string> files = projectFiles({"core/", "gui/", "tests/"}, {".h", ".cpp"});
    ASSERT_GT(files.size(), 20U);

    for (const std::string& file : files) {
        for (const Include& include : includesIn(file, readText(file))) {
            const std::string objection = objectionTo(include);
            EXPECT_TRUE(objection.empty())
                << file << ":" << include.line << ": \"" << include.target << "\": " << objection;
        }
    }
}

TEST(Layering, RefusesAnUpwardIncludeInCore)
{
    EXPECT_FALSE(allowed("core/record/record.h", R"(#include "core/engine/task.h")"));
    EXPECT_FALSE(allowed("core/nodes/sinks/kafka_sink.cpp", R"(#include "core/kafka/producer.h")"));
    EXPECT_FALSE(allowed("core/kafka/consumer.cpp", R"(#include "core/node/spec.h")"));
    EXPECT_TRUE(allowed("core/engine/task.h", R"(#include "core/record/record.h")"));
    EXPECT_TRUE(allowed("core/engine/task_thread.cpp", R"(  #  include "core/kafka/consumer.h")"));
}

TEST(Layering, RefusesQtAndForeignKafkaInCore)
{
    EXPECT_FALSE(allowed("core/engine/engine.h", "#include <QString>"));
    EXPECT_FALSE(allowed("core/engine/engine.h", "#include <QtCore/qglobal.h>"));
    EXPECT_FALSE(allowed("core/engine/engine.h", "#include <librdkafka/rdkafka.h>"));
    EXPECT_FALSE(allowed("core/record/json_value.cpp", "#include <nlohmann/json.hpp>"));
    EXPECT_TRUE(allowed("core/kafka/handle.h", "#include <librdkafka/rdkafka.h>"));
}

TEST(Layering, LetsOnlyTheBridgeReachTheEngine)
{
    EXPECT_FALSE(allowed("gui/canvas/canvas_scene.cpp", R"(#include "core/engine/engine.h")"));
    EXPECT_FALSE(allowed("gui/app/main_window.cpp", R"(#include "core/kafka/admin.h")"));
    EXPECT_FALSE(
        allowed("gui/preview/preview_panel.cpp", R"(#include "core/preview/pipeline_test_driver.h")"));
    EXPECT_TRUE(allowed("gui/bridge/engine_controller.cpp", R"(#include "core/engine/engine.h")"));
    EXPECT_TRUE(allowed("gui/monitor/node_table.cpp", R"(#include "core/engine/engine_snapshot.h")"));
}

TEST(Layering, KeepsTheFeaturesOfTheStudioApart)
{
    EXPECT_FALSE(allowed("gui/canvas/canvas_view.cpp", R"(#include "gui/inspector/inspector.h")"));
    EXPECT_FALSE(allowed("gui/style/theme.cpp", R"(#include "core/base/error.h")"));
    EXPECT_FALSE(allowed("gui/bridge/tap_drain.cpp", R"(#include "gui/document/pipeline_document.h")"));
    EXPECT_FALSE(allowed("gui/monitor/lag_table.cpp", "#include <QLineSeries>"));
    EXPECT_FALSE(allowed("gui/newfolder/x.cpp", R"(#include "gui/style/theme.h")"));
    EXPECT_TRUE(allowed("gui/monitor/chart_panel.cpp", "#include <QtCharts/QLineSeries>"));
    EXPECT_TRUE(allowed("gui/app/main_window.cpp", R"(#include "gui/canvas/canvas_view.h")"));
    EXPECT_TRUE(allowed("gui/canvas/canvas_view.cpp", R"(#include "gui/document/pipeline_document.h")"));
}

TEST(Layering, WantsIncludesFromTheRoot)
{
    EXPECT_FALSE(allowed("core/base/arena.cpp", R"(#include "arena.h")"));
    EXPECT_FALSE(allowed("core/base/arena.cpp", R"(#include "../record/record.h")"));
}

} // namespace
} // namespace streamwright::architecture
