#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/transforms/token_bucket.h"

#include <memory>
#include <utility>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

struct ThrottleConfig {
    double perSecond = 0;
};

TypedSpec<ThrottleConfig> throttleSpec()
{
    return SpecBuilder<ThrottleConfig>::transform("throttle", "Throttle")
        .since("0.1")
        .summary("Lets records through at a limited rate.")
        .description(
            "The rate is that of the process, whatever the number of partitions. What is over it waits in "
            "the input topic; nothing is dropped.")
        .input("in")
        .output(kOut, "The records, unchanged and in their order.")
        .add(field(&ThrottleConfig::perSecond, "per_second", "Rate")
                 .doc("Records that pass in a second.")
                 .unit("records/s")
                 .required())
        .example("Ten records a second", R"({"per_second": 10})")
        .build();
}

Diagnostics lintThrottle(const ThrottleConfig& config, const LintContext&)
{
    if (config.perSecond > 0) {
        return {};
    }
    return {
        fieldProblem("per_second", "out_of_range", "The rate must be above 0, or nothing would ever pass.")};
}

/// Blocks between batches only: what it was given it passes at once. Thread: task thread only.
class ThrottleOperator final : public Operator {
public:
    explicit ThrottleOperator(std::shared_ptr<TokenBucket> bucket) : m_bucket(std::move(bucket)) {}

    Demand demand() override
    {
        const TokenBucket::Offer offer = m_bucket->ask();
        if (offer.tokens > 0) {
            return {.maxRecords = offer.tokens};
        }
        return {.maxRecords = 0, .blockedUntilNs = offer.readyAtNs, .reason = "rate limit"};
    }

    void process(const Batch& batch, Emitter& out) override
    {
        m_bucket->take(batch.size());
        out.emit(kOut, batch);
    }

private:
    std::shared_ptr<TokenBucket> m_bucket;
};

Result<std::unique_ptr<Operator>> makeThrottle(const ThrottleConfig& config, MakeContext& context)
{
    return std::make_unique<ThrottleOperator>(
        TokenBucket::ofNode(context.pipelineName, context.nodeId, config.perSecond, *context.clock));
}

} // namespace

NodeType throttleNodeType()
{
    return makeNodeType<ThrottleConfig>(throttleSpec(), lintThrottle, makeThrottle);
}

} // namespace streamwright
