#include "core/node/spec.h"

namespace streamwright {

std::string_view toString(NodeCategory category)
{
    switch (category) {
    case NodeCategory::Source: return "source";
    case NodeCategory::Transform: return "transform";
    case NodeCategory::Sink: return "sink";
    }
    return "transform";
}

std::string_view toString(FieldType type)
{
    switch (type) {
    case FieldType::String: return "text";
    case FieldType::Int: return "integer";
    case FieldType::Double: return "number";
    case FieldType::Bool: return "bool";
    case FieldType::Enum: return "choice";
    case FieldType::StringList: return "list of texts";
    case FieldType::ObjectList: return "list of objects";
    case FieldType::FieldList: return "list of fields";
    case FieldType::Map: return "map of texts";
    case FieldType::Object: return "object";
    case FieldType::Any: return "any JSON";
    }
    return "any JSON";
}

const FieldSpec* NodeSpec::findField(std::string_view key) const
{
    for (const FieldSpec& field : fields) {
        if (field.key == key) {
            return &field;
        }
    }
    return nullptr;
}

} // namespace streamwright
