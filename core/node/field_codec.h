#pragma once

#include "core/base/diagnostic.h"
#include "core/node/json.h"
#include "core/node/spec.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// Where the value that is being decoded stands, and where its problems go. Lives for one decode.
class Decoding {
public:
    explicit Decoding(Diagnostics& diagnostics) : m_diagnostics(diagnostics) {}

    [[nodiscard]] const std::string& path() const { return m_path; }
    /// Runs `step` with the path longer by `.key` or `[index]`.
    void within(std::string_view key, const std::function<void()>& step);
    void within(std::size_t index, const std::function<void()>& step);

    void problem(std::string code, std::string message, std::string hint = {});
    void wrongType(std::string_view expected, const Json& found);

private:
    std::string m_path;
    Diagnostics& m_diagnostics;
};

/// An element of a FieldList: the field to make and the path that it is read from.
struct FieldMapping {
    std::string name;
    std::string from;

    bool operator==(const FieldMapping&) const = default;
};

/// A field of some struct with its way from and to JSON; the struct's type is erased. The key's spec is
/// beside it, so that one list serves decoding, validation and export.
struct FieldBinding {
    FieldSpec spec;
    std::function<void(const Json& value, void* object, Decoding& decoding)> decode;
    std::function<Json(const void* object)> encode;
};

/// Decodes the keys of `object` into the struct at `target`: types, ranges, required and unknown keys. Keys
/// that are absent keep the struct's defaults; `x-` keys are free.
void decodeObject(const Json& object, const std::vector<FieldBinding>& fields, void* target,
                  Decoding& decoding);
/// Decodes a whole config, a null one as if it were empty.
[[nodiscard]] Diagnostics decodeConfig(const Json& config, const std::vector<FieldBinding>& fields,
                                       void* target);
/// True where `text` holds a reference `${…}`, which says nothing of the type until it is resolved.
[[nodiscard]] bool holdsReference(std::string_view text);

void decodeValue(const Json& value, std::string& out, Decoding& decoding);
void decodeValue(const Json& value, std::int64_t& out, Decoding& decoding);
void decodeValue(const Json& value, int& out, Decoding& decoding);
void decodeValue(const Json& value, double& out, Decoding& decoding);
void decodeValue(const Json& value, bool& out, Decoding& decoding);
void decodeValue(const Json& value, Json& out, Decoding& decoding);
void decodeValue(const Json& value, std::vector<std::string>& out, Decoding& decoding);
void decodeValue(const Json& value, std::vector<FieldMapping>& out, Decoding& decoding);
/// A value that is null stays in the map as the text "null" (a header is removed by the expression `null`).
void decodeValue(const Json& value, std::vector<std::pair<std::string, std::string>>& out,
                 Decoding& decoding);
/// Index of the option that `value` names; -1 with a problem where it names none.
[[nodiscard]] int decodeOption(const Json& value, const std::vector<EnumOption>& options, Decoding& decoding);
/// `append` makes an element and gives its address.
void decodeRows(const Json& value, const std::vector<FieldBinding>& columns,
                const std::function<void*()>& append, Decoding& decoding);

[[nodiscard]] Json encodeValue(const std::string& value);
[[nodiscard]] Json encodeValue(std::int64_t value);
[[nodiscard]] Json encodeValue(int value);
[[nodiscard]] Json encodeValue(double value);
[[nodiscard]] Json encodeValue(bool value);
[[nodiscard]] Json encodeValue(const Json& value);
[[nodiscard]] Json encodeValue(const std::vector<std::string>& value);
[[nodiscard]] Json encodeValue(const std::vector<FieldMapping>& value);
[[nodiscard]] Json encodeValue(const std::vector<std::pair<std::string, std::string>>& value);
[[nodiscard]] Json encodeObject(const std::vector<FieldBinding>& fields, const void* object);

/// Fills the specs' default values from a struct that is as it was made; empty ones count as no default.
void exportDefaults(std::vector<FieldBinding>& fields, const void* object);
[[nodiscard]] std::vector<FieldSpec> specsOf(const std::vector<FieldBinding>& fields);

/// True where `field` applies to `object`: the field that it depends on has one of the values.
[[nodiscard]] bool isVisible(const FieldSpec& field, const std::vector<FieldSpec>& all, const Json& object);

/// A problem of one config field, as lint() gives it.
[[nodiscard]] Diagnostic fieldProblem(std::string field, std::string code, std::string message,
                                      std::string hint = {});

} // namespace streamwright
