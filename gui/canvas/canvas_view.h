#pragma once

#include "gui/canvas/canvas_model.h"
#include "gui/canvas/overlay_state.h"
#include "gui/document/pipeline_document.h"

#include <QPointF>
#include <QWidget>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

class QMenu;

namespace streamwright {

class Minimap;
class SearchBar;
class Toast;

/// The canvas: draws the document, and turns mouse and keys into edits of it. What the pointer is doing is
/// one state machine; while a gesture lasts only the picture changes, and its end is one list of edits.
/// Thread: GUI.
class CanvasView final : public QWidget {
    Q_OBJECT

public:
    explicit CanvasView(PipelineDocument& document, QWidget* parent = nullptr);
    ~CanvasView() override;

    [[nodiscard]] PipelineDocument& document() { return m_document; }
    [[nodiscard]] const CanvasModel& model() const { return m_model; }

    // --- what is seen
    [[nodiscard]] double zoom() const { return m_zoom; }
    [[nodiscard]] QPointF toScene(const QPointF& widget) const;
    [[nodiscard]] QPointF toWidget(const QPointF& scene) const;
    [[nodiscard]] QRectF visibleScene() const;
    void setZoom(double zoom);
    void zoomAt(const QPointF& widgetPoint, double factor);
    void centreOn(const QPointF& scene);
    void fitAll();
    void fitSelection();
    void revealRect(const QRectF& scene);
    void setMinimapShown(bool shown);
    [[nodiscard]] bool isMinimapShown() const;
    /// Live numbers; one repaint.
    void setOverlay(OverlayState overlay);
    [[nodiscard]] const OverlayState& overlay() const { return m_overlay; }
    /// Nodes that differ from the running version wear a dot.
    void setChangedNodes(const std::set<NodeId>& nodes);

    // --- acts; each is one entry of the undo list
    /// Adds a node of a type with its top left at `at`, wired to `from` where that fits. Empty: refused.
    NodeId addNode(const NodeType& type, const QPointF& at,
                   const std::optional<PortRef>& from = std::nullopt);
    /// In the first free place right of the selection, else in the middle of the view; wired to the selected
    /// node when exactly one pair of ports fits.
    NodeId placeNode(const NodeType& type);
    void deleteSelection();
    void deleteAndHeal();
    void copySelection();
    void cutSelection();
    void pasteAt(const std::optional<QPointF>& scene = std::nullopt);
    void duplicateSelection();
    void toggleMode(NodeMode mode);
    [[nodiscard]] bool canBypassSelection() const;
    void layoutAll();
    enum class Align : std::uint8_t { Left, Right, Top, Bottom, CentreX, CentreY, SpreadX, SpreadY };
    void align(Align how);
    void addNote();
    void addFrame();
    void selectAll();
    void editSelected(); ///< F2: title of the node, text of the note, title of the frame, in place
    void connectPorts(const PortRef& from, const PortRef& to);
    void openSearch();
    void findNext(int step);
    /// Hits of a query; the others dim. Empty: the search is over.
    void setSearch(const QString& query);
    [[nodiscard]] const std::vector<NodeId>& searchHits() const { return m_hits; }
    /// Opens the menu of ports that fit the focused (or first) port of the selected node.
    void startWireByKeyboard();
    void requestAddMenu();
    void showToast(const QString& text, bool offersUndo);

    /// The context menu's actions come from the application's registry.
    using MenuFiller = std::function<void(QMenu&, bool overNode, bool overWire)>;
    void setMenuFiller(MenuFiller filler) { m_menuFiller = std::move(filler); }

    static constexpr const char* kNodeTypeMime = "application/x-streamwright-node-type";

    /// The port that has the keyboard's focus, or none.
    [[nodiscard]] std::optional<PortRef> focusedPort() const { return m_focusPort; }
    /// Ports that could be joined with `port`, nearest first.
    [[nodiscard]] std::vector<PortRef> compatiblePorts(const PortRef& port) const;

Q_SIGNALS:
    void zoomChanged(double zoom);
    /// A menu of node types is asked for: at a place on screen, to put the node at `scene`; `port` is to be
    /// joined with it.
    void addMenuRequested(const QPoint& global, const QPointF& scene,
                          const std::optional<streamwright::PortRef>& port);
    void connectMenuRequested(const QPoint& global, const streamwright::PortRef& port);
    /// Enter or double-click on a node: edit it; on a wire: tap it.
    void nodeActivated(const QString& node);
    void wireActivated(const streamwright::EdgeKey& wire);
    void statusMessage(const QString& text);
    void fileDropped(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    bool event(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Gesture : std::uint8_t {
        None,
        Press,
        Pan,
        RubberBand,
        DragItems,
        DraftWire,
        DragBend,
        ResizeNote
    };
    /// What a gesture began with.
    struct Drag {
        QPointF startWidget;
        QPointF startScene;
        bool moved = false;
        bool pullOut = false; ///< Alt: out of the chain
        std::map<NodeId, QPointF> nodes;
        std::map<int, QRectF> frames;
        std::map<int, QRectF> notes;
        NodeId clickedNode; ///< the only one to select if nothing was dragged
        std::optional<EdgeKey> insertTarget;
        std::optional<PortRef> port;        ///< draft wire: the fixed end
        std::optional<EdgeKey> reconnected; ///< the wire that was picked up
        std::optional<PortRef> target;
        QString refusal;
        QPointF at; ///< scene
        EdgeKey bendWire;
        int bend = -1;
        std::vector<QPointF> bends;
        int note = -1;
        std::set<NodeId> bandStart;
    };

    void rebuild();
    void zoomTo(const QRectF& scene, double most);
    [[nodiscard]] double scale() const { return m_zoom * m_unit; }
    [[nodiscard]] QTransform transform() const;
    void placeOverlays();

    void pressOnItem(QMouseEvent* event);
    void beginDrag();
    void dragItems(const QPointF& scene, bool insert);
    void finishDrag();
    void moveDraft(const QPointF& scene);
    void finishDraft(const QPoint& global);
    void finishBand();
    void cancelGesture();
    void updateHover(const QPointF& scene);
    void updateCursor();
    [[nodiscard]] std::optional<EdgeKey> insertCandidate(const Node& node, const QRectF& card) const;
    void nudge(const QPointF& direction);
    void walk(const QPointF& direction);
    bool walkPorts(bool next);
    void openContextMenu(const QPointF& scene, const QPoint& global);
    void editText(const QRectF& scene, const QString& text, bool multiLine,
                  const std::function<void(const QString&)>& done);
    void applyLayoutPart(const QString& text, const char* part, Json value);
    [[nodiscard]] Json layoutPart(const char* part) const;
    void paintDraft(QPainter& painter) const;
    [[nodiscard]] std::vector<bool> fittingPorts(const NodeVisual& node) const;
    [[nodiscard]] QString placeholderTip(const QPoint& widget) const;

    PipelineDocument& m_document;
    CanvasModel m_model;
    OverlayState m_overlay;
    std::set<NodeId> m_changedNodes;
    double m_zoom = 1;
    double m_unit = 1; ///< screen pixels per canvas unit at 100 %, from the font's size
    QPointF m_offset{88, 88};
    bool m_placed = false; ///< the first view was chosen

    Gesture m_gesture = Gesture::None;
    Drag m_drag;
    bool m_spaceHeld = false;
    bool m_freshGesture = true;
    NodeId m_hoverNode;
    std::optional<EdgeKey> m_hoverWire;
    std::optional<PortRef> m_hoverPort;
    NodeId m_focusNode;
    std::optional<PortRef> m_focusPort;
    std::optional<EdgeKey> m_dropTarget;
    QPointF m_pointer; ///< scene, of the last mouse event
    bool m_pointerInside = false;
    QString m_lastPaste;
    QPointF m_lastPasteAt;

    QString m_query;
    std::vector<NodeId> m_hits;
    int m_hit = -1;

    MenuFiller m_menuFiller;
    Minimap* m_minimap;
    SearchBar* m_searchBar;
    Toast* m_toast;
};

} // namespace streamwright
