#include "core/base/diagnostic.h"
#include "core/base/result.h"
#include "core/node/operator.h"
#include "core/node/spec_builder.h"
#include "core/nodes/builtin.h"
#include "core/record/batch.h"
#include "core/record/json_value.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};

struct ExplodeConfig {
    std::string field;
    std::string as;
};

TypedSpec<ExplodeConfig> explodeSpec()
{
    return SpecBuilder<ExplodeConfig>::transform("explode", "Explode")
        .since("0.1")
        .summary("Makes a record for each element of an array.")
        .description(
            "Each record has all fields of the original and one element in the place of the array, or "
            "as a new last field where `as` names one. An empty array gives no record, which counts "
            "as dropped on purpose.")
        .input("in")
        .output(kOut, "A record per element, in the order of the elements.")
        .errorOutput("error", "Records that are not objects, or whose field is missing or no array.")
        .add(field(&ExplodeConfig::field, "field", "Field")
                 .doc("Path of the array.")
                 .editor(Editor::FieldPath)
                 .recommend("fields")
                 .required())
        .add(field(&ExplodeConfig::as, "as", "As")
                 .doc("Path that gets the element; empty: the array's own.")
                 .editor(Editor::FieldPath))
        .example("A record per item", R"({"field": "items", "as": "item"})")
        .build();
}

Diagnostics lintExplode(const ExplodeConfig& config, const LintContext&)
{
    Diagnostics found;
    for (const auto& [key, path] : {std::pair{"field", &config.field}, std::pair{"as", &config.as}}) {
        std::string problem;
        if (!path->empty() && !JsonPath::parse(*path, &problem)) {
            found.push_back(
                fieldProblem(key, "invalid_path", quoted(*path) + " is no path of a field: " + problem));
        }
    }
    return found;
}

/// Thread: task thread only.
class ExplodeOperator final : public Operator {
public:
    /// `as` empty: the element takes the array's place.
    ExplodeOperator(JsonPath field, std::optional<JsonPath> as)
        : m_field(std::move(field)), m_as(std::move(as))
    {
    }

    void process(const Batch& batch, Emitter& out) override
    {
        m_made.clear();
        std::size_t empty = 0;
        for (const RecordIndex index : batch.selection()) {
            const Record& record = batch.record(index);
            const JsonValue* const value = record.value.json;
            if (value == nullptr || !value->isObject()) {
                out.fail(record, {.code = RecordErrorCode::NotAnObject,
                                  .message = "The value is not an object with fields."});
                continue;
            }
            const std::optional<JsonNode> array = m_field.find(*value);
            if (!array || array->type != JsonType::Array) {
                out.fail(record, notAnArray(array, batch.arena()));
                continue;
            }
            const std::size_t before = m_made.size();
            if (!explode(record, *value, *array, batch.arena())) {
                m_made.resize(before);
                out.fail(record,
                         {.code = RecordErrorCode::WrongType,
                          .message = "The element has no place: its path goes through something that is "
                                     "not an object.",
                          .field = m_as->text()});
                continue;
            }
            empty += m_made.size() == before ? 1 : 0;
            if (m_made.size() >= kMaxBatchRecords) {
                send(batch.arena(), out);
            }
        }
        send(batch.arena(), out);
        if (empty > 0) {
            out.drop(empty, "empty_array");
        }
    }

private:
    [[nodiscard]] RecordFailure notAnArray(const std::optional<JsonNode>& found, Arena& arena) const
    {
        if (!found) {
            return {.code = RecordErrorCode::MissingField,
                    .message = arena.copy("Field " + quoted(m_field.text()) + " is missing."),
                    .field = m_field.text()};
        }
        return {.code = RecordErrorCode::WrongType,
                .message = arena.copy("Field " + quoted(m_field.text()) + " is a " +
                                      std::string(toString(found->type)) + ", not an array."),
                .field = m_field.text()};
    }

    /// Adds a record per element; false where `as` cannot be set.
    bool explode(const Record& record, const JsonValue& value, const JsonNode& array, Arena& arena)
    {
        for (JsonCursor cursor(array); cursor.next();) {
            JsonEditor editor(value, arena);
            if (m_as) {
                editor.remove(m_field);
            }
            if (!editor.set(m_as ? *m_as : m_field, cursor.value())) {
                return false;
            }
            Record made = record;
            made.value.json = editor.finish();
            m_made.push_back(made);
        }
        return true;
    }

    /// Emits what was made, in batches of the usual size.
    void send(Arena& arena, Emitter& out)
    {
        for (std::size_t begin = 0; begin < m_made.size(); begin += kMaxBatchRecords) {
            const std::size_t count = std::min(kMaxBatchRecords, m_made.size() - begin);
            const std::span<Record> records = arena.makeArray<Record>(count);
            std::copy_n(m_made.begin() + static_cast<std::ptrdiff_t>(begin), count, records.begin());
            out.emit(kOut, Batch::all(arena, records));
        }
        m_made.clear();
    }

    JsonPath m_field;
    std::optional<JsonPath> m_as;
    std::vector<Record> m_made;
};

Result<std::unique_ptr<Operator>> makeExplode(const ExplodeConfig& config, MakeContext&)
{
    std::optional<JsonPath> field = JsonPath::parse(config.field);
    if (!field) {
        return Error{Errc::InvalidArgument, quoted(config.field) + " is no path of a field."};
    }
    std::optional<JsonPath> as;
    if (!config.as.empty() && config.as != config.field) {
        as = JsonPath::parse(config.as);
        if (!as) {
            return Error{Errc::InvalidArgument, quoted(config.as) + " is no path of a field."};
        }
    }
    return std::make_unique<ExplodeOperator>(std::move(*field), std::move(as));
}

} // namespace

NodeType explodeNodeType()
{
    return makeNodeType<ExplodeConfig>(explodeSpec(), lintExplode, makeExplode);
}

} // namespace streamwright
