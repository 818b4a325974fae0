#include "core/nodes/builtin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace streamwright {
namespace {

/// Rules that every registered node type keeps; a new type needs no edit here.
class NodeTypeConformance : public testing::TestWithParam<std::string> {
protected:
    const NodeType& type() const { return *builtinNodes().find(GetParam()); }
    const NodeSpec& spec() const { return type().spec(); }
};

void expectDescribed(const std::vector<FieldSpec>& fields, const std::string& where)
{
    std::set<std::string> keys;
    for (const FieldSpec& field : fields) {
        const std::string name = where + '.' + field.key;
        EXPECT_TRUE(keys.insert(field.key).second) << name << " twice";
        EXPECT_FALSE(field.label.empty()) << name;
        ASSERT_FALSE(field.doc.empty()) << name;
        EXPECT_EQ(field.doc.find('\n'), std::string::npos) << name << ": the help is one line";
        for (const char c : field.key) {
            EXPECT_TRUE((c >= 'a' && c <= 'z') || c == '_') << name << " is not snake_case";
        }
        for (const EnumOption& option : field.options) {
            EXPECT_FALSE(option.label.empty()) << name << '.' << option.value;
        }
        if (field.minimum || field.maximum) {
            EXPECT_TRUE(field.type == FieldType::Int || field.type == FieldType::Double) << name;
        }
        expectDescribed(field.columns, name);
    }
}

TEST_P(NodeTypeConformance, DescribesItselfAndAllOfItsFields)
{
    EXPECT_FALSE(spec().label.empty());
    EXPECT_FALSE(spec().summary.empty());
    EXPECT_EQ(spec().summary.back(), '.');
    expectDescribed(spec().fields, spec().type);
    for (const PortSpec& port : spec().outputs) {
        EXPECT_FALSE(port.doc.empty()) << port.name;
    }
}

TEST_P(NodeTypeConformance, HasThePortsOfItsCategory)
{
    EXPECT_EQ(spec().inputs.empty(), spec().category == NodeCategory::Source);
    EXPECT_EQ(spec().category == NodeCategory::Sink,
              std::none_of(spec().outputs.begin(), spec().outputs.end(),
                           [](const PortSpec& port) { return port.role != PortRole::Error; }));
    for (std::size_t i = 0; i < spec().outputs.size(); ++i) {
        const bool isError = spec().outputs[i].role == PortRole::Error;
        EXPECT_EQ(isError, spec().outputs[i].name == "error");
        EXPECT_TRUE(!isError || i + 1 == spec().outputs.size()) << "the error port is the last";
    }
}

TEST_P(NodeTypeConformance, HasAnExampleThatIsRightAndCanBeMade)
{
    ASSERT_FALSE(spec().examples.empty());
    for (const NodeExample& example : spec().examples) {
        const Diagnostics found =
            type().lint(example.config, {.connections = {"kafka"}, .behindErrorPort = true});
        for (const Diagnostic& diagnostic : found) {
            ADD_FAILURE() << example.title << ": " << format(diagnostic, "example");
        }
        MakeContext context{.nodeId = "node", .pipelineName = "test", .behindErrorPort = true};
        const auto made = type().make(example.config, context);
        EXPECT_TRUE(made) << made.error().message;
        EXPECT_FALSE(type().outputs(example.config).empty() && spec().category != NodeCategory::Sink);
    }
}

TEST_P(NodeTypeConformance, RefusesAnUnknownKeyAndNamesIt)
{
    Json config = spec().examples.front().config;
    config["no_such_key"] = 1;
    const Diagnostics found = type().validate(config);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].field, "no_such_key");
    EXPECT_EQ(found[0].severity, Severity::Error);
}

TEST_P(NodeTypeConformance, RefusesEveryFieldOfAWrongType)
{
    for (const FieldSpec& field : spec().fields) {
        if (field.type == FieldType::Any) {
            continue;
        }
        Json config = spec().examples.front().config;
        config[field.key] = Json::array({Json::array({Json::object()})});
        const Diagnostics found = type().validate(config);
        EXPECT_TRUE(hasErrors(found)) << field.key;
        for (const Diagnostic& diagnostic : found) {
            EXPECT_EQ(diagnostic.field.substr(0, field.key.size()), field.key);
        }
    }
}

TEST_P(NodeTypeConformance, MissesEveryRequiredField)
{
    for (const FieldSpec& field : spec().fields) {
        if (!field.required || !field.visibleWhenKey.empty()) {
            continue;
        }
        Json config = spec().examples.front().config;
        config.erase(field.key);
        EXPECT_TRUE(hasErrors(type().validate(config))) << field.key;
    }
}

TEST_P(NodeTypeConformance, TakesItsOwnDefaults)
{
    Json config = spec().examples.front().config;
    for (const FieldSpec& field : spec().fields) {
        if (!config.contains(field.key) && !field.defaultValue.is_null()) {
            config[field.key] = field.defaultValue;
        }
    }
    for (const Diagnostic& diagnostic : type().validate(config)) {
        ADD_FAILURE() << format(diagnostic, "defaults");
    }
}

INSTANTIATE_TEST_SUITE_P(Builtin, NodeTypeConformance, testing::ValuesIn(builtinNodes().names()),
                         [](const auto& type) {
                             std::string name = type.param;
                             name.erase(std::remove(name.begin(), name.end(), '_'), name.end());
                             return name;
                         });

} // namespace
} // namespace streamwright
