#include "gui/style/figures.h"

#include <QLocale>

#include <cmath>

namespace streamwright::figures {
namespace {

constexpr double kThousand = 1'000;
constexpr double kMillion = 1'000'000;
constexpr double kOneDecimalBelow = 100;

/// One decimal where it says something.
QString shortNumber(double value)
{
    const QLocale locale;
    const double rounded = std::round(value * 10) / 10;
    const bool whole = rounded >= kOneDecimalBelow || rounded == std::floor(rounded);
    return locale.toString(whole ? std::round(value) : rounded, 'f', whole ? 0 : 1);
}

} // namespace

QString rate(double perSecond)
{
    if (perSecond >= kMillion * 0.9995) {
        return shortNumber(perSecond / kMillion) + QLatin1Char('M');
    }
    if (perSecond >= kThousand * 0.9995) {
        return shortNumber(perSecond / kThousand) + QLatin1Char('k');
    }
    return shortNumber(perSecond);
}

QString count(std::int64_t value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

QString milliseconds(double ms)
{
    return shortNumber(ms);
}

QString bytes(double bytes)
{
    constexpr double kKilo = 1'024;
    if (bytes < kKilo) {
        return shortNumber(bytes) + QStringLiteral(" B");
    }
    if (bytes < kKilo * kKilo) {
        return shortNumber(bytes / kKilo) + QStringLiteral(" kB");
    }
    if (bytes < kKilo * kKilo * kKilo) {
        return shortNumber(bytes / kKilo / kKilo) + QStringLiteral(" MB");
    }
    return shortNumber(bytes / kKilo / kKilo / kKilo) + QStringLiteral(" GB");
}

} // namespace streamwright::figures
