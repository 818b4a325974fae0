#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace streamwright::cel {

/// An expression as the differential test makes it up: a tree that can be written as text, and be evaluated
/// the slow and obvious way, on its own idea of a value. Shares no code with the language under test.
struct SlowExpr {
    std::string
        op; ///< "int", "double", "string", "bool", "null", "field", "local", "list", "+", "&&", "exists", ...
    nlohmann::json literal; ///< of a literal; name of a field or local
    std::vector<std::shared_ptr<SlowExpr>> children;
};

/// A value, or an error. Numbers keep whether they are whole.
struct SlowValue {
    bool error = false;
    nlohmann::json value;

    static SlowValue failed() { return {true, nullptr}; }
};

[[nodiscard]] std::string textOf(const SlowExpr& expr);
/// `record` is the object `value`.
[[nodiscard]] SlowValue evaluateSlowly(const SlowExpr& expr, const nlohmann::json& record);

} // namespace streamwright::cel
