#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/cel/program.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/transforms/expression_lint.h"
#include "core/record/batch.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

/// Comes after the cases: its number at run time is their count.
constexpr Port kDefault{0, "default"};

enum class Match : std::uint8_t { First, All };

struct RouteCase {
    std::string name;
    std::string condition;
};

struct RouteConfig {
    std::vector<RouteCase> cases;
    Match match = Match::First;
};

std::vector<PortSpec> casePorts(const RouteConfig& config)
{
    std::vector<PortSpec> ports;
    for (const RouteCase& routeCase : config.cases) {
        ports.push_back({.name = routeCase.name, .doc = "Records for which " + routeCase.condition + "."});
    }
    return ports;
}

TypedSpec<RouteConfig> routeSpec()
{
    return SpecBuilder<RouteConfig>::transform("route", "Route")
        .since("0.1")
        .summary("Sends each record to the port of the case whose condition is true.")
        .description("Each case is an out port of its name. A record for which no condition is true goes to "
                     "`default`; one for which a condition gives no answer goes to `error` and nowhere else.")
        .input("in")
        .optionalOutput(kDefault, "Records that fit no case. Left unwired, they count as dropped on purpose.")
        .errorOutput("error", "Records for which a condition gave no answer.")
        .dynamicOutputs(casePorts)
        .add(field(&RouteConfig::cases, "cases", "Cases")
                 .doc("Names of ports with their conditions, tried in this order.")
                 .required()
                 .columns(field(&RouteCase::name, "name", "Port")
                              .doc("Name of the out port: small letters, digits, _ and -.")
                              .required(),
                          field(&RouteCase::condition, "condition", "Condition")
                              .doc("CEL expression that gives a bool.")
                              .editor(Editor::CelExpression)
                              .required()))
        .add(field(&RouteConfig::match, "match", "Match")
                 .doc("Whether a record goes to the first case that fits, or to all of them.")
                 .options({{Match::First, "first", "The first case that fits"},
                           {Match::All, "all", "Every case that fits"}}))
        .example("By size", R"({"cases": [{"name": "large", "condition": "value.quantity >= 100"},
                                          {"name": "medium", "condition": "value.quantity >= 10"}]})")
        .build();
}

/// By the rules of node ids (document.md part 1).
bool isPortName(const std::string& name)
{
    constexpr std::size_t kLongest = 64;
    const auto isLetter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= kLongest && isLetter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

Diagnostics lintRoute(const RouteConfig& config, const LintContext& context)
{
    Diagnostics found;
    if (config.cases.empty()) {
        found.push_back(fieldProblem("cases", "missing_cases", "List at least one case."));
    }
    std::set<std::string> names{"default", "error", "in"};
    for (std::size_t i = 0; i < config.cases.size(); ++i) {
        const RouteCase& routeCase = config.cases[i];
        const std::string where = "cases[" + std::to_string(i) + ']';
        if (!isPortName(routeCase.name)) {
            found.push_back(fieldProblem(where + ".name", "invalid_port_name",
                                         quoted(routeCase.name) +
                                             " is no name of a port. Use small letters, "
                                             "digits, \"_\" and \"-\", a letter first."));
        } else if (!names.insert(routeCase.name).second) {
            found.push_back(
                fieldProblem(where + ".name", "duplicate_port",
                             "Port " + quoted(routeCase.name) + " is there already. Choose another name."));
        }
        append(found, lintExpression(where + ".condition", routeCase.condition, context.behindErrorPort,
                                     cel::Kind::Bool));
    }
    return found;
}

/// Thread: task thread only.
class RouteOperator final : public Operator {
public:
    struct Case {
        std::string name;
        cel::Program condition;
        std::vector<RecordIndex> records;
    };

    RouteOperator(std::vector<Case> cases, Match match) : m_cases(std::move(cases)), m_match(match) {}

    Result<void> open(OperatorContext& context) override
    {
        m_clock = &context.clock();
        return {};
    }

    void process(const Batch& batch, Emitter& out) override
    {
        for (Case& routeCase : m_cases) {
            routeCase.records.clear();
        }
        m_others.clear();
        cel::EvalContext evaluation{.arena = batch.arena(), .clock = m_clock};
        for (const RecordIndex index : batch.selection()) {
            assign(batch.record(index), index, evaluation, out);
        }
        // With "all" a record may be in several batches, which must not edit it in place.
        const Batch source = m_match == Match::All ? batch.shared() : batch;
        for (std::uint32_t i = 0; i < m_cases.size(); ++i) {
            out.emit({i, m_cases[i].name}, source.select(m_cases[i].records));
        }
        out.emit({static_cast<std::uint32_t>(m_cases.size()), kDefault.name}, source.select(m_others));
    }

private:
    void assign(const Record& record, RecordIndex index, cel::EvalContext& evaluation, Emitter& out)
    {
        m_matching.clear();
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            const cel::Verdict verdict = m_cases[i].condition.evaluateBool(record, evaluation);
            if (verdict.failed) {
                out.fail(record, {.code = RecordErrorCode::ExpressionError, .message = verdict.message});
                return;
            }
            if (verdict.value) {
                m_matching.push_back(i);
                if (m_match == Match::First) {
                    break;
                }
            }
        }
        for (const std::size_t i : m_matching) {
            m_cases[i].records.push_back(index);
        }
        if (m_matching.empty()) {
            m_others.push_back(index);
        }
    }

    std::vector<Case> m_cases;
    Match m_match;
    const Clock* m_clock = nullptr;
    std::vector<RecordIndex> m_others;
    std::vector<std::size_t> m_matching;
};

Result<std::unique_ptr<Operator>> makeRoute(const RouteConfig& config, MakeContext& context)
{
    std::vector<RouteOperator::Case> cases;
    for (const RouteCase& routeCase : config.cases) {
        auto condition =
            cel::Program::compileBool(routeCase.condition, {.hasError = context.behindErrorPort});
        if (!condition) {
            return std::move(condition).error();
        }
        cases.push_back({routeCase.name, std::move(*condition), {}});
    }
    return std::make_unique<RouteOperator>(std::move(cases), config.match);
}

} // namespace

NodeType routeNodeType()
{
    return makeNodeType<RouteConfig>(routeSpec(), lintRoute, makeRoute);
}

} // namespace streamwright
