#include "core/base/diagnostic.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/record/batch.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

enum class SelectMode : std::uint8_t { Keep, Drop };
enum class OnMissing : std::uint8_t { Error, Null, Skip };

struct SelectFieldsConfig {
    std::vector<FieldMapping> fields;
    SelectMode mode = SelectMode::Keep;
    OnMissing missing = OnMissing::Error;
};

TypedSpec<SelectFieldsConfig> selectFieldsSpec()
{
    return SpecBuilder<SelectFieldsConfig>::transform("select_fields", "Select fields")
        .since("0.1")
        .summary("Keeps, renames or removes fields.")
        .description("The kept fields come in the order in which they are listed; their text is not touched "
                     "(`1.0` stays `1.0`).")
        .input("in")
        .output(kOut, "The records with the chosen fields, in their order.")
        .errorOutput("error", "Records that are not objects, or lack a field that must be there.")
        .add(field(&SelectFieldsConfig::fields, "fields", "Fields")
                 .doc("Paths of fields; {\"new\": \"old.path\"} renames.")
                 .recommend("fields")
                 .required())
        .add(field(&SelectFieldsConfig::mode, "mode", "Mode")
                 .doc("Whether the listed fields stay or go.")
                 .options({{SelectMode::Keep, "keep", "Keep only these"},
                           {SelectMode::Drop, "drop", "Remove these"}}))
        .add(field(&SelectFieldsConfig::missing, "missing", "When a field is missing")
                 .doc("What to do with a record that lacks a field to keep.")
                 .options({{OnMissing::Error, "error", "Send it to the error port"},
                           {OnMissing::Null, "null", "Set the field to null"},
                           {OnMissing::Skip, "skip", "Leave the field out"}})
                 .visibleWhen("mode", {"keep"}))
        .example("Three fields, one renamed", R"({"fields": ["id", "name", {"city": "address.city"}]})")
        .build();
}

Diagnostics lintSelectFields(const SelectFieldsConfig& config, const LintContext&)
{
    Diagnostics found;
    if (config.fields.empty()) {
        found.push_back(fieldProblem("fields", "missing_fields", "List at least one field."));
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < config.fields.size(); ++i) {
        const FieldMapping& mapping = config.fields[i];
        const std::string where = "fields[" + std::to_string(i) + ']';
        for (const std::string* text : {&mapping.from, &mapping.name}) {
            std::string problem;
            if (!JsonPath::parse(*text, &problem)) {
                found.push_back(fieldProblem(where, "invalid_path",
                                             quoted(*text) + " is no path of a field: " + problem));
                break;
            }
        }
        if (config.mode == SelectMode::Drop && mapping.name != mapping.from) {
            found.push_back(
                fieldProblem(where, "rename_in_drop",
                             "Fields that are removed cannot be renamed. Write the path only, or use mode "
                             "\"keep\"."));
        }
        if (!names.insert(mapping.name).second) {
            found.push_back(fieldProblem(where, "duplicate_field",
                                         "Field " + quoted(mapping.name) + " is listed twice."));
        }
    }
    return found;
}

/// Thread: task thread only.
class SelectFieldsOperator final : public Operator {
public:
    explicit SelectFieldsOperator(const SelectFieldsConfig& config)
        : m_mode(config.mode), m_missing(config.missing)
    {
        for (const FieldMapping& mapping : config.fields) {
            Choice choice{*JsonPath::parse(mapping.from), *JsonPath::parse(mapping.name), {}};
            if (choice.to.isTopLevel()) {
                appendJsonString(choice.rawKey, choice.to.steps().front().name);
                choice.rawKey = choice.rawKey.substr(1, choice.rawKey.size() - 2);
            }
            m_choices.push_back(std::move(choice));
        }
    }

    void process(const Batch& in, Emitter& out) override
    {
        Batch batch = in.writable();
        m_kept.clear();
        for (const RecordIndex index : batch.selection()) {
            Record& record = batch.mutableRecord(index);
            if (const auto failure = select(record, batch.arena())) {
                out.fail(record, *failure);
            } else {
                m_kept.push_back(index);
            }
        }
        out.emit(kOut, batch.select(m_kept));
    }

private:
    struct Choice {
        JsonPath from;
        JsonPath to;
        std::string rawKey; ///< name of a top-level field as it stands between quotes, else empty
    };

    std::optional<RecordFailure> select(Record& record, Arena& arena)
    {
        const JsonValue* const value = record.value.json;
        if (value == nullptr || !value->isObject()) {
            return RecordFailure{.code = RecordErrorCode::NotAnObject,
                                 .message = "The value is not an object with fields."};
        }
        JsonEditor editor(*value, arena);
        if (m_mode == SelectMode::Drop) {
            for (const Choice& choice : m_choices) {
                editor.remove(choice.from); // a field that is not there is gone already
            }
        } else if (const auto failure = keep(*value, editor, arena)) {
            return failure;
        }
        record.value.json = editor.finish();
        return std::nullopt;
    }

    std::optional<RecordFailure> keep(const JsonValue& value, JsonEditor& editor, Arena& arena)
    {
        editor.clear();
        for (const Choice& choice : m_choices) {
            std::optional<JsonNode> node = choice.from.find(value);
            if (!node && m_missing == OnMissing::Skip) {
                continue;
            }
            if (!node && m_missing == OnMissing::Error) {
                return RecordFailure{.code = RecordErrorCode::MissingField,
                                     .message =
                                         arena.copy("Field " + quoted(choice.from.text()) + " is missing."),
                                     .field = choice.from.text()};
            }
            const JsonNode kept = node.value_or(makeJsonNull());
            if (choice.to.isTopLevel()) {
                editor.append(choice.rawKey, choice.rawKey.find('\\') != std::string::npos, kept);
            } else if (!editor.set(choice.to, kept)) {
                return RecordFailure{.code = RecordErrorCode::WrongType,
                                     .message =
                                         "The field cannot be set: its path goes through something that is "
                                         "not an object.",
                                     .field = choice.to.text()};
            }
        }
        return std::nullopt;
    }

    SelectMode m_mode;
    OnMissing m_missing;
    std::vector<Choice> m_choices;
    std::vector<RecordIndex> m_kept;
};

Result<std::unique_ptr<Operator>> makeSelectFields(const SelectFieldsConfig& config, MakeContext&)
{
    return std::make_unique<SelectFieldsOperator>(config);
}

} // namespace

NodeType selectFieldsNodeType()
{
    return makeNodeType<SelectFieldsConfig>(selectFieldsSpec(), lintSelectFields, makeSelectFields);
}

} // namespace streamwright
