#pragma once

#include "gui/canvas/geometry.h"
#include "gui/document/pipeline_document.h"
#include "gui/style/icons.h"

#include <QPointF>
#include <QRectF>
#include <QString>

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace streamwright {

struct PortVisual {
    std::string name;
    PortRole role = PortRole::Main;
    bool connected = false;
};

/// A node as the canvas draws it: read from the document once per change, not per paint.
struct NodeVisual {
    NodeId id;
    QPointF at;
    QRectF rect;
    QString title;
    QString typeLabel;
    QString summary;
    bool summaryMono = false;
    TileShape shape = TileShape::Transform;
    QString icon;
    NodeMode mode = NodeMode::On;
    std::vector<PortVisual> inputs;
    std::vector<PortVisual> outputs;
    int errors = 0;
    int warnings = 0;
    bool changed = false; ///< differs from the running version

    [[nodiscard]] QPointF portAt(PortSide side, int index) const
    {
        return side == PortSide::In ? geometry::inputPort(at, index) : geometry::outputPort(at, index);
    }
};

struct WireVisual {
    EdgeKey key;
    std::size_t number = 0; ///< in the document's list
    std::size_t from = 0;   ///< node visuals
    std::size_t to = 0;
    int fromPort = 0;
    int toPort = 0;
    bool error = false; ///< leaves an error port
    std::vector<QPointF> bends;
    geometry::WireLine line;
};

struct FrameVisual {
    QString title;
    QRectF rect;
};

struct NoteVisual {
    QString text;
    QRectF rect;
};

/// The document in the shape in which it is drawn and hit. Rebuilt when the document changes; while nodes are
/// dragged, only their places and wires are. Value semantics but for the reference to the document. Thread:
/// GUI.
class CanvasModel {
public:
    explicit CanvasModel(const PipelineDocument& document) : m_document(document) {}

    void rebuild();
    /// Diagnostics alone changed.
    void refreshProblems();
    /// Draws these nodes elsewhere until the next rebuild().
    void shift(const std::map<NodeId, QPointF>& places);

    [[nodiscard]] const std::vector<NodeVisual>& nodes() const { return m_nodes; }
    [[nodiscard]] const std::vector<WireVisual>& wires() const { return m_wires; }
    [[nodiscard]] const std::vector<FrameVisual>& frames() const { return m_frames; }
    [[nodiscard]] const std::vector<NoteVisual>& notes() const { return m_notes; }
    [[nodiscard]] const NodeVisual* node(const NodeId& id) const;
    [[nodiscard]] const WireVisual* wire(const EdgeKey& key) const;
    [[nodiscard]] std::map<NodeId, QPointF> places() const;
    /// Of everything drawn; empty for an empty document.
    [[nodiscard]] QRectF bounds() const;
    [[nodiscard]] QRectF boundsOf(const Selection& selection) const;

    [[nodiscard]] const NodeVisual* nodeAt(const QPointF& point) const;
    [[nodiscard]] std::optional<PortRef> portAt(const QPointF& point) const;
    [[nodiscard]] const WireVisual* wireAt(const QPointF& point) const;
    /// A bend of a wire under the point: wire and number of the bend.
    [[nodiscard]] std::optional<std::pair<EdgeKey, int>> bendAt(const QPointF& point) const;
    [[nodiscard]] int noteAt(const QPointF& point) const;
    /// Frames are taken by their title and edge, so that what lies inside can be reached.
    [[nodiscard]] int frameAt(const QPointF& point) const;
    [[nodiscard]] std::optional<QPointF> portPlace(const PortRef& port) const;
    void setWireBends(const EdgeKey& key, std::vector<QPointF> bends);

private:
    void route(WireVisual& wire);

    const PipelineDocument& m_document;
    std::vector<NodeVisual> m_nodes;
    std::vector<WireVisual> m_wires;
    std::vector<FrameVisual> m_frames;
    std::vector<NoteVisual> m_notes;
    std::map<NodeId, std::size_t> m_index;
};

/// The bends of all wires as layout.bends holds them, with those of one wire replaced (empty: none).
[[nodiscard]] Json bendsWith(const Pipeline& pipeline, const EdgeKey& key, const std::vector<QPointF>& bends);

} // namespace streamwright
