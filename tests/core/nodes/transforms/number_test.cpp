#include "core/nodes/builtin.h"
#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace streamwright {
namespace {

/// A numbering at a start, with what its output topic holds.
class Numbering final : public OperatorContext, public Emitter {
public:
    explicit Numbering(const char* config)
    {
        MakeContext context{.nodeId = "number", .pipelineName = "test"};
        auto made = numberNodeType().make(Json::parse(config), context);
        EXPECT_TRUE(made) << made.error().message;
        m_operator = std::move(std::get<std::unique_ptr<Operator>>(*made));
        EXPECT_TRUE(m_operator->open(*this));
    }

    Result<void> restore(RestoredState::Kind kind, std::string text = {},
                         std::string why = "offsets were reset")
    {
        return m_operator->restore({kind, std::move(text), std::move(why)});
    }
    /// Numbers `count` empty objects; gives their values.
    std::vector<std::string> number(std::size_t count)
    {
        Arena arena;
        JsonIndexer indexer;
        JsonError problem;
        const Origin origin{.topic = "in",
                            .value = "{}",
                            .format = ValueFormat::Json,
                            .json = indexer.index("{}", arena, problem)};
        std::vector<Record> records(count, restoredFrom(origin, nullptr));
        m_values.clear();
        m_operator->process(Batch::all(arena, records), *this);
        return m_values;
    }
    std::string state() const { return m_operator->smallState(); }
    std::optional<std::int64_t> greatest;

    void emit(Port, const Batch& batch) override
    {
        for (const RecordIndex index : batch.selection()) {
            appendJson(m_values.emplace_back(), *batch.record(index).value.json);
        }
    }
    void fail(const Record&, const RecordFailure& failure) override
    {
        m_values.emplace_back(toString(failure.code));
    }
    void drop(std::size_t, std::string_view) override {}
    [[nodiscard]] const Clock& clock() const override { return SystemClock::instance(); }
    [[nodiscard]] std::string_view nodeId() const override { return "number"; }
    [[nodiscard]] std::int32_t partition() const override { return 0; }
    [[nodiscard]] Result<std::optional<std::int64_t>> greatestInOutput(std::string_view) override
    {
        return greatest;
    }

private:
    std::unique_ptr<Operator> m_operator;
    std::vector<std::string> m_values;
};

using Values = std::vector<std::string>;
using Kind = RestoredState::Kind;

TEST(Number, BeginsAtItsStartAndGoesOnByItsStep)
{
    Numbering numbering(R"({"field": "n", "start": 10, "step": -5})");
    ASSERT_TRUE(numbering.restore(Kind::Fresh));
    EXPECT_EQ(numbering.number(3), (Values{R"({"n":10})", R"({"n":5})", R"({"n":0})"}));
    EXPECT_EQ(numbering.state(), R"({"count":3,"start":10,"step":-5})");
}

TEST(Number, GoesOnWhereItsStateWasCommitted)
{
    Numbering numbering(R"({"field": "n"})");
    ASSERT_TRUE(numbering.restore(Kind::Restored, R"({"count":41,"start":1,"step":1})"));
    EXPECT_EQ(numbering.number(1), (Values{R"({"n":42})"}));
}

TEST(Number, StopsByDefaultWhenItsStateIsLostAndNamesTheWaysOut)
{
    Numbering numbering(R"({"field": "n"})");
    const auto lost = numbering.restore(Kind::Lost);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, Errc::LostState);
    for (const char* part : {"\"number\"", "offsets were reset", "from_output", "start"}) {
        EXPECT_NE(lost.error().message.find(part), std::string::npos) << part;
    }
}

TEST(Number, TakesAnotherStartOrStepOrAnUnreadableStateForLost)
{
    for (const char* state : {R"({"count":3,"start":1,"step":2})", R"({"count":3,"start":0,"step":1})", "{}",
                              "", R"({"count":-1,"start":1,"step":1})"}) {
        Numbering numbering(R"({"field": "n"})");
        EXPECT_FALSE(numbering.restore(Kind::Restored, state)) << state;
    }
}

TEST(Number, BeginsAnewAfterALossWhereToldTo)
{
    Numbering numbering(R"({"field": "n", "on_lost_state": "start", "start": 5})");
    ASSERT_TRUE(numbering.restore(Kind::Lost));
    EXPECT_EQ(numbering.number(1), (Values{R"({"n":5})"}));
}

TEST(Number, GoesOnAfterTheGreatestNumberInTheOutputWhereToldTo)
{
    const char* const config = R"({"field": "n", "on_lost_state": "from_output", "step": 5})";
    for (const auto& [greatest, expected] : std::vector<std::pair<std::optional<std::int64_t>, const char*>>{
             {11, R"({"n":16})"}, {12, R"({"n":16})"}, {-3, R"({"n":1})"}, {std::nullopt, R"({"n":1})"}}) {
        Numbering numbering(config);
        numbering.greatest = greatest;
        ASSERT_TRUE(numbering.restore(Kind::Lost));
        EXPECT_EQ(numbering.number(1), (Values{expected}));
    }
}

TEST(Number, FailsRecordsBeyondTheLastNumber)
{
    Numbering numbering(R"({"field": "n", "start": 9223372036854775806})");
    ASSERT_TRUE(numbering.restore(Kind::Fresh));
    EXPECT_EQ(numbering.number(3),
              (Values{"out_of_range", R"({"n":9223372036854775806})", R"({"n":9223372036854775807})"}));
}

TEST(NumberLint, FindsWhatCannotWork)
{
    const auto count = [](const char* config) {
        return numberNodeType().lint(Json::parse(config), {}).size();
    };
    EXPECT_EQ(count(R"({"field": "n"})"), 0U);
    EXPECT_EQ(count(R"({"field": "n", "step": 0})"), 1U);
    EXPECT_EQ(count(R"({"field": "n", "scope": "key"})"), 1U);
    EXPECT_EQ(count(R"({"field": "n", "step": -1, "on_lost_state": "from_output"})"), 1U);
    EXPECT_EQ(count(R"({"field": "a[x"})"), 1U);
}

} // namespace
} // namespace streamwright
