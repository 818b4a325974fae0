#pragma once

#include "core/pipeline/pipeline.h"

#include <QObject>

#include <set>
#include <vector>

namespace streamwright {

/// An edge by its ends: what identifies it while others come and go.
struct EdgeKey {
    Endpoint from;
    Endpoint to;

    auto operator<=>(const EdgeKey&) const = default;
    [[nodiscard]] std::string text() const { return from.text() + "->" + to.text(); } ///< key of layout.bends
};

/// What is selected in a document: shared by canvas, outline, inspector, problems and monitor, and not part
/// of the history. Thread: GUI.
class Selection final : public QObject {
    Q_OBJECT

public:
    explicit Selection(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] const std::set<NodeId>& nodes() const { return m_nodes; }
    [[nodiscard]] const std::set<EdgeKey>& edges() const { return m_edges; }
    /// Numbers in layout.frames and layout.notes.
    [[nodiscard]] const std::set<int>& frames() const { return m_frames; }
    [[nodiscard]] const std::set<int>& notes() const { return m_notes; }
    [[nodiscard]] bool isEmpty() const
    {
        return m_nodes.empty() && m_edges.empty() && m_frames.empty() && m_notes.empty();
    }
    /// The node if exactly one node and nothing else is selected, else empty.
    [[nodiscard]] NodeId singleNode() const
    {
        return m_nodes.size() == 1 && m_edges.empty() ? *m_nodes.begin() : NodeId();
    }

    void set(std::set<NodeId> nodes, std::set<EdgeKey> edges = {}, std::set<int> frames = {},
             std::set<int> notes = {});
    void selectNode(const NodeId& node) { set({node}); }
    void clear() { set({}); }

    /// Selects a node, brings it into view and, where `field` is not empty, asks the inspector to put the
    /// focus into that field ("outputs[1].type", "settings.threads").
    void reveal(const NodeId& node, const QString& field = {});
    void revealEdge(const EdgeKey& edge);

Q_SIGNALS:
    void changed();
    void revealNode(const std::string& node);
    void revealField(const std::string& node, const QString& field);
    void revealWire(const streamwright::EdgeKey& edge);

private:
    std::set<NodeId> m_nodes;
    std::set<EdgeKey> m_edges;
    std::set<int> m_frames;
    std::set<int> m_notes;
};

} // namespace streamwright
