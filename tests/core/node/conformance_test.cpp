#include "core/node/field_codec.h"
#include "core/nodes/builtin.h"
#include "core/pipeline/document_schema.h"
#include "core/pipeline/secrets.h"
#include "tests/core/node/schema_checker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace streamwright {
namespace {

/// Rules that every registered node type keeps; a new type needs no edit here.
class Conformance : public testing::TestWithParam<std::string> {
protected:
    const NodeType& type() const { return *builtinNodes().find(GetParam()); }
    const NodeSpec& spec() const { return type().spec(); }
    Json example() const { return spec().examples.front().config; }
};

bool names(const Diagnostics& diagnostics, const std::string& key)
{
    return std::any_of(diagnostics.begin(), diagnostics.end(), [&key](const Diagnostic& d) {
        return d.severity == Severity::Error &&
               (d.field == key || d.field.starts_with(key + '.') || d.field.starts_with(key + '['));
    });
}

std::string textOf(const Diagnostics& diagnostics)
{
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += format(diagnostic, "config") + '\n';
    }
    return text;
}

bool isSnakeCase(const std::string& text)
{
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

void expectDescribed(const std::vector<FieldSpec>& fields, const std::string& where)
{
    std::set<std::string> keys;
    for (const FieldSpec& field : fields) {
        const std::string place = where + field.key;
        EXPECT_TRUE(isSnakeCase(field.key)) << place;
        EXPECT_TRUE(keys.insert(field.key).second) << place << " stands twice";
        EXPECT_FALSE(field.label.empty()) << place;
        EXPECT_TRUE(field.doc.ends_with('.')) << place << " needs a line of help: " << field.doc;
        EXPECT_EQ(field.doc.find('\n'), std::string::npos) << place;
        EXPECT_EQ(field.type == FieldType::Enum, !field.options.empty()) << place;
        if (!field.visibleWhenKey.empty()) {
            EXPECT_TRUE(
                std::any_of(fields.begin(), fields.end(),
                            [&field](const FieldSpec& other) { return other.key == field.visibleWhenKey; }))
                << place << " depends on a field that is not there";
        }
        expectDescribed(field.columns, place + '.');
    }
}

/// A value that no field of this type takes; null where it takes all.
Json wrongValue(const FieldSpec& field)
{
    switch (field.type) {
    case FieldType::Int:
    case FieldType::Double:
    case FieldType::Bool: return "text";
    case FieldType::Any: return nullptr;
    default: return 5;
    }
}

TEST_P(Conformance, IsDescribedCompletely)
{
    EXPECT_TRUE(isSnakeCase(spec().type));
    EXPECT_FALSE(spec().label.empty());
    EXPECT_TRUE(spec().summary.ends_with('.')) << spec().summary;
    EXPECT_FALSE(spec().since.empty());
    EXPECT_FALSE(spec().examples.empty());
    for (const PortSpec& port : spec().outputs) {
        EXPECT_FALSE(port.doc.empty()) << port.name;
    }
    expectDescribed(spec().fields, spec().type + '.');
}

TEST_P(Conformance, HasPortsThatFitItsCategory)
{
    EXPECT_EQ(spec().inputs.empty(), spec().category == NodeCategory::Source);
    for (const Json& config : {Json::object(), example()}) {
        std::set<std::string> ports;
        const std::vector<PortSpec> outputs = type().outputs(config);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            EXPECT_TRUE(ports.insert(outputs[i].name).second) << outputs[i].name << " stands twice";
            EXPECT_TRUE(outputs[i].role != PortRole::Error || i + 1 == outputs.size())
                << "the error port comes last";
            EXPECT_TRUE(spec().category != NodeCategory::Sink || outputs[i].role == PortRole::Error);
        }
        for (const PortSpec& port : spec().outputs) {
            EXPECT_TRUE(ports.contains(port.name)) << port.name;
        }
    }
}

TEST_P(Conformance, TakesItsExamples)
{
    LintContext context;
    context.connections = {"kafka"};
    for (const NodeExample& one : spec().examples) {
        EXPECT_EQ(textOf(type().lint(one.config, context)), "") << one.title;
    }
}

TEST_P(Conformance, MakesItsExamples)
{
    const std::filesystem::path folder = std::filesystem::temp_directory_path();
    for (const NodeExample& one : spec().examples) {
        MakeContext context;
        context.nodeId = "example";
        context.pipelineName = "conformance";
        context.dataDir = folder;
        const Result<NodeRuntime> made = type().make(one.config, context);
        ASSERT_TRUE(made) << one.title << ": " << made.error().message;
        const std::size_t kind = made->index();
        const bool fits = (spec().category == NodeCategory::Transform && kind == 0) ||
                          (spec().category == NodeCategory::Source && (kind == 1 || kind == 3)) ||
                          (spec().category == NodeCategory::Sink && (kind == 2 || kind == 4));
        EXPECT_TRUE(fits) << "a " << toString(spec().category) << " made alternative " << kind;
    }
}

TEST_P(Conformance, TakesItsDefaultsWhenTheyAreWrittenOut)
{
    Json config = example();
    for (const FieldSpec& field : spec().fields) {
        if (!field.defaultValue.is_null() && !config.contains(field.key)) {
            config[field.key] = field.defaultValue;
        }
    }
    EXPECT_EQ(textOf(type().validate(config)), "");
}

TEST_P(Conformance, NamesAFieldOfAWrongType)
{
    for (const FieldSpec& field : spec().fields) {
        const Json wrong = wrongValue(field);
        if (wrong.is_null()) {
            continue;
        }
        Json config = example();
        config[field.key] = wrong;
        EXPECT_TRUE(names(type().validate(config), field.key)) << field.key << " takes " << wrong;
        EXPECT_NE(schemaProblem(configSchema(spec()), config, {}), "") << "the schema takes it";
    }
}

TEST_P(Conformance, NamesAFieldOutOfItsRange)
{
    for (const FieldSpec& field : spec().fields) {
        for (const auto& [limit, step] : {std::pair(field.minimum, -1.0), std::pair(field.maximum, 1.0)}) {
            if (limit) {
                Json config = example();
                config[field.key] = static_cast<std::int64_t>(*limit + step);
                EXPECT_TRUE(names(type().validate(config), field.key)) << config;
            }
        }
    }
}

TEST_P(Conformance, RefusesUnknownKeysAndAsksForRequiredOnes)
{
    Json unknown = example();
    unknown["no_such_field"] = 1;
    EXPECT_TRUE(names(type().validate(unknown), "no_such_field"));
    EXPECT_NE(schemaProblem(configSchema(spec()), unknown, {}), "");
    Json free = example();
    free["x-note"] = 1;
    EXPECT_EQ(textOf(type().validate(free)), "");
    for (const FieldSpec& field : spec().fields) {
        if (field.required && isVisible(field, spec().fields, example())) {
            Json config = example();
            config.erase(field.key);
            EXPECT_TRUE(names(type().validate(config), field.key)) << field.key << " may be missing";
        }
    }
}

TEST_P(Conformance, LeavesReferencesToTheCompiler)
{
    for (const FieldSpec& field : spec().fields) {
        if (field.type <= FieldType::Enum) {
            Json config = example();
            config[field.key] = "${NAME}";
            EXPECT_FALSE(names(type().validate(config), field.key)) << field.key;
        }
    }
}

TEST_P(Conformance, RefusesLiteralSecrets)
{
    for (const FieldSpec& field : spec().fields) {
        if (field.secret) {
            Pipeline pipeline;
            pipeline.nodes.push_back(
                {"n", spec().type, "", "", NodeMode::On, Json{{field.key, "canary"}}, {}});
            EXPECT_FALSE(findLiteralSecrets(pipeline, &builtinNodes()).empty()) << field.key;
        }
    }
}

TEST_P(Conformance, SchemaAndReferenceShowIt)
{
    const Json schema = configSchema(spec());
    for (const NodeExample& one : spec().examples) {
        EXPECT_EQ(schemaProblem(schema, one.config, schema), "") << one.title;
    }
    for (const FieldSpec& field : spec().fields) {
        EXPECT_NE(referenceMarkdown(spec()).find('`' + field.key + '`'), std::string::npos) << field.key;
        EXPECT_NE(referenceText(spec()).find(field.key), std::string::npos) << field.key;
    }
}

TEST_P(Conformance, NeverFailsToDrawItsForm)
{
    for (const Json& config : {Json(), Json::object(), Json::array(), Json("text"), example()}) {
        const auto states = evaluateForm(type(), config, {});
        EXPECT_EQ(states.size(), spec().fields.size());
    }
}

INSTANTIATE_TEST_SUITE_P(NodeTypes, Conformance, testing::ValuesIn(builtinNodes().names()),
                         [](const testing::TestParamInfo<std::string>& one) { return one.param; });

Json documentWith(const Json& nodes)
{
    return Json{
        {"streamwright", 1},
        {"name", "test"},
        {"settings", {{"threads", 2}, {"on_error", "${ON_ERROR:fail}"}}},
        {"connections", {{"kafka", {{"bootstrap_servers", "b"}, {"properties", {{"client.rack", "a"}}}}}}},
        {"nodes", nodes},
        {"edges", Json::array({{{"from", "a.error"}, {"to", "b"}}})},
        {"layout", {{"nodes", {{"a", Json::array({1, 2})}}}}}};
}

TEST(DocumentSchema, TakesEveryExampleInADocument)
{
    const Json schema = documentSchema(builtinNodes());
    for (const NodeType& type : builtinNodes().types()) {
        const Json node{
            {"id", "a"}, {"type", type.spec().type}, {"config", type.spec().examples.front().config}};
        EXPECT_EQ(schemaProblem(schema, documentWith(Json::array({node})), schema), "") << type.spec().type;
    }
}

TEST(DocumentSchema, RefusesWhatTheCompilerRefuses)
{
    const Json schema = documentSchema(builtinNodes());
    const Json wrong[] = {
        {{"id", "a"}, {"type", "no_such_type"}},
        {{"id", "Upper"}, {"type", "console_sink"}},
        {{"id", "settings"}, {"type", "console_sink"}},
        {{"type", "console_sink"}},
        {{"id", "a"}, {"type", "throttle"}, {"config", {{"per_second", "fast"}}}},
        {{"id", "a"}, {"type", "throttle"}, {"config", {{"per_secnd", 1}}}},
        {{"id", "a"}, {"type", "console_sink"}, {"mode", "asleep"}},
    };
    for (const Json& node : wrong) {
        EXPECT_NE(schemaProblem(schema, documentWith(Json::array({node})), schema), "") << node;
    }
}

} // namespace
} // namespace streamwright
