#include "core/node/field_codec.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace streamwright {
namespace {

/// What a JSON value is, as a message says it.
std::string_view nameOf(const Json& value)
{
    switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return "a bool";
    case Json::value_t::string: return "text";
    case Json::value_t::array: return "a list";
    case Json::value_t::object: return "an object";
    case Json::value_t::number_float: return "a number with a fraction";
    default: return "a number";
    }
}

/// A value that variables will fill in; its type is checked when they have.
bool isReference(const Json& value)
{
    return value.is_string() && holdsReference(value.get_ref<const std::string&>());
}

std::string textOf(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

template <typename Fields>
bool visible(const FieldSpec& field, const Fields& all, const Json& object)
{
    if (field.visibleWhenKey.empty()) {
        return true;
    }
    std::string actual;
    if (object.is_object() && object.contains(field.visibleWhenKey)) {
        actual = textOf(object[field.visibleWhenKey]);
    } else {
        for (const FieldSpec* other : all) {
            if (other->key == field.visibleWhenKey && !other->defaultValue.is_null()) {
                actual = textOf(other->defaultValue);
            }
        }
    }
    const auto& values = field.visibleWhenValues;
    return std::find(values.begin(), values.end(), actual) != values.end();
}

std::string number(double value)
{
    return Json(value == std::floor(value) && std::abs(value) < 1e15 ? Json(static_cast<std::int64_t>(value))
                                                                     : Json(value))
        .dump();
}

void checkRange(const FieldSpec& spec, const Json& value, Decoding& decoding)
{
    if (!value.is_number()) {
        return;
    }
    const double given = value.get<double>();
    if ((spec.minimum && given < *spec.minimum) || (spec.maximum && given > *spec.maximum)) {
        std::string wanted;
        if (spec.minimum && spec.maximum) {
            wanted = "from " + number(*spec.minimum) + " to " + number(*spec.maximum);
        } else if (spec.minimum) {
            wanted = number(*spec.minimum) + " or more";
        } else {
            wanted = number(*spec.maximum) + " or less";
        }
        decoding.problem("out_of_range", "Is " + value.dump() + ", but must be " + wanted +
                                             (spec.unit.empty() ? "" : " " + spec.unit) + '.');
    }
}

bool isEmpty(const Json& value)
{
    return (value.is_string() && value.get_ref<const std::string&>().empty()) ||
           (value.is_structured() && value.empty());
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

} // namespace

void Decoding::within(std::string_view key, const std::function<void()>& step)
{
    const std::size_t before = m_path.size();
    if (before > 0) {
        m_path += '.';
    }
    m_path += key;
    step();
    m_path.resize(before);
}

void Decoding::within(std::size_t index, const std::function<void()>& step)
{
    const std::size_t before = m_path.size();
    m_path += '[' + std::to_string(index) + ']';
    step();
    m_path.resize(before);
}

void Decoding::problem(std::string code, std::string message, std::string hint)
{
    m_diagnostics.push_back(fieldProblem(m_path, std::move(code), std::move(message), std::move(hint)));
}

void Decoding::wrongType(std::string_view expected, const Json& found)
{
    problem("wrong_type",
            "Must be " + std::string(expected) + ", but is " + std::string(nameOf(found)) + '.');
}

void decodeObject(const Json& object, const std::vector<FieldBinding>& fields, void* target,
                  Decoding& decoding)
{
    if (!object.is_object()) {
        decoding.wrongType("an object", object);
        return;
    }
    std::vector<const FieldSpec*> specs;
    std::vector<std::string> names;
    for (const FieldBinding& field : fields) {
        specs.push_back(&field.spec);
        names.push_back(field.spec.key);
    }
    for (const auto& [key, value] : object.items()) {
        const auto known = std::find(names.begin(), names.end(), key);
        if (known == names.end()) {
            if (!key.starts_with("x-")) {
                const std::string near = nearest(key, names);
                decoding.within(key, [&] {
                    decoding.problem("unknown_field", "There is no such field here.",
                                     !near.empty() ? "Did you mean " + quoted(near) + '?'
                                                   : "Fields: " + listed(names) + '.');
                });
            }
            continue;
        }
        const FieldBinding& field = fields[static_cast<std::size_t>(known - names.begin())];
        decoding.within(key, [&] {
            const bool isText = field.spec.type == FieldType::String || field.spec.type == FieldType::Any;
            if (!isText && isReference(value)) {
                return;
            }
            if (field.spec.required && (value.is_null() || isEmpty(value)) &&
                visible(field.spec, specs, object)) {
                decoding.problem("required", "Is required, but empty.");
                return;
            }
            field.decode(value, target, decoding);
            checkRange(field.spec, value, decoding);
        });
    }
    for (const FieldBinding& field : fields) {
        if (field.spec.required && !object.contains(field.spec.key) && visible(field.spec, specs, object)) {
            decoding.within(field.spec.key, [&] { decoding.problem("required", "Is required."); });
        }
    }
}

Diagnostics decodeConfig(const Json& config, const std::vector<FieldBinding>& fields, void* target)
{
    Diagnostics diagnostics;
    Decoding decoding(diagnostics);
    decodeObject(config.is_null() ? Json::object() : config, fields, target, decoding);
    return diagnostics;
}

bool holdsReference(std::string_view text)
{
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
        if (at == 0 || text[at - 1] != '$') {
            return true;
        }
    }
    return false;
}

void decodeValue(const Json& value, std::string& out, Decoding& decoding)
{
    if (value.is_string()) {
        out = value.get<std::string>();
    } else {
        decoding.wrongType("text", value);
    }
}

void decodeValue(const Json& value, std::int64_t& out, Decoding& decoding)
{
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer()) {
        decoding.wrongType("an integer", value);
    } else if (value.is_number_unsigned() && value.get<std::uint64_t>() > kMax) {
        decoding.problem("out_of_range", "Is larger than " + std::to_string(kMax) + '.');
    } else {
        out = value.get<std::int64_t>();
    }
}

void decodeValue(const Json& value, int& out, Decoding& decoding)
{
    constexpr std::int64_t kMin = std::numeric_limits<int>::min();
    constexpr std::int64_t kMax = std::numeric_limits<int>::max();
    std::int64_t wide = out;
    decodeValue(value, wide, decoding);
    if (wide < kMin || wide > kMax) {
        decoding.problem("out_of_range",
                         "Must be from " + std::to_string(kMin) + " to " + std::to_string(kMax) + '.');
    } else {
        out = static_cast<int>(wide);
    }
}

void decodeValue(const Json& value, double& out, Decoding& decoding)
{
    if (value.is_number()) {
        out = value.get<double>();
    } else {
        decoding.wrongType("a number", value);
    }
}

void decodeValue(const Json& value, bool& out, Decoding& decoding)
{
    if (value.is_boolean()) {
        out = value.get<bool>();
    } else {
        decoding.wrongType("true or false", value);
    }
}

void decodeValue(const Json& value, Json& out, Decoding&)
{
    out = value;
}

void decodeValue(const Json& value, std::vector<std::string>& out, Decoding& decoding)
{
    if (!value.is_array()) {
        decoding.wrongType("a list of texts", value);
        return;
    }
    out.assign(value.size(), {});
    for (std::size_t i = 0; i < value.size(); ++i) {
        decoding.within(i, [&] { decodeValue(value[i], out[i], decoding); });
    }
}

void decodeValue(const Json& value, std::vector<FieldMapping>& out, Decoding& decoding)
{
    if (!value.is_array()) {
        decoding.wrongType("a list of fields", value);
        return;
    }
    out.clear();
    for (std::size_t i = 0; i < value.size(); ++i) {
        const Json& element = value[i];
        decoding.within(i, [&] {
            if (element.is_string()) {
                const auto& name = element.get_ref<const std::string&>();
                out.push_back({name, name});
            } else if (element.is_object() && element.size() == 1 && element.begin()->is_string()) {
                out.push_back({element.begin().key(), element.begin()->get<std::string>()});
            } else {
                decoding.problem("wrong_type", "Must be a name, or one new name with its old path.",
                                 "For example \"id\" or {\"customer\": \"from.name\"}.");
            }
        });
    }
}

void decodeValue(const Json& value, std::vector<std::pair<std::string, std::string>>& out, Decoding& decoding)
{
    if (!value.is_object()) {
        decoding.wrongType("an object of texts", value);
        return;
    }
    out.clear();
    for (const auto& [key, text] : value.items()) {
        if (text.is_null()) {
            out.emplace_back(key, "null");
            continue;
        }
        decoding.within(key, [&] {
            out.emplace_back(key, std::string());
            decodeValue(text, out.back().second, decoding);
        });
    }
}

int decodeOption(const Json& value, const std::vector<EnumOption>& options, Decoding& decoding)
{
    std::vector<std::string> names;
    for (const EnumOption& option : options) {
        names.push_back(option.value);
    }
    if (!value.is_string()) {
        decoding.wrongType("one of " + listed(names), value);
        return -1;
    }
    const auto& text = value.get_ref<const std::string&>();
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
        const std::string near = nearest(text, names);
        decoding.problem("not_an_option",
                         "Is " + quoted(text) + ", but must be one of " + listed(names) + '.',
                         near.empty() ? "" : "Did you mean " + quoted(near) + '?');
        return -1;
    }
    return static_cast<int>(found - names.begin());
}

void decodeRows(const Json& value, const std::vector<FieldBinding>& columns,
                const std::function<void*()>& append, Decoding& decoding)
{
    if (!value.is_array()) {
        decoding.wrongType("a list of objects", value);
        return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        decoding.within(i, [&] { decodeObject(value[i], columns, append(), decoding); });
    }
}

Json encodeValue(const std::string& value)
{
    return value;
}
Json encodeValue(std::int64_t value)
{
    return value;
}
Json encodeValue(int value)
{
    return value;
}
Json encodeValue(double value)
{
    // A default that is whole reads better as 10 than as 10.0.
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return static_cast<std::int64_t>(value);
    }
    return value;
}
Json encodeValue(bool value)
{
    return value;
}
Json encodeValue(const Json& value)
{
    return value;
}
Json encodeValue(const std::vector<std::string>& value)
{
    return value;
}

Json encodeValue(const std::vector<FieldMapping>& value)
{
    Json list = Json::array();
    for (const FieldMapping& mapping : value) {
        list.push_back(mapping.name == mapping.from ? Json(mapping.name)
                                                    : Json{{mapping.name, mapping.from}});
    }
    return list;
}

Json encodeValue(const std::vector<std::pair<std::string, std::string>>& value)
{
    Json object = Json::object();
    for (const auto& [key, text] : value) {
        object[key] = text;
    }
    return object;
}

Json encodeObject(const std::vector<FieldBinding>& fields, const void* object)
{
    Json result = Json::object();
    for (const FieldBinding& field : fields) {
        result[field.spec.key] = field.encode(object);
    }
    return result;
}

void exportDefaults(std::vector<FieldBinding>& fields, const void* object)
{
    for (FieldBinding& field : fields) {
        Json value = field.encode(object);
        if (!field.spec.required && !isEmpty(value)) {
            field.spec.defaultValue = std::move(value);
        }
    }
}

std::vector<FieldSpec> specsOf(const std::vector<FieldBinding>& fields)
{
    std::vector<FieldSpec> specs;
    for (const FieldBinding& field : fields) {
        specs.push_back(field.spec);
    }
    return specs;
}

bool isVisible(const FieldSpec& field, const std::vector<FieldSpec>& all, const Json& object)
{
    std::vector<const FieldSpec*> specs;
    for (const FieldSpec& other : all) {
        specs.push_back(&other);
    }
    return visible(field, specs, object);
}

Diagnostic fieldProblem(std::string field, std::string code, std::string message, std::string hint)
{
    Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    diagnostic.field = std::move(field);
    return diagnostic;
}

} // namespace streamwright
