#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/cel/program.h"
#include "core/cel/value_json.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/nodes/transforms/expression_lint.h"
#include "core/record/batch.h"
#include "core/record/json_value.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

using NamedExpressions = std::vector<std::pair<std::string, std::string>>;

struct SetFieldsConfig {
    NamedExpressions fields;
    std::string key;
    NamedExpressions headers;
    std::string timestamp;
};

TypedSpec<SetFieldsConfig> setFieldsSpec()
{
    return SpecBuilder<SetFieldsConfig>::transform("set_fields", "Set fields")
        .since("0.1")
        .summary("Sets fields of the value, the key, headers and the timestamp to what expressions give.")
        .description(
            "Fields come first, in their order; a later expression sees what an earlier one set, the "
            "key, headers and timestamp see all fields. A field keeps its place, a new one is "
            "appended last. What is only passed on keeps its text (`1.0` stays `1.0`).")
        .input("in")
        .output(kOut, "The changed records, in their order.")
        .errorOutput("error", "Records for which an expression gave no value.")
        .add(field(&SetFieldsConfig::fields, "fields", "Fields")
                 .doc("Paths of fields with the CEL expressions that give their values.")
                 .editor(Editor::KeyValue)
                 .recommend("fields"))
        .add(field(&SetFieldsConfig::key, "key", "Key")
                 .doc("CEL expression of the new key: text, bytes or null; anything else becomes JSON text.")
                 .editor(Editor::CelExpression))
        .add(field(&SetFieldsConfig::headers, "headers", "Headers")
                 .doc("Names of headers with the CEL expressions that give their values; null removes a "
                      "header.")
                 .editor(Editor::KeyValue))
        .add(field(&SetFieldsConfig::timestamp, "timestamp", "Timestamp")
                 .doc("CEL expression of the new timestamp: a timestamp, or milliseconds since 1970.")
                 .editor(Editor::CelExpression))
        .example("A total, and a key",
                 R"({"fields": {"total": "value.price * value.quantity"}, "key": "value.customer"})")
        .build();
}

Diagnostics lintSetFields(const SetFieldsConfig& config, const LintContext& context)
{
    Diagnostics found;
    if (config.fields.empty() && config.key.empty() && config.headers.empty() && config.timestamp.empty()) {
        found.push_back(fieldProblem("fields", "nothing_to_set",
                                     "Set at least one field, the key, a header or "
                                     "the timestamp."));
    }
    for (const auto& [path, expression] : config.fields) {
        const std::string where = "fields." + path;
        std::string problem;
        if (!JsonPath::parse(path, &problem)) {
            found.push_back(
                fieldProblem(where, "invalid_path", quoted(path) + " is no path of a field: " + problem));
        }
        append(found, lintExpression(where, expression, context.behindErrorPort));
    }
    append(found, lintExpression("key", config.key, context.behindErrorPort));
    for (const auto& [name, expression] : config.headers) {
        append(found, lintExpression("headers." + name, expression, context.behindErrorPort));
    }
    append(found, lintExpression("timestamp", config.timestamp, context.behindErrorPort));
    return found;
}

/// Thread: task thread only.
class SetFieldsOperator final : public Operator {
public:
    struct FieldChange {
        JsonPath path;
        cel::Program expression;
    };
    struct HeaderChange {
        std::string name;
        cel::Program expression;
    };
    struct Changes {
        std::vector<FieldChange> fields;
        std::optional<cel::Program> key;
        std::vector<HeaderChange> headers;
        std::optional<cel::Program> timestamp;
    };

    explicit SetFieldsOperator(Changes changes) : m_changes(std::move(changes)) {}

    Result<void> open(OperatorContext& context) override
    {
        m_clock = &context.clock();
        return {};
    }

    void process(const Batch& in, Emitter& out) override
    {
        Batch batch = in.writable();
        cel::EvalContext evaluation{.arena = batch.arena(), .clock = m_clock};
        m_kept.clear();
        for (const RecordIndex index : batch.selection()) {
            Record& record = batch.mutableRecord(index);
            if (const auto failure = change(record, evaluation)) {
                out.fail(record, *failure);
            } else {
                m_kept.push_back(index);
            }
        }
        out.emit(kOut, batch.select(m_kept));
    }

private:
    using Failed = std::optional<RecordFailure>;

    static RecordFailure expressionError(std::string_view message, std::string_view field = {})
    {
        return {.code = RecordErrorCode::ExpressionError, .message = message, .field = field};
    }

    Failed change(Record& record, cel::EvalContext& evaluation)
    {
        if (!m_changes.fields.empty()) {
            if (const Failed failure = setFields(record, evaluation)) {
                return failure;
            }
        }
        if (m_changes.key) {
            const cel::Value key = m_changes.key->evaluate(record, evaluation);
            if (const Failed failure = toBytes(key, evaluation.arena, record.key)) {
                return failure;
            }
        }
        for (const HeaderChange& header : m_changes.headers) {
            const cel::Value value = header.expression.evaluate(record, evaluation);
            NullableBytes bytes;
            if (const Failed failure = toBytes(value, evaluation.arena, bytes)) {
                return failure;
            }
            record.headers = withHeader(record.headers, header.name, bytes, evaluation.arena);
        }
        return m_changes.timestamp ? setTimestamp(record, evaluation) : std::nullopt;
    }

    Failed setFields(Record& record, cel::EvalContext& evaluation)
    {
        if (record.value.json == nullptr || !record.value.json->isObject()) {
            return RecordFailure{.code = RecordErrorCode::NotAnObject,
                                 .message = "The value is not an object with fields."};
        }
        JsonEditor editor(*record.value.json, evaluation.arena);
        for (const FieldChange& field : m_changes.fields) {
            const cel::Rendered rendered = field.expression.evaluateJson(record, evaluation);
            if (rendered.failed) {
                return expressionError(rendered.message, field.path.text());
            }
            if (!editor.set(field.path, rendered.node)) {
                return RecordFailure{.code = RecordErrorCode::WrongType,
                                     .message =
                                         "The field cannot be set: its path goes through something that "
                                         "is not an object.",
                                     .field = field.path.text()};
            }
            record.value.json = editor.finish(); // the next expression sees it
        }
        return std::nullopt;
    }

    /// Text and bytes as they are, null as null, all else as JSON text.
    static Failed toBytes(const cel::Value& value, Arena& arena, NullableBytes& bytes)
    {
        if (value.isError()) {
            return expressionError(value.message());
        }
        if (value.isString() || value.isBytes()) {
            bytes = value.size == 0 ? std::string_view("") : value.text();
            return std::nullopt;
        }
        if (value.isNull()) {
            bytes = {};
            return std::nullopt;
        }
        const std::optional<JsonNode> node = cel::toJsonNode(value, arena);
        if (!node) {
            return expressionError("The value has no JSON form (NaN or infinite).");
        }
        // An optional may hold text, or nothing.
        bytes = node->type == JsonType::Null     ? NullableBytes{}
                : node->type == JsonType::String ? decodeString(*node, arena)
                                                 : node->text;
        return std::nullopt;
    }

    /// One header of the name, at the place of the first; none where the value is null.
    static HeadersView withHeader(HeadersView headers, std::string_view name, NullableBytes value,
                                  Arena& arena)
    {
        const std::span<Header> changed = arena.makeArray<Header>(headers.size() + 1);
        std::size_t count = 0;
        bool placed = isNull(value);
        for (const Header& header : headers) {
            if (header.name != name) {
                changed[count++] = header;
            } else if (!placed) {
                changed[count++] = {name, value};
                placed = true;
            }
        }
        if (!placed) {
            changed[count++] = {name, value};
        }
        return changed.first(count);
    }

    Failed setTimestamp(Record& record, cel::EvalContext& evaluation) const
    {
        constexpr std::int64_t kMillisPerSecond = 1000;
        constexpr std::uint32_t kNanosPerMilli = 1'000'000;
        const cel::Value value = m_changes.timestamp->evaluate(record, evaluation);
        if (value.isError()) {
            return expressionError(value.message());
        }
        std::int64_t ms = -1;
        if (value.kind == cel::Kind::Timestamp) {
            ms = value.integer * kMillisPerSecond + value.size / kNanosPerMilli;
        } else if (value.kind == cel::Kind::Int) {
            ms = value.integer;
        } else {
            return expressionError("The timestamp must be a timestamp or milliseconds since 1970.");
        }
        if (ms < 0) {
            return expressionError("The timestamp lies before 1970.");
        }
        record.timestampMs = ms;
        record.timestampType = TimestampType::Create;
        return std::nullopt;
    }

    Changes m_changes;
    const Clock* m_clock = nullptr;
    std::vector<RecordIndex> m_kept;
};

Result<std::unique_ptr<Operator>> makeSetFields(const SetFieldsConfig& config, MakeContext& context)
{
    const cel::CompileOptions options{.hasError = context.behindErrorPort};
    SetFieldsOperator::Changes changes;
    for (const auto& [path, expression] : config.fields) {
        auto program = cel::Program::compile(expression, options);
        if (!program) {
            return std::move(program).error();
        }
        std::optional<JsonPath> parsed = JsonPath::parse(path);
        if (!parsed) {
            return Error{Errc::InvalidArgument, quoted(path) + " is no path of a field."};
        }
        changes.fields.push_back({std::move(*parsed), std::move(*program)});
    }
    for (const auto& [name, expression] : config.headers) {
        auto program = cel::Program::compile(expression, options);
        if (!program) {
            return std::move(program).error();
        }
        changes.headers.push_back({name, std::move(*program)});
    }
    for (const auto& [expression, target] :
         {std::pair{&config.key, &changes.key}, std::pair{&config.timestamp, &changes.timestamp}}) {
        if (expression->empty()) {
            continue;
        }
        auto program = cel::Program::compile(*expression, options);
        if (!program) {
            return std::move(program).error();
        }
        *target = std::move(*program);
    }
    return std::make_unique<SetFieldsOperator>(std::move(changes));
}

} // namespace

NodeType setFieldsNodeType()
{
    return makeNodeType<SetFieldsConfig>(setFieldsSpec(), lintSetFields, makeSetFields);
}

} // namespace streamwright
