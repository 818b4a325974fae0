#pragma once

#include "core/base/result.h"
#include "core/record/json_value.h"
#include "core/record/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright {

/// Parts that the JSON lines of dead letters and of records share: bytes that are no text are base64, a value
/// is the JSON that it is. Not for the hot path.

/// How a value stands in a line.
enum class LineEncoding : std::uint8_t {
    Json,  ///< as it is
    Text,  ///< as a string, for it is no JSON
    Base64 ///< as a string, for it is no UTF-8 either
};
constexpr std::string_view kTextEncoding = "text";
constexpr std::string_view kBase64Encoding = "base64";

/// Appends a value alone as a JSON line: JSON as it stands, text as a string, other bytes as a base64 string.
void appendValueLine(std::string& out, const RecordValue& value);

/// Writes the members of a JSON object, `{"a": 1, "b": "x"}`.
class LineWriter {
public:
    explicit LineWriter(std::string& out) : m_out(out) { m_out += '{'; }

    void text(std::string_view key, std::string_view value);
    void number(std::string_view key, std::int64_t value);
    /// `"KEY": "text"`, null, or base64 with `"KEY_encoding": "base64"`.
    void bytes(std::string_view key, NullableBytes value);
    /// As bytes(), and JSON as it stands; a bare text is marked only where `markText`.
    void value(std::string_view key, const RecordValue& value, bool markText);
    /// `[["name", "text"], ["name", "…", "base64"], …]`, without error headers of ours.
    void headers(std::string_view key, HeadersView headers);
    /// -1 is null.
    void timestamp(std::string_view key, std::int64_t timestampMs);
    /// Writes the key; the caller writes the value.
    void name(std::string_view key);
    void close() { m_out += '}'; }

private:
    std::string& m_out;
    bool m_first = true;
};

/// Reads the members of a JSON object that is given as validated text.
class LineFields {
public:
    explicit LineFields(JsonNode object) : m_object(object) {}

    [[nodiscard]] std::optional<JsonNode> node(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t otherwise) const;
    /// What LineWriter::bytes() wrote; an absent member is null. Errors: ParseError.
    [[nodiscard]] Result<std::optional<std::string>> bytes(std::string_view name) const;
    /// What LineWriter::value() wrote; `bareText`: a string without a mark is text and no JSON.
    [[nodiscard]] Result<std::optional<std::string>> value(std::string_view name, bool bareText) const;
    [[nodiscard]] Result<std::vector<std::pair<std::string, std::optional<std::string>>>>
    headers(std::string_view name) const;

private:
    JsonNode m_object;
    mutable Arena m_arena; ///< of decoded text, which the getters copy out of
};

} // namespace streamwright
