#include "core/pipeline/document.h"

#include "core/base/atomic_file.h"
#include "core/pipeline/migration.h"
#include "core/pipeline/secrets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

namespace streamwright {
namespace {

constexpr std::size_t kMaxIdLength = 64;
constexpr std::array<std::string_view, 2> kReservedIds = {"settings", "connections"};
constexpr const char* kIdRule =
    "An id begins with a lower-case letter and goes on with letters, digits, _ and -, "
    "64 characters at most.";

bool isFreeKey(const std::string& key)
{
    return key.starts_with("x-");
}

/// Reads the tree of a document into a Pipeline and reports what does not fit its shape.
class DocumentReader {
public:
    DocumentReader(LoadedDocument& out, bool complete) : m_out(out), m_complete(complete) {}

    void read(const Json& document)
    {
        Pipeline& pipeline = m_out.pipeline;
        pipeline.settings = Json::object();
        if (!document.is_object()) {
            if (m_complete) {
                problem("", "bad_document", "A pipeline document is a JSON object.");
            }
            return;
        }
        if (m_complete && !document.contains("name")) {
            problem("/name", "required", "The pipeline has no name.", "Add \"name\".");
        }
        for (const auto& [key, value] : document.items()) {
            if (key == "streamwright") {
                continue;
            }
            if (key == "name") {
                readText(document, "/name", key, pipeline.name, pipeline.extra);
                if (value.is_string() && pipeline.name.empty()) {
                    problem("/name", "required", "The pipeline's name is empty.");
                }
            } else if (key == "description") {
                readText(document, "/description", key, pipeline.description, pipeline.extra);
            } else if (key == "settings") {
                readObject(value, "/settings", pipeline.settings, pipeline.extra, key);
            } else if (key == "connections") {
                readConnections(value);
            } else if (key == "nodes") {
                readNodes(value);
            } else if (key == "edges") {
                readEdges(value);
            } else if (key == "layout") {
                readLayout(value);
            } else {
                keepUnknown(key, value, "", pipeline.extra,
                            {"name", "description", "settings", "connections", "nodes", "edges", "layout"});
            }
        }
    }

    void problem(const std::string& pointer, const char* code, std::string message, std::string hint = {},
                 Severity severity = Severity::Error)
    {
        Diagnostic diagnostic;
        diagnostic.severity = severity;
        diagnostic.code = code;
        diagnostic.message = std::move(message);
        diagnostic.hint = std::move(hint);
        diagnostic.node = m_node;
        diagnostic.field = fieldName(pointer);
        auto position = m_out.positions.find(pointer);
        if (position == m_out.positions.end()) {
            position = m_out.positions.find(m_nodePointer); // what is missing has no place of its own
        }
        if (position != m_out.positions.end()) {
            std::tie(diagnostic.line, diagnostic.column) = position->second;
        }
        m_out.diagnostics.push_back(std::move(diagnostic));
    }

private:
    /// "/edges/1/from" -> "edges[1].from"; inside a node without the node.
    std::string fieldName(std::string_view pointer) const
    {
        if (!m_node.empty() && pointer.starts_with(m_nodePointer)) {
            pointer.remove_prefix(m_nodePointer.size());
        }
        std::string name;
        while (!pointer.empty()) {
            pointer.remove_prefix(1);
            const std::string_view step = pointer.substr(0, pointer.find('/'));
            const bool isIndex =
                !step.empty() && step.find_first_not_of("0123456789") == std::string_view::npos;
            if (isIndex) {
                name += '[' + std::string(step) + ']';
            } else {
                name += (name.empty() ? "" : ".") + std::string(step);
            }
            pointer.remove_prefix(step.size());
        }
        return name;
    }

    void wrongType(const std::string& pointer, const char* expected)
    {
        problem(pointer, "wrong_type", std::string("Must be ") + expected + '.');
    }

    static void keep(const std::string& key, const Json& value, Json& extra)
    {
        if (!extra.is_object()) {
            extra = Json::object();
        }
        extra[key] = value;
    }

    void keepUnknown(const std::string& key, const Json& value, const std::string& pointer, Json& extra,
                     const std::vector<std::string>& known)
    {
        keep(key, value, extra);
        if (!isFreeKey(key)) {
            const std::string near = nearest(key, known);
            problem(pointer + '/' + pointerStep(key), "unknown_key",
                    "Key " + quoted(key) + " means nothing here.",
                    near.empty() ? "Keys of your own begin with \"x-\"."
                                 : "Did you mean " + quoted(near) + '?',
                    Severity::Warning);
        }
    }

    void readText(const Json& object, const std::string& pointer, const std::string& key, std::string& out,
                  Json& extra)
    {
        const Json& value = object[key];
        if (value.is_string()) {
            out = value.get<std::string>();
        } else {
            wrongType(pointer, "text");
            keep(key, value, extra);
        }
    }

    void readObject(const Json& value, const std::string& pointer, Json& out, Json& extra,
                    const std::string& key)
    {
        if (value.is_object()) {
            out = value;
        } else {
            wrongType(pointer, "an object");
            keep(key, value, extra);
        }
    }

    void readConnections(const Json& value)
    {
        if (!value.is_object()) {
            wrongType("/connections", "an object");
            return;
        }
        for (const auto& [name, config] : value.items()) {
            const std::string pointer = "/connections/" + pointerStep(name);
            if (!config.is_object()) {
                wrongType(pointer, "an object");
                continue;
            }
            if (name.empty() || name.find_first_of(". \t\"") != std::string::npos) {
                problem(pointer, "bad_connection_name", "A connection's name has no dots, blanks or quotes.");
            }
            m_out.pipeline.connections.push_back({name, config});
        }
    }

    void readNodes(const Json& value)
    {
        if (!value.is_array()) {
            wrongType("/nodes", "a list of nodes");
            return;
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            m_nodePointer = "/nodes/" + std::to_string(i);
            if (value[i].is_object()) {
                readNode(value[i]);
            } else {
                wrongType(m_nodePointer, "an object");
            }
            m_node.clear();
        }
        m_nodePointer.clear();
    }

    void readNode(const Json& object)
    {
        Node node;
        node.config = Json::object();
        if (object.contains("id") && object["id"].is_string()) {
            node.id = object["id"].get<std::string>();
        }
        m_node = node.id;
        if (m_complete || object.size() > 1) {
            checkId(object, node.id);
        }
        if (m_complete && !object.contains("type")) {
            problem(m_nodePointer, "required", "The node has no \"type\".");
        }
        for (const auto& [key, value] : object.items()) {
            const std::string pointer = m_nodePointer + '/' + pointerStep(key);
            if (key == "id") {
                continue;
            }
            if (key == "type") {
                readText(object, pointer, key, node.type, node.extra);
            } else if (key == "title") {
                readText(object, pointer, key, node.title, node.extra);
            } else if (key == "description") {
                readText(object, pointer, key, node.description, node.extra);
            } else if (key == "mode") {
                readMode(value, pointer, node);
            } else if (key == "config") {
                readObject(value, pointer, node.config, node.extra, key);
            } else {
                keepUnknown(key, value, m_nodePointer, node.extra,
                            {"id", "type", "title", "description", "mode", "config"});
            }
        }
        if (!node.id.empty()) {
            m_out.nodePointers.emplace(node.id, m_nodePointer);
        }
        m_out.pipeline.nodes.push_back(std::move(node));
    }

    void checkId(const Json& object, const std::string& id)
    {
        const std::string pointer = m_nodePointer + "/id";
        if (!object.contains("id")) {
            problem(m_nodePointer, "required", "The node has no \"id\".", kIdRule);
        } else if (!object["id"].is_string()) {
            wrongType(pointer, "text");
        } else if (std::find(kReservedIds.begin(), kReservedIds.end(), id) != kReservedIds.end()) {
            problem(pointer, "reserved_id",
                    "Id " + quoted(id) + " is reserved for that part of the document.", "Choose another id.");
        } else if (!isValidNodeId(id)) {
            problem(pointer, "bad_id", quoted(id) + " is not an id.", kIdRule);
        } else if (!m_ids.insert(id).second) {
            problem(pointer, "duplicate_id", "Another node has the id " + quoted(id) + " already.",
                    "Ids are unique in a document.");
        }
    }

    void readMode(const Json& value, const std::string& pointer, Node& node)
    {
        for (const NodeMode mode : {NodeMode::On, NodeMode::Bypass, NodeMode::Off}) {
            if (value.is_string() && value.get_ref<const std::string&>() == toString(mode)) {
                node.mode = mode;
                return;
            }
        }
        keep("mode", value, node.extra);
        problem(pointer, "wrong_type", "Must be one of on, bypass, off.");
    }

    void readEdges(const Json& value)
    {
        if (!value.is_array()) {
            wrongType("/edges", "a list of edges");
            return;
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            const std::string pointer = "/edges/" + std::to_string(i);
            if (!value[i].is_object()) {
                wrongType(pointer, "an object");
                continue;
            }
            Edge edge;
            bool good = true;
            for (const char* const end : {"from", "to"}) {
                const auto text = value[i].find(end);
                Endpoint& endpoint = std::string_view(end) == "from" ? edge.from : edge.to;
                if (text == value[i].end()) {
                    good = false;
                    if (m_complete || i + 1 < value.size()) {
                        problem(pointer, "required", std::string("The edge has no \"") + end + "\".");
                    }
                } else if (!text->is_string()) {
                    good = false;
                    wrongType(pointer + '/' + end, "a node or node.port");
                } else {
                    endpoint = parseEndpoint(text->get_ref<const std::string&>());
                }
            }
            for (const auto& [key, unknown] : value[i].items()) {
                if (key != "from" && key != "to") {
                    keepUnknown(key, unknown, pointer, edge.extra, {"from", "to"});
                }
            }
            if (good) {
                m_out.pipeline.edges.push_back(std::move(edge));
                m_out.edgePointers.push_back(pointer);
            }
        }
    }

    void readLayout(const Json& value)
    {
        if (!value.is_object()) {
            problem("/layout", "wrong_type", "Must be an object; it is ignored.", {}, Severity::Warning);
            return;
        }
        // What is empty says nothing; without it an undone edit gives the same text again.
        Json layout = value;
        if (layout.contains("nodes") && layout["nodes"].is_object() && layout["nodes"].empty()) {
            layout.erase("nodes");
        }
        if (!layout.empty()) {
            m_out.pipeline.layout = std::move(layout);
        }
    }

    LoadedDocument& m_out;
    bool m_complete;
    std::set<std::string> m_ids;
    std::string m_node;
    std::string m_nodePointer;
};

/// Version of a document; empty with a diagnostic where it cannot be read by this program.
std::optional<int> readVersion(const Json& document, DocumentReader& reader)
{
    if (!document.contains("streamwright")) {
        reader.problem("", "missing_version",
                       "Key \"streamwright\" is missing, so this is no pipeline document.",
                       "Begin it with \"streamwright\": 1.");
        return Pipeline::kFormatVersion;
    }
    const Json& version = document["streamwright"];
    if (!version.is_number_integer() || version < 1) {
        reader.problem("/streamwright", "bad_version", "The format version must be 1 or more.");
        return Pipeline::kFormatVersion;
    }
    if (version > Pipeline::kFormatVersion) {
        reader.problem("/streamwright", "newer_version",
                       "This document has format version " + version.dump() +
                           "; this program knows versions up to " + std::to_string(Pipeline::kFormatVersion) +
                           '.',
                       "Update Streamwright.");
        return std::nullopt;
    }
    return version.get<int>();
}

/// Writes the canonical form: nlohmann's own, but lists of numbers alone stand on one line.
void writeJson(std::string& out, const Json& value, int indent)
{
    const std::string inner(static_cast<std::size_t>(indent) + 2, ' ');
    const std::string outer(static_cast<std::size_t>(indent), ' ');
    if (value.is_object() && !value.empty()) {
        out += "{\n";
        std::size_t left = value.size();
        for (const auto& [key, member] : value.items()) {
            out += inner + Json(key).dump() + ": ";
            writeJson(out, member, indent + 2);
            out += --left > 0 ? ",\n" : "\n";
        }
        out += outer + '}';
    } else if (value.is_array() && !value.empty()) {
        const bool oneLine =
            std::all_of(value.begin(), value.end(), [](const Json& e) { return e.is_number(); });
        out += oneLine ? "[" : "[\n";
        for (std::size_t i = 0; i < value.size(); ++i) {
            out += oneLine ? "" : inner;
            writeJson(out, value[i], indent + 2);
            out += i + 1 == value.size() ? (oneLine ? "" : "\n") : (oneLine ? ", " : ",\n");
        }
        out += oneLine ? "]" : outer + ']';
    } else {
        out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
}

void addExtra(Json& object, const Json& extra)
{
    if (extra.is_object()) {
        for (const auto& [key, value] : extra.items()) {
            if (!object.contains(key)) {
                object[key] = value;
            }
        }
    }
}

bool isNonEmptyObject(const Json& value)
{
    return value.is_object() && !value.empty();
}

Json nodeJson(const Node& node)
{
    Json json = Json::object();
    json["id"] = node.id;
    json["type"] = node.type;
    if (!node.title.empty()) {
        json["title"] = node.title;
    }
    if (!node.description.empty()) {
        json["description"] = node.description;
    }
    if (node.mode != NodeMode::On) {
        json["mode"] = toString(node.mode);
    }
    if (isNonEmptyObject(node.config)) {
        json["config"] = node.config;
    }
    addExtra(json, node.extra);
    return json;
}

/// Node places in the order of the nodes, so that moving one changes one line.
Json layoutJson(const Pipeline& pipeline)
{
    Json json = Json::object();
    if (pipeline.layout.contains("nodes") && pipeline.layout["nodes"].is_object()) {
        const Json& places = pipeline.layout["nodes"];
        Json ordered = Json::object();
        for (const Node& node : pipeline.nodes) {
            if (places.contains(node.id)) {
                ordered[node.id] = places[node.id];
            }
        }
        addExtra(ordered, places);
        json["nodes"] = std::move(ordered);
    }
    for (const char* const part : {"frames", "notes", "bends"}) {
        if (pipeline.layout.contains(part)) {
            json[part] = pipeline.layout[part];
        }
    }
    addExtra(json, pipeline.layout);
    return json;
}

/// Pointer of config path `field` below `pointer`, as far as the text has it. Keys may hold dots themselves.
std::string pointerBelow(const SourceMap& positions, std::string pointer, std::string_view field)
{
    while (!field.empty()) {
        if (field.front() == '[') {
            const std::size_t close = field.find(']');
            if (close == std::string_view::npos) {
                return pointer;
            }
            const std::string next = pointer + '/' + std::string(field.substr(1, close - 1));
            if (!positions.contains(next)) {
                return pointer;
            }
            pointer = next;
            field.remove_prefix(close + 1);
        } else {
            std::size_t end = field.find_first_of(".[");
            while (!positions.contains(pointer + '/' + pointerStep(field.substr(0, end)))) {
                if (end == std::string_view::npos) {
                    return pointer;
                }
                end = field.find_first_of(".[", end + 1);
            }
            pointer += '/' + pointerStep(field.substr(0, end));
            field.remove_prefix(std::min(end, field.size()));
        }
        if (field.starts_with('.')) {
            field.remove_prefix(1);
        }
    }
    return pointer;
}

/// What a field problem is about: the value, or the key where the key is what is wrong.
std::string spotOf(const std::string& pointer, const std::string& code)
{
    return code == "unknown_field" || code == "unknown_key" ? pointer + "#key" : pointer;
}

} // namespace

bool isValidNodeId(std::string_view id)
{
    const auto isLetter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !id.empty() && id.size() <= kMaxIdLength && isLetter(id.front()) &&
           std::all_of(
               id.begin(), id.end(),
               [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; }) &&
           std::find(kReservedIds.begin(), kReservedIds.end(), id) == kReservedIds.end();
}

Endpoint parseEndpoint(std::string_view text)
{
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) {
        return {std::string(text), {}};
    }
    return {std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

void LoadedDocument::locate(Diagnostics& found) const
{
    for (Diagnostic& diagnostic : found) {
        if (diagnostic.line != 0) {
            continue;
        }
        std::string pointer;
        const auto node = nodePointers.find(diagnostic.node);
        if (diagnostic.field.starts_with("edges[")) {
            const std::size_t edge = std::strtoul(diagnostic.field.c_str() + 6, nullptr, 10);
            if (edge < edgePointers.size()) {
                const std::size_t rest = diagnostic.field.find(']') + 1;
                const std::string below =
                    diagnostic.field.substr(std::min(rest + 1, diagnostic.field.size()));
                pointer = pointerBelow(positions, edgePointers[edge], below);
            }
        } else if (node != nodePointers.end()) {
            pointer = pointerBelow(positions, node->second + "/config", diagnostic.field);
            if (pointer == node->second + "/config" && !diagnostic.field.empty()) {
                const std::string own = pointerBelow(positions, node->second, diagnostic.field);
                pointer = own == node->second && positions.contains(pointer) ? pointer : own;
            } else if (diagnostic.field.empty()) {
                pointer = positions.contains(node->second + "/id") ? node->second + "/id" : node->second;
            }
        } else {
            pointer = pointerBelow(positions, "", diagnostic.field);
        }
        auto position = positions.find(spotOf(pointer, diagnostic.code));
        if (position == positions.end()) {
            position = positions.find(pointer);
        }
        if (position != positions.end()) {
            std::tie(diagnostic.line, diagnostic.column) = position->second;
        }
    }
}

LoadedDocument parseDocument(std::string_view text)
{
    LoadedDocument loaded;
    JsonText parsed = parseJsonText(text);
    loaded.positions = std::move(parsed.positions);
    loaded.diagnostics = std::move(parsed.diagnostics);
    loaded.readable = parsed.complete;
    DocumentReader reader(loaded, parsed.complete);
    if (parsed.complete && parsed.value.is_object()) {
        const std::optional<int> version = readVersion(parsed.value, reader);
        loaded.formatVersion = version.value_or(Pipeline::kFormatVersion + 1);
        if (version && !migrate(parsed.value, *version, Pipeline::kFormatVersion, migrationSteps())) {
            reader.problem("/streamwright", "bad_version",
                           "Nothing is known of format version " + std::to_string(*version) + '.');
        }
    }
    reader.read(parsed.value);
    std::stable_sort(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                     [](const Diagnostic& a, const Diagnostic& b) {
                         return std::pair(a.line, a.column) < std::pair(b.line, b.column);
                     });
    return loaded;
}

Result<LoadedDocument> loadDocument(const std::filesystem::path& file)
{
    std::error_code problem;
    if (!std::filesystem::exists(file, problem)) {
        return Error{Errc::NotFound, "File " + quoted(file.string()) + " does not exist."};
    }
    if (std::filesystem::is_directory(file, problem)) {
        return Error{Errc::Io, quoted(file.string()) + " is a folder, not a pipeline document."};
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream || text.fail()) {
        if (std::filesystem::file_size(file, problem) != 0 || problem) {
            return Error{Errc::Io,
                         "Cannot read " + quoted(file.string()) + ": " + std::strerror(errno) + '.'};
        }
    }
    return parseDocument(text.str());
}

std::string saveText(const Pipeline& pipeline)
{
    Json json = Json::object();
    json["streamwright"] = Pipeline::kFormatVersion;
    json["name"] = pipeline.name;
    if (!pipeline.description.empty()) {
        json["description"] = pipeline.description;
    }
    if (isNonEmptyObject(pipeline.settings)) {
        json["settings"] = pipeline.settings;
    }
    for (const Connection& connection : pipeline.connections) {
        json["connections"][connection.name] = connection.config;
    }
    json["nodes"] = Json::array();
    for (const Node& node : pipeline.nodes) {
        json["nodes"].push_back(nodeJson(node));
    }
    json["edges"] = Json::array();
    for (const Edge& edge : pipeline.edges) {
        Json entry{{"from", edge.from.text()}, {"to", edge.to.text()}};
        addExtra(entry, edge.extra);
        json["edges"].push_back(std::move(entry));
    }
    if (isNonEmptyObject(pipeline.layout)) {
        json["layout"] = layoutJson(pipeline);
    }
    addExtra(json, pipeline.extra);
    std::string text;
    writeJson(text, json, 0);
    return text + '\n';
}

Result<void> saveDocument(const Pipeline& pipeline, const std::filesystem::path& file)
{
    if (const Diagnostics literal = findLiteralSecrets(pipeline, nullptr); !literal.empty()) {
        return Error{Errc::DocumentInvalid, "Field " + quoted(literal.front().field) + ": " +
                                                literal.front().message + ' ' + literal.front().hint};
    }
    return replaceFile(file, saveText(pipeline));
}

} // namespace streamwright
