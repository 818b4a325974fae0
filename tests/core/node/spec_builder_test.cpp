#include "core/node/spec_builder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};
constexpr Port kRejected{1, "rejected"};

enum class Method { Left, Right };

struct Row {
    std::string name;
    Method method = Method::Right;
};

struct Limits {
    int partitions = 3;
};

struct SampleConfig {
    std::string topic;
    std::int64_t start = 1;
    double rate = 10;
    bool follow = true;
    Method method = Method::Left;
    std::string compression = "lz4";
    std::string pattern;
    std::vector<std::string> names;
    std::vector<Row> rows;
    std::vector<FieldMapping> fields;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<std::int64_t> limit;
    std::optional<Limits> create;
    Json anything;
};

TypedSpec<SampleConfig> sampleSpec()
{
    return SpecBuilder<SampleConfig>::transform("sample", "Sample")
        .since("0.2")
        .summary("Has a field of each kind.")
        .input("in")
        .output(kOut, "All.")
        .optionalOutput(kRejected, "The others.")
        .errorOutput("error", "What failed.")
        .stateful([](const SampleConfig& c) { return c.follow ? TaskScope::Pipeline : TaskScope::Partition; })
        .add(field(&SampleConfig::topic, "topic", "Topic").doc("A topic.").required().recommend("topics"))
        .add(field(&SampleConfig::start, "start", "Start").doc("First.").range(0, 100))
        .add(field(&SampleConfig::rate, "rate", "Rate").doc("Rate.").unit("records/s").minimum(0))
        .add(field(&SampleConfig::follow, "follow", "Follow").doc("Follow.").advanced())
        .add(field(&SampleConfig::method, "method", "Method")
                 .doc("Method.")
                 .options({{Method::Left, "left", "Left"}, {Method::Right, "right", "Right"}}))
        .add(field(&SampleConfig::compression, "compression", "Compression")
                 .doc("Compression.")
                 .options({{"none", "none", "None"}, {"lz4", "lz4", "LZ4"}}))
        .add(field(&SampleConfig::pattern, "pattern", "Pattern")
                 .doc("Pattern.")
                 .required()
                 .visibleWhen("method", {"right"}))
        .add(field(&SampleConfig::names, "names", "Names").doc("Names."))
        .add(field(&SampleConfig::rows, "rows", "Rows")
                 .doc("Rows.")
                 .columns(field(&Row::name, "name", "Name").doc("Name.").required(),
                          field(&Row::method, "method", "Method")
                              .doc("Method.")
                              .options({{Method::Left, "left"}, {Method::Right, "right"}})))
        .add(field(&SampleConfig::fields, "fields", "Fields").doc("Fields."))
        .add(field(&SampleConfig::headers, "headers", "Headers").doc("Headers."))
        .add(field(&SampleConfig::limit, "limit", "Limit").doc("Limit."))
        .add(field(&SampleConfig::create, "create", "Create")
                 .doc("Create.")
                 .columns(
                     field(&Limits::partitions, "partitions", "Partitions").doc("Partitions.").minimum(1)))
        .add(field(&SampleConfig::anything, "anything", "Anything").doc("Anything."))
        .example("Usual", R"({"topic": "orders", "method": "right", "pattern": "a"})")
        .build();
}

SampleConfig decoded(const char* text, Diagnostics* diagnostics = nullptr)
{
    SampleConfig config;
    const Diagnostics found = decodeConfig(Json::parse(text), *sampleSpec().fields, &config);
    if (diagnostics != nullptr) {
        *diagnostics = found;
    }
    return config;
}

/// "field code" of each problem, in order.
std::vector<std::string> problems(const char* text)
{
    Diagnostics diagnostics;
    static_cast<void>(decoded(text, &diagnostics));
    std::vector<std::string> lines;
    for (const Diagnostic& diagnostic : diagnostics) {
        lines.push_back(diagnostic.field + ' ' + diagnostic.code);
    }
    return lines;
}

using Lines = std::vector<std::string>;

TEST(SpecBuilder, DecodesEveryKindOfField)
{
    Diagnostics diagnostics;
    const SampleConfig config = decoded(R"({
        "topic": "orders", "start": 7, "rate": 0.5, "follow": false, "method": "right", "pattern": "p",
        "compression": "none", "names": ["a", "b"], "rows": [{"name": "x", "method": "left"}, {"name": "y"}],
        "fields": ["id", {"customer": "from.name"}], "headers": {"h": "1 + 1", "gone": null}, "limit": 5,
        "create": {"partitions": 9}, "anything": [1, {"a": null}], "x-note": 1})",
                                        &diagnostics);
    EXPECT_EQ(diagnostics, Diagnostics{});
    EXPECT_EQ(config.topic, "orders");
    EXPECT_EQ(config.start, 7);
    EXPECT_EQ(config.rate, 0.5);
    EXPECT_FALSE(config.follow);
    EXPECT_EQ(config.method, Method::Right);
    EXPECT_EQ(config.compression, "none");
    EXPECT_EQ(config.names, (Lines{"a", "b"}));
    ASSERT_EQ(config.rows.size(), 2U);
    EXPECT_EQ(config.rows[0].method, Method::Left);
    EXPECT_EQ(config.rows[1].method, Method::Right);
    EXPECT_EQ(config.fields, (std::vector<FieldMapping>{{"id", "id"}, {"customer", "from.name"}}));
    EXPECT_EQ(config.headers,
              (std::vector<std::pair<std::string, std::string>>{{"h", "1 + 1"}, {"gone", "null"}}));
    EXPECT_EQ(config.limit, 5);
    EXPECT_EQ(config.create->partitions, 9);
    EXPECT_EQ(config.anything.size(), 2U);
}

TEST(SpecBuilder, NamesEveryProblemWithItsPlace)
{
    EXPECT_EQ(problems(R"({"tpic": "a", "start": 101, "rate": "fast", "follow": 1, "method": "rigth",
                           "names": ["a", 2], "rows": [{"name": "x", "nam": 1}, {}], "fields": [{}],
                           "headers": {"h": 1}, "create": {"partitions": 0}})"),
              (Lines{"tpic unknown_field", "start out_of_range", "rate wrong_type", "follow wrong_type",
                     "method not_an_option", "names[1] wrong_type", "rows[0].nam unknown_field",
                     "rows[1].name required", "fields[0] wrong_type", "headers.h wrong_type",
                     "create.partitions out_of_range", "topic required"}));
}

TEST(SpecBuilder, ProposesTheNearestKeyAndOption)
{
    Diagnostics diagnostics;
    static_cast<void>(
        decoded(R"({"topic": "a", "strat": 1, "method": "rigth", "pattern": "a"})", &diagnostics));
    ASSERT_EQ(diagnostics.size(), 2U);
    EXPECT_EQ(diagnostics[0].hint, "Did you mean \"start\"?");
    EXPECT_EQ(diagnostics[1].hint, "Did you mean \"right\"?");
}

TEST(SpecBuilder, RequiresAFieldOnlyWhereItApplies)
{
    EXPECT_EQ(problems(R"({"topic": "a"})"), Lines{});
    EXPECT_EQ(problems(R"({"topic": "a", "method": "right"})"), Lines{"pattern required"});
    EXPECT_EQ(problems(R"({"topic": ""})"), Lines{"topic required"});
}

TEST(SpecBuilder, LeavesReferencesToWhoResolvesThem)
{
    EXPECT_EQ(problems(R"({"topic": "${TOPIC}", "start": "${START:1}", "follow": "${F}"})"), Lines{});
    EXPECT_EQ(problems(R"({"topic": "a", "start": "$${START}"})"), Lines{"start wrong_type"});
}

TEST(SpecBuilder, ExportsDefaultsFromTheStruct)
{
    const NodeSpec spec = sampleSpec().spec;
    EXPECT_EQ(spec.findField("start")->defaultValue, 1);
    EXPECT_EQ(spec.findField("rate")->defaultValue.dump(), "10");
    EXPECT_EQ(spec.findField("method")->defaultValue, "left");
    EXPECT_TRUE(spec.findField("topic")->defaultValue.is_null());
    EXPECT_TRUE(spec.findField("limit")->defaultValue.is_null());
    EXPECT_EQ(spec.findField("rows")->columns[1].defaultValue, "right");
    EXPECT_EQ(spec.findField("fields")->type, FieldType::FieldList);
    EXPECT_EQ(spec.outputs.size(), 3U);
    EXPECT_EQ(spec.outputs[2].role, PortRole::Error);
    EXPECT_TRUE(spec.stateful);
}

class SilentOperator final : public Operator {
public:
    void process(const Batch&, Emitter&) override {}
};

NodeType sampleType()
{
    return makeNodeType<SampleConfig>(
        sampleSpec(),
        [](const SampleConfig& config, const LintContext&) {
            Diagnostics found;
            if (config.topic != "orders") {
                found.push_back(fieldProblem("topic", "unusual", "Is unusual."));
            }
            return found;
        },
        [](const SampleConfig&, MakeContext&) -> Result<std::unique_ptr<Operator>> {
            return std::unique_ptr<Operator>(std::make_unique<SilentOperator>());
        });
}

TEST(NodeType, MakesAnOperatorOnlyOfAConfigWithoutErrors)
{
    const NodeType type = sampleType();
    MakeContext context;
    context.nodeId = "n";
    auto made = type.make(Json{{"topic", "a"}}, context);
    ASSERT_TRUE(made);
    EXPECT_NE(std::get_if<std::unique_ptr<Operator>>(&*made), nullptr);
    const auto refused = type.make(Json::object(), context);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::DocumentInvalid);
    EXPECT_EQ(refused.error().message, "Node \"n\", field \"topic\": Is required.");
}

TEST(NodeType, LintAddsNothingToAFieldThatIsRefusedAlready)
{
    const NodeType type = sampleType();
    EXPECT_EQ(type.lint(Json{{"topic", "a"}}, {}).size(), 1U);
    const Diagnostics found = type.lint(Json{{"topic", 3}}, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].code, "wrong_type");
    EXPECT_EQ(type.scope(Json{{"follow", false}}), TaskScope::Partition);
    EXPECT_EQ(type.scope(Json::object()), TaskScope::Pipeline);
}

TEST(EvaluateForm, TellsValueDefaultVisibilityAndProblemsOfEachField)
{
    const NodeType type = sampleType();
    const auto states = evaluateForm(type, Json{{"start", 500}, {"rate", "${R}"}}, {},
                                     [](std::string_view kind) { return Lines{std::string(kind)}; });
    ASSERT_EQ(states.size(), type.spec().fields.size());
    EXPECT_EQ(states[0].recommended, Lines{"topics"});
    EXPECT_EQ(states[0].diagnostics.size(), 1U);
    EXPECT_FALSE(states[1].isDefault);
    EXPECT_EQ(states[1].diagnostics[0].code, "out_of_range");
    EXPECT_TRUE(states[2].diagnostics.empty());
    EXPECT_TRUE(states[3].isDefault);
    EXPECT_EQ(states[3].value, true);
    EXPECT_FALSE(states[6].visible);
}

TEST(Reference, ShowsEveryFieldPortAndExample)
{
    const NodeSpec spec = sampleSpec().spec;
    const std::string markdown = referenceMarkdown(spec);
    for (const char* part :
         {"## `sample`: Sample", "| `rows[].name` | text | required |", "one of left, right",
          "number, records/s, 0 or more", "`rejected`: The others. May stay unwired."}) {
        EXPECT_NE(markdown.find(part), std::string::npos) << part << " is not in\n" << markdown;
    }
    EXPECT_NE(referenceText(spec).find("topic (required): text"), std::string::npos);
    EXPECT_EQ(referenceJson(spec)["fields"].size(), spec.fields.size());
    const Json schema = configSchema(spec);
    EXPECT_EQ(schema["required"], Json::array({"topic"}));
    EXPECT_EQ(schema["additionalProperties"], false);
}

} // namespace
} // namespace streamwright
