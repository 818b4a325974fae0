#include "gui/style/type_scale.h"

#include <QApplication>
#include <QFontDatabase>

namespace streamwright {
namespace {

constexpr double kCaption = 0.85;
constexpr double kHeading = 1.4;

QFont scaled(double factor)
{
    QFont font = QApplication::font();
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(font.pointSizeF() * factor);
    } else {
        font.setPixelSize(qRound(font.pixelSize() * factor));
    }
    return font;
}

} // namespace

QFont captionFont()
{
    return scaled(kCaption);
}

QFont bodyFont()
{
    return QApplication::font();
}

QFont titleFont()
{
    QFont font = QApplication::font();
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont headingFont()
{
    QFont font = scaled(kHeading);
    font.setWeight(QFont::DemiBold);
    return font;
}

QFont monoFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QFont body = QApplication::font();
    constexpr double kMono = 0.93;
    if (body.pointSizeF() > 0) {
        font.setPointSizeF(body.pointSizeF() * kMono);
    } else {
        font.setPixelSize(qRound(body.pixelSize() * kMono));
    }
    return font;
}

} // namespace streamwright
