#include "core/nodes/transforms/expression_lint.h"

#include "core/cel/program.h"
#include "core/node/spec_builder.h"

namespace streamwright {

Diagnostics lintExpression(const std::string& field, const std::string& expression, bool behindErrorPort,
                           cel::Kind expected)
{
    if (expression.empty() || holdsReference(expression)) {
        return {};
    }
    return diagnose(field, cel::check(expression, {.hasError = behindErrorPort}, expected));
}

} // namespace streamwright
