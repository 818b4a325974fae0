#include "core/base/diagnostic.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/record/batch.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

enum class NumberScope : std::uint8_t { Pipeline, Partition, Key };
enum class OnLostState : std::uint8_t { Fail, Start, FromOutput };

struct NumberConfig {
    std::string field;
    std::int64_t start = 1;
    std::int64_t step = 1;
    NumberScope scope = NumberScope::Pipeline;
    OnLostState onLostState = OnLostState::Fail;
};

TypedSpec<NumberConfig> numberSpec()
{
    return SpecBuilder<NumberConfig>::transform("number", "Numbering")
        .since("0.1")
        .summary("Gives every record the next number.")
        .description("Numbers go on without a gap and without a second use, over restarts too: how many were "
                     "given is committed "
                     "together with the input offsets.\n\n"
                     "With scope `pipeline` one counter serves all partitions, and one process at a time "
                     "runs the pipeline. "
                     "With scope `partition` each input partition has its own.")
        .input("in")
        .output(kOut, "The records with their number, in their order.")
        .errorOutput("error", "Records that are not objects. They take no number.")
        .stateful([](const NumberConfig& config) {
            return config.scope == NumberScope::Pipeline ? TaskScope::Pipeline : TaskScope::Partition;
        })
        .add(field(&NumberConfig::field, "field", "Field")
                 .doc("Path of the field that gets the number: replaced where it is, else appended last.")
                 .editor(Editor::FieldPath)
                 .required())
        .add(field(&NumberConfig::start, "start", "First number").doc("The first number that is given."))
        .add(field(&NumberConfig::step, "step", "Step").doc("From one number to the next; not 0."))
        .add(field(&NumberConfig::scope, "scope", "Counts")
                 .doc("What shares a counter.")
                 .options({{NumberScope::Pipeline, "pipeline", "All records together"},
                           {NumberScope::Partition, "partition", "Each input partition"},
                           {NumberScope::Key, "key", "Each key",
                            "Needs state stores, which a later release has."}}))
        .add(
            field(&NumberConfig::onLostState, "on_lost_state", "When the counter is lost")
                .doc(
                    "What to do at a start that finds no counter, for example because another tool reset the "
                    "offsets.")
                .advanced()
                .options({{OnLostState::Fail, "fail", "Stop and say so"},
                          {OnLostState::Start, "start", "Begin anew at the first number"},
                          {OnLostState::FromOutput, "from_output",
                           "Go on after the greatest number in the output"}}))
        .example("Numbers of purchase requests", R"({"field": "app_number", "scope": "pipeline"})")
        .build();
}

Diagnostics lintNumber(const NumberConfig& config, const LintContext&)
{
    Diagnostics found;
    std::string problem;
    if (!JsonPath::parse(config.field, &problem)) {
        found.push_back(fieldProblem("field", "invalid_path", "This is no path of a field: " + problem));
    }
    if (config.step == 0) {
        found.push_back(
            fieldProblem("step", "out_of_range", "A step of 0 would give every record the same number."));
    }
    if (config.scope == NumberScope::Key) {
        found.push_back(
            fieldProblem("scope", "unsupported",
                         "A counter for each key needs state stores, which a later release has. Use "
                         "\"pipeline\" or \"partition\"."));
    }
    if (config.onLostState == OnLostState::FromOutput && config.step < 0) {
        found.push_back(
            fieldProblem("on_lost_state", "unsupported",
                         "\"from_output\" goes on after the greatest number and needs a step above 0. Use "
                         "\"fail\" or \"start\"."));
    }
    return found;
}

/// State: how many numbers were given, with the start and step that they were given by (semantics.md part 3).
/// Thread: task thread only.
class NumberOperator final : public Operator {
public:
    NumberOperator(const NumberConfig& config, JsonPath path) : m_config(config), m_path(std::move(path)) {}

    Result<void> open(OperatorContext& context) override
    {
        m_context = &context;
        return {};
    }

    Result<void> restore(const RestoredState& state) override
    {
        m_count = 0;
        if (state.kind == RestoredState::Kind::Fresh) {
            return {};
        }
        std::string why = state.why;
        if (state.kind == RestoredState::Kind::Restored) {
            why = take(state.text);
            if (why.empty()) {
                return {};
            }
        }
        return recover(why);
    }

    std::string smallState() const override
    {
        return nlohmann::ordered_json{{"count", m_count}, {"start", m_config.start}, {"step", m_config.step}}
            .dump();
    }

    void process(const Batch& in, Emitter& out) override
    {
        Batch batch = in.writable();
        m_kept.clear();
        for (const RecordIndex index : batch.selection()) {
            Record& record = batch.mutableRecord(index);
            if (const auto failure = number(record, batch.arena())) {
                out.fail(record, *failure);
            } else {
                m_kept.push_back(index);
            }
        }
        out.emit(kOut, batch.select(m_kept));
    }

private:
    [[nodiscard]] std::optional<std::int64_t> next() const
    {
        std::int64_t distance = 0;
        std::int64_t number = 0;
        if (__builtin_mul_overflow(m_count, m_config.step, &distance) ||
            __builtin_add_overflow(m_config.start, distance, &number)) {
            return std::nullopt;
        }
        return number;
    }

    std::optional<RecordFailure> number(Record& record, Arena& arena)
    {
        if (record.value.json == nullptr || !record.value.json->isObject()) {
            return RecordFailure{.code = RecordErrorCode::NotAnObject,
                                 .message = "The value is not an object, so that it cannot get a number."};
        }
        const std::optional<std::int64_t> given = next();
        if (!given) {
            return RecordFailure{.code = RecordErrorCode::OutOfRange,
                                 .message = "The next number is beyond the range of an int (64 bits)."};
        }
        JsonEditor editor(*record.value.json, arena);
        if (!editor.set(m_path, makeJsonInt(*given, arena))) {
            return RecordFailure{.code = RecordErrorCode::WrongType,
                                 .message =
                                     "The number cannot be set: its path goes through something that is not "
                                     "an object.",
                                 .field = m_path.text()};
        }
        record.value.json = editor.finish();
        ++m_count;
        return std::nullopt;
    }

    /// Takes a committed state back; says why it does not count where it does not.
    [[nodiscard]] std::string take(const std::string& text)
    {
        const Json state = Json::parse(text, nullptr, false);
        if (!state.is_object() || !state.contains("count") || !state["count"].is_number_integer() ||
            state["count"].get<std::int64_t>() < 0) {
            return "what was committed is no state of a numbering";
        }
        if (state.value("start", Json()) != Json(m_config.start) ||
            state.value("step", Json()) != Json(m_config.step)) {
            return "the numbers so far were given with start " + state.value("start", Json()).dump() +
                   " and step " + state.value("step", Json()).dump();
        }
        m_count = state["count"].get<std::int64_t>();
        return {};
    }

    [[nodiscard]] Result<void> recover(const std::string& why)
    {
        if (m_config.onLostState == OnLostState::Start) {
            return {};
        }
        if (m_config.onLostState == OnLostState::Fail) {
            return Error{Errc::LostState,
                         "The counter of node " + quoted(m_context->nodeId()) + " is lost: " + why +
                             ". Nothing was numbered. Set field \"on_lost_state\" to \"from_output\" to go "
                             "on after the "
                             "greatest number in the output, or to \"start\" to begin again at " +
                             std::to_string(m_config.start) + '.'};
        }
        const auto greatest = m_context->greatestInOutput(m_path.text());
        if (!greatest) {
            return greatest.error();
        }
        if (*greatest && **greatest >= m_config.start) {
            m_count = (**greatest - m_config.start) / m_config.step + 1;
        }
        return {};
    }

    NumberConfig m_config;
    JsonPath m_path;
    OperatorContext* m_context = nullptr;
    std::int64_t m_count = 0;
    std::vector<RecordIndex> m_kept;
};

Result<std::unique_ptr<Operator>> makeNumber(const NumberConfig& config, MakeContext&)
{
    auto path = JsonPath::parse(config.field);
    if (!path) {
        return Error{Errc::InvalidArgument, quoted(config.field) + " is no path of a field."};
    }
    return std::make_unique<NumberOperator>(config, std::move(*path));
}

} // namespace

NodeType numberNodeType()
{
    return makeNodeType<NumberConfig>(numberSpec(), lintNumber, makeNumber);
}

} // namespace streamwright
