#include "core/nodes/builtin.h"
#include "gui/document/pipeline_document.h"
#include "gui/document/ports.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

namespace streamwright {
namespace {

class PortsTest : public testing::Test {
protected:
    PortsTest() { document.loadText(purchaseRequests(), {}, false); }
    [[nodiscard]] ConnectAnswer ask(const PortRef& a, const PortRef& b) const
    {
        return canConnect(document.pipeline(), builtinNodes(), a, b);
    }

    PipelineDocument document{builtinNodes()};
};

TEST_F(PortsTest, AnswersInBothDirectionsAlike)
{
    const PortRef out{"filter", PortSide::Out, "rejected"};
    const PortRef in{"rejects", PortSide::In, "in"};
    ASSERT_TRUE(ask(out, in).ok);
    EXPECT_EQ(ask(out, in).edge, ask(in, out).edge);
    EXPECT_EQ(ask(out, in).edge.from.text(), "filter.rejected");
    EXPECT_EQ(ask(out, in).edge.to.text(), "rejects") << "the main port is written without its name";
}

TEST_F(PortsTest, RefusesWhatIsThereAlreadyLoopsAndEqualSides)
{
    const ConnectAnswer twice = ask({"requests", PortSide::Out, "out"}, {"parse", PortSide::In, "in"});
    EXPECT_FALSE(twice.ok);
    EXPECT_EQ(twice.reason, QStringLiteral("Already connected"));
    const ConnectAnswer loop = ask({"number", PortSide::Out, "out"}, {"parse", PortSide::In, "in"});
    EXPECT_FALSE(loop.ok);
    EXPECT_EQ(loop.reason, QStringLiteral("Would form a loop"));
    EXPECT_FALSE(ask({"number", PortSide::Out, "out"}, {"parse", PortSide::Out, "out"}).ok);
    EXPECT_FALSE(ask({"number", PortSide::Out, "out"}, {"number", PortSide::In, "in"}).ok);
    EXPECT_FALSE(ask({"number", PortSide::Out, "out"}, {"nobody", PortSide::In, "in"}).ok);
}

TEST_F(PortsTest, ARouteHasAPortPerCase)
{
    document.edit(QStringLiteral("Add"),
                  {AddNode{Node{.id = "route", .type = "route", .config = Json::parse(R"({"cases": [
        {"name": "large", "condition": "value.quantity > 9"}, {"name": "small", "condition": "true"}]})")},
                           std::nullopt}});
    const NodePorts ports = document.portsOf("route");
    ASSERT_GE(ports.outputs.size(), 3U);
    EXPECT_GE(portIndex(ports, PortSide::Out, "large"), 0);
    EXPECT_GE(portIndex(ports, PortSide::Out, "default"), 0);
}

TEST_F(PortsTest, ANodeOfAnUnknownTypeShowsThePortsThatItsWiresName)
{
    QByteArray text = purchaseRequests();
    text.replace(R"("type": "parse", "title")", R"("type": "transmogrify", "title")");
    document.loadText(text, {}, false);
    const NodePorts ports = document.portsOf("parse");
    EXPECT_EQ(ports.inputs.size(), 1U);
    EXPECT_EQ(ports.outputs.size(), 2U);
}

} // namespace
} // namespace streamwright
