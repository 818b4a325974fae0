#include "tests/core/cel/typed_json.h"

#include "core/base/base64.h"
#include "core/cel/time_text.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

namespace streamwright::cel {
namespace {

Kind kindNamed(const std::string& name)
{
    for (int i = 0; i <= static_cast<int>(Kind::Dyn); ++i) {
        if (typeName(static_cast<Kind>(i)) == name || plainName(static_cast<Kind>(i)) == name) {
            return static_cast<Kind>(i);
        }
    }
    return Kind::Error;
}

Value mapOf(const nlohmann::json& pairs, Arena& arena)
{
    const std::span<MapEntry> entries = arena.makeArray<MapEntry>(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        entries[i] = {valueOfTyped(pairs[i][0], arena), valueOfTyped(pairs[i][1], arena)};
    }
    return *makeMap(entries, arena);
}

} // namespace

Value valueOfTyped(const nlohmann::json& typed, Arena& arena)
{
    const nlohmann::json& value = typed.at("value");
    switch (kindNamed(typed.at("type").get<std::string>())) {
    case Kind::Bool: return Value::boolean(value.get<bool>());
    case Kind::Int: return Value::ofInt(std::strtoll(value.get<std::string>().c_str(), nullptr, 10));
    case Kind::Uint: return Value::ofUint(std::strtoull(value.get<std::string>().c_str(), nullptr, 10));
    case Kind::Double: return Value::ofDouble(std::strtod(value.get<std::string>().c_str(), nullptr));
    case Kind::String: return Value::string(arena.copy(value.get<std::string>()));
    case Kind::Bytes: return Value::bytes(arena.copy(*decodeBase64(value.get<std::string>())));
    case Kind::Type: return Value::type(kindNamed(value.get<std::string>()));
    case Kind::Timestamp: {
        const Instant instant = *parseTimestamp(value.get<std::string>());
        return Value::timestamp(instant.seconds, instant.nanos);
    }
    case Kind::Duration: return Value::duration(*parseDuration(value.get<std::string>()));
    case Kind::List: {
        const std::span<Value> items = arena.makeArray<Value>(value.size());
        for (std::size_t i = 0; i < value.size(); ++i) {
            items[i] = valueOfTyped(value[i], arena);
        }
        return Value::list(items);
    }
    case Kind::Map: return mapOf(value, arena);
    default: return Value::null();
    }
}

} // namespace streamwright::cel
