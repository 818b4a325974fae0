#include "gui/style/studio_style.h"

#include "gui/style/icons.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolBar>
#include <QToolButton>
#include <QVariant>

namespace streamwright {
namespace {

constexpr const char* kPrimaryProperty = "primary";
constexpr int kScrollBarExtent = 12;
constexpr int kCheckBoxSide = 16;
constexpr int kSeparator = 5; ///< a hairline with room to take hold of it

bool isPrimary(const QWidget* widget)
{
    return widget != nullptr && widget->property(kPrimaryProperty).toBool();
}

void drawBox(QPainter* painter, const QRectF& rect, const QColor& fill, const QColor& border, double radius,
             double width = 1)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const double inset = width / 2;
    painter->setPen(border.alpha() == 0 ? QPen(Qt::NoPen) : QPen(border, width));
    painter->setBrush(fill);
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius);
    painter->restore();
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    return QColor::fromRgbF(static_cast<float>(a.redF() * (1 - share) + b.redF() * share),
                            static_cast<float>(a.greenF() * (1 - share) + b.greenF() * share),
                            static_cast<float>(a.blueF() * (1 - share) + b.blueF() * share));
}

/// Frame of a button in its states; flat ones show only what differs from rest.
void drawButtonPanel(const QStyleOption* option, QPainter* painter, bool primary, bool flat)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool down = option->state & (QStyle::State_Sunken);
    const bool on = option->state & QStyle::State_On;
    const bool hover = enabled && (option->state & QStyle::State_MouseOver);
    const bool focus =
        option->state & QStyle::State_HasFocus && option->state & QStyle::State_KeyboardFocusChange;
    QColor fill = themed(Role::Card);
    QColor border = themed(Role::Hairline);
    if (!enabled) {
        fill = themed(Role::Sunken);
    } else if (primary) {
        fill = themed(Role::Accent);
        if (down) {
            fill = mixed(fill, themed(Role::Text), 0.18);
        } else if (hover) {
            fill = mixed(fill, themed(Role::Text), 0.1);
        }
        border = fill;
    } else if (on) {
        fill = themed(Role::Selection);
        border = themed(Role::Accent);
    } else if (down) {
        fill = mixed(themed(Role::Sunken), themed(Role::Text), 0.06);
        border = themed(Role::Outline);
    } else if (hover) {
        fill = themed(Role::Sunken);
        border = themed(Role::Outline);
    }
    if (flat && !primary && !on) {
        border = Qt::transparent;
        if (!(enabled && (hover || down))) {
            fill = Qt::transparent;
        }
    }
    drawBox(painter, QRectF(option->rect), fill, border, kFieldRadius);
    if (focus) {
        drawBox(painter, QRectF(option->rect), Qt::transparent, themed(Role::Accent), kFieldRadius, 2);
        if (primary) {
            drawBox(painter, QRectF(option->rect).adjusted(2, 2, -2, -2), Qt::transparent,
                    themed(Role::OnAccent), kFieldRadius - 1, 1);
        }
    }
}

void drawField(const QStyleOption* option, QPainter* painter, bool hasFocus)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const bool sunken = !enabled || Theme::instance().isDark();
    const QColor fill = themed(sunken ? Role::Sunken : Role::Card);
    const QColor border =
        hasFocus ? themed(Role::Accent) : (enabled ? themed(Role::Outline) : themed(Role::Hairline));
    drawBox(painter, QRectF(option->rect), fill, border, kFieldRadius, hasFocus ? 2 : 1);
}

/// The line between two panels; its longer side says which way it runs.
void drawSeparator(const QRect& rect, QPainter* painter)
{
    painter->fillRect(rect, themed(Role::Surface));
    if (rect.height() > rect.width()) {
        painter->fillRect(QRect(rect.center().x(), rect.y(), 1, rect.height()), themed(Role::Hairline));
    } else {
        painter->fillRect(QRect(rect.x(), rect.center().y(), rect.width(), 1), themed(Role::Hairline));
    }
}

/// Icon and text in the middle of a button, 8 apart.
void drawIconAndText(QPainter* painter, const QRect& rect, const QIcon& icon, const QString& text,
                     const QStyleOption& option, const QColor& ink)
{
    constexpr int kIcon = 16;
    const int flags = Qt::TextShowMnemonic | Qt::TextSingleLine;
    const int textWidth = painter->fontMetrics().size(flags, text).width();
    const int left = rect.x() + std::max(0, (rect.width() - kIcon - kSpace8 - textWidth) / 2);
    const bool enabled = option.state & QStyle::State_Enabled;
    const QRect where(left, rect.center().y() - kIcon / 2 + 1, kIcon, kIcon);
    if (ink == themed(Role::OnAccent)) {
        // On the filled button the icon has the colour of the text.
        QPixmap pixmap = icon.pixmap(where.size(), painter->device()->devicePixelRatioF());
        QPainter tint(&pixmap);
        tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
        tint.fillRect(pixmap.rect(), ink);
        tint.end();
        painter->drawPixmap(where, pixmap);
    } else {
        icon.paint(painter, where, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }
    painter->setPen(ink);
    painter->drawText(QRect(left + kIcon + kSpace8, rect.y(), textWidth + 2, rect.height()),
                      Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic | Qt::TextSingleLine, text);
}

void drawArrow(QPainter* painter, const QRect& rect, const QString& name, bool enabled)
{
    constexpr int kChevron = 12;
    const QRectF where(rect.center().x() - kChevron / 2 + 0.5, rect.center().y() - kChevron / 2 + 0.5,
                       kChevron, kChevron);
    painter->save();
    if (!enabled) {
        painter->setOpacity(0.6);
    }
    paintIcon(*painter, where, name, themed(Role::Muted));
    painter->restore();
}

} // namespace

StudioStyle::StudioStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void setPrimary(QWidget* button, bool primary)
{
    button->setProperty(kPrimaryProperty, primary);
    QFont font = button->font();
    font.setWeight(primary ? QFont::DemiBold : QFont::Normal);
    button->setFont(font);
    button->update();
}

void StudioStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const
{
    switch (element) {
    case PE_PanelButtonCommand: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        drawButtonPanel(option, painter, isPrimary(widget),
                        button != nullptr && button->features & QStyleOptionButton::Flat);
        return;
    }
    case PE_PanelButtonTool: {
        const auto* button = qobject_cast<const QToolButton*>(widget);
        drawButtonPanel(option, painter, isPrimary(widget), button == nullptr || button->autoRaise());
        return;
    }
    case PE_FrameButtonTool:
    case PE_FrameDefaultButton:
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar: return;
    case PE_PanelLineEdit: {
        const auto* edit = qobject_cast<const QLineEdit*>(widget);
        const bool inner =
            widget != nullptr && (qobject_cast<const QAbstractSpinBox*>(widget->parentWidget()) ||
                                  qobject_cast<const QComboBox*>(widget->parentWidget()));
        if (inner || (edit != nullptr && !edit->hasFrame())) {
            return;
        }
        drawField(option, painter, option->state & State_HasFocus);
        return;
    }
    case PE_FrameLineEdit: return;
    case PE_Frame: {
        if (qobject_cast<const QAbstractItemView*>(widget) != nullptr ||
            (widget != nullptr && widget->inherits("QAbstractScrollArea"))) {
            const bool focus = widget->hasFocus() && widget->inherits("QTextEdit");
            drawBox(painter, QRectF(option->rect), Qt::transparent,
                    focus || (widget->hasFocus() && widget->inherits("QPlainTextEdit"))
                        ? themed(Role::Accent)
                        : themed(Role::Outline),
                    kFieldRadius);
            return;
        }
        break;
    }
    case PE_FrameFocusRect: {
        if (qobject_cast<const QAbstractItemView*>(widget) != nullptr) {
            drawBox(painter, QRectF(option->rect), Qt::transparent, themed(Role::Accent), 2, 1);
        } else if (option->state & State_KeyboardFocusChange) {
            drawBox(painter, QRectF(option->rect).adjusted(-1, -1, 1, 1), Qt::transparent,
                    themed(Role::Accent), 3, 1.5);
        }
        return;
    }
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: {
        const bool enabled = option->state & State_Enabled;
        const QRectF box(option->rect.x(), option->rect.center().y() - kCheckBoxSide / 2 + 1, kCheckBoxSide,
                         kCheckBoxSide);
        if (option->state & (State_On | State_NoChange)) {
            const QColor fill = enabled ? themed(Role::Accent) : themed(Role::Muted);
            drawBox(painter, box, fill, fill, 3);
            paintIcon(*painter, box.adjusted(2, 2, -2, -2),
                      option->state & State_On ? QStringLiteral("check") : QStringLiteral("minus"),
                      themed(Role::OnAccent));
        } else {
            drawBox(painter, box, option->palette.color(QPalette::Base),
                    enabled ? themed(Role::Outline) : themed(Role::Hairline), 3);
        }
        return;
    }
    case PE_IndicatorRadioButton: {
        const QRectF box(option->rect.x(), option->rect.center().y() - kCheckBoxSide / 2 + 1, kCheckBoxSide,
                         kCheckBoxSide);
        const bool on = option->state & State_On;
        drawBox(painter, box, option->palette.color(QPalette::Base),
                on ? themed(Role::Accent) : themed(Role::Outline), kCheckBoxSide / 2.0, on ? 2 : 1);
        if (on) {
            drawBox(painter, box.adjusted(4, 4, -4, -4), themed(Role::Accent), Qt::transparent, 4);
        }
        return;
    }
    case PE_IndicatorBranch: {
        if (option->state & State_Children) {
            drawArrow(painter, option->rect,
                      option->state & State_Open ? QStringLiteral("chevron-down")
                                                 : QStringLiteral("chevron-right"),
                      true);
        }
        return;
    }
    case PE_IndicatorArrowDown:
    case PE_IndicatorSpinDown:
    case PE_IndicatorHeaderArrow:
    case PE_IndicatorArrowUp:
    case PE_IndicatorSpinUp:
    case PE_IndicatorArrowRight:
    case PE_IndicatorArrowLeft: {
        QString name = QStringLiteral("chevron-down");
        if (element == PE_IndicatorArrowUp || element == PE_IndicatorSpinUp) {
            name = QStringLiteral("chevron-up");
        } else if (element == PE_IndicatorArrowRight) {
            name = QStringLiteral("chevron-right");
        } else if (element == PE_IndicatorArrowLeft) {
            name = QStringLiteral("left");
        } else if (element == PE_IndicatorHeaderArrow) {
            const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
            if (header != nullptr && header->sortIndicator == QStyleOptionHeader::SortUp) {
                name = QStringLiteral("chevron-up");
            }
        }
        drawArrow(painter, option->rect, name, option->state & State_Enabled);
        return;
    }
    case PE_IndicatorToolBarSeparator: {
        const QRect r = option->rect;
        painter->fillRect(QRect(r.center().x(), r.center().y() - kSpace12, 1, kSpace24),
                          themed(Role::Hairline));
        return;
    }
    case PE_PanelMenu:
    case PE_FrameMenu:
        drawBox(painter, QRectF(option->rect), themed(Role::Card), themed(Role::Outline), 0);
        return;
    case PE_PanelTipLabel:
        drawBox(painter, QRectF(option->rect), themed(Role::Card), themed(Role::Outline), 0);
        return;
    case PE_IndicatorDockWidgetResizeHandle: drawSeparator(option->rect, painter); return;
    case PE_FrameTabBarBase:
    case PE_IndicatorTabTear: return;
    case PE_FrameTabWidget:
        painter->fillRect(QRect(option->rect.x(), option->rect.y(), option->rect.width(), 1),
                          themed(Role::Hairline));
        return;
    case PE_FrameGroupBox: return;
    case PE_PanelItemViewItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
        if (item != nullptr) {
            if (item->state & State_Selected) {
                painter->fillRect(item->rect, themed(Role::Selection));
            } else if (item->backgroundBrush.style() != Qt::NoBrush) {
                painter->fillRect(item->rect, item->backgroundBrush);
            } else if (item->state & State_MouseOver && item->state & State_Enabled) {
                painter->fillRect(item->rect,
                                  mixed(option->palette.color(QPalette::Base), themed(Role::Text), 0.04));
            }
        }
        return;
    }
    case PE_PanelItemViewRow: {
        const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
        if (item != nullptr && item->state & State_Selected) {
            painter->fillRect(item->rect, themed(Role::Selection));
        }
        return;
    }
    default: break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void StudioStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const
{
    switch (element) {
    case CE_PushButtonLabel: {
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
            QStyleOptionButton copy = *button;
            if (isPrimary(widget) && copy.state & State_Enabled) {
                copy.palette.setColor(QPalette::ButtonText, themed(Role::OnAccent));
            }
            copy.state &= ~State_On; // no shift of the text of a checked button
            if (!copy.icon.isNull() && !copy.text.isEmpty()) {
                drawIconAndText(painter, copy.rect, copy.icon, copy.text, copy,
                                copy.palette.color(QPalette::ButtonText));
                return;
            }
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    }
    case CE_ToolButtonLabel: {
        if (const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option)) {
            QStyleOptionToolButton copy = *button;
            if (isPrimary(widget) && copy.state & State_Enabled) {
                copy.palette.setColor(QPalette::ButtonText, themed(Role::OnAccent));
            }
            copy.state &= ~(State_Sunken | State_On);
            if (copy.toolButtonStyle == Qt::ToolButtonTextBesideIcon && !copy.icon.isNull() &&
                !copy.text.isEmpty()) {
                const bool enabled = copy.state & State_Enabled;
                drawIconAndText(painter, copy.rect, copy.icon, copy.text, copy,
                                copy.palette.color(enabled ? QPalette::Active : QPalette::Disabled,
                                                   QPalette::ButtonText));
                return;
            }
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    }
    case CE_MenuBarEmptyArea: painter->fillRect(option->rect, themed(Role::Surface)); return;
    case CE_MenuBarItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        painter->fillRect(option->rect, themed(Role::Surface));
        if (item != nullptr) {
            if (item->state & State_Selected) {
                drawBox(painter, QRectF(item->rect).adjusted(0, 2, 0, -2),
                        item->state & State_Sunken ? themed(Role::Selection) : themed(Role::Sunken),
                        Qt::transparent, kFieldRadius);
            }
            drawItemText(painter, item->rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine,
                         item->palette, item->state & State_Enabled, item->text, QPalette::WindowText);
        }
        return;
    }
    case CE_ToolBar: {
        painter->fillRect(option->rect, themed(Role::Surface));
        painter->fillRect(QRect(option->rect.x(), option->rect.y(), option->rect.width(), 1),
                          themed(Role::Hairline));
        painter->fillRect(QRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1),
                          themed(Role::Hairline));
        return;
    }
    case CE_Splitter: drawSeparator(option->rect, painter); return;
    case CE_SizeGrip: return;
    case CE_ShapedFrame: {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        if (frame != nullptr && (frame->frameShape == QFrame::VLine || frame->frameShape == QFrame::HLine)) {
            drawSeparator(frame->rect, painter);
            return;
        }
        break;
    }
    case CE_HeaderSection: {
        const QRect r = option->rect;
        painter->fillRect(r, Theme::instance().isDark() ? themed(Role::Sunken) : themed(Role::Canvas));
        painter->fillRect(QRect(r.x(), r.bottom(), r.width(), 1), themed(Role::Hairline));
        const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
        if (header == nullptr || (header->position != QStyleOptionHeader::End &&
                                  header->position != QStyleOptionHeader::OnlyOneSection)) {
            painter->fillRect(QRect(r.right(), r.y(), 1, r.height()), themed(Role::Hairline));
        }
        return;
    }
    case CE_HeaderEmptyArea: {
        const QRect r = option->rect;
        painter->fillRect(r, Theme::instance().isDark() ? themed(Role::Sunken) : themed(Role::Canvas));
        painter->fillRect(QRect(r.x(), r.bottom(), r.width(), 1), themed(Role::Hairline));
        return;
    }
    case CE_HeaderLabel: {
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            QStyleOptionHeader copy = *header;
            copy.palette.setColor(QPalette::ButtonText, themed(Role::Muted));
            const bool on = copy.state & State_On;
            copy.state &= ~State_On; // no bold jump when a cell of the column is current
            painter->save();
            painter->setFont(captionFont());
            QRect rect = copy.rect.adjusted(kSpace4, 0, -kSpace4, 0);
            if (!copy.icon.isNull()) {
                rect.setLeft(rect.left() + kSpace16);
            }
            const auto alignment = static_cast<int>(copy.textAlignment) | Qt::AlignVCenter;
            const QString text = painter->fontMetrics().elidedText(
                copy.text, Qt::ElideRight, copy.text.contains(QLatin1Char('\n')) ? 1'000'000 : rect.width());
            drawItemText(painter, rect, alignment, copy.palette, copy.state & State_Enabled, text,
                         QPalette::ButtonText);
            painter->restore();
            Q_UNUSED(on)
            return;
        }
        break;
    }
    case CE_TabBarTabShape: {
        const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
        if (tab != nullptr) {
            painter->fillRect(tab->rect, themed(Role::Surface));
            painter->fillRect(QRect(tab->rect.x(), tab->rect.bottom(), tab->rect.width(), 1),
                              themed(Role::Hairline));
            if (tab->state & State_MouseOver && !(tab->state & State_Selected) &&
                tab->state & State_Enabled) {
                painter->fillRect(tab->rect.adjusted(0, 0, 0, -1),
                                  mixed(themed(Role::Surface), themed(Role::Text), 0.04));
            }
            if (tab->state & State_Selected) {
                painter->fillRect(QRect(tab->rect.x() + kSpace8, tab->rect.bottom() - 1,
                                        tab->rect.width() - 2 * kSpace8, 2),
                                  themed(Role::Accent));
            }
        }
        return;
    }
    case CE_TabBarTabLabel: {
        const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
        if (tab == nullptr) {
            break;
        }
        // A trailing "(2)" is drawn as a pill, so that a count needs no widget of its own.
        QString text = tab->text;
        QString count;
        if (text.endsWith(QLatin1Char(')'))) {
            const auto open = text.lastIndexOf(QLatin1String(" ("));
            if (open > 0) {
                count = text.mid(open + 2, text.size() - open - 3);
                text.truncate(open);
            }
        }
        const bool selected = tab->state & State_Selected;
        painter->save();
        QFont font = painter->font();
        font.setWeight(selected ? QFont::DemiBold : QFont::Normal);
        painter->setFont(font);
        QRect rect = tab->rect.adjusted(kSpace12, 0, -kSpace12, 0);
        if (!tab->rightButtonSize.isEmpty()) {
            rect.setRight(rect.right() - tab->rightButtonSize.width());
        }
        painter->setPen(selected ? themed(Role::Text) : themed(Role::Muted));
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic, text);
        if (!count.isEmpty()) {
            const int width = QFontMetrics(font).horizontalAdvance(text);
            painter->setFont(captionFont());
            const int pillWidth = painter->fontMetrics().horizontalAdvance(count) + kSpace12;
            const QRectF pill(rect.x() + width + kSpace8, rect.center().y() - 7.5, pillWidth, 16);
            drawBox(painter, pill, themed(Role::Sunken), Qt::transparent, 8);
            painter->setPen(themed(Role::Text));
            painter->drawText(pill, Qt::AlignCenter, count);
        }
        if (tab->state & State_HasFocus) {
            drawBox(painter, QRectF(tab->rect).adjusted(2, 3, -2, -4), Qt::transparent, themed(Role::Accent),
                    kFieldRadius, 1.5);
        }
        painter->restore();
        return;
    }
    case CE_DockWidgetTitle: {
        const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
        if (dock == nullptr) {
            break;
        }
        painter->fillRect(dock->rect, themed(Role::Surface));
        painter->fillRect(QRect(dock->rect.x(), dock->rect.bottom(), dock->rect.width(), 1),
                          themed(Role::Hairline));
        painter->save();
        painter->setFont(titleFont());
        const QRect where =
            subElementRect(SE_DockWidgetTitleBarText, option, widget).adjusted(kSpace4, 0, 0, 0);
        const QString title = painter->fontMetrics().elidedText(dock->title, Qt::ElideRight, where.width());
        drawItemText(painter, where, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextHideMnemonic, dock->palette,
                     true, title, QPalette::WindowText);
        painter->restore();
        return;
    }
    case CE_ProgressBarGroove:
        drawBox(painter, QRectF(option->rect), themed(Role::Sunken), themed(Role::Hairline), 4);
        return;
    case CE_ProgressBarContents: {
        const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
        if (bar != nullptr && bar->maximum > bar->minimum) {
            const double share = double(bar->progress - bar->minimum) / (bar->maximum - bar->minimum);
            drawBox(painter,
                    QRectF(bar->rect.x(), bar->rect.y(), bar->rect.width() * share, bar->rect.height()),
                    themed(Role::Accent), Qt::transparent, 4);
            return;
        }
        break;
    }
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void StudioStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                     QPainter* painter, const QWidget* widget) const
{
    switch (control) {
    case CC_ComboBox: {
        const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (box == nullptr) {
            break;
        }
        if (box->frame) {
            const bool focus = box->state & State_HasFocus;
            QStyleOption field = *box;
            drawField(&field, painter, focus);
        }
        drawArrow(painter, subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget),
                  QStringLiteral("chevron-down"), box->state & State_Enabled);
        return;
    }
    case CC_SpinBox: {
        const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        if (box == nullptr) {
            break;
        }
        if (box->frame) {
            drawField(box, painter, box->state & State_HasFocus);
        }
        if (box->buttonSymbols != QAbstractSpinBox::NoButtons) {
            drawArrow(painter, subControlRect(CC_SpinBox, option, SC_SpinBoxUp, widget),
                      QStringLiteral("chevron-up"), box->stepEnabled & QAbstractSpinBox::StepUpEnabled);
            drawArrow(painter, subControlRect(CC_SpinBox, option, SC_SpinBoxDown, widget),
                      QStringLiteral("chevron-down"), box->stepEnabled & QAbstractSpinBox::StepDownEnabled);
        }
        return;
    }
    case CC_ScrollBar: {
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (bar == nullptr) {
            break;
        }
        painter->fillRect(option->rect, option->palette.color(QPalette::Base));
        if (bar->maximum > bar->minimum) {
            const QRectF handle = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
            const QRectF slim = bar->orientation == Qt::Vertical ? handle.adjusted(2, 1, -2, -1)
                                                                 : handle.adjusted(1, 2, -1, -2);
            QColor color = themed(Role::Outline);
            color.setAlphaF(bar->activeSubControls & SC_ScrollBarSlider ? 0.9F : 0.6F);
            drawBox(painter, slim, color, Qt::transparent, 4);
        }
        return;
    }
    case CC_ToolButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
        if (button == nullptr) {
            break;
        }
        QStyleOptionToolButton panel = *button;
        panel.rect = option->rect;
        drawPrimitive(PE_PanelButtonTool, &panel, painter, widget);
        QStyleOptionToolButton label = *button;
        const bool menuMark = button->features & QStyleOptionToolButton::HasMenu &&
                              button->toolButtonStyle != Qt::ToolButtonIconOnly;
        const int inset = button->toolButtonStyle == Qt::ToolButtonIconOnly ? 0 : kSpace4;
        label.rect = option->rect.adjusted(inset, 0, menuMark ? -kSpace16 - kSpace4 : -inset, 0);
        label.features &= ~QStyleOptionToolButton::HasMenu;
        drawControl(CE_ToolButtonLabel, &label, painter, widget);
        if (menuMark) {
            drawArrow(painter,
                      QRect(option->rect.right() - kSpace16 - kSpace4, option->rect.y(), kSpace16,
                            option->rect.height()),
                      QStringLiteral("chevron-down"), option->state & State_Enabled);
        }
        return;
    }
    default: break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

int StudioStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent: return kScrollBarExtent;
    case PM_ScrollBarSliderMin: return kSpace32;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth: return kSeparator;
    case PM_DockWidgetTitleMargin: return kSpace8 - 1;
    case PM_DockWidgetTitleBarButtonMargin: return 3;
    case PM_DockWidgetFrameWidth:
    case PM_TabBarBaseHeight:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_ToolBarFrameWidth:
    case PM_MenuBarPanelWidth:
    case PM_MenuBarVMargin:
    case PM_TabBar_ScrollButtonOverlap: return 0;
    case PM_MenuBarItemSpacing: return 0;
    case PM_MenuBarHMargin: return kSpace8;
    case PM_ToolBarItemSpacing: return kSpace4;
    case PM_ToolBarItemMargin: return kSpace4;
    case PM_ToolBarSeparatorExtent: return kSpace16 + 1;
    case PM_TabBarTabHSpace: return kSpace24;
    case PM_TabBarTabVSpace: return kSpace16;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return kCheckBoxSide;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize: return kSpace16;
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin: return kSpace12;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return kSpace8;
    case PM_TreeViewIndentation: return 14;
    case PM_HeaderMargin: return 3; // also above and below: it decides how low a row can be
    case PM_HeaderDefaultSectionSizeVertical:
        return std::max(kRowHeight, QFontMetrics(bodyFont()).height() + kSpace4);
    case PM_DefaultFrameWidth:
        if (qobject_cast<const QLineEdit*>(widget) != nullptr) {
            return 2;
        }
        return 1;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QSize StudioStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                    const QWidget* widget) const
{
    const int control = std::max(kControlHeight, QFontMetrics(bodyFont()).height() + kSpace8 + 2);
    switch (type) {
    case CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        const bool iconOnly = button != nullptr && button->text.isEmpty();
        result.setHeight(control);
        const bool both = button != nullptr && !iconOnly && !button->icon.isNull();
        result.setWidth(iconOnly ? control : size.width() + 2 * kSpace12 + (both ? kSpace4 : 0));
        return result;
    }
    case CT_ToolButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
        if (widget != nullptr && widget->property("compact").toBool()) {
            return {size.width() + kSpace8, kSpace24};
        }
        if (button != nullptr &&
            (button->toolButtonStyle == Qt::ToolButtonIconOnly || button->text.isEmpty())) {
            return {control, control};
        }
        int width = size.width() + kSpace16 + kSpace4;
        if (button != nullptr && button->features & QStyleOptionToolButton::HasMenu) {
            width += kSpace12;
        }
        return {width, control};
    }
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox: {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        result.setHeight(control);
        return result;
    }
    case CT_MenuBarItem: return {size.width() + kSpace16, kTitleHeight};
    case CT_MenuItem: {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        if (item != nullptr && item->menuItemType != QStyleOptionMenuItem::Separator) {
            result.setHeight(std::max(result.height(), control));
            result.setWidth(result.width() + kSpace16);
        }
        return result;
    }
    case CT_TabBarTab: {
        const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
        QFont font = bodyFont();
        font.setWeight(QFont::DemiBold);
        int width =
            QFontMetrics(font).horizontalAdvance(tab == nullptr ? QString() : tab->text) + 2 * kSpace12;
        if (tab != nullptr && !tab->rightButtonSize.isEmpty()) {
            width += tab->rightButtonSize.width() + kSpace4;
        }
        return {width, std::max(kTitleHeight, QFontMetrics(font).height() + kSpace12)};
    }
    case CT_HeaderSection: {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        result.setHeight(std::max(kRowHeight, result.height() - 2));
        return result;
    }
    case CT_ItemViewItem: {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        result.setHeight(std::max(result.height(), kRowHeight));
        return result;
    }
    default: return QProxyStyle::sizeFromContents(type, option, size, widget);
    }
}

QRect StudioStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_LineEditContents) {
        const QRect rect = QProxyStyle::subElementRect(element, option, widget);
        const auto* edit = qobject_cast<const QLineEdit*>(widget);
        return edit != nullptr && edit->hasFrame() ? rect.adjusted(kSpace4, 0, -kSpace4, 0) : rect;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect StudioStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                  const QWidget* widget) const
{
    if (control == CC_ComboBox) {
        const QRect r = option->rect;
        constexpr int kArrow = 24;
        if (part == SC_ComboBoxArrow) {
            return visualRect(option->direction, r, QRect(r.right() - kArrow, r.y(), kArrow, r.height()));
        }
        if (part == SC_ComboBoxEditField) {
            return visualRect(option->direction, r, r.adjusted(kSpace8 - 2, 2, -kArrow, -2));
        }
    }
    if (control == CC_ScrollBar) {
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (bar != nullptr) {
            const bool vertical = bar->orientation == Qt::Vertical;
            const int length = vertical ? bar->rect.height() : bar->rect.width();
            int handle = length;
            if (bar->maximum > bar->minimum) {
                const double range = double(bar->maximum) - bar->minimum + bar->pageStep;
                handle = std::clamp(static_cast<int>(bar->pageStep / range * length), kSpace32,
                                    std::max(kSpace32, length));
            }
            const int at = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition,
                                                   std::max(0, length - handle), bar->upsideDown);
            switch (part) {
            case SC_ScrollBarSubLine:
            case SC_ScrollBarAddLine: return {};
            case SC_ScrollBarGroove: return bar->rect;
            case SC_ScrollBarSlider:
                return vertical ? QRect(0, at, bar->rect.width(), handle)
                                : QRect(at, 0, handle, bar->rect.height());
            case SC_ScrollBarSubPage:
                return vertical ? QRect(0, 0, bar->rect.width(), at) : QRect(0, 0, at, bar->rect.height());
            case SC_ScrollBarAddPage:
                return vertical ? QRect(0, at + handle, bar->rect.width(), length - at - handle)
                                : QRect(at + handle, 0, length - at - handle, bar->rect.height());
            default: break;
            }
        }
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

int StudioStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                           QStyleHintReturn* result) const
{
    switch (hint) {
    case SH_TabBar_ElideMode: return Qt::ElideNone;
    case SH_TabBar_Alignment: return Qt::AlignLeft;
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ItemView_PaintAlternatingRowColorsForEmptyArea:
    case SH_UnderlineShortcut: return 0;
    case SH_ToolTip_WakeUpDelay: return 500;
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_ComboBox_Popup: return 0;
    case SH_Widget_Animation_Duration:
        if (Theme::instance().reducedMotion()) {
            return 0;
        }
        return 120;
    default: return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

QIcon StudioStyle::standardIcon(StandardPixmap standard, const QStyleOption* option,
                                const QWidget* widget) const
{
    switch (standard) {
    case SP_TitleBarNormalButton:
    case SP_TitleBarMaxButton: return icon(QStringLiteral("float"), Role::Muted);
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
    case SP_LineEditClearButton: return icon(QStringLiteral("close"), Role::Muted);
    default: return QProxyStyle::standardIcon(standard, option, widget);
    }
}

QPixmap StudioStyle::generatedIconPixmap(QIcon::Mode mode, const QPixmap& pixmap,
                                         const QStyleOption* option) const
{
    return mode == QIcon::Selected ? pixmap : QProxyStyle::generatedIconPixmap(mode, pixmap, option);
}

void StudioStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QTabBar*>(widget) != nullptr || qobject_cast<QAbstractItemView*>(widget) != nullptr) {
        widget->setAttribute(Qt::WA_Hover);
    }
}

} // namespace streamwright
