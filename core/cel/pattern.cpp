#include "core/cel/pattern.h"

#include "core/base/diagnostic.h"
#include "core/cel/evaluation.h"

namespace streamwright::cel {
namespace {

constexpr std::int64_t kPatternBytes = 2 << 20;
constexpr std::size_t kMaxPattern = 4096;
/// What compiling a pattern costs, in steps, beside four for each of its bytes.
constexpr std::size_t kCompileSteps = 500;

} // namespace

RE2::Options patternOptions()
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kPatternBytes);
    return options;
}

std::string patternProblem(const RE2& pattern, std::string_view text)
{
    return "Bad regular expression " + quoted(text) + ": " + pattern.error();
}

Pattern::Pattern(const Call& call, std::size_t argument)
{
    if (call.node.pattern != nullptr) {
        m_expression = call.node.pattern;
        return;
    }
    const std::string_view text = call.text(argument);
    if (text.size() > kMaxPattern) {
        m_failure = call.evaluation.fail(call.node, "The regular expression is longer than 4096 bytes");
        return;
    }
    if (!call.evaluation.budget().take(kCompileSteps + 4 * text.size())) {
        m_failure = call.evaluation.exhausted(call.node);
        return;
    }
    m_own = std::make_unique<RE2>(re2::StringPiece(text.data(), text.size()), patternOptions());
    if (!m_own->ok()) {
        m_failure = call.evaluation.fail(call.node, patternProblem(*m_own, text));
        return;
    }
    m_expression = m_own.get();
}

} // namespace streamwright::cel
