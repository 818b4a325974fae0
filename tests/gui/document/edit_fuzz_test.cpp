#include "core/nodes/builtin.h"
#include "gui/document/auto_layout.h"
#include "gui/document/clipboard.h"
#include "gui/document/edit_lists.h"
#include "gui/document/pipeline_document.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <random>

namespace streamwright {
namespace {

/// One user who does anything, by a seed.
class RandomUser {
public:
    RandomUser(PipelineDocument& document, unsigned seed) : m_document(document), m_random(seed) {}

    void act()
    {
        const Pipeline& pipeline = m_document.pipeline();
        const NodeRegistry& registry = builtinNodes();
        m_document.beginGesture();
        switch (below(13)) {
        case 0: {
            const NodeType& type = registry.types()[below(registry.types().size())];
            m_document.edit(QStringLiteral("Add"),
                            {AddNode{edits::newNode(pipeline, type),
                                     std::pair(double(below(1000)), double(below(1000)))}});
            return;
        }
        case 1: m_document.edit(QStringLiteral("Delete"), edits::remove(pipeline, some(), {})); return;
        case 2:
            m_document.edit(QStringLiteral("Heal"), edits::removeAndHeal(pipeline, registry, some()));
            return;
        case 3: connectAnything(); return;
        case 4: {
            if (!pipeline.edges.empty()) {
                const Edge& edge = pipeline.edges[below(pipeline.edges.size())];
                m_document.edit(QStringLiteral("Disconnect"), {Disconnect{edge.from, edge.to}});
            }
            return;
        }
        case 5: {
            if (const Node* node = any()) {
                const NodeId id = node->id; // the first edit may move the nodes
                m_document.edit(QStringLiteral("Field"), {SetField{id, "field", Json(int(below(9)))}},
                                PipelineDocument::Merge::WithinGesture);
                m_document.edit(QStringLiteral("Field"), {SetField{id, "field", std::nullopt}},
                                PipelineDocument::Merge::WithinGesture);
            }
            return;
        }
        case 6: {
            if (const Node* node = any()) {
                const NodeId id = node->id;
                m_document.edit(QStringLiteral("Rename"),
                                {RenameNode{id, edits::freshId(pipeline, id + "x")}});
            }
            return;
        }
        case 7: {
            std::map<NodeId, QPointF> places;
            for (const NodeId& id : some()) {
                places[id] = QPointF(double(below(800)), double(below(800)));
            }
            m_document.edit(QStringLiteral("Move"), edits::move(places));
            return;
        }
        case 8:
            m_document.edit(
                QStringLiteral("Mode"),
                edits::setMode(pipeline, some(), below(2) == 0 ? NodeMode::Off : NodeMode::Bypass));
            return;
        case 9: {
            std::map<NodeId, QPointF> places;
            const QString text =
                clipboard::textOf(pipeline, registry, some(), autoLayout(pipeline, registry));
            if (auto paste = clipboard::paste(pipeline, registry, text, QPointF(double(below(500)), 0))) {
                m_document.edit(QStringLiteral("Paste"), std::move(paste->edits));
            }
            return;
        }
        case 10:
            m_document.edit(QStringLiteral("Layout"), edits::move(autoLayout(pipeline, registry)));
            return;
        case 11:
            m_document.edit(
                QStringLiteral("Setting"),
                {SetSetting{"threads", Json(int(below(8)) + 1)},
                 SetConnection{"c" + std::to_string(below(3)), Json{{"bootstrap_servers", "embedded"}}}});
            return;
        default:
            m_document.edit(QStringLiteral("Note"),
                            {SetLayoutPart{"notes", Json::array({Json{{"text", std::to_string(below(99))},
                                                                      {"rect", {0, 0, 100, 80}}}})}});
            return;
        }
    }

    [[nodiscard]] std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random);
    }

private:
    [[nodiscard]] const Node* any()
    {
        const auto& nodes = m_document.pipeline().nodes;
        return nodes.empty() ? nullptr : &nodes[below(nodes.size())];
    }
    [[nodiscard]] std::set<NodeId> some()
    {
        std::set<NodeId> chosen;
        for (int i = 0; i < 3; ++i) {
            if (const Node* node = any()) {
                chosen.insert(node->id);
            }
        }
        return chosen;
    }
    void connectAnything()
    {
        const Node* from = any();
        const Node* to = any();
        if (from == nullptr) {
            return;
        }
        const NodePorts out = m_document.portsOf(from->id);
        const NodePorts in = m_document.portsOf(to->id);
        if (out.outputs.empty() || in.inputs.empty()) {
            return;
        }
        const ConnectAnswer answer =
            canConnect(m_document.pipeline(), builtinNodes(),
                       {from->id, PortSide::Out, out.outputs[below(out.outputs.size())].name},
                       {to->id, PortSide::In, in.inputs[below(in.inputs.size())].name});
        if (answer.ok) {
            m_document.edit(QStringLiteral("Connect"), {Connect{answer.edge}});
        }
    }

    PipelineDocument& m_document;
    std::mt19937 m_random;
};

class EditFuzz : public testing::TestWithParam<unsigned> {};

TEST_P(EditFuzz, UndoAllGivesTheStartAndRedoAllTheEndToTheByte)
{
    const unsigned seed = GetParam();
    SCOPED_TRACE("seed " + std::to_string(seed));
    PipelineDocument document(builtinNodes());
    document.undoStack().clear();
    document.undoStack().setUndoLimit(0); // all of it, whatever the Studio keeps
    document.loadText(purchaseRequests(), {}, false);
    const QByteArray start = document.text();
    RandomUser user(document, seed);
    constexpr int kActs = 1'000;
    for (int i = 0; i < kActs; ++i) {
        user.act();
        if (user.below(20) == 0 && document.undoStack().canUndo()) {
            document.undoStack().undo();
        }
    }
    const QByteArray end = document.text();
    ASSERT_GT(document.undoStack().count(), 100);
    while (document.undoStack().canUndo()) {
        document.undoStack().undo();
    }
    EXPECT_EQ(document.text(), start);
    while (document.undoStack().canRedo()) {
        document.undoStack().redo();
    }
    EXPECT_EQ(document.text(), end);

    PipelineDocument again(builtinNodes());
    again.loadText(end, {}, false);
    EXPECT_EQ(again.text(), end) << "saved, loaded and saved";
}

INSTANTIATE_TEST_SUITE_P(Seeds, EditFuzz, testing::Values(1U, 2U, 3U, 20261123U));

} // namespace
} // namespace streamwright
