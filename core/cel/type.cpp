#include "core/cel/type.h"

namespace streamwright::cel {

std::string_view typeName(Kind kind)
{
    switch (kind) {
    case Kind::Error: return "error";
    case Kind::Null: return "null_type";
    case Kind::Bool: return "bool";
    case Kind::Int: return "int";
    case Kind::Uint: return "uint";
    case Kind::Double: return "double";
    case Kind::String: return "string";
    case Kind::Bytes: return "bytes";
    case Kind::Timestamp: return "google.protobuf.Timestamp";
    case Kind::Duration: return "google.protobuf.Duration";
    case Kind::List: return "list";
    case Kind::Map: return "map";
    case Kind::Type: return "type";
    case Kind::Optional: return "optional_type";
    case Kind::Dyn: return "dyn";
    }
    return "dyn";
}

std::string_view plainName(Kind kind)
{
    switch (kind) {
    case Kind::Null: return "null";
    case Kind::Timestamp: return "timestamp";
    case Kind::Duration: return "duration";
    case Kind::Optional: return "optional";
    default: return typeName(kind);
    }
}

Type Type::list(Type element)
{
    Type type{Kind::List, {}};
    type.arguments.push_back(std::move(element));
    return type;
}

Type Type::map(Type key, Type value)
{
    Type type{Kind::Map, {}};
    type.arguments.push_back(std::move(key));
    type.arguments.push_back(std::move(value));
    return type;
}

Type Type::optional(Type inner)
{
    Type type{Kind::Optional, {}};
    type.arguments.push_back(std::move(inner));
    return type;
}

std::string toString(const Type& type)
{
    std::string text(plainName(type.kind));
    if (!type.arguments.empty()) {
        text += '(';
        for (std::size_t i = 0; i < type.arguments.size(); ++i) {
            text += (i == 0 ? "" : ", ") + toString(type.arguments[i]);
        }
        text += ')';
    }
    return text;
}

Type join(const Type& left, const Type& right)
{
    if (left == right) {
        return left;
    }
    if (left.kind != right.kind || left.arguments.size() != right.arguments.size()) {
        return {};
    }
    Type joined = Type::of(left.kind);
    for (std::size_t i = 0; i < left.arguments.size(); ++i) {
        joined.arguments.push_back(join(left.arguments[i], right.arguments[i]));
    }
    return joined;
}

} // namespace streamwright::cel
