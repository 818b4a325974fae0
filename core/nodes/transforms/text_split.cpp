#include "core/nodes/transforms/text_split.h"

#include <algorithm>

namespace streamwright {
namespace {

TextPart partOf(std::string_view text, std::size_t begin, std::size_t end)
{
    return {.value = text.substr(begin, end - begin), .begin = begin, .end = end};
}

/// Appends `column` to `scratch` with each doubled quote once; `scratch` has room, so that views stay.
std::string_view unescaped(std::string_view column, std::string& scratch)
{
    const std::size_t start = scratch.size();
    for (std::size_t i = 0; i < column.size(); ++i) {
        scratch += column[i];
        i += column[i] == '"' ? 1 : 0;
    }
    return std::string_view(scratch).substr(start);
}

/// Place of the quote that ends a quoted column whose text begins at `begin`; npos where there is none.
std::size_t closingQuote(std::string_view line, std::size_t begin)
{
    for (std::size_t at = line.find('"', begin); at != std::string_view::npos; at = line.find('"', at + 2)) {
        if (at + 1 >= line.size() || line[at + 1] != '"') {
            return at;
        }
    }
    return std::string_view::npos;
}

} // namespace

void splitRight(std::string_view text, std::string_view separator, std::size_t parts,
                std::vector<TextPart>& out)
{
    out.clear();
    std::size_t end = text.size();
    while (out.size() + 1 < parts && end >= separator.size()) {
        const std::size_t at = text.rfind(separator, end - separator.size());
        if (at == std::string_view::npos) {
            break;
        }
        out.push_back(partOf(text, at + separator.size(), end));
        end = at;
    }
    out.push_back(partOf(text, 0, end));
    std::reverse(out.begin(), out.end());
}

void splitLeft(std::string_view text, std::string_view separator, std::size_t parts,
               std::vector<TextPart>& out)
{
    out.clear();
    std::size_t begin = 0;
    while (out.size() + 1 < parts) {
        const std::size_t at = text.find(separator, begin);
        if (at == std::string_view::npos) {
            break;
        }
        out.push_back(partOf(text, begin, at));
        begin = at + separator.size();
    }
    out.push_back(partOf(text, begin, text.size()));
}

std::string_view splitCsv(std::string_view line, char separator, std::string& scratch,
                          std::vector<TextPart>& out)
{
    out.clear();
    scratch.clear();
    scratch.reserve(line.size());
    for (std::size_t begin = 0;;) {
        std::size_t next = 0;
        if (begin < line.size() && line[begin] == '"') {
            const std::size_t close = closingQuote(line, begin + 1);
            if (close == std::string_view::npos) {
                return "A quoted column is not closed.";
            }
            next = close + 1;
            if (next < line.size() && line[next] != separator) {
                return "Text stands behind the quotes of a column.";
            }
            TextPart part = partOf(line, begin + 1, close);
            if (part.value.find('"') != std::string_view::npos) {
                part.value = unescaped(part.value, scratch);
            }
            out.push_back(part);
        } else {
            next = std::min(line.find(separator, begin), line.size());
            out.push_back(partOf(line, begin, next));
            if (out.back().value.find('"') != std::string_view::npos) {
                return "A quote stands inside a column that does not begin with one.";
            }
        }
        if (next >= line.size()) {
            return {};
        }
        begin = next + 1;
    }
}

} // namespace streamwright
