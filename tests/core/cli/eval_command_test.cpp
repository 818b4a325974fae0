#include "core/cli/eval_command.h"
#include "core/cli/eval_session.h"

#include <gtest/gtest.h>

#include <sstream>

namespace streamwright {
namespace {

struct Ran {
    int code;
    std::string out;
    std::string err;
};

Ran eval(const EvalOptions& options, const std::string& input = "")
{
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int code = runEval(options, in, out, err);
    return {code, out.str(), err.str()};
}

TEST(EvalCommand, PrintsTheValueAsJson)
{
    EXPECT_EQ(eval({.expression = "[1, 2.5, 'a', null, {'k': b'hi'}]"}).out,
              R"([1,2.5,"a",null,{"k":"aGk="}])"
              "\n");
    EXPECT_EQ(eval({.expression = "0.0 / 0.0"}).out, "\"NaN\"\n");
}

TEST(EvalCommand, PrintsTheTypeWhereAskedTo)
{
    const auto typed = [](const char* expression) {
        return eval({.expression = expression, .typed = true}).out;
    };
    EXPECT_EQ(typed("5u"), "{\"type\": \"uint\", \"value\": \"5\"}\n");
    EXPECT_EQ(typed("-0.5"), "{\"type\": \"double\", \"value\": \"-0.5\"}\n");
    EXPECT_EQ(typed("1.0 / 0.0"), "{\"type\": \"double\", \"value\": \"Infinity\"}\n");
    EXPECT_EQ(typed("null"), "{\"type\": \"null_type\", \"value\": null}\n");
    EXPECT_EQ(typed("type(1)"), "{\"type\": \"type\", \"value\": \"int\"}\n");
    EXPECT_EQ(typed("timestamp(0)"),
              "{\"type\": \"google.protobuf.Timestamp\", \"value\": \"1970-01-01T00:00:00Z\"}\n");
    EXPECT_EQ(typed("duration('1500ms')"), "{\"type\": \"google.protobuf.Duration\", \"value\": \"1.5s\"}\n");
    EXPECT_EQ(typed("{1: [true]}"),
              "{\"type\": \"map\", \"value\": [[{\"type\": \"int\", \"value\": \"1\"}, {\"type\": \"list\", "
              "\"value\": [{\"type\": \"bool\", \"value\": true}]}]]}\n");
}

TEST(EvalCommand, BindsNamesWithDots)
{
    EXPECT_EQ(eval({.expression = "a.b.c + x", .bind = {{"a.b", "{\"c\": 2}"}, {"x", "40"}}}).out, "42\n");
    EXPECT_EQ(eval({.expression = "a.b.c", .bind = {{"a.b", "{\"c\": 2}"}, {"a.b.c", "\"yeah\""}}}).out,
              "\"yeah\"\n");
    EXPECT_EQ(eval({.expression = "value.x", .bind = {{"value", "{\"x\": 1}"}}}).out, "1\n");
    EXPECT_EQ(eval({.expression = "true", .bind = {{"true", "false"}}}).out, "true\n");
    const Ran bad = eval({.expression = "x", .bind = {{"x", "text"}}});
    EXPECT_EQ(bad.code, kEvalRefused);
    EXPECT_NE(bad.err.find("The value of \"x\" is not JSON"), std::string::npos) << bad.err;
    EXPECT_EQ(eval({.expression = "x", .bind = {{"1x", "1"}}}).code, kEvalRefused);
}

TEST(EvalCommand, EvaluatesEachLineAsARecordsValue)
{
    const Ran ran =
        eval({.expression = "value.q * 2", .recordFile = "-"}, "{\"q\": 1}\n\n{\"q\": 2}\nnonsense\n{}\n");
    EXPECT_EQ(ran.code, kEvalFailed);
    EXPECT_EQ(ran.out, "2\n4\n");
    EXPECT_NE(ran.err.find("stdin:4: Not JSON: "), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find("stdin:5: Field \"q\" is missing, in \"value.q\".\n"), std::string::npos)
        << ran.err;
    EXPECT_EQ(eval({.expression = "value", .recordFile = "/nonexistent/file"}).code, kEvalRefused);
}

TEST(EvalCommand, TellsRunTimeErrorsFromWrongExpressions)
{
    const Ran failed = eval({.expression = "1 / 0"});
    EXPECT_EQ(failed.code, kEvalFailed);
    EXPECT_NE(failed.err.find("Division by zero, in \"1 / 0\".\n"), std::string::npos);
    EXPECT_EQ(failed.out, "");
    const Ran wrong = eval({.expression = "1 +\n  quantity"});
    EXPECT_EQ(wrong.code, kEvalRefused);
    EXPECT_EQ(wrong.err, "2:3: error: Unknown variable \"quantity\". Bind it with --bind quantity=JSON.\n"
                         "    quantity\n"
                         "    ^~~~~~~~\n");
}

TEST(EvalCommand, LeavesOurExtensionOutWhereStrict)
{
    EXPECT_EQ(eval({.expression = "1 + 0.5"}).out, "1.5\n");
    EXPECT_EQ(eval({.expression = "1 + 0.5", .strict = true}).code, kEvalRefused);
    EXPECT_EQ(eval({.expression = "'A'.lower()", .strict = true}).code, kEvalRefused);
}

TEST(EvalSession, KeepsBoundValues)
{
    EvalSession session(false, false);
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(session.bindExpression("order", "{'items': ['a', 'b'].map(x, x + '!')}", err), kEvalDone);
    EXPECT_EQ(session.bindExpression("n", "order.items.size()", err), kEvalDone);
    EXPECT_EQ(session.bindExpression("n", "n + 1", err), kEvalDone);
    EXPECT_EQ(session.evaluate("order.items[1] + string(n)", out, err), kEvalDone);
    EXPECT_EQ(session.bindExpression("n", "1 / 0", err), kEvalFailed);
    EXPECT_EQ(session.bindExpression("n", "1 +", err), kEvalRefused);
    EXPECT_EQ(out.str(), "\"b!3\"\n");
}

} // namespace
} // namespace streamwright
