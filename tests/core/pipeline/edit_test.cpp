#include "core/pipeline/document.h"
#include "core/pipeline/edit.h"
#include "tests/core/pipeline/sample_document.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace streamwright {
namespace {

Pipeline sample()
{
    return parseDocument(kSampleDocument).pipeline;
}

/// Applies `edit` and its inverse; the text must be the same again, to the byte.
void expectUndone(const Edit& edit)
{
    Pipeline pipeline = sample();
    const Result<Edit> inverse = apply(edit, pipeline);
    ASSERT_TRUE(inverse) << inverse.error().message;
    const std::string changed = saveText(pipeline);
    EXPECT_NE(changed, kSampleDocument);
    const Result<Edit> redo = apply(*inverse, pipeline);
    ASSERT_TRUE(redo) << redo.error().message;
    EXPECT_EQ(saveText(pipeline), kSampleDocument);
    ASSERT_TRUE(apply(*redo, pipeline));
    EXPECT_EQ(saveText(pipeline), changed);
}

TEST(Edit, EveryKindIsUndoneToTheByte)
{
    expectUndone(
        AddNode{Node{"extra", "filter", "", "", NodeMode::On, Json::object(), {}}, std::pair(1.0, 2.5), 1});
    expectUndone(Connect{Edge{{"requests", ""}, {"apps", ""}, {}}, 0});
    expectUndone(Disconnect{{"parse", "error"}, {"apps", ""}});
    expectUndone(SetField{"requests", "connection", std::nullopt});
    expectUndone(SetField{"requests", "topic", Json("b")});
    expectUndone(SetField{"apps", "topic", Json("b")});
    expectUndone(RenameNode{"parse", "split"});
    expectUndone(SetTitle{"requests", ""});
    expectUndone(SetNodeDescription{"parse", "Other."});
    expectUndone(SetMode{"parse", NodeMode::Off});
    expectUndone(Move{"requests", std::nullopt});
    expectUndone(Move{"apps", std::pair(-3.0, 4.0)});
    expectUndone(SetSetting{"processing_guarantee", std::nullopt});
    expectUndone(SetSetting{"threads", Json(2)});
    expectUndone(SetConnection{"kafka", std::nullopt});
    expectUndone(SetConnection{"third", Json{{"bootstrap_servers", "c"}}, 1});
    expectUndone(SetName{"other"});
    expectUndone(SetDescription{""});
    expectUndone(SetLayoutPart{"frames", std::nullopt});
}

TEST(Edit, RemovesANodeOnlyWithoutEdges)
{
    Pipeline pipeline = sample();
    EXPECT_EQ(apply(RemoveNode{"requests"}, pipeline).error().code, Errc::InvalidArgument);
    EXPECT_EQ(saveText(pipeline), kSampleDocument);
    const auto inverses =
        applyAll({Disconnect{{"requests", ""}, {"parse", ""}}, RemoveNode{"requests"}}, pipeline);
    ASSERT_TRUE(inverses);
    EXPECT_EQ(pipeline.findNode("requests"), nullptr);
    EXPECT_EQ(pipeline.position("requests"), std::nullopt);
    ASSERT_TRUE(applyAll(*inverses, pipeline));
    EXPECT_EQ(saveText(pipeline), kSampleDocument);
}

TEST(Edit, RenamesANodeInEdgesAndLayout)
{
    Pipeline pipeline = sample();
    ASSERT_TRUE(apply(RenameNode{"parse", "split"}, pipeline));
    EXPECT_EQ(pipeline.edges[0].to.node, "split");
    EXPECT_EQ(pipeline.edges[1].from, (Endpoint{"split", "error"}));
    EXPECT_TRUE(pipeline.layout["bends"].contains("split.error->apps"));
    EXPECT_EQ(pipeline.position("split"), std::pair(312.0, 0.5));
}

TEST(Edit, ThatIsRefusedChangesNothing)
{
    Pipeline pipeline = sample();
    const std::pair<Edit, Errc> refused[] = {
        {AddNode{Node{"parse", "x", "", "", NodeMode::On, {}, {}}, std::nullopt}, Errc::AlreadyExists},
        {AddNode{Node{"Bad Id", "x", "", "", NodeMode::On, {}, {}}, std::nullopt}, Errc::InvalidArgument},
        {AddNode{Node{"settings", "x", "", "", NodeMode::On, {}, {}}, std::nullopt}, Errc::InvalidArgument},
        {RemoveNode{"none"}, Errc::UnknownNode},
        {Connect{Edge{{"requests", ""}, {"none", ""}, {}}}, Errc::UnknownNode},
        {Connect{Edge{{"requests", ""}, {"parse", ""}, {}}}, Errc::AlreadyExists},
        {Disconnect{{"apps", ""}, {"parse", ""}}, Errc::NotFound},
        {SetField{"none", "a", Json(1)}, Errc::UnknownNode},
        {RenameNode{"parse", "apps"}, Errc::AlreadyExists},
        {RenameNode{"parse", "connections"}, Errc::InvalidArgument},
        {SetConnection{"none", std::nullopt}, Errc::NotFound},
        {SetConnection{"a.b", Json::object()}, Errc::InvalidArgument},
        {SetLayoutPart{"nodes", std::nullopt}, Errc::InvalidArgument},
    };
    for (const auto& [edit, code] : refused) {
        const Result<Edit> result = apply(edit, pipeline);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, code) << result.error().message;
    }
    EXPECT_FALSE(applyAll({SetName{"x"}, RemoveNode{"none"}}, pipeline));
    EXPECT_EQ(saveText(pipeline), kSampleDocument);
}

/// Edits of every kind, on things that are there more often than not.
class RandomEdits {
public:
    explicit RandomEdits(unsigned seed) : m_random(seed) {}

    Edit next(const Pipeline& pipeline)
    {
        switch (number(15)) {
        case 0: return AddNode{newNode(), position(), number(6)};
        case 1: return RemoveNode{node(pipeline)};
        case 2: return Connect{Edge{{node(pipeline), port()}, {node(pipeline), ""}, {}}, index()};
        case 3: return edgeToRemove(pipeline);
        case 4: return SetField{node(pipeline), key(), value(), index()};
        case 5: return RenameNode{node(pipeline), newId()};
        case 6: return SetTitle{node(pipeline), text()};
        case 7: return SetNodeDescription{node(pipeline), text()};
        case 8: return SetMode{node(pipeline), static_cast<NodeMode>(number(3))};
        case 9: return Move{node(pipeline), position()};
        case 10: return SetSetting{key(), value(), index()};
        case 11:
            return SetConnection{text().empty() ? "kafka" : "c" + key(),
                                 value() ? std::optional(object()) : std::nullopt, index()};
        case 12: return SetName{text()};
        case 13: return SetDescription{text()};
        default:
            return SetLayoutPart{number(2) == 0 ? "frames" : "bends",
                                 value() ? std::optional(object()) : std::nullopt};
        }
    }

private:
    std::size_t number(std::size_t below)
    {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(m_random);
    }
    std::size_t index() { return number(2) == 0 ? static_cast<std::size_t>(-1) : number(6); }
    std::string key() { return std::string(1, static_cast<char>('a' + number(6))); }
    std::string text() { return number(3) == 0 ? "" : "текст \"" + std::to_string(number(100)) + "\"\n"; }
    std::string port() { return number(3) == 0 ? "error" : ""; }
    NodeId newId() { return "n" + std::to_string(number(12)); }
    Node newNode()
    {
        return {newId(), "filter", text(), text(), static_cast<NodeMode>(number(3)), object(), {}};
    }
    Json object()
    {
        return number(3) == 0 ? Json::object() : Json{{key(), number(50)}, {"y", {{key(), 0.25}}}};
    }
    NodeId node(const Pipeline& pipeline)
    {
        return pipeline.nodes.empty() || number(10) == 0 ? newId()
                                                         : pipeline.nodes[number(pipeline.nodes.size())].id;
    }
    std::optional<Json> value()
    {
        const Json values[] = {nullptr, true, 7, -0.5, "x", Json::array({1, 2}), object()};
        return number(3) == 0 ? std::nullopt : std::optional(values[number(std::size(values))]);
    }
    std::optional<std::pair<double, double>> position()
    {
        if (number(3) == 0) {
            return std::nullopt;
        }
        return std::pair(static_cast<double>(number(1000)) - 500, static_cast<double>(number(1000)) / 8);
    }
    Edit edgeToRemove(const Pipeline& pipeline)
    {
        if (pipeline.edges.empty()) {
            return Disconnect{{"a", ""}, {"b", ""}};
        }
        const Edge& edge = pipeline.edges[number(pipeline.edges.size())];
        return Disconnect{edge.from, edge.to};
    }

    std::mt19937 m_random;
};

TEST(Edit, AThousandRandomOnesAreUndoneAndRedoneToTheByte)
{
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        RandomEdits edits(seed);
        Pipeline pipeline = sample();
        std::vector<std::string> texts{saveText(pipeline)};
        std::vector<Edit> inverses;
        while (inverses.size() < 250) {
            Result<Edit> inverse = apply(edits.next(pipeline), pipeline);
            if (inverse) {
                inverses.push_back(std::move(*inverse));
                texts.push_back(saveText(pipeline));
            } else {
                ASSERT_EQ(saveText(pipeline), texts.back()) << "a refused edit changed the pipeline";
            }
        }
        std::vector<Edit> redos;
        for (std::size_t i = inverses.size(); i-- > 0;) {
            Result<Edit> redo = apply(inverses[i], pipeline);
            ASSERT_TRUE(redo) << "seed " << seed << ", edit " << i << ": " << redo.error().message;
            ASSERT_EQ(saveText(pipeline), texts[i]) << "seed " << seed << ", edit " << i;
            redos.push_back(std::move(*redo));
        }
        for (std::size_t i = 0; i < redos.size(); ++i) {
            ASSERT_TRUE(apply(redos[redos.size() - 1 - i], pipeline));
            ASSERT_EQ(saveText(pipeline), texts[i + 1]) << "seed " << seed << ", redo " << i;
        }
    }
}

} // namespace
} // namespace streamwright
