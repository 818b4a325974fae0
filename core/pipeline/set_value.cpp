#include "core/pipeline/set_value.h"

#include "core/base/diagnostic.h"
#include "core/pipeline/settings.h"

#include <algorithm>
#include <string>
#include <vector>

namespace streamwright {
namespace {

constexpr std::string_view kPathRule =
    "Give node.field=value, settings.KEY=value or connections.NAME.KEY=value.";

const FieldSpec* findField(const std::vector<FieldSpec>& fields, std::string_view key)
{
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [key](const FieldSpec& field) { return field.key == key; });
    return found == fields.end() ? nullptr : &*found;
}

Error unknownKey(std::string_view path, std::string_view key, const std::vector<FieldSpec>& fields)
{
    std::vector<std::string> names;
    std::string all;
    for (const FieldSpec& field : fields) {
        names.push_back(field.key);
        all += (all.empty() ? "" : ", ") + field.key;
    }
    const std::string near = nearest(key, names);
    return Error{Errc::InvalidArgument,
                 "There is no field " + quoted(path) + ". " +
                     (near.empty() ? "Fields: " + all + '.' : "Did you mean " + quoted(near) + '?')};
}

Json valueFor(const FieldSpec& field, std::string_view text)
{
    if (field.type == FieldType::String || field.type == FieldType::Enum) {
        return std::string(text);
    }
    Json parsed = Json::parse(text, nullptr, false);
    return parsed.is_discarded() ? Json(std::string(text)) : parsed;
}

Result<Edit> nodeEdit(std::string_view id, std::string_view key, std::string_view value,
                      const Pipeline& pipeline, const NodeRegistry& registry)
{
    const Node* const node = pipeline.findNode(id);
    if (node == nullptr) {
        std::vector<std::string> ids;
        for (const Node& known : pipeline.nodes) {
            ids.push_back(known.id);
        }
        const std::string near = nearest(id, ids);
        return Error{Errc::UnknownNode, "Node " + quoted(id) + " is not in this pipeline." +
                                            (near.empty() ? "" : " Did you mean " + quoted(near) + '?')};
    }
    const NodeType* const type = registry.find(node->type);
    if (type == nullptr) {
        return Error{Errc::InvalidArgument,
                     "Node " + quoted(id) + " has the unknown type " + quoted(node->type) + '.'};
    }
    const FieldSpec* const field = type->spec().findField(key);
    if (field == nullptr) {
        return unknownKey(std::string(id) + '.' + std::string(key), key, type->spec().fields);
    }
    return Edit{SetField{std::string(id), std::string(key), valueFor(*field, value)}};
}

Result<Edit> connectionEdit(std::string_view path, std::string_view value, const Pipeline& pipeline)
{
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    const Connection* const connection = pipeline.findConnection(name);
    if (connection == nullptr) {
        return Error{Errc::NotFound, "There is no connection " + quoted(name) + " in this pipeline."};
    }
    const std::string key(dot == std::string_view::npos ? "" : path.substr(dot + 1));
    Json config = connection->config;
    if (key.starts_with("properties.")) {
        config["properties"][key.substr(key.find('.') + 1)] = std::string(value);
    } else if (const FieldSpec* const field = findField(connectionFields(), key)) {
        config[key] = valueFor(*field, value);
    } else {
        return unknownKey("connections." + std::string(path), key, connectionFields());
    }
    return Edit{SetConnection{name, std::move(config)}};
}

} // namespace

Result<Edit> editOfAssignment(std::string_view assignment, const Pipeline& pipeline,
                              const NodeRegistry& registry)
{
    const std::size_t equals = assignment.find('=');
    const std::string_view path = assignment.substr(0, equals);
    const std::size_t dot = path.find('.');
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot + 1 == path.size()) {
        // Only the path: the value may be a secret.
        return Error{Errc::InvalidArgument,
                     quoted(path) + " is not an assignment. " + std::string(kPathRule)};
    }
    const std::string_view value = assignment.substr(equals + 1);
    const std::string_view root = path.substr(0, dot);
    const std::string_view rest = path.substr(dot + 1);
    if (root == "connections") {
        return connectionEdit(rest, value, pipeline);
    }
    if (root != "settings") {
        return nodeEdit(root, rest, value, pipeline, registry);
    }
    const FieldSpec* const field = findField(settingsFields(), rest);
    if (field == nullptr) {
        return unknownKey(path, rest, settingsFields());
    }
    return Edit{SetSetting{std::string(rest), valueFor(*field, value)}};
}

} // namespace streamwright
