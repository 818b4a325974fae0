#pragma once

#include "core/base/result.h"
#include "core/pipeline/pipeline.h"

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace streamwright {

/// Inserts a node at `index` of the document's list (npos: last). Inverse: RemoveNode.
struct AddNode {
    Node node;
    std::optional<std::pair<double, double>> position;
    std::size_t index = static_cast<std::size_t>(-1);
};
/// Removes a node that has no edges any more, with its place in the layout. Inverse: AddNode.
struct RemoveNode {
    NodeId node;
};
/// Inserts an edge at `index` (npos: last). Inverse: Disconnect.
struct Connect {
    Edge edge;
    std::size_t index = static_cast<std::size_t>(-1);
};
/// Inverse: Connect.
struct Disconnect {
    Endpoint from;
    Endpoint to;
};
/// Sets one config field of a node, or returns it to its default. Inverse: SetField with the former value.
struct SetField {
    NodeId node;
    std::string key;           ///< JSON key, as declared in the node's spec
    std::optional<Json> value; ///< empty: remove the key, so that the default of the spec applies
    std::size_t index = static_cast<std::size_t>(-1); ///< place among the keys where it is new (npos: last)
};
/// Changes a node's id everywhere (edges, layout). Inverse: RenameNode back.
struct RenameNode {
    NodeId node;
    NodeId to;
};
struct SetTitle {
    NodeId node;
    std::string title;
};
struct SetNodeDescription {
    NodeId node;
    std::string description;
};
struct SetMode {
    NodeId node;
    NodeMode mode = NodeMode::On;
};
/// Moves a node on the canvas (empty: no place, it is laid out). Inverse: Move to the former place.
struct Move {
    NodeId node;
    std::optional<std::pair<double, double>> position;
};
/// Sets or removes a key of `settings`.
struct SetSetting {
    std::string key;
    std::optional<Json> value;
    std::size_t index = static_cast<std::size_t>(-1); ///< place among the keys where it is new (npos: last)
};
/// Adds, replaces or (empty) removes a connection, at `index` where it is added.
struct SetConnection {
    std::string name;
    std::optional<Json> config;
    std::size_t index = static_cast<std::size_t>(-1);
};
/// Pipeline name and description.
struct SetName {
    std::string name;
};
struct SetDescription {
    std::string description;
};
/// Sets or removes a part of the layout other than node places: "frames", "notes" or "bends", whole.
struct SetLayoutPart {
    std::string part;
    std::optional<Json> value;
};

/// A change of a document as data; apply() returns its inverse, so that undo, live apply and their tests need
/// no other code.
using Edit =
    std::variant<AddNode, RemoveNode, Connect, Disconnect, SetField, RenameNode, SetTitle, SetNodeDescription,
                 SetMode, Move, SetSetting, SetConnection, SetName, SetDescription, SetLayoutPart>;

/// Applies `edit` and returns the edit that undoes it to the byte (order of lists and keys included).
/// Errors: UnknownNode, AlreadyExists, NotFound, InvalidArgument; `pipeline` is then unchanged.
[[nodiscard]] Result<Edit> applyEdit(const Edit& edit, Pipeline& pipeline);

/// applyEdit() of an edit or of one of its kinds. A template, because argument-dependent lookup brings in
/// std::apply with std::variant, and only a more special one wins against that.
template <typename E>
requires std::constructible_from<Edit, E&&>
[[nodiscard]] Result<Edit> apply(E&& edit, Pipeline& pipeline)
{
    return applyEdit(Edit{std::forward<E>(edit)}, pipeline);
}

/// Applies all or none; the inverses come in the order in which they are to be applied.
[[nodiscard]] Result<std::vector<Edit>> applyAll(const std::vector<Edit>& edits, Pipeline& pipeline);

} // namespace streamwright
