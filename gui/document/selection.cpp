#include "gui/document/selection.h"

#include <utility>

namespace streamwright {

void Selection::set(std::set<NodeId> nodes, std::set<EdgeKey> edges, std::set<int> frames,
                    std::set<int> notes)
{
    if (nodes == m_nodes && edges == m_edges && frames == m_frames && notes == m_notes) {
        return;
    }
    m_nodes = std::move(nodes);
    m_edges = std::move(edges);
    m_frames = std::move(frames);
    m_notes = std::move(notes);
    Q_EMIT changed();
}

void Selection::reveal(const NodeId& node, const QString& field)
{
    if (node.empty()) {
        clear();
    } else {
        selectNode(node);
        Q_EMIT revealNode(node);
    }
    if (!field.isEmpty()) {
        Q_EMIT revealField(node, field);
    }
}

void Selection::revealEdge(const EdgeKey& edge)
{
    set({}, {edge});
    Q_EMIT revealWire(edge);
}

} // namespace streamwright
