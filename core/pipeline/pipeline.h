#pragma once

#include "core/node/json.h"

#include <nlohmann/json.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

using NodeId = std::string;

/// `node.port`; an empty port is the node's only or main one, as it was written.
struct Endpoint {
    NodeId node;
    std::string port;

    auto operator<=>(const Endpoint&) const = default;
    [[nodiscard]] std::string text() const { return port.empty() ? node : node + '.' + port; }
};

struct Edge {
    Endpoint from;
    Endpoint to;
    Json extra; ///< keys that this version does not know, kept on save

    bool operator==(const Edge&) const = default;
};

enum class NodeMode : std::uint8_t { On, Bypass, Off };
[[nodiscard]] std::string_view toString(NodeMode mode); ///< "on", "bypass", "off"

/// A node as it is drawn. `config` holds only what the document says; defaults come from the spec.
struct Node {
    NodeId id;
    std::string type;
    std::string title; ///< empty: the id is shown
    std::string description;
    NodeMode mode = NodeMode::On;
    Json config; ///< an object
    Json extra;  ///< unknown and x- keys, kept on save

    bool operator==(const Node&) const = default;
    [[nodiscard]] const std::string& shownName() const { return title.empty() ? id : title; }
};

struct Connection {
    std::string name;
    Json config; ///< typed keys and `properties` as written, references unresolved

    bool operator==(const Connection&) const = default;
};

/// The document as a value without behaviour (document.md part 1). Everything that changes it is an Edit.
struct Pipeline {
    static constexpr int kFormatVersion = 1;

    std::string name;
    std::string description;
    Json settings;                       ///< an object: what the document says
    std::vector<Connection> connections; ///< document order
    std::vector<Node> nodes;             ///< document order
    std::vector<Edge> edges;             ///< document order
    Json layout;                         ///< nodes, frames, notes, bends; null where the document has none
    Json extra;                          ///< unknown and x- keys of the top level

    bool operator==(const Pipeline&) const = default;

    [[nodiscard]] Node* findNode(std::string_view id);
    [[nodiscard]] const Node* findNode(std::string_view id) const;
    [[nodiscard]] const Connection* findConnection(std::string_view name) const;
    /// Canvas position of a node, empty where the layout has none.
    [[nodiscard]] std::optional<std::pair<double, double>> position(std::string_view id) const;
};

} // namespace streamwright
