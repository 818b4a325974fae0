#include "core/cel/functions.h"

#include <algorithm>
#include <array>

namespace streamwright::cel {
namespace {

std::vector<Overload> collect()
{
    std::vector<Overload> all;
    for (const std::span<const Overload> group :
         {standardFunctions(), conversionFunctions(), stringFunctions(), timeFunctions(), mathFunctions(),
          extraFunctions()}) {
        all.insert(all.end(), group.begin(), group.end());
    }
    return all;
}

} // namespace

std::span<const Overload> allOverloads()
{
    static const std::vector<Overload> kAll = collect();
    return kAll;
}

std::vector<const Overload*> overloadsOf(std::string_view name, Style style, bool strict)
{
    std::vector<const Overload*> found;
    for (const Overload& overload : allOverloads()) {
        if (overload.name == name && overload.style == style && !(strict && overload.extension)) {
            found.push_back(&overload);
        }
    }
    return found;
}

std::vector<std::string> functionNames(Style style, bool strict)
{
    std::vector<std::string> names;
    for (const Overload& overload : allOverloads()) {
        if (overload.style == style && !(strict && overload.extension) &&
            std::find(names.begin(), names.end(), overload.name) == names.end()) {
            names.emplace_back(overload.name);
        }
    }
    return names;
}

bool accepts(const Overload& overload, std::span<const Kind> arguments)
{
    if (overload.variadic ? arguments.size() < overload.count : arguments.size() != overload.count) {
        return false;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Kind wanted = overload.parameters[std::min<std::size_t>(i, overload.count - 1U)];
        if (wanted != Kind::Dyn && arguments[i] != Kind::Dyn && wanted != arguments[i]) {
            return false;
        }
    }
    return true;
}

std::string signature(const Overload& overload)
{
    std::string text;
    std::size_t first = 0;
    if (overload.style == Style::Member) {
        text = std::string(plainName(overload.parameters[0])) + '.';
        first = 1;
    }
    text += std::string(overload.name) + '(';
    for (std::size_t i = first; i < overload.count; ++i) {
        text += (i == first ? "" : ", ") + std::string(plainName(overload.parameters[i]));
    }
    text += overload.variadic ? ", ...) -> " : ") -> ";
    text += plainName(overload.result);
    if (overload.result == Kind::List && overload.element != Kind::Dyn) {
        text += '(' + std::string(plainName(overload.element)) + ')';
    }
    return text;
}

} // namespace streamwright::cel
