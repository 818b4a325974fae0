#pragma once

#include "core/base/arena.h"
#include "core/cel/program.h"
#include "core/record/json_value.h"

#include <deque>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// Names that are bound and expressions that use them: what `eval` and its loop have in common. Bound values
/// live as long as the session. Thread: the caller's.
class EvalSession {
public:
    EvalSession(bool strict, bool typed) : m_typed(typed)
    {
        m_options.strict = strict;
        m_options.record = false;
    }

    /// Binds a name to JSON text; false and a message to `err` where it is not JSON.
    [[nodiscard]] bool bindJson(const std::string& name, std::string_view text, std::ostream& err);
    /// Binds a name to what an expression gives; an exit code.
    [[nodiscard]] int bindExpression(const std::string& name, std::string_view expression, std::ostream& err);
    /// From now on `value` and the other variables of a record are known.
    void knowRecords() { m_options.record = true; }
    [[nodiscard]] const cel::CompileOptions& options() const { return m_options; }

    /// Prints the diagnostics with their places marked; empty where there is an error.
    [[nodiscard]] std::optional<cel::Program> compile(std::string_view expression, std::ostream& err) const;
    /// Prints the value; an exit code. `place` stands before an error's message.
    [[nodiscard]] int print(const cel::Program& program, const Record& record, std::string_view place,
                            std::ostream& out, std::ostream& err);
    [[nodiscard]] int evaluate(std::string_view expression, std::ostream& out, std::ostream& err);
    /// Each line of `in` is a record's value.
    [[nodiscard]] int evaluateLines(std::string_view expression, const std::string& source, std::istream& in,
                                    std::ostream& out, std::ostream& err);

private:
    void set(const std::string& name, const cel::Value& value);

    bool m_typed;
    cel::CompileOptions m_options;
    std::vector<cel::Value> m_bindings;
    std::vector<cel::Program> m_programs; ///< of bound expressions: their values may point into them
    Arena m_kept;
    std::deque<std::string> m_texts;
    Arena m_arena;
    JsonIndexer m_indexer;
};

/// Whether `name` can be bound: identifiers joined by dots.
[[nodiscard]] bool isBindableName(std::string_view name);

} // namespace streamwright
