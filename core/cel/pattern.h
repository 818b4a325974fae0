#pragma once

#include "core/cel/functions.h"

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

namespace streamwright::cel {

/// How all patterns are compiled: quiet, and within a memory limit.
[[nodiscard]] RE2::Options patternOptions();
/// Why RE2 refuses the pattern: `Bad regular expression "(": missing ): (`.
[[nodiscard]] std::string patternProblem(const RE2& pattern, std::string_view text);

/// The regular expression of a call: the program's where it is constant, else compiled for this call.
class Pattern {
public:
    Pattern(const Call& call, std::size_t argument);

    [[nodiscard]] bool failed() const { return m_expression == nullptr; }
    [[nodiscard]] const Value& failure() const { return m_failure; }
    [[nodiscard]] const RE2& expression() const { return *m_expression; }

private:
    std::unique_ptr<RE2> m_own;
    const RE2* m_expression = nullptr;
    Value m_failure;
};

} // namespace streamwright::cel
