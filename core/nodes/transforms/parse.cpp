#include "core/base/diagnostic.h"
#include "core/base/utf8.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/transforms/text_split.h"
#include "core/nodes/transforms/typed_text.h"
#include "core/record/batch.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

enum class ParseMethod : std::uint8_t { SplitRight, SplitLeft, Regex, Json, Csv };

struct ParseOutput {
    std::string name;
    TextType type = TextType::String;
};

struct ParseConfig {
    std::string field;
    ParseMethod method = ParseMethod::SplitRight;
    std::string separator;
    std::string pattern;
    std::vector<ParseOutput> outputs;
    bool keepField = true;
    std::string errorMessage;
};

/// The separator where the document gives none.
std::string separatorOf(const ParseConfig& config)
{
    if (!config.separator.empty()) {
        return config.separator;
    }
    return config.method == ParseMethod::Csv ? "," : " ";
}

TypedSpec<ParseConfig> parseSpec()
{
    return SpecBuilder<ParseConfig>::transform("parse", "Parser")
        .since("0.1")
        .summary("Takes a text apart into typed fields.")
        .description("Reads the text of one field, or of a whole `text` or `bytes` value, and adds its parts "
                     "to the record as "
                     "fields. A text that cannot be read so goes to the `error` port, with the place that "
                     "was wrong.\n\n"
                     "`split_right` with n outputs splits at most n-1 times from the right (`Desk lamp 3` "
                     "gives `Desk lamp` "
                     "and `3`), `split_left` from the left. Around an int, double, bool or timestamp white "
                     "space is taken "
                     "off; a string stays as it is.")
        .input("in")
        .output(kOut, "The records with their new fields, in their order.")
        .errorOutput("error", "Records whose text is not what the outputs ask for.")
        .add(
            field(&ParseConfig::field, "field", "Field")
                .doc("Path of the text to take apart. Left empty: the whole value of a text or bytes record.")
                .editor(Editor::FieldPath)
                .recommend("fields"))
        .add(field(&ParseConfig::method, "method", "Method")
                 .doc("How the text is taken apart.")
                 .options({{ParseMethod::SplitRight, "split_right", "Split from the right"},
                           {ParseMethod::SplitLeft, "split_left", "Split from the left"},
                           {ParseMethod::Regex, "regex", "Regular expression"},
                           {ParseMethod::Json, "json", "JSON in the text"},
                           {ParseMethod::Csv, "csv", "Columns (CSV)"}}))
        .add(field(&ParseConfig::separator, "separator", "Separator")
                 .doc("Stands between the parts. Left empty: a space, for CSV a comma.")
                 .visibleWhen("method", {"split_right", "split_left", "csv"}))
        .add(field(&ParseConfig::pattern, "pattern", "Pattern")
                 .doc("RE2 expression with a named group for each output, for example (?P<product>.+) "
                      "(?P<quantity>\\d+)$.")
                 .editor(Editor::Regex)
                 .required()
                 .visibleWhen("method", {"regex"}))
        .add(field(&ParseConfig::outputs, "outputs", "Outputs")
                 .doc("The fields to make, in the order of the parts.")
                 .editor(Editor::Table)
                 .required()
                 .columns(field(&ParseOutput::name, "name", "Name").doc("Name of the new field.").required(),
                          field(&ParseOutput::type, "type", "Type")
                              .doc("What the part must be.")
                              .options({{TextType::String, "string", "Text"},
                                        {TextType::Int, "int", "Whole number"},
                                        {TextType::Double, "double", "Number"},
                                        {TextType::Bool, "bool", "True or false"},
                                        {TextType::Timestamp, "timestamp", "Date and time (RFC 3339)"}})))
        .add(field(&ParseConfig::keepField, "keep_field", "Keep the field")
                 .doc("Whether the text itself stays in the record."))
        .add(
            field(&ParseConfig::errorMessage, "error_message", "Error message")
                .doc(
                    "Replaces the reason in what is told of a rejected record; the reason stays beside it as "
                    "detail.")
                .editor(Editor::Line))
        .example("Product and quantity", R"({"field": "content", "method": "split_right", "separator": " ",
            "outputs": [{"name": "product", "type": "string"}, {"name": "quantity", "type": "int"}]})")
        .build();
}

void lintPattern(const ParseConfig& config, Diagnostics& found)
{
    const RE2 pattern(config.pattern, RE2::Quiet);
    if (!pattern.ok()) {
        found.push_back(fieldProblem("pattern", "invalid_pattern",
                                     "The pattern is no RE2 expression: " + pattern.error() + '.'));
        return;
    }
    std::vector<std::string> names;
    for (const auto& [name, index] : pattern.NamedCapturingGroups()) {
        names.push_back(name);
    }
    for (std::size_t i = 0; i < config.outputs.size(); ++i) {
        const std::string& name = config.outputs[i].name;
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            Diagnostic problem =
                fieldProblem("outputs[" + std::to_string(i) + "].name", "unknown_group",
                             "The pattern has no group " + quoted(name) + ". Name one, for example (?P<" +
                                 name + ">.+), or remove the output.");
            if (const std::string near = nearest(name, names); !near.empty()) {
                problem.hint = "Did you mean " + quoted(near) + "?";
            }
            found.push_back(std::move(problem));
        }
    }
}

Diagnostics lintParse(const ParseConfig& config, const LintContext&)
{
    Diagnostics found;
    std::string problem;
    if (!config.field.empty() && !JsonPath::parse(config.field, &problem)) {
        found.push_back(fieldProblem("field", "invalid_path", "This is no path of a field: " + problem));
    }
    if (config.outputs.empty()) {
        found.push_back(fieldProblem("outputs", "missing_outputs", "Name at least one output."));
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < config.outputs.size(); ++i) {
        const std::string& name = config.outputs[i].name;
        const std::string where = "outputs[" + std::to_string(i) + "].name";
        if (name.empty()) {
            found.push_back(fieldProblem(where, "missing_name", "Give the output a name."));
        } else if (!names.insert(name).second) {
            found.push_back(fieldProblem(where, "duplicate_output",
                                         "Two outputs are named " + quoted(name) + ". Rename one of them."));
        }
    }
    if (config.method == ParseMethod::Csv && separatorOf(config).size() != 1) {
        found.push_back(
            fieldProblem("separator", "invalid_separator",
                         "Columns are separated by one ASCII character, for example \",\" or \";\"."));
    }
    if (config.method == ParseMethod::Regex) {
        lintPattern(config, found);
    }
    return found;
}

/// Why a text could not be read: a failure without the configured message.
struct ParseProblem {
    RecordErrorCode code;
    std::string_view reason;
    std::size_t begin = 0; ///< bytes of the text
    std::size_t end = 0;
    bool located = false;
};

/// Thread: task thread only.
class ParseOperator final : public Operator {
public:
    explicit ParseOperator(const ParseConfig& config)
        : m_config(config), m_separator(separatorOf(config)),
          m_field(config.field.empty() ? std::nullopt : JsonPath::parse(config.field))
    {
        for (const ParseOutput& output : config.outputs) {
            m_outputs.push_back(JsonPath::ofName(output.name));
        }
        m_dropsField = m_field.has_value() && !config.keepField;
        for (const JsonPath& output : m_outputs) {
            // An output of the field's own name takes its place; it must not be removed.
            m_dropsField = m_dropsField && m_field->text() != output.text();
        }
        if (config.method == ParseMethod::Regex) {
            preparePattern();
        }
    }

    void process(const Batch& in, Emitter& out) override
    {
        Batch batch = in.writable();
        m_kept.clear();
        for (const RecordIndex index : batch.selection()) {
            Record& record = batch.mutableRecord(index);
            if (const auto problem = parse(record, batch.arena())) {
                fail(record, *problem, batch.arena(), out);
            } else {
                m_kept.push_back(index);
            }
        }
        out.emit(kOut, batch.select(m_kept));
    }

private:
    using Problem = std::optional<ParseProblem>;

    void preparePattern()
    {
        m_pattern = std::make_unique<RE2>(m_config.pattern, RE2::Quiet);
        const std::map<std::string, int>& groups = m_pattern->NamedCapturingGroups();
        for (const ParseOutput& output : m_config.outputs) {
            m_groupOf.push_back(static_cast<std::size_t>(groups.at(output.name)));
        }
        m_groups.resize(static_cast<std::size_t>(m_pattern->NumberOfCapturingGroups()) + 1);
    }

    /// Gives the record its new fields; on failure it is unchanged.
    Problem parse(Record& record, Arena& arena)
    {
        m_text = {};
        const JsonValue* object = nullptr;
        if (const Problem problem = findText(record, object, arena)) {
            return problem;
        }
        const Problem problem = m_config.method == ParseMethod::Json ? splitJson(arena) : splitText();
        if (problem) {
            return problem;
        }
        return apply(record, *object, arena);
    }

    /// Finds the text, and the object that gets the fields.
    Problem findText(const Record& record, const JsonValue*& object, Arena& arena)
    {
        const RecordValue& value = record.value;
        if (!m_field) {
            object = valueOf(jsonNodeOf("{}"), arena);
            return findWholeText(value, arena);
        }
        if (value.json == nullptr || !value.json->isObject()) {
            return ParseProblem{RecordErrorCode::NotAnObject, "The value is not an object with fields."};
        }
        object = value.json;
        const std::optional<JsonNode> node = m_field->find(*value.json);
        if (!node) {
            return ParseProblem{RecordErrorCode::MissingField,
                                arena.copy("Field " + quoted(m_field->text()) + " is missing.")};
        }
        if (node->type != JsonType::String) {
            return ParseProblem{RecordErrorCode::WrongType,
                                arena.copy("Field " + quoted(m_field->text()) + " is a " +
                                           std::string(toString(node->type)) + ", not a text.")};
        }
        m_text = decodeString(*node, arena);
        return std::nullopt;
    }

    Problem findWholeText(const RecordValue& value, Arena& arena)
    {
        if (value.format == ValueFormat::Json) {
            const JsonValue* const json = value.json;
            if (json == nullptr || json->root.type != JsonType::String) {
                return ParseProblem{RecordErrorCode::WrongType,
                                    "The value is not a text. Name the field that holds it in \"field\"."};
            }
            m_text = decodeString(json->root, arena);
            return std::nullopt;
        }
        if (isNull(value.bytes)) {
            return ParseProblem{RecordErrorCode::WrongType, "The value is null, not a text."};
        }
        if (value.format == ValueFormat::Bytes && !isValidUtf8(value.bytes)) {
            return ParseProblem{RecordErrorCode::BadUtf8, "The value is not UTF-8 text."};
        }
        m_text = value.bytes;
        return std::nullopt;
    }

    Problem splitText()
    {
        const std::size_t wanted = m_outputs.size();
        switch (m_config.method) {
        case ParseMethod::SplitRight: splitRight(m_text, m_separator, wanted, m_parts); break;
        case ParseMethod::SplitLeft: splitLeft(m_text, m_separator, wanted, m_parts); break;
        case ParseMethod::Regex: return matchPattern();
        case ParseMethod::Csv: return splitColumns();
        case ParseMethod::Json: break;
        }
        return m_parts.size() < wanted ? tooFewParts() : Problem();
    }

    Problem tooFewParts() const
    {
        return ParseProblem{.code = RecordErrorCode::NotEnoughParts,
                            .reason = {},
                            .begin = 0,
                            .end = m_text.size(),
                            .located = true};
    }

    Problem splitColumns()
    {
        const std::string_view problem = splitCsv(m_text, m_separator.front(), m_scratch, m_parts);
        if (!problem.empty()) {
            return ParseProblem{RecordErrorCode::NoMatch, problem, 0, m_text.size(), true};
        }
        if (m_parts.size() < m_outputs.size()) {
            return tooFewParts();
        }
        if (m_parts.size() > m_outputs.size()) {
            return ParseProblem{RecordErrorCode::NoMatch, "The text has more columns than there are outputs.",
                                m_parts[m_outputs.size()].begin, m_text.size(), true};
        }
        return std::nullopt;
    }

    Problem matchPattern()
    {
        const re2::StringPiece text(m_text.data(), m_text.size());
        if (!m_pattern->Match(text, 0, m_text.size(), RE2::UNANCHORED, m_groups.data(),
                              static_cast<int>(m_groups.size()))) {
            return ParseProblem{RecordErrorCode::NoMatch, "The text does not match the pattern.", 0,
                                m_text.size(), true};
        }
        m_parts.clear();
        for (const std::size_t group : m_groupOf) {
            const re2::StringPiece& found = m_groups[group];
            if (found.data() == nullptr) {
                m_parts.push_back({.present = false});
                continue;
            }
            const auto begin = static_cast<std::size_t>(found.data() - m_text.data());
            m_parts.push_back(
                {.value = m_text.substr(begin, found.size()), .begin = begin, .end = begin + found.size()});
        }
        return std::nullopt;
    }

    /// Reads the text as JSON and takes the members that the outputs name; fills m_nodes.
    Problem splitJson(Arena& arena)
    {
        JsonError error;
        const JsonValue* const json = m_indexer.index(m_text, arena, error);
        if (json == nullptr) {
            const RecordErrorCode code =
                error.code == JsonError::Code::TooDeep ? RecordErrorCode::TooDeep : RecordErrorCode::BadJson;
            return ParseProblem{code,
                                arena.copy("The text is not JSON: " + std::string(error.reason) +
                                           " at byte " + std::to_string(error.offset) + '.'),
                                std::min(error.offset, m_text.size()), m_text.size(), true};
        }
        if (!json->isObject()) {
            return ParseProblem{RecordErrorCode::NotAnObject, "The JSON in the text is not an object."};
        }
        m_nodes.clear();
        for (std::size_t i = 0; i < m_outputs.size(); ++i) {
            const JsonMember* const member = findMember(*json, m_config.outputs[i].name);
            if (member == nullptr) {
                return ParseProblem{RecordErrorCode::MissingField,
                                    arena.copy("The JSON in the text has no field " +
                                               quoted(m_config.outputs[i].name) + '.')};
            }
            const TypedValue typed = typedMember(member->value, m_config.outputs[i].type, arena);
            if (!typed.ok) {
                return ParseProblem{typed.code, typed.reason};
            }
            m_nodes.push_back(typed.node);
        }
        return std::nullopt;
    }

    static TypedValue typedMember(const JsonNode& node, TextType type, Arena& arena)
    {
        const bool isText = node.type == JsonType::String;
        if (type == TextType::String) {
            return isText ? TypedValue{.node = node, .ok = true} : wrongMember(node, type, arena);
        }
        if (isText) {
            return typedValue(decodeString(node, arena), type, arena);
        }
        const bool fits = (type == TextType::Int && node.type == JsonType::Int) ||
                          (type == TextType::Double && node.isNumber()) ||
                          (type == TextType::Bool && node.isBool());
        if (!fits) {
            return wrongMember(node, type, arena);
        }
        return typedValue(node.text, type, arena);
    }

    static TypedValue wrongMember(const JsonNode& node, TextType type, Arena& arena)
    {
        return {.reason = arena.copy("A " + std::string(toString(node.type)) + " in the JSON is not a " +
                                     std::string(toString(type)) + '.')};
    }

    Problem typeParts(Arena& arena)
    {
        m_nodes.clear();
        for (std::size_t i = 0; i < m_outputs.size(); ++i) {
            const TextPart& part = m_parts[i];
            if (!part.present) {
                m_nodes.push_back(makeJsonNull());
                continue;
            }
            const TypedValue typed = typedValue(part.value, m_config.outputs[i].type, arena);
            if (!typed.ok) {
                return ParseProblem{typed.code, typed.reason, part.begin, part.end, true};
            }
            m_nodes.push_back(typed.node);
        }
        return std::nullopt;
    }

    Problem apply(Record& record, const JsonValue& object, Arena& arena)
    {
        if (m_config.method != ParseMethod::Json) {
            if (const Problem problem = typeParts(arena)) {
                return problem;
            }
        }
        JsonEditor editor(object, arena);
        if (m_dropsField) {
            editor.remove(*m_field);
        }
        for (std::size_t i = 0; i < m_outputs.size(); ++i) {
            if (!editor.set(m_outputs[i], m_nodes[i])) {
                return ParseProblem{RecordErrorCode::WrongType, "The fields cannot be set."};
            }
        }
        record.value.json = editor.finish();
        record.value.format = ValueFormat::Json;
        record.value.bytes = record.value.json->source;
        return std::nullopt;
    }

    void fail(const Record& record, const ParseProblem& problem, Arena& arena, Emitter& out)
    {
        std::string_view reason = problem.reason;
        if (problem.code == RecordErrorCode::NotEnoughParts) {
            reason = arena.copy("The text has " + std::to_string(m_parts.size()) + " of " +
                                std::to_string(m_outputs.size()) + " parts.");
        }
        const bool replaced = !m_config.errorMessage.empty();
        RecordFailure failure{.code = problem.code,
                              .message = replaced ? std::string_view(m_config.errorMessage) : reason,
                              .detail = replaced ? reason : std::string_view()};
        if (m_field) {
            failure.field = m_field->text();
        }
        if (problem.located) {
            failure.from = static_cast<std::int32_t>(countCodePoints(m_text.substr(0, problem.begin)));
            failure.to = failure.from + static_cast<std::int32_t>(countCodePoints(
                                            m_text.substr(problem.begin, problem.end - problem.begin)));
        }
        out.fail(record, failure);
    }

    ParseConfig m_config;
    std::string m_separator;
    std::optional<JsonPath> m_field;
    std::vector<JsonPath> m_outputs;
    bool m_dropsField = false;
    std::unique_ptr<RE2> m_pattern;
    std::vector<std::size_t> m_groupOf; ///< output -> group of the pattern
    JsonIndexer m_indexer;

    // Of the record in hand.
    std::string_view m_text;
    std::vector<TextPart> m_parts;
    std::vector<JsonNode> m_nodes;
    std::vector<re2::StringPiece> m_groups;
    std::string m_scratch;
    std::vector<RecordIndex> m_kept;
};

Result<std::unique_ptr<Operator>> makeParse(const ParseConfig& config, MakeContext&)
{
    return std::make_unique<ParseOperator>(config);
}

} // namespace

NodeType parseNodeType()
{
    return makeNodeType<ParseConfig>(parseSpec(), lintParse, makeParse);
}

} // namespace streamwright
