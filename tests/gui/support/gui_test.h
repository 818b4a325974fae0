#pragma once

#include "core/pipeline/pipeline.h"

#include <QByteArray>
#include <QPointF>
#include <QWidget>

#include <chrono>
#include <functional>
#include <string>

namespace streamwright {

/// Runs the event loop until `condition` holds; false where it does not within the deadline.
[[nodiscard]] bool eventually(const std::function<bool()>& condition,
                              std::chrono::milliseconds deadline = std::chrono::seconds(10));

/// The purchase requests of the documentation, with places: six nodes, nine wires.
[[nodiscard]] QByteArray purchaseRequests();

/// A chain of `count` filters between a generator and a print node, in rows of 20; for measuring.
[[nodiscard]] QByteArray largeDocument(int count);

/// Real mouse and key events through a widget. Points are in its coordinates.
void drag(QWidget* widget, const QPointF& from, const QPointF& to,
          Qt::KeyboardModifiers modifiers = Qt::NoModifier, Qt::MouseButton button = Qt::LeftButton);
void hover(QWidget* widget, const QPointF& at);
void wheel(QWidget* widget, const QPointF& at, int delta);

} // namespace streamwright
