#include "core/pipeline/set_value.h"
#include "tests/core/topology/documents.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace streamwright {
namespace {

Pipeline sample()
{
    return documentOf(std::string("[") + kSource + ", " + kNumber + ", " + kSink + "]", "[]");
}

Pipeline after(const char* assignment)
{
    Pipeline pipeline = sample();
    const Result<Edit> edit = editOfAssignment(assignment, pipeline, builtinNodes());
    EXPECT_TRUE(edit) << edit.error().message;
    EXPECT_TRUE(apply(*edit, pipeline));
    return pipeline;
}

std::string refused(const char* assignment)
{
    const Result<Edit> edit = editOfAssignment(assignment, sample(), builtinNodes());
    return edit ? "taken" : edit.error().message;
}

TEST(SetValue, SetsFieldsSettingsAndConnections)
{
    EXPECT_EQ(after("in.topic=orders").nodes[0].config["topic"], "orders");
    EXPECT_EQ(after("in.topic=123").nodes[0].config["topic"], "123") << "a text field takes text";
    EXPECT_EQ(after("in.topics=[\"a\", \"b\"]").nodes[0].config["topics"].size(), 2U);
    EXPECT_EQ(after("num.start=7").nodes[1].config["start"], 7);
    EXPECT_EQ(after("num.start=${START}").nodes[1].config["start"], "${START}");
    EXPECT_EQ(after("settings.threads=2").settings["threads"], 2);
    EXPECT_EQ(after("settings.on_error=drop").settings["on_error"], "drop");
    EXPECT_EQ(after("connections.kafka.bootstrap_servers=x:1=y").connections[0].config["bootstrap_servers"],
              "x:1=y");
    EXPECT_EQ(after("connections.kafka.properties.client.rack=b")
                  .connections[0]
                  .config["properties"]["client.rack"],
              "b");
}

TEST(SetValue, NamesWhatIsNotThere)
{
    EXPECT_EQ(refused("nmu.start=1"), "Node \"nmu\" is not in this pipeline. Did you mean \"num\"?");
    EXPECT_EQ(refused("num.strat=1"), "There is no field \"num.strat\". Did you mean \"start\"?");
    EXPECT_EQ(refused("settings.thread=1"),
              "There is no field \"settings.thread\". Did you mean \"threads\"?");
    EXPECT_EQ(refused("connections.kafak.client_id=a"), "There is no connection \"kafak\" in this pipeline.");
    EXPECT_NE(refused("connections.kafka.clientid=a").find("Did you mean \"client_id\"?"), std::string::npos);
    EXPECT_NE(refused("threads").find("is not an assignment"), std::string::npos);
    EXPECT_NE(refused("num.=1").find("is not an assignment"), std::string::npos);
}

TEST(SetValue, NeverShowsTheValue)
{
    for (const char* const assignment :
         {"passwordcanary", "num.x=canary", "connections.k.sasl_password=canary"}) {
        const std::string message = refused(assignment);
        EXPECT_NE(message, "taken");
        EXPECT_EQ(message.find("=canary"), std::string::npos) << message;
    }
}

TEST(SetValue, IsCheckedLikeTheDocument)
{
    const Compiled result = compile(after("num.start=soon"), builtinNodes());
    const auto lines = problemsOf(result);
    EXPECT_NE(std::find(lines.begin(), lines.end(), "error num start wrong_type"), lines.end());
}

} // namespace
} // namespace streamwright
