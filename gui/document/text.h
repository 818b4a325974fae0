#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace streamwright {

/// Core speaks UTF-8 in std::string, widgets QString.
[[nodiscard]] inline QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}
[[nodiscard]] inline std::string fromQString(const QString& text)
{
    return text.toStdString();
}

} // namespace streamwright
