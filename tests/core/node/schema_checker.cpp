#include "tests/core/node/schema_checker.h"

#include "core/base/assert.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <set>

namespace streamwright {
namespace {

bool isOfType(const Json& value, const std::string& type)
{
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) || (type == "number" && value.is_number()) ||
           (type == "null" && value.is_null());
}

std::string checkType(const Json& types, const Json& value)
{
    for (const Json& type : types.is_array() ? types : Json::array({types})) {
        if (isOfType(value, type)) {
            return {};
        }
    }
    return value.dump() + " is not of type " + types.dump();
}

std::string checkMembers(const Json& schema, const Json& value, const Json& root)
{
    for (const Json& key : schema.value("required", Json::array())) {
        if (!value.contains(key)) {
            return "key " + key.dump() + " is missing";
        }
    }
    for (const auto& [key, member] : value.items()) {
        bool known = false;
        if (schema.contains("properties") && schema["properties"].contains(key)) {
            known = true;
            if (const std::string problem = schemaProblem(schema["properties"][key], member, root);
                !problem.empty()) {
                return key + ": " + problem;
            }
        }
        const Json patterns = schema.value("patternProperties", Json::object());
        for (const auto& [pattern, unused] : patterns.items()) {
            known = known || std::regex_search(key, std::regex(pattern));
        }
        if (known || !schema.contains("additionalProperties")) {
            continue;
        }
        const Json& additional = schema["additionalProperties"];
        if (additional == false) {
            return "key " + key + " is not allowed";
        }
        if (const std::string problem = schemaProblem(additional, member, root); !problem.empty()) {
            return key + ": " + problem;
        }
    }
    return {};
}

std::size_t countMatches(const Json& schemas, const Json& value, const Json& root)
{
    std::size_t count = 0;
    for (const Json& schema : schemas) {
        count += schemaProblem(schema, value, root).empty() ? 1 : 0;
    }
    return count;
}

std::string checkSize(const Json& schema, const Json& value)
{
    const std::size_t size = value.is_string() ? value.get_ref<const std::string&>().size() : value.size();
    for (const auto& [least, most] :
         {std::pair("minItems", "maxItems"), std::pair("minProperties", "maxProperties"),
          std::pair("minLength", "maxLength")}) {
        if (size < schema.value(least, std::size_t{0}) || size > schema.value(most, size)) {
            return value.dump() + " has a wrong size";
        }
    }
    return {};
}

} // namespace

std::string schemaProblem(const Json& schema, const Json& value, const Json& root)
{
    static const std::set<std::string> kKeywords = {"$schema",
                                                    "$defs",
                                                    "$ref",
                                                    "title",
                                                    "description",
                                                    "default",
                                                    "examples",
                                                    "type",
                                                    "enum",
                                                    "const",
                                                    "anyOf",
                                                    "oneOf",
                                                    "allOf",
                                                    "not",
                                                    "if",
                                                    "then",
                                                    "properties",
                                                    "patternProperties",
                                                    "additionalProperties",
                                                    "required",
                                                    "items",
                                                    "minItems",
                                                    "maxItems",
                                                    "minProperties",
                                                    "maxProperties",
                                                    "minLength",
                                                    "pattern",
                                                    "minimum",
                                                    "maximum"};
    for (const auto& [keyword, unused] : schema.items()) {
        SW_ASSERT(kKeywords.contains(keyword), "the checker knows every keyword that our schemas use");
    }
    if (schema.contains("$ref")) {
        const auto reference = schema["$ref"].get<std::string>();
        return schemaProblem(root.at(Json::json_pointer(reference.substr(1))), value, root);
    }
    std::string problem;
    if (schema.contains("type")) {
        problem = checkType(schema["type"], value);
    }
    if (problem.empty() && schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
        problem = value.dump() + " is not one of " + schema["enum"].dump();
    }
    if (problem.empty() && schema.contains("const") && schema["const"] != value) {
        problem = value.dump() + " is not " + schema["const"].dump();
    }
    if (problem.empty() && schema.contains("anyOf") && countMatches(schema["anyOf"], value, root) == 0) {
        problem = value.dump() + " fits none of " + schema["anyOf"].dump();
    }
    if (problem.empty() && schema.contains("oneOf") && countMatches(schema["oneOf"], value, root) != 1) {
        problem = value.dump() + " does not fit exactly one alternative";
    }
    if (problem.empty() && schema.contains("not") && schemaProblem(schema["not"], value, root).empty()) {
        problem = value.dump() + " is forbidden";
    }
    for (const Json& part : schema.value("allOf", Json::array())) {
        problem = problem.empty() ? schemaProblem(part, value, root) : problem;
    }
    if (problem.empty() && schema.contains("if") && schemaProblem(schema["if"], value, root).empty()) {
        problem = schemaProblem(schema["then"], value, root);
    }
    if (problem.empty() && schema.contains("pattern") && value.is_string() &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>()))) {
        problem = value.dump() + " does not match " + schema["pattern"].dump();
    }
    if (problem.empty() && value.is_number() &&
        (value < schema.value("minimum", value) || value > schema.value("maximum", value))) {
        problem = value.dump() + " is out of range";
    }
    if (problem.empty() && (value.is_structured() || value.is_string())) {
        problem = checkSize(schema, value);
    }
    if (problem.empty() && value.is_object()) {
        problem = checkMembers(schema, value, root);
    }
    if (value.is_array() && schema.contains("items")) {
        for (const Json& element : value) {
            problem = problem.empty() ? schemaProblem(schema["items"], element, root) : problem;
        }
    }
    return problem;
}

} // namespace streamwright
