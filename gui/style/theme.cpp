#include "gui/style/theme.h"

#include "gui/style/studio_style.h"

#include <QApplication>
#include <QEvent>

#include <array>
#include <cmath>
#include <utility>

/// A static library's resources come only with somebody who asks for them, from outside every namespace.
static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace streamwright {
namespace {

struct RoleColors {
    QRgb light;
    QRgb dark;
};

constexpr std::array<RoleColors, kRoleCount> kColors{{
    {0xFFF3F5F7, 0xFF12171D}, // Canvas
    {0xFFFFFFFF, 0xFF1A2129}, // Surface
    {0xFFFFFFFF, 0xFF212A34}, // Card
    {0xFFE9EDF1, 0xFF0E1318}, // Sunken
    {0xFFD3ECEF, 0xFF16414A}, // Selection
    {0xFFC9D1D9, 0xFF2C3742}, // GridDot
    {0xFFD3DAE1, 0xFF313D49}, // Hairline
    {0xFF76828E, 0xFF7C8A98}, // Outline
    {0xFF66727F, 0xFF8593A1}, // Wire
    {0xFF18212B, 0xFFE7EDF3}, // Text
    {0xFF51606F, 0xFFA5B2BF}, // Muted
    {0xFF0B6B7A, 0xFF4FC3D3}, // Accent
    {0xFFFFFFFF, 0xFF06262B}, // OnAccent
    {0xFF1B5FBF, 0xFF7DB4FF}, // Source
    {0xFF4A5A6A, 0xFFB0BFCE}, // Transform
    {0xFF7F3F98, 0xFFD7A3EC}, // Sink
    {0xFFB3261E, 0xFFFF8A80}, // Error
    {0xFF805300, 0xFFE8B54A}, // Warning
    {0xFF1E7238, 0xFF6CCB87}, // Ok
    {0xFFE2F3E6, 0xFF163323}, // OkTint
    {0xFFFBEFD5, 0xFF3A2E12}, // WarningTint
    {0xFFFBE6E4, 0xFF43211F}, // ErrorTint
}};

double channel(int value)
{
    const double c = value / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * channel(color.red()) + 0.7152 * channel(color.green()) + 0.0722 * channel(color.blue());
}

bool isDarkPalette(const QPalette& palette)
{
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

} // namespace

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

Theme::Theme() = default;

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

QColor Theme::color(Role role, bool dark)
{
    const RoleColors& colors = kColors.at(static_cast<std::size_t>(role));
    return QColor::fromRgb(dark ? colors.dark : colors.light);
}

QPalette Theme::palette(bool dark)
{
    const auto c = [dark](Role role) { return color(role, dark); };
    QPalette p;
    p.setColor(QPalette::Window, c(Role::Surface));
    p.setColor(QPalette::WindowText, c(Role::Text));
    p.setColor(QPalette::Base, c(Role::Surface));
    p.setColor(QPalette::AlternateBase, c(Role::Canvas));
    p.setColor(QPalette::Text, c(Role::Text));
    p.setColor(QPalette::PlaceholderText, c(Role::Muted));
    p.setColor(QPalette::Button, c(Role::Card));
    p.setColor(QPalette::ButtonText, c(Role::Text));
    p.setColor(QPalette::BrightText, c(Role::Error));
    p.setColor(QPalette::ToolTipBase, c(Role::Card));
    p.setColor(QPalette::ToolTipText, c(Role::Text));
    p.setColor(QPalette::Highlight, c(Role::Selection));
    p.setColor(QPalette::HighlightedText, c(Role::Text));
    p.setColor(QPalette::Link, c(Role::Accent));
    p.setColor(QPalette::LinkVisited, c(Role::Accent));
    p.setColor(QPalette::Light, c(Role::Card));
    p.setColor(QPalette::Midlight, c(Role::Hairline));
    p.setColor(QPalette::Mid, c(Role::Outline));
    p.setColor(QPalette::Dark, c(Role::Outline));
    p.setColor(QPalette::Shadow, c(Role::Outline));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) {
        p.setColor(QPalette::Disabled, role, c(Role::Muted));
    }
    p.setColor(QPalette::Disabled, QPalette::Base, c(Role::Sunken));
    p.setColor(QPalette::Disabled, QPalette::Button, c(Role::Sunken));
    return p;
}

void Theme::install()
{
    if (m_installed) {
        return;
    }
    m_installed = true;
    initIcons();
    m_systemDark = isDarkPalette(QApplication::palette());
    QApplication::setStyle(new StudioStyle);
    qApp->installEventFilter(this);
    applyDark(m_mode == Mode::Dark || (m_mode == Mode::System && m_systemDark));
}

void Theme::setMode(Mode mode)
{
    m_mode = mode;
    applyDark(mode == Mode::Dark || (mode == Mode::System && m_systemDark));
}

void Theme::applyDark(bool dark)
{
    const bool changes = dark != m_dark || QApplication::palette() != palette(dark);
    m_dark = dark;
    if (!changes || qApp == nullptr) {
        return;
    }
    m_applying = true;
    QApplication::setPalette(palette(dark));
    m_applying = false;
    Q_EMIT changed();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    // A desktop that turns dark replaces the application's palette: take its lightness, put our colours back.
    if (watched == qApp && event->type() == QEvent::ApplicationPaletteChange && !m_applying) {
        const QPalette current = QApplication::palette();
        if (current != palette(m_dark)) {
            m_systemDark = isDarkPalette(current);
            setMode(m_mode);
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace streamwright
