#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamwright {

/// A part of a text and where it stands: bytes begin..end of the text. `value` differs from that place only
/// where a CSV column has doubled quotes.
struct TextPart {
    std::string_view value;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool present = true; ///< false: a group of a pattern that took no part in the match
};

/// Splits at the last `parts` - 1 places where `separator` stands (Python's rsplit). `out` gets the parts,
/// left to right; fewer than `parts` where the separator does not stand often enough.
void splitRight(std::string_view text, std::string_view separator, std::size_t parts,
                std::vector<TextPart>& out);
/// Splits at the first `parts` - 1 places (Python's split).
void splitLeft(std::string_view text, std::string_view separator, std::size_t parts,
               std::vector<TextPart>& out);

/// Splits one line of CSV as RFC 4180 has it, with any separator of one byte. Columns with doubled quotes are
/// unescaped into `scratch`. Empty on success, else what is wrong with the line.
[[nodiscard]] std::string_view splitCsv(std::string_view line, char separator, std::string& scratch,
                                        std::vector<TextPart>& out);

} // namespace streamwright
