#pragma once

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/cel/type.h"
#include "core/cel/value.h"
#include "core/record/record.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::cel {

struct Code;

/// What an expression may use. `value`, `key`, `headers`, `timestamp`, `topic`, `partition` and `offset` are
/// known unless `record` is false (`eval` without a record).
struct CompileOptions {
    bool strict = false;   ///< the definition alone: no own functions, no int and double in one sum
    bool hasError = false; ///< variable `error` is known (behind an error port)
    bool record = true;
    std::vector<std::string> extraVariables; ///< `eval --bind`; a name may have dots
};

/// Where an evaluation takes its memory, time and bound variables from. What it gives lives until the arena
/// is reset. One per thread, cheap to make.
struct EvalContext {
    Arena& arena;
    const Clock* clock = nullptr;      ///< of now(); nullptr: the machine's
    std::span<const Value> bindings{}; ///< values of CompileOptions::extraVariables, in that order
};

/// Answer of a condition. `message` is set where it gave none: a whole sentence that names the part.
struct Verdict {
    bool value = false;
    bool failed = false;
    std::string_view message{};
};

/// A JSON node, or the reason why there is none.
struct Rendered {
    JsonNode node{};
    bool failed = false;
    std::string_view message{};
};

/// A compiled expression. Immutable and cheap to copy (the copies share one program). Evaluation allocates
/// nothing for comparisons, arithmetic and field access; what needs memory takes it from the context's arena.
/// Thread: any, each with its own EvalContext.
class Program {
public:
    /// Errors: ParseError, with the first diagnostic's text; all of them, warnings too, go to `diagnostics`.
    [[nodiscard]] static Result<Program> compile(std::string_view expression,
                                                 const CompileOptions& options = {},
                                                 Diagnostics* diagnostics = nullptr);
    /// Refuses besides what cannot be a bool.
    [[nodiscard]] static Result<Program> compileBool(std::string_view expression,
                                                     const CompileOptions& options = {},
                                                     Diagnostics* diagnostics = nullptr);

    /// The value, or one of kind Error.
    [[nodiscard]] Value evaluate(const Record& record, EvalContext& context) const;
    [[nodiscard]] Verdict evaluateBool(const Record& record, EvalContext& context) const;
    /// The value as JSON (value_json.h). A field that is only passed on keeps its text (`0.10`, `1e2`).
    [[nodiscard]] Rendered evaluateJson(const Record& record, EvalContext& context) const;

    [[nodiscard]] const Type& resultType() const;
    [[nodiscard]] const std::string& source() const;

private:
    explicit Program(std::shared_ptr<const Code> code) : m_code(std::move(code)) {}

    std::shared_ptr<const Code> m_code;
};

/// All diagnostics of an expression; `expected` Dyn takes any type. fieldOffset, line and column count code
/// points inside the expression.
[[nodiscard]] Diagnostics check(std::string_view expression, const CompileOptions& options = {},
                                Kind expected = Kind::Dyn);

/// Names of the record's variables, and of `error` where `hasError`.
[[nodiscard]] std::vector<std::string> variableNames(const CompileOptions& options);

} // namespace streamwright::cel
