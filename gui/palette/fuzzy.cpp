#include "gui/palette/fuzzy.h"

namespace streamwright {
namespace {

constexpr int kMatch = 1;
constexpr int kRun = 4;
constexpr int kWordStart = 8;
constexpr int kPrefix = 20;

} // namespace

int fuzzyScore(const QString& pattern, const QString& text)
{
    if (pattern.isEmpty()) {
        return 1;
    }
    const QString wanted = pattern.toCaseFolded();
    const QString folded = text.toCaseFolded();
    int score = folded.startsWith(wanted) ? kPrefix : 0;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar c : wanted) {
        if (c.isSpace()) {
            continue;
        }
        const qsizetype found = folded.indexOf(c, at);
        if (found < 0) {
            return 0;
        }
        score += kMatch;
        score += found == previous + 1 ? kRun : 0;
        score += found == 0 || !folded[found - 1].isLetterOrNumber() ? kWordStart : 0;
        previous = found;
        at = found + 1;
    }
    return score;
}

} // namespace streamwright
