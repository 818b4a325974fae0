#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/edit.h"
#include "gui/document/selection.h"

#include <QPointF>
#include <QString>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace streamwright::clipboard {

/// The nodes, the wires among them and their places relative to the first, as the text of a small pipeline
/// document: it can be pasted into a chat, a file, or another window. Values of secret fields are left out.
[[nodiscard]] QString textOf(const Pipeline& pipeline, const NodeRegistry& registry,
                             const std::set<NodeId>& nodes, const std::map<NodeId, QPointF>& places);

/// What pasting a text would do; empty where it is not a pipeline's text.
struct Paste {
    std::vector<Edit> edits;
    std::set<NodeId> nodes; ///< as they are called in the document
};
/// Ids are renewed, titles made unique; the top left node lands at `at`.
[[nodiscard]] std::optional<Paste> paste(const Pipeline& pipeline, const NodeRegistry& registry,
                                         const QString& text, const QPointF& at);

} // namespace streamwright::clipboard
