#pragma once

#include <QString>

namespace streamwright {

/// How well `pattern` fits `text`: its characters in order, more for beginnings of words and for runs; 0
/// where it does not fit. An empty pattern fits everything alike. Plain function.
[[nodiscard]] int fuzzyScore(const QString& pattern, const QString& text);

} // namespace streamwright
