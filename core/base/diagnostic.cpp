#include "core/base/diagnostic.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>

namespace streamwright {
namespace {

/// Insertions, deletions, substitutions and swaps of neighbours that make one word of the other.
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        beforeLast.swap(last);
        last.swap(row);
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = last[j] + (a[i] == b[j] ? 0 : 1);
            row[j + 1] = std::min({substituted, last[j + 1] + 1, row[j] + 1});
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
                row[j + 1] = std::min(row[j + 1], beforeLast[j - 1] + 1);
            }
        }
    }
    return row.back();
}

} // namespace

std::string_view toString(Severity severity)
{
    switch (severity) {
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
    }
    return "error";
}

bool hasErrors(const Diagnostics& diagnostics)
{
    return std::any_of(diagnostics.begin(), diagnostics.end(),
                       [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

void append(Diagnostics& to, Diagnostics more)
{
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string format(const Diagnostic& diagnostic, std::string_view file)
{
    std::string text(file);
    text += ':' + std::to_string(std::max(diagnostic.line, 1));
    text += ':' + std::to_string(std::max(diagnostic.column, 1)) + ": ";
    text += toString(diagnostic.severity);
    text += ": ";
    std::string where;
    if (!diagnostic.node.empty()) {
        where += "node " + quoted(diagnostic.node);
    }
    if (!diagnostic.port.empty()) {
        where += (where.empty() ? "port " : ", port ") + quoted(diagnostic.port);
    }
    if (!diagnostic.field.empty()) {
        where += (where.empty() ? "field " : ", field ") + quoted(diagnostic.field);
    }
    if (!where.empty()) {
        text += where + ": ";
    }
    text += diagnostic.message;
    if (!diagnostic.hint.empty()) {
        text += ' ' + diagnostic.hint;
    }
    return text;
}

std::string quoted(std::string_view text)
{
    constexpr char kHex[] = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (byte < 0x20) {
            result += "\\x";
            result += kHex[byte >> 4U];
            result += kHex[byte & 0xFU];
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates)
{
    const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
    std::string best;
    std::size_t bestDistance = limit + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace streamwright
