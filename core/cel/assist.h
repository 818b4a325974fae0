#pragma once

#include "core/cel/program.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright::cel {

/// A field that sample records have: `quantity`, `address.city`, `items[].price`, with the JSON types seen.
struct SeenField {
    std::string path;
    std::string types; ///< "number", "number or string"
};
/// Fields of the records' values in the order in which they are first seen. At most a few hundred.
[[nodiscard]] std::vector<SeenField> seenFields(std::span<const Record> samples);
[[nodiscard]] std::vector<std::string> paths(const std::vector<SeenField>& fields);

/// One proposal at a place of an expression.
struct Completion {
    enum class Of : std::uint8_t { Field, Variable, Function, Macro, Keyword };
    std::string text;   ///< takes the place of the word before the cursor
    std::string detail; ///< type or signature, "string.indexOf(string) -> int"
    std::string doc;    ///< one line, may be empty
    Of of = Of::Field;
};
/// What may stand at byte `position`, fields and variables first. `fields`: paths as seenFields() gives them.
/// The text before the cursor may be unfinished. Nothing inside a string or a comment.
[[nodiscard]] std::vector<Completion> complete(std::string_view expression, std::size_t position,
                                               std::span<const std::string> fields = {},
                                               const CompileOptions& options = {});

/// The smallest part of an expression around a place.
struct PartType {
    std::size_t offset = 0; ///< characters, not bytes
    std::size_t length = 0;
    std::string text;
    std::string type;      ///< "int", "list(string)", "dyn"
    std::string signature; ///< of a function, else empty
    std::string doc;
};
/// Empty where the expression has an error, or nothing stands at byte `position`.
[[nodiscard]] std::optional<PartType> typeAt(std::string_view expression, std::size_t position,
                                             const CompileOptions& options = {});

/// How an expression does on sample records.
struct DryRun {
    std::size_t samples = 0;
    std::size_t matches = 0;              ///< conditions: true
    std::size_t failures = 0;             ///< gave no value
    bool condition = false;               ///< every value was a bool
    std::vector<std::string> firstErrors; ///< distinct messages
    std::vector<std::string> firstValues; ///< as JSON

    /// "matches 37 of 500", "matches 37 of 500, 2 failed", "gives a value for 498 of 500, 2 failed".
    [[nodiscard]] std::string summary() const;
};
[[nodiscard]] DryRun dryRun(const Program& program, std::span<const Record> samples);

} // namespace streamwright::cel
