#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>

#include <cstdint>

namespace streamwright {

/// What a colour means. Nobody names a colour by its value; part 10 of the Studio's design has the table.
enum class Role : std::uint8_t {
    Canvas,
    Surface,
    Card,
    Sunken,
    Selection,
    GridDot,
    Hairline,
    Outline,
    Wire,
    Text,
    Muted,
    Accent,
    OnAccent,
    Source,
    Transform,
    Sink,
    Error,
    Warning,
    Ok,
    OkTint,
    WarningTint,
    ErrorTint
};
inline constexpr int kRoleCount = 22;

/// The colours of the Studio, light and dark. One per application; says `changed` when they change, and
/// whoever paints reads them again. Thread: GUI.
class Theme final : public QObject {
    Q_OBJECT

public:
    enum class Mode : std::uint8_t { System, Light, Dark };

    static Theme& instance();

    [[nodiscard]] static QColor color(Role role, bool dark);
    [[nodiscard]] QColor color(Role role) const { return color(role, m_dark); }
    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] static QPalette palette(bool dark);

    /// Installs style and palette in the application; once, before the first window.
    void install();
    /// System follows the lightness of the system's palette.
    void setMode(Mode mode);
    /// True where the system or the user asks for less motion.
    [[nodiscard]] bool reducedMotion() const { return m_reducedMotion; }
    void setReducedMotion(bool reduced) { m_reducedMotion = reduced; }

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Theme();
    void applyDark(bool dark);

    Mode m_mode = Mode::System;
    bool m_dark = false;
    bool m_installed = false;
    bool m_applying = false;
    bool m_systemDark = false;
    bool m_reducedMotion = false;
};

/// Shorthand for painters.
[[nodiscard]] inline QColor themed(Role role)
{
    return Theme::instance().color(role);
}

/// Contrast of two opaque colours by the WCAG formula, 1 to 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

} // namespace streamwright
