#include "core/node/node_type.h"

#include <string>
#include <string_view>
#include <vector>

namespace streamwright {
namespace {

/// Text of a cell of a Markdown table.
std::string cell(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '|') {
            result += '\\';
        }
        result += c;
    }
    return result;
}

std::string trimmedNumber(double value)
{
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == value ? std::to_string(whole) : Json(value).dump();
}

std::string optionNames(const FieldSpec& field)
{
    std::string names;
    for (const EnumOption& option : field.options) {
        names += (names.empty() ? "" : ", ") + option.value;
    }
    return names;
}

/// "integer, records/s, 0 or more", "one of json, text, bytes".
std::string typeText(const FieldSpec& field)
{
    std::string text =
        field.type == FieldType::Enum ? "one of " + optionNames(field) : std::string(toString(field.type));
    if (!field.unit.empty()) {
        text += ", " + field.unit;
    }
    if (field.minimum && field.maximum) {
        text += ", " + trimmedNumber(*field.minimum) + " to " + trimmedNumber(*field.maximum);
    } else if (field.minimum) {
        text += ", " + trimmedNumber(*field.minimum) + " or more";
    }
    return text;
}

std::string helpText(const FieldSpec& field)
{
    std::string text = field.doc;
    if (!field.visibleWhenKey.empty()) {
        std::string values;
        for (const std::string& value : field.visibleWhenValues) {
            values += (values.empty() ? "" : ", ") + value;
        }
        text += " Only where `" + field.visibleWhenKey + "` is " + values + '.';
    }
    if (field.secret) {
        text += " A secret: give it as `${secret:NAME}`.";
    }
    return text;
}

std::string defaultText(const FieldSpec& field)
{
    if (field.required) {
        return "required";
    }
    return field.defaultValue.is_null() ? "" : '`' + field.defaultValue.dump() + '`';
}

void appendRows(std::string& out, const std::vector<FieldSpec>& fields, const std::string& prefix)
{
    for (const FieldSpec& field : fields) {
        const std::string key = prefix + field.key;
        out += "| `" + key + "` | " + cell(typeText(field)) + " | " + cell(defaultText(field)) + " | " +
               cell(helpText(field)) + " |\n";
        appendRows(out, field.columns, key + (field.type == FieldType::ObjectList ? "[]." : "."));
    }
}

void appendLines(std::string& out, const std::vector<FieldSpec>& fields, const std::string& indent)
{
    for (const FieldSpec& field : fields) {
        out += indent + field.key + (field.required ? " (required)" : "") + ": " + typeText(field);
        if (!field.defaultValue.is_null()) {
            out += "; default " + field.defaultValue.dump();
        }
        out += '\n' + indent + "    " + helpText(field) + '\n';
        appendLines(out, field.columns, indent + "    ");
    }
}

std::string_view roleText(PortRole role)
{
    switch (role) {
    case PortRole::Main: return "";
    case PortRole::Optional: return " May stay unwired.";
    case PortRole::Error: return " Unwired, `settings.on_error` decides about them.";
    }
    return "";
}

std::string portList(const std::vector<PortSpec>& ports)
{
    std::string text;
    for (const PortSpec& port : ports) {
        text += (text.empty() ? "" : ", ") + port.name;
    }
    return text.empty() ? "none" : text;
}

Json fieldJson(const FieldSpec& field)
{
    Json json{{"key", field.key}, {"label", field.label}, {"doc", field.doc}, {"type", toString(field.type)}};
    if (!field.unit.empty()) {
        json["unit"] = field.unit;
    }
    if (field.required) {
        json["required"] = true;
    }
    if (field.secret) {
        json["secret"] = true;
    }
    if (field.advanced) {
        json["advanced"] = true;
    }
    if (!field.defaultValue.is_null()) {
        json["default"] = field.defaultValue;
    }
    if (field.minimum) {
        json["minimum"] = *field.minimum;
    }
    if (field.maximum) {
        json["maximum"] = *field.maximum;
    }
    for (const EnumOption& option : field.options) {
        json["options"].push_back({{"value", option.value}, {"label", option.label}, {"doc", option.doc}});
    }
    for (const FieldSpec& column : field.columns) {
        json["fields"].push_back(fieldJson(column));
    }
    if (!field.visibleWhenKey.empty()) {
        json["visible_when"] = Json{{field.visibleWhenKey, field.visibleWhenValues}};
    }
    return json;
}

Json portJson(const PortSpec& port)
{
    Json json{{"name", port.name}};
    if (!port.doc.empty()) {
        json["doc"] = port.doc;
    }
    if (port.role != PortRole::Main) {
        json["role"] = port.role == PortRole::Error ? "error" : "optional";
    }
    return json;
}

} // namespace

std::string referenceMarkdown(const NodeSpec& spec)
{
    std::string out = "## `" + spec.type + "`: " + spec.label + "\n\n";
    out += spec.summary + '\n';
    if (!spec.description.empty()) {
        out += '\n' + spec.description + '\n';
    }
    out += "\nA " + std::string(toString(spec.category)) + ", since " + spec.since +
           (spec.stateful ? ", with state" : "") + ". In: " + portList(spec.inputs) + ".\n";
    if (!spec.outputs.empty()) {
        out += "\nOut:\n\n";
        for (const PortSpec& port : spec.outputs) {
            out += "- `" + port.name + "`: " + port.doc + std::string(roleText(port.role)) + '\n';
        }
    }
    if (!spec.fields.empty()) {
        out += "\n| field | type | default | |\n|---|---|---|---|\n";
        appendRows(out, spec.fields, "");
    }
    for (const NodeExample& example : spec.examples) {
        out += "\n" + example.title + ":\n\n```json\n" + example.config.dump(2) + "\n```\n";
    }
    return out;
}

std::string referenceText(const NodeSpec& spec)
{
    std::string out = spec.type + " (" + spec.label + "): " + spec.summary + '\n';
    if (!spec.description.empty()) {
        out += spec.description + '\n';
    }
    out += "in: " + portList(spec.inputs) + "; out: " + portList(spec.outputs) + '\n';
    if (!spec.fields.empty()) {
        out += "\nFields:\n";
        appendLines(out, spec.fields, "  ");
    }
    for (const NodeExample& example : spec.examples) {
        out += "\nExample, " + example.title + ":\n" + example.config.dump(2) + '\n';
    }
    return out;
}

Json referenceJson(const NodeSpec& spec)
{
    Json json{{"type", spec.type},       {"label", spec.label}, {"category", toString(spec.category)},
              {"summary", spec.summary}, {"since", spec.since}, {"stateful", spec.stateful}};
    if (!spec.description.empty()) {
        json["description"] = spec.description;
    }
    json["inputs"] = Json::array();
    json["outputs"] = Json::array();
    json["fields"] = Json::array();
    json["examples"] = Json::array();
    for (const PortSpec& port : spec.inputs) {
        json["inputs"].push_back(portJson(port));
    }
    for (const PortSpec& port : spec.outputs) {
        json["outputs"].push_back(portJson(port));
    }
    for (const FieldSpec& field : spec.fields) {
        json["fields"].push_back(fieldJson(field));
    }
    for (const NodeExample& example : spec.examples) {
        json["examples"].push_back({{"title", example.title}, {"config", example.config}});
    }
    return json;
}

} // namespace streamwright
