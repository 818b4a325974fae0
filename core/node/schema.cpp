#include "core/node/schema.h"

#include "core/node/node_type.h"

namespace streamwright {
namespace {

constexpr const char* kReferencePattern = R"(\$\{[^}]+\})";

/// A scalar may be a reference, which becomes the scalar when it is resolved.
Json orReference(Json schema)
{
    return Json{
        {"anyOf", Json::array({std::move(schema), {{"type", "string"}, {"pattern", kReferencePattern}}})}};
}

Json listOf(Json items)
{
    return Json{{"type", "array"}, {"items", std::move(items)}};
}

Json numberSchema(const FieldSpec& field, const char* type)
{
    Json schema{{"type", type}};
    if (field.minimum) {
        schema["minimum"] = *field.minimum;
    }
    if (field.maximum) {
        schema["maximum"] = *field.maximum;
    }
    return schema;
}

Json valueSchema(const FieldSpec& field)
{
    const Json text{{"type", "string"}};
    switch (field.type) {
    case FieldType::String: return text;
    case FieldType::Int: return orReference(numberSchema(field, "integer"));
    case FieldType::Double: return orReference(numberSchema(field, "number"));
    case FieldType::Bool: return orReference({{"type", "boolean"}});
    case FieldType::Enum: {
        Json values = Json::array();
        for (const EnumOption& option : field.options) {
            values.push_back(option.value);
        }
        return orReference({{"enum", std::move(values)}});
    }
    case FieldType::StringList: return listOf(text);
    case FieldType::ObjectList: return listOf(objectSchema(field.columns));
    case FieldType::FieldList: {
        const Json renamed{
            {"type", "object"}, {"additionalProperties", text}, {"minProperties", 1}, {"maxProperties", 1}};
        return listOf({{"anyOf", Json::array({text, renamed})}});
    }
    case FieldType::Map:
        return Json{{"type", "object"},
                    {"additionalProperties", {{"type", Json::array({"string", "null"})}}}};
    case FieldType::Object:
        return field.columns.empty() ? Json{{"type", "object"}} : objectSchema(field.columns);
    case FieldType::Any: return Json::object();
    }
    return Json::object();
}

} // namespace

Json objectSchema(const std::vector<FieldSpec>& fields)
{
    Json schema{{"type", "object"}, {"properties", Json::object()}};
    Json required = Json::array();
    for (const FieldSpec& field : fields) {
        Json property{{"title", field.label}, {"description", field.doc}};
        property.update(valueSchema(field));
        if (!field.defaultValue.is_null()) {
            property["default"] = field.defaultValue;
        }
        schema["properties"][field.key] = std::move(property);
        if (field.required && field.visibleWhenKey.empty()) {
            required.push_back(field.key);
        }
    }
    schema["patternProperties"] = Json{{"^x-", Json::object()}};
    schema["additionalProperties"] = false;
    if (!required.empty()) {
        schema["required"] = std::move(required);
    }
    return schema;
}

Json configSchema(const NodeSpec& spec)
{
    Json schema = objectSchema(spec.fields);
    Json examples = Json::array();
    for (const NodeExample& example : spec.examples) {
        examples.push_back(example.config);
    }
    if (!examples.empty()) {
        schema["examples"] = std::move(examples);
    }
    return schema;
}

} // namespace streamwright
