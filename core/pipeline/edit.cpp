#include "core/pipeline/edit.h"

#include "core/base/diagnostic.h"
#include "core/pipeline/document.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace streamwright {
namespace {

constexpr std::size_t kLast = static_cast<std::size_t>(-1);

Error unknownNode(const NodeId& id)
{
    return Error{Errc::UnknownNode, "Node " + quoted(id) + " is not in this pipeline."};
}

/// Place of `key` among the keys of `object`; kLast where it is not there.
std::size_t indexOf(const Json& object, const std::string& key)
{
    std::size_t index = 0;
    for (const auto& [name, unused] : object.items()) {
        if (name == key) {
            return index;
        }
        ++index;
    }
    return kLast;
}

/// `object` with `key` as the key at `index`.
void insertKey(Json& object, std::size_t index, const std::string& key, Json value)
{
    Json result = Json::object();
    std::size_t at = 0;
    for (auto& [name, member] : object.items()) {
        if (at++ == index) {
            result[key] = std::move(value);
        }
        result[name] = std::move(member);
    }
    if (!result.contains(key)) {
        result[key] = std::move(value);
    }
    object = std::move(result);
}

/// Former value and place of a key that is set (value) or removed (empty).
struct FormerKey {
    std::optional<Json> value;
    std::size_t index = kLast;
};

FormerKey setKey(Json& object, const std::string& key, const std::optional<Json>& value, std::size_t index)
{
    if (!object.is_object()) {
        object = Json::object();
    }
    FormerKey former;
    former.index = indexOf(object, key);
    if (former.index != kLast) {
        former.value = object[key];
    }
    if (!value) {
        object.erase(key);
    } else if (former.index != kLast) {
        object[key] = *value;
    } else {
        insertKey(object, index, key, *value);
    }
    return former;
}

void renameKey(Json& object, const std::string& from, const std::string& to)
{
    Json result = Json::object();
    for (auto& [name, member] : object.items()) {
        result[name == from ? to : name] = std::move(member);
    }
    object = std::move(result);
}

/// Sets or removes a key of the layout; a layout without keys is none.
void setLayout(Pipeline& pipeline, const std::string& part, const std::optional<Json>& value)
{
    if (!pipeline.layout.is_object()) {
        pipeline.layout = Json::object();
    }
    if (value) {
        pipeline.layout[part] = *value;
    } else {
        pipeline.layout.erase(part);
    }
    if (pipeline.layout.empty()) {
        pipeline.layout = nullptr;
    }
}

/// A whole number stays one, so that positions read as [312, 0].
Json coordinate(double value)
{
    constexpr double kExact = 9e15;
    if (value > -kExact && value < kExact && value == static_cast<double>(static_cast<std::int64_t>(value))) {
        return static_cast<std::int64_t>(value);
    }
    return value;
}

void setPosition(Pipeline& pipeline, const NodeId& id,
                 const std::optional<std::pair<double, double>>& position)
{
    Json places = pipeline.layout.is_object() && pipeline.layout.contains("nodes") ? pipeline.layout["nodes"]
                                                                                   : Json::object();
    if (!places.is_object()) {
        places = Json::object();
    }
    if (position) {
        places[id] = Json::array({coordinate(position->first), coordinate(position->second)});
    } else {
        places.erase(id);
    }
    setLayout(pipeline, "nodes", places.empty() ? std::nullopt : std::optional(std::move(places)));
}

/// "parse.error->rejects" with node `from` called `to`.
std::string renamedBend(const std::string& key, const NodeId& from, const NodeId& to)
{
    const std::size_t arrow = key.find("->");
    if (arrow == std::string::npos) {
        return key;
    }
    const auto renamed = [&](const std::string& text) {
        Endpoint end = parseEndpoint(text);
        if (end.node == from) {
            end.node = to;
        }
        return end.text();
    };
    return renamed(key.substr(0, arrow)) + "->" + renamed(key.substr(arrow + 2));
}

Result<Edit> applyTo(const AddNode& edit, Pipeline& pipeline)
{
    if (!isValidNodeId(edit.node.id)) {
        return Error{Errc::InvalidArgument, quoted(edit.node.id) + " cannot be the id of a node."};
    }
    if (pipeline.findNode(edit.node.id) != nullptr) {
        return Error{Errc::AlreadyExists, "There is a node " + quoted(edit.node.id) + " already."};
    }
    const std::size_t index = std::min(edit.index, pipeline.nodes.size());
    pipeline.nodes.insert(pipeline.nodes.begin() + static_cast<std::ptrdiff_t>(index), edit.node);
    if (edit.position) {
        setPosition(pipeline, edit.node.id, edit.position);
    }
    return Edit{RemoveNode{edit.node.id}};
}

Result<Edit> applyTo(const RemoveNode& edit, Pipeline& pipeline)
{
    const Node* const node = pipeline.findNode(edit.node);
    if (node == nullptr) {
        return unknownNode(edit.node);
    }
    for (const Edge& edge : pipeline.edges) {
        if (edge.from.node == edit.node || edge.to.node == edit.node) {
            return Error{Errc::InvalidArgument,
                         "Node " + quoted(edit.node) + " still has edges; remove them first."};
        }
    }
    const auto index = static_cast<std::size_t>(node - pipeline.nodes.data());
    AddNode inverse{*node, pipeline.position(edit.node), index};
    pipeline.nodes.erase(pipeline.nodes.begin() + static_cast<std::ptrdiff_t>(index));
    if (inverse.position) {
        setPosition(pipeline, edit.node, std::nullopt);
    }
    return Edit{std::move(inverse)};
}

Result<Edit> applyTo(const Connect& edit, Pipeline& pipeline)
{
    for (const NodeId& id : {edit.edge.from.node, edit.edge.to.node}) {
        if (pipeline.findNode(id) == nullptr) {
            return unknownNode(id);
        }
    }
    const bool exists = std::any_of(pipeline.edges.begin(), pipeline.edges.end(), [&edit](const Edge& edge) {
        return edge.from == edit.edge.from && edge.to == edit.edge.to;
    });
    // With a place it gives back what Disconnect took, be it one of two equal edges of a broken document.
    if (exists && edit.index == kLast) {
        return Error{Errc::AlreadyExists, quoted(edit.edge.from.text()) + " and " +
                                              quoted(edit.edge.to.text()) + " are connected already."};
    }
    const std::size_t index = std::min(edit.index, pipeline.edges.size());
    pipeline.edges.insert(pipeline.edges.begin() + static_cast<std::ptrdiff_t>(index), edit.edge);
    return Edit{Disconnect{edit.edge.from, edit.edge.to}};
}

Result<Edit> applyTo(const Disconnect& edit, Pipeline& pipeline)
{
    // The last one, so that undo of a second equal edge takes away that one.
    const auto found =
        std::find_if(pipeline.edges.rbegin(), pipeline.edges.rend(),
                     [&edit](const Edge& edge) { return edge.from == edit.from && edge.to == edit.to; });
    if (found == pipeline.edges.rend()) {
        return Error{Errc::NotFound, "There is no edge from " + quoted(edit.from.text()) + " to " +
                                         quoted(edit.to.text()) + '.'};
    }
    const auto place = std::prev(found.base());
    Connect inverse{*place, static_cast<std::size_t>(place - pipeline.edges.begin())};
    pipeline.edges.erase(place);
    return Edit{std::move(inverse)};
}

Result<Edit> applyTo(const SetField& edit, Pipeline& pipeline)
{
    Node* const node = pipeline.findNode(edit.node);
    if (node == nullptr) {
        return unknownNode(edit.node);
    }
    FormerKey former = setKey(node->config, edit.key, edit.value, edit.index);
    return Edit{SetField{edit.node, edit.key, std::move(former.value), former.index}};
}

Result<Edit> applyTo(const RenameNode& edit, Pipeline& pipeline)
{
    Node* const node = pipeline.findNode(edit.node);
    if (node == nullptr) {
        return unknownNode(edit.node);
    }
    if (!isValidNodeId(edit.to)) {
        return Error{Errc::InvalidArgument, quoted(edit.to) + " cannot be the id of a node."};
    }
    if (edit.to != edit.node && pipeline.findNode(edit.to) != nullptr) {
        return Error{Errc::AlreadyExists, "There is a node " + quoted(edit.to) + " already."};
    }
    node->id = edit.to;
    for (Edge& edge : pipeline.edges) {
        for (Endpoint* const end : {&edge.from, &edge.to}) {
            if (end->node == edit.node) {
                end->node = edit.to;
            }
        }
    }
    if (pipeline.layout.is_object() && pipeline.layout.contains("nodes")) {
        renameKey(pipeline.layout["nodes"], edit.node, edit.to);
    }
    if (pipeline.layout.is_object() && pipeline.layout.contains("bends") &&
        pipeline.layout["bends"].is_object()) {
        Json bends = Json::object();
        for (const auto& [key, points] : pipeline.layout["bends"].items()) {
            bends[renamedBend(key, edit.node, edit.to)] = points;
        }
        pipeline.layout["bends"] = std::move(bends);
    }
    return Edit{RenameNode{edit.to, edit.node}};
}

Result<Edit> applyTo(const SetTitle& edit, Pipeline& pipeline)
{
    Node* const node = pipeline.findNode(edit.node);
    if (node == nullptr) {
        return unknownNode(edit.node);
    }
    return Edit{SetTitle{edit.node, std::exchange(node->title, edit.title)}};
}

Result<Edit> applyTo(const SetNodeDescription& edit, Pipeline& pipeline)
{
    Node* const node = pipeline.findNode(edit.node);
    if (node == nullptr) {
        return unknownNode(edit.node);
    }
    return Edit{SetNodeDescription{edit.node, std::exchange(node->description, edit.description)}};
}

Result<Edit> applyTo(const SetMode& edit, Pipeline& pipeline)
{
    Node* const node = pipeline.findNode(edit.node);
    if (node == nullptr) {
        return unknownNode(edit.node);
    }
    return Edit{SetMode{edit.node, std::exchange(node->mode, edit.mode)}};
}

Result<Edit> applyTo(const Move& edit, Pipeline& pipeline)
{
    if (pipeline.findNode(edit.node) == nullptr) {
        return unknownNode(edit.node);
    }
    Move inverse{edit.node, pipeline.position(edit.node)};
    setPosition(pipeline, edit.node, edit.position);
    return Edit{std::move(inverse)};
}

Result<Edit> applyTo(const SetSetting& edit, Pipeline& pipeline)
{
    FormerKey former = setKey(pipeline.settings, edit.key, edit.value, edit.index);
    return Edit{SetSetting{edit.key, std::move(former.value), former.index}};
}

Result<Edit> applyTo(const SetConnection& edit, Pipeline& pipeline)
{
    auto& connections = pipeline.connections;
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&edit](const Connection& known) { return known.name == edit.name; });
    SetConnection inverse{edit.name, std::nullopt, kLast};
    if (found != connections.end()) {
        inverse.config = found->config;
        inverse.index = static_cast<std::size_t>(found - connections.begin());
    }
    if (!edit.config) {
        if (found == connections.end()) {
            return Error{Errc::NotFound, "There is no connection " + quoted(edit.name) + '.'};
        }
        connections.erase(found);
    } else if (found != connections.end()) {
        found->config = *edit.config;
    } else if (edit.name.empty() || edit.name.find_first_of(". \t\"") != std::string::npos) {
        return Error{Errc::InvalidArgument, "A connection's name has no dots, blanks or quotes."};
    } else {
        const std::size_t index = std::min(edit.index, connections.size());
        connections.insert(connections.begin() + static_cast<std::ptrdiff_t>(index),
                           {edit.name, *edit.config});
    }
    return Edit{std::move(inverse)};
}

Result<Edit> applyTo(const SetName& edit, Pipeline& pipeline)
{
    return Edit{SetName{std::exchange(pipeline.name, edit.name)}};
}

Result<Edit> applyTo(const SetDescription& edit, Pipeline& pipeline)
{
    return Edit{SetDescription{std::exchange(pipeline.description, edit.description)}};
}

Result<Edit> applyTo(const SetLayoutPart& edit, Pipeline& pipeline)
{
    if (edit.part != "frames" && edit.part != "notes" && edit.part != "bends") {
        return Error{Errc::InvalidArgument, quoted(edit.part) + " is not a part of the layout."};
    }
    SetLayoutPart inverse{edit.part, std::nullopt};
    if (pipeline.layout.is_object() && pipeline.layout.contains(edit.part)) {
        inverse.value = pipeline.layout[edit.part];
    }
    setLayout(pipeline, edit.part, edit.value);
    return Edit{std::move(inverse)};
}

} // namespace

Result<Edit> applyEdit(const Edit& edit, Pipeline& pipeline)
{
    return std::visit([&pipeline](const auto& change) { return applyTo(change, pipeline); }, edit);
}

Result<std::vector<Edit>> applyAll(const std::vector<Edit>& edits, Pipeline& pipeline)
{
    Pipeline changed = pipeline;
    std::vector<Edit> inverses;
    for (const Edit& edit : edits) {
        Result<Edit> inverse = applyEdit(edit, changed);
        if (!inverse) {
            return std::move(inverse).error();
        }
        inverses.push_back(std::move(*inverse));
    }
    std::reverse(inverses.begin(), inverses.end());
    pipeline = std::move(changed);
    return inverses;
}

} // namespace streamwright
