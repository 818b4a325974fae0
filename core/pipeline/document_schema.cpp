#include "core/pipeline/document_schema.h"

#include "core/node/schema.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/settings.h"

#include <string>

namespace streamwright {
namespace {

constexpr const char* kIdPattern = "^[a-z][a-z0-9_-]{0,63}$";
constexpr const char* kEndPattern = R"(^[a-z][a-z0-9_-]{0,63}(\..+)?$)";

Json text(const char* description)
{
    return Json{{"type", "string"}, {"description", description}};
}

Json numbers(int count)
{
    return Json{{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", count}, {"maxItems", count}};
}

Json listOf(Json items)
{
    return Json{{"type", "array"}, {"items", std::move(items)}};
}

/// A node: its config follows its type.
Json nodeSchema(const NodeRegistry& registry)
{
    Json types = Json::array();
    Json rules = Json::array();
    for (const NodeType& type : registry.types()) {
        const NodeSpec& spec = type.spec();
        types.push_back(Json{{"const", spec.type}, {"title", spec.label}, {"description", spec.summary}});
        rules.push_back(Json{{"if", {{"properties", {{"type", {{"const", spec.type}}}}}}},
                             {"then", {{"properties", {{"config", {{"$ref", "#/$defs/" + spec.type}}}}}}}});
    }
    Json id = text("Unique and stable: it names metrics, state and dead letters.");
    id["pattern"] = kIdPattern;
    id["not"] = Json{{"enum", Json::array({"settings", "connections"})}};
    return Json{{"type", "object"},
                {"required", Json::array({"id", "type"})},
                {"properties",
                 {{"id", std::move(id)},
                  {"type", {{"oneOf", std::move(types)}}},
                  {"title", text("Free text; without it the id is shown.")},
                  {"description", text("For people.")},
                  {"mode",
                   {{"enum", Json::array({"on", "bypass", "off"})},
                    {"default", "on"},
                    {"description", "bypass: records pass unchanged; off: nothing enters."}}},
                  {"config", {{"type", "object"}}}}},
                {"allOf", std::move(rules)}};
}

Json layoutSchema()
{
    const Json titled{{"type", "object"}, {"properties", {{"title", text("Title.")}, {"rect", numbers(4)}}}};
    const Json note{{"type", "object"}, {"properties", {{"text", text("Text.")}, {"rect", numbers(4)}}}};
    return Json{{"type", "object"},
                {"description", "Where things stand on the canvas; never changes what a pipeline does."},
                {"properties",
                 {{"nodes", {{"type", "object"}, {"additionalProperties", numbers(2)}}},
                  {"frames", listOf(titled)},
                  {"notes", listOf(note)},
                  {"bends", {{"type", "object"}, {"additionalProperties", listOf(numbers(2))}}}}}};
}

} // namespace

Json documentSchema(const NodeRegistry& registry)
{
    Json end = text("A node's id, or node.port.");
    end["pattern"] = kEndPattern;
    Json definitions = Json::object();
    definitions["connection"] = objectSchema(connectionFields());
    definitions["settings"] = objectSchema(settingsFields());
    definitions["node"] = nodeSchema(registry);
    for (const NodeType& type : registry.types()) {
        definitions[type.spec().type] = configSchema(type.spec());
    }
    Json name = text("Name of the pipeline, of its consumer group and of its state.");
    name["minLength"] = 1;
    return Json{
        {"$schema", "https://json-schema.org/draft/2020-12/schema"},
        {"title", "Streamwright pipeline"},
        {"type", "object"},
        {"required", Json::array({"streamwright", "name", "nodes", "edges"})},
        {"properties",
         {{"streamwright",
           {{"description", "Version of the format."},
            {"type", "integer"},
            {"minimum", 1},
            {"maximum", Pipeline::kFormatVersion}}},
          {"name", std::move(name)},
          {"description", text("For people.")},
          {"settings", {{"$ref", "#/$defs/settings"}}},
          {"connections", {{"type", "object"}, {"additionalProperties", {{"$ref", "#/$defs/connection"}}}}},
          {"nodes", listOf({{"$ref", "#/$defs/node"}})},
          {"edges", listOf({{"type", "object"},
                            {"required", Json::array({"from", "to"})},
                            {"properties", {{"from", end}, {"to", end}}}})},
          {"layout", layoutSchema()}}},
        {"$defs", std::move(definitions)}};
}

} // namespace streamwright
