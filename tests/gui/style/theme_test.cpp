#include "gui/style/icons.h"
#include "gui/style/theme.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QPainter>

#include <string>
#include <vector>

namespace streamwright {
namespace {

const std::vector<Role> kBackgrounds{Role::Canvas, Role::Surface, Role::Card, Role::Sunken, Role::Selection};
constexpr double kText = 4.5;
constexpr double kMark = 3.0;

TEST(Theme, EveryTextRoleIsReadableOnEveryBackground)
{
    for (const bool dark : {false, true}) {
        for (const Role background : kBackgrounds) {
            for (const Role role : {Role::Text, Role::Muted, Role::Accent, Role::Source, Role::Transform,
                                    Role::Sink, Role::Error, Role::Warning, Role::Ok}) {
                EXPECT_GE(contrast(Theme::color(role, dark), Theme::color(background, dark)), kText)
                    << (dark ? "dark" : "light") << ", role " << int(role) << " on " << int(background);
            }
        }
    }
}

TEST(Theme, EveryMarkIsSeenOnEveryBackground)
{
    for (const bool dark : {false, true}) {
        for (const Role background : kBackgrounds) {
            for (const Role role : {Role::Outline, Role::Wire}) {
                EXPECT_GE(contrast(Theme::color(role, dark), Theme::color(background, dark)), kMark)
                    << (dark ? "dark" : "light") << ", role " << int(role) << " on " << int(background);
            }
        }
    }
}

TEST(Theme, PairsThatBelongTogetherAreReadable)
{
    for (const bool dark : {false, true}) {
        const auto pair = [dark](Role ink, Role paper) {
            return contrast(Theme::color(ink, dark), Theme::color(paper, dark));
        };
        EXPECT_GE(pair(Role::OnAccent, Role::Accent), kText);
        EXPECT_GE(pair(Role::Ok, Role::OkTint), kText);
        EXPECT_GE(pair(Role::Warning, Role::WarningTint), kText);
        EXPECT_GE(pair(Role::Error, Role::ErrorTint), kText);
        for (const Role tile : {Role::Source, Role::Transform, Role::Sink, Role::Error, Role::Warning}) {
            EXPECT_GE(pair(Role::Card, tile), kText);
        }
    }
}

TEST(Theme, PaletteTextIsReadableAlsoWhereItIsDisabled)
{
    for (const bool dark : {false, true}) {
        const QPalette palette = Theme::palette(dark);
        for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Disabled}) {
            EXPECT_GE(contrast(palette.color(group, QPalette::Text), palette.color(group, QPalette::Base)),
                      kText);
            EXPECT_GE(
                contrast(palette.color(group, QPalette::ButtonText), palette.color(group, QPalette::Button)),
                kText);
            EXPECT_GE(contrast(palette.color(group, QPalette::HighlightedText),
                               palette.color(group, QPalette::Highlight)),
                      kText);
        }
    }
}

TEST(Theme, SaysWhenItsColoursChange)
{
    Theme& theme = Theme::instance();
    theme.setMode(Theme::Mode::Light);
    int changes = 0;
    const auto connection = QObject::connect(&theme, &Theme::changed, &theme, [&] { ++changes; });
    theme.setMode(Theme::Mode::Dark);
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(theme.color(Role::Canvas), Theme::color(Role::Canvas, true));
    theme.setMode(Theme::Mode::Dark);
    EXPECT_EQ(changes, 1) << "the same colours again are no change";
    theme.setMode(Theme::Mode::Light);
    QObject::disconnect(connection);
}

TEST(EnglishPlurals, CountsDecideBetweenOneAndMany)
{
    const auto say = [](int count) {
        return QCoreApplication::translate("Test", "Delete %Ln node(s)", nullptr, count);
    };
    EXPECT_EQ(say(1), QStringLiteral("Delete 1 node"));
    EXPECT_EQ(say(3), QStringLiteral("Delete 3 nodes"));
}

TEST(Icons, EveryFileDrawsSomethingInTheColourAskedFor)
{
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList();
    ASSERT_GT(files.size(), 60);
    for (const QString& file : files) {
        QImage image(16, 16, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paintIcon(painter, QRectF(0, 0, 16, 16), file.chopped(4), QColor(Qt::red));
        painter.end();
        int inked = 0;
        bool onlyRed = true;
        for (int y = 0; y < 16; ++y) {
            for (int x = 0; x < 16; ++x) {
                const QColor pixel = image.pixelColor(x, y);
                inked += pixel.alpha() > 128 ? 1 : 0;
                onlyRed = onlyRed && (pixel.alpha() == 0 || (pixel.green() < 40 && pixel.blue() < 40));
            }
        }
        EXPECT_GT(inked, 2) << file.toStdString();
        EXPECT_TRUE(onlyRed) << file.toStdString();
    }
}

} // namespace
} // namespace streamwright
