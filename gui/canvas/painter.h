#pragma once

#include "gui/canvas/canvas_model.h"
#include "gui/canvas/overlay_state.h"

#include <QFont>

class QPainter;

/// Draws the parts of the canvas. Plain functions of what they are given and the theme; units are the
/// canvas's own, so fonts have pixel sizes and the view's transform does the rest.
namespace streamwright::paint {

/// What the view knows of a node beside its visual.
struct NodeLook {
    bool selected = false;
    bool focused = false; ///< keyboard
    bool dimmed = false;  ///< a search is on and it is no hit
    bool hovered = false;
    int focusedPort = -1; ///< inputs first, then outputs
    const NodeOverlay* overlay = nullptr;
    /// While a wire is drawn: ports of this node that fit, inputs first; the others fade. Empty: none is
    /// drawn.
    std::vector<bool> fitting;
};
void node(QPainter& painter, const NodeVisual& node, const NodeLook& look, geometry::Detail detail);

struct WireLook {
    bool selected = false;
    bool hovered = false;
    bool dimmed = false;
    bool willTakeNode = false; ///< release would insert the dragged node here
    const WireOverlay* overlay = nullptr;
};
void wire(QPainter& painter, const WireVisual& wire, const WireLook& look, geometry::Detail detail);
/// Pill and queue bar of a wire; after all wires, so that none crosses them.
void wireLabels(QPainter& painter, const WireVisual& wire, const WireLook& look);
/// A wire that follows the pointer.
void draftWire(QPainter& painter, const QPointF& from, const QPointF& to, bool fits);

void frame(QPainter& painter, const FrameVisual& frame, bool selected, geometry::Detail detail);
void note(QPainter& painter, const NoteVisual& note, bool selected, geometry::Detail detail);
/// Dots of the grid over `area`; nothing where they would stand closer than 8 px on screen.
void grid(QPainter& painter, const QRectF& area, double zoom);

/// A rounded label around `centre`; returns its rectangle.
struct Pill {
    QString text;
    QString icon;
    QColor fill;
    QColor border;
    QColor ink;
    bool bold = false;
};
QRectF pill(QPainter& painter, const QPointF& centre, const Pill& pill);

/// Fonts of the canvas, in its own units.
[[nodiscard]] QFont titleText();
[[nodiscard]] QFont bodyText();
[[nodiscard]] QFont captionText();
[[nodiscard]] QFont labelText();
[[nodiscard]] QFont monoText();

/// Where the pill over a card stands.
[[nodiscard]] QRectF markRect(const NodeVisual& node, const QString& text);

} // namespace streamwright::paint
