#pragma once

#include "core/cel/type.h"
#include "core/cel/value.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::cel {

class Evaluation;
struct Node;

/// A call under way: the arguments are values (never errors), the receiver first.
struct Call {
    Evaluation& evaluation;
    const Node& node;
    std::span<const Value> arguments;

    [[nodiscard]] const Value& operator[](std::size_t index) const { return arguments[index]; }
    [[nodiscard]] std::string_view text(std::size_t index) const { return arguments[index].text(); }
};
using Implementation = Value (*)(const Call&);

/// How a function is called: size(x), x.trim(), or both.
enum class Style : std::uint8_t { Global, Member };

constexpr std::size_t kMaxParameters = 4;

/// One form of a function: its parameters, what it gives and what does it. Constant data; the reference, the
/// completion and the checker read it, too.
struct Overload {
    std::string_view name; ///< "size", "math.abs"
    Style style = Style::Global;
    std::array<Kind, kMaxParameters> parameters{}; ///< the receiver first; Dyn takes any
    std::uint8_t count = 0;
    Kind result = Kind::Dyn;
    Kind element = Kind::Dyn; ///< of a result of kind List
    Implementation run = nullptr;
    bool extension = false; ///< unknown in strict mode
    bool pure = true;       ///< gives the same for the same arguments
    bool variadic = false;  ///< the last parameter once or more
    std::string_view doc{}; ///< one line
    std::string_view example{};
    std::string_view answer{}; ///< of the example, as an expression; empty where it changes from run to run
};

/// Every overload of every function, in the order of the reference.
[[nodiscard]] std::span<const Overload> allOverloads();
/// Those called `name` in this style; extensions left out where `strict`.
[[nodiscard]] std::vector<const Overload*> overloadsOf(std::string_view name, Style style, bool strict);
/// Each name once, as they come in the reference.
[[nodiscard]] std::vector<std::string> functionNames(Style style, bool strict);
/// May the overload take arguments of these kinds (Dyn may be anything).
[[nodiscard]] bool accepts(const Overload& overload, std::span<const Kind> arguments);
/// "string.indexOf(string, int) -> int"
[[nodiscard]] std::string signature(const Overload& overload);

// The groups, one per file.
[[nodiscard]] std::span<const Overload> standardFunctions();
[[nodiscard]] std::span<const Overload> conversionFunctions();
[[nodiscard]] std::span<const Overload> stringFunctions();
[[nodiscard]] std::span<const Overload> timeFunctions();
[[nodiscard]] std::span<const Overload> mathFunctions();
[[nodiscard]] std::span<const Overload> extraFunctions();

} // namespace streamwright::cel
