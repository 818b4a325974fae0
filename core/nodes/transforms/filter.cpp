#include "core/base/result.h"
#include "core/cel/program.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/transforms/expression_lint.h"
#include "core/record/batch.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};
constexpr Port kRejected{1, "rejected"};

struct FilterConfig {
    std::string condition;
};

TypedSpec<FilterConfig> filterSpec()
{
    return SpecBuilder<FilterConfig>::transform("filter", "Filter")
        .since("0.1")
        .summary("Keeps the records for which a condition is true.")
        .description(
            "A record for which the condition gives no answer (a field is missing, a text is compared "
            "with a number) goes to `error`, never silently to `rejected`.")
        .input("in")
        .output(kOut, "The kept records, unchanged and in their order.")
        .optionalOutput(kRejected, "The others. Left unwired, they count as dropped on purpose.")
        .errorOutput("error", "Records for which the condition gave no answer.")
        .add(field(&FilterConfig::condition, "condition", "Condition")
                 .doc("CEL expression over `key`, `value`, `headers` and `timestamp`. It must give a bool.")
                 .editor(Editor::CelExpression)
                 .required())
        .example("Large orders", R"({"condition": "value.quantity >= 100"})")
        .build();
}

Diagnostics lintFilter(const FilterConfig& config, const LintContext& context)
{
    return lintExpression("condition", config.condition, context.behindErrorPort, cel::Kind::Bool);
}

/// Thread: task thread only. Reading an absent field fails the record (CEL definition, "Field Selection").
class FilterOperator final : public Operator {
public:
    explicit FilterOperator(cel::Program condition) : m_condition(std::move(condition)) {}

    Result<void> open(OperatorContext& context) override
    {
        m_clock = &context.clock();
        return {};
    }

    void process(const Batch& batch, Emitter& out) override
    {
        m_kept.clear();
        m_rejected.clear();
        cel::EvalContext evaluation{.arena = batch.arena(), .clock = m_clock};
        for (const RecordIndex index : batch.selection()) {
            const Record& record = batch.record(index);
            const cel::Verdict verdict = m_condition.evaluateBool(record, evaluation);
            if (verdict.failed) {
                out.fail(record, {.code = RecordErrorCode::ExpressionError, .message = verdict.message});
            } else {
                (verdict.value ? m_kept : m_rejected).push_back(index);
            }
        }
        out.emit(kOut, batch.select(m_kept));
        out.emit(kRejected, batch.select(m_rejected));
    }

private:
    cel::Program m_condition;
    const Clock* m_clock = nullptr;
    std::vector<RecordIndex> m_kept;
    std::vector<RecordIndex> m_rejected;
};

Result<std::unique_ptr<Operator>> makeFilter(const FilterConfig& config, MakeContext& context)
{
    auto condition = cel::Program::compileBool(config.condition, {.hasError = context.behindErrorPort});
    if (!condition) {
        return std::move(condition).error();
    }
    return std::make_unique<FilterOperator>(std::move(*condition));
}

} // namespace

NodeType filterNodeType()
{
    return makeNodeType<FilterConfig>(filterSpec(), lintFilter, makeFilter);
}

} // namespace streamwright
