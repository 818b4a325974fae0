#include "core/node/field_codec.h"
#include "core/pipeline/document.h"
#include "core/pipeline/secrets.h"
#include "core/topology/draft.h"
#include "core/topology/resolve.h"

#include <algorithm>

namespace streamwright {
namespace {

/// The field of `spec` that names a connection; nullptr where there is none.
const FieldSpec* connectionField(const NodeSpec& spec)
{
    const auto found = std::find_if(spec.fields.begin(), spec.fields.end(),
                                    [](const FieldSpec& field) { return field.recommend == "connections"; });
    return found == spec.fields.end() ? nullptr : &*found;
}

void checkConnectionName(Draft& draft, const NodeSpec& spec, const Json& config, const std::string& node,
                         const std::string& prefix, std::set<std::string>& used)
{
    const FieldSpec* const field = connectionField(spec);
    if (field == nullptr || !config.contains(field->key) || !config[field->key].is_string()) {
        return;
    }
    const auto& name = config[field->key].get_ref<const std::string&>();
    if (name.empty() || holdsReference(name)) {
        return;
    }
    if (draft.pipeline.findConnection(name) != nullptr) {
        used.insert(name);
        return;
    }
    std::vector<std::string> names;
    for (const Connection& connection : draft.pipeline.connections) {
        names.push_back(connection.name);
    }
    const std::string near = nearest(name, names);
    draft.report(node, prefix + field->key, "unknown_connection",
                 "Connection " + quoted(name) + " is not in this document.",
                 near.empty() ? "Add it under \"connections\"." : "Did you mean " + quoted(near) + '?');
}

void checkId(Draft& draft, const Node& node, std::size_t index)
{
    if (!isValidNodeId(node.id)) {
        draft.report(node.id, "id", "bad_id", quoted(node.id) + " cannot be the id of a node.");
    } else if (!draft.nodeIndex.emplace(node.id, index).second) {
        draft.report(node.id, "id", "duplicate_id",
                     "Another node has the id " + quoted(node.id) + " already.",
                     "Ids are unique in a document.");
    }
}

const NodeType* findType(Draft& draft, const Node& node)
{
    const NodeType* const type = draft.registry.find(node.type);
    if (type == nullptr && !node.type.empty()) {
        const std::string near = nearest(node.type, draft.registry.names());
        draft.report(node.id, "type", "unknown_type", "There is no node type " + quoted(node.type) + '.',
                     near.empty() ? "See: streamwright nodes." : "Did you mean " + quoted(near) + '?');
    } else if (type == nullptr) {
        draft.report(node.id, "type", "required", "The node has no type.");
    }
    return type;
}

void draftSettings(Draft& draft)
{
    ResolvedConfig resolved = resolveConfig(draft.pipeline.settings, settingsFields(), draft.options);
    for (Diagnostic& diagnostic : resolved.diagnostics) {
        diagnostic.field = "settings." + diagnostic.field;
    }
    append(draft.diagnostics, std::move(resolved.diagnostics));
    draft.topology.settings = decodeSettings(resolved.config, draft.diagnostics);
}

/// The sink of settings.dead_letter becomes a node of the plan that nobody draws.
void draftDeadLetter(Draft& draft, std::set<std::string>& usedConnections)
{
    const Settings& settings = draft.topology.settings;
    if (settings.onError != OnError::DeadLetter || !settings.deadLetter.is_object() ||
        !settings.deadLetter.contains("type") || !settings.deadLetter["type"].is_string()) {
        return;
    }
    const NodeType* const type = draft.registry.find(settings.deadLetter["type"].get<std::string>());
    if (type == nullptr || type->spec().category != NodeCategory::Sink) {
        return; // decodeSettings has said so
    }
    PlannedNode node;
    node.id = "settings.dead_letter";
    node.title = "Dead letters";
    node.type = type;
    node.synthetic = true;
    node.behindErrorPort = true;
    node.config = settings.deadLetter.contains("config") ? settings.deadLetter["config"] : Json::object();
    node.outputs = type->outputs(node.config);
    node.wires.resize(node.outputs.size());
    checkConnectionName(draft, type->spec(), node.config, {}, "settings.dead_letter.config.",
                        usedConnections);
    draft.topology.deadLetterNode = draft.topology.nodes.size();
    draft.topology.nodes.push_back(std::move(node));
    draft.unresolved.emplace_back();
    draft.sound.push_back(true);
}

void draftConnections(Draft& draft, const std::set<std::string>& used)
{
    for (const Connection& connection : draft.pipeline.connections) {
        if (used.contains(connection.name)) {
            draft.topology.connections.push_back(
                resolveConnection(connection, draft.options, draft.diagnostics));
        } else {
            append(draft.diagnostics, validateConnection(connection.name, connection.config));
        }
    }
    append(draft.diagnostics, findLiteralSecrets(draft.pipeline, &draft.registry));
}

} // namespace

void draftNodes(Draft& draft)
{
    draft.topology.pipelineName = draft.pipeline.name;
    if (draft.pipeline.name.empty()) {
        draft.report({}, "name", "required", "The pipeline has no name.",
                     "Its consumer group and its state are called by it.");
    }
    draftSettings(draft);
    std::set<std::string> usedConnections;
    for (std::size_t i = 0; i < draft.pipeline.nodes.size(); ++i) {
        const Node& node = draft.pipeline.nodes[i];
        checkId(draft, node, i);
        PlannedNode planned;
        planned.id = node.id;
        planned.title = node.title;
        planned.mode = node.mode;
        planned.type = findType(draft, node);
        draft.unresolved.emplace_back();
        draft.sound.push_back(planned.type != nullptr);
        if (planned.type != nullptr) {
            ResolvedConfig resolved = resolveConfig(node.config, planned.spec().fields, draft.options);
            for (Diagnostic& diagnostic : resolved.diagnostics) {
                diagnostic.node = node.id;
                if (node.mode == NodeMode::Off) {
                    diagnostic.severity = Severity::Warning;
                }
            }
            append(draft.diagnostics, std::move(resolved.diagnostics));
            planned.config = std::move(resolved.config);
            draft.unresolved.back() = std::move(resolved.unresolved);
            planned.outputs = planned.type->outputs(planned.config);
            planned.wires.resize(planned.outputs.size());
            if (node.mode != NodeMode::Off) {
                checkConnectionName(draft, planned.spec(), planned.config, node.id, {}, usedConnections);
            }
        }
        draft.topology.nodes.push_back(std::move(planned));
    }
    draftDeadLetter(draft, usedConnections);
    draftConnections(draft, usedConnections);
}

void lintNodes(Draft& draft)
{
    LintContext context;
    context.atLeastOnce = draft.topology.settings.guarantee == ProcessingGuarantee::AtLeastOnce;
    for (const Connection& connection : draft.pipeline.connections) {
        context.connections.push_back(connection.name);
    }
    for (std::size_t i = 0; i < draft.topology.nodes.size(); ++i) {
        const PlannedNode& node = draft.topology.nodes[i];
        if (node.type == nullptr) {
            continue;
        }
        context.behindErrorPort = node.behindErrorPort;
        for (Diagnostic& diagnostic : node.type->lint(node.config, context)) {
            const std::string key = diagnostic.field.substr(0, diagnostic.field.find_first_of(".["));
            if (draft.unresolved[i].contains(key)) {
                continue; // says nothing of the value that it will have
            }
            if (node.synthetic) {
                diagnostic.field = "settings.dead_letter.config." + diagnostic.field;
            } else {
                diagnostic.node = node.id;
            }
            if (node.mode != NodeMode::On && diagnostic.severity == Severity::Error) {
                diagnostic.severity = Severity::Warning;
            }
            if (diagnostic.severity == Severity::Error) {
                draft.sound[i] = false;
            }
            draft.diagnostics.push_back(std::move(diagnostic));
        }
        if (node.mode != NodeMode::On) {
            draft.sound[i] = draft.sound[i] && !hasErrors(node.type->validate(node.config));
        }
    }
}

} // namespace streamwright
