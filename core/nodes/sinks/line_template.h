#pragma once

#include "core/record/json_value.h"
#include "core/record/record.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A text line made out of a record: `{value}`, `{value.a.b}`, `{key}`, `{timestamp}`, `{topic}`,
/// `{partition}`,
/// `{offset}`, `{headers.NAME}` and, behind an error port, `{error.code}`, `.message`, `.detail`, `.node`,
/// `.stage`; `{{` and `}}` are braces. Value; any thread.
class LineTemplate {
public:
    /// `problem` says why where the text is no template; it is then of no use.
    static LineTemplate parse(std::string_view text, std::string& problem);

    /// Appends the line and its end. Line ends inside become `\n`, so that a record stays a line.
    void append(std::string& out, const Record& record, Arena& arena) const;

private:
    enum class Kind : std::uint8_t {
        Literal,
        Value,
        Field,
        Key,
        Timestamp,
        Topic,
        Partition,
        Offset,
        Header,
        ErrorCode,
        ErrorMessage,
        ErrorDetail,
        ErrorNode,
        ErrorStage
    };
    struct Piece {
        Kind kind = Kind::Literal;
        std::string text; ///< Literal: itself; Header: its name
        JsonPath path = JsonPath::ofName({});
    };

    static Piece parsePlaceholder(std::string_view name, std::string& problem);
    static void appendPiece(std::string& out, const Piece& piece, const Record& record, Arena& arena);

    std::vector<Piece> m_pieces;
};

} // namespace streamwright
