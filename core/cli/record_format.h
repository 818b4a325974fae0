#pragma once

#include "core/record/record.h"

#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// How `peek` prints a record: as JSON, its value alone, or a text with `%t` topic, `%p` partition, `%o`
/// offset,
/// `%k` key, `%s` value, `%T` timestamp, `%h` headers, `%%`, `\n` and `\t`. Value.
class RecordFormat {
public:
    /// `problem` says why where `text` is no format.
    static RecordFormat parse(std::string_view text, std::string& problem);
    /// Appends the record and a line end.
    void append(std::string& out, const Record& record) const;

private:
    enum class Kind : std::uint8_t { Json, Value, Pieces };
    struct Piece {
        char field = 0; ///< 0: `text`
        std::string text;
    };
    Kind m_kind = Kind::Json;
    std::vector<Piece> m_pieces;
};

} // namespace streamwright
