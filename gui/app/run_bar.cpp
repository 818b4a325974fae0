#include "gui/app/run_bar.h"

#include "gui/style/figures.h"
#include "gui/style/icons.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QFrame>
#include <QLabel>
#include <QToolButton>

namespace streamwright {
namespace {

constexpr int kIconSize = 12;

void colour(QWidget* widget, Role role)
{
    QPalette palette = widget->palette();
    palette.setColor(QPalette::WindowText, themed(role));
    palette.setColor(QPalette::ButtonText, themed(role));
    widget->setPalette(palette);
}

struct StateLook {
    const char* iconName;
    Role role;
};

StateLook lookOf(EngineState state, int documentErrors)
{
    using enum EngineState;
    switch (state) {
    case Created:
    case Stopped:
        return documentErrors > 0 ? StateLook{"error", Role::Error} : StateLook{"stop", Role::Muted};
    case Starting:
    case Draining: return {"wait", Role::Accent};
    case Running: return {"play", Role::Ok};
    case Failed:
    case Fenced: return {"error", Role::Error};
    }
    return {"stop", Role::Muted};
}

QFrame* separator(QWidget* parent)
{
    auto* const line = new QFrame(parent);
    line->setFrameShape(QFrame::VLine);
    line->setFixedHeight(kSpace12);
    return line;
}

} // namespace

RunBar::RunBar(QWidget* parent)
    : QStatusBar(parent), m_icon(new QLabel(this)), m_state(new QLabel(this)), m_in(new QLabel(this)),
      m_out(new QLabel(this)), m_dead(new QLabel(this)), m_lag(new QLabel(this)),
      m_problems(new QToolButton(this)), m_note(new QLabel(this)), m_saved(new QLabel(this))
{
    setSizeGripEnabled(false);
    setContentsMargins(kSpace8, 0, kSpace12, 0);
    const QFont caption = captionFont();
    QFont bold = caption;
    bold.setBold(true);
    m_state->setFont(bold);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_in), static_cast<QWidget*>(m_out), static_cast<QWidget*>(m_dead),
          static_cast<QWidget*>(m_lag), static_cast<QWidget*>(m_problems), static_cast<QWidget*>(m_note),
          static_cast<QWidget*>(m_saved)}) {
        widget->setFont(caption);
    }
    m_problems->setAutoRaise(true);
    m_problems->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_problems->setIconSize(QSize(kIconSize, kIconSize));
    m_problems->setToolTip(tr("Show the problems"));
    connect(m_problems, &QToolButton::clicked, this, &RunBar::problemsClicked);
    m_state->setAccessibleName(tr("State"));
    addWidget(m_icon);
    addWidget(m_state);
    for (QLabel* label : {m_in, m_out, m_dead, m_lag}) {
        addWidget(separator(this));
        addWidget(label);
    }
    addWidget(separator(this));
    addWidget(m_problems);
    addPermanentWidget(m_note);
    addPermanentWidget(separator(this));
    addPermanentWidget(m_saved);
    connect(&Theme::instance(), &Theme::changed, this, &RunBar::applyTheme);
    setState(EngineState::Created, tr("Ready"), 0);
    clearRates();
    setProblems(0, 0);
}

void RunBar::setState(EngineState state, const QString& text, int documentErrors)
{
    m_engineState = state;
    m_documentErrors = documentErrors;
    m_state->setText(text);
    applyTheme();
}

void RunBar::setRates(const RunRates& rates)
{
    m_in->setText(tr("in %1/s").arg(figures::rate(rates.inPerS)));
    m_out->setText(tr("out %1/s").arg(figures::rate(rates.outPerS)));
    m_dead->setText(tr("dead %1/s").arg(figures::rate(rates.deadPerS)));
    m_lag->setText(rates.lag < 0 ? tr("lag –") : tr("lag %1").arg(figures::count(rates.lag)));
    m_anyDead = rates.deadPerS > 0;
    m_anyLag = rates.lag > 0;
    applyTheme();
}

void RunBar::clearRates()
{
    m_in->setText(tr("in –"));
    m_out->setText(tr("out –"));
    m_dead->setText(tr("dead –"));
    m_lag->setText(tr("lag –"));
    m_anyDead = m_anyLag = false;
    applyTheme();
}

void RunBar::setProblems(int count, int errors)
{
    m_count = count;
    m_errors = errors;
    m_problems->setText(count == 0 ? tr("No problems") : tr("%n problem(s)", "", count));
    applyTheme();
}

void RunBar::setSaved(const QString& text)
{
    m_saved->setText(text);
}

void RunBar::setNote(const QString& text)
{
    m_note->setText(text);
}

void RunBar::applyTheme()
{
    const StateLook look = lookOf(m_engineState, m_documentErrors);
    m_icon->setPixmap(icon(QString::fromLatin1(look.iconName), look.role).pixmap(kIconSize));
    colour(m_state, look.role == Role::Muted ? Role::Text : look.role);
    for (QLabel* label : {m_in, m_out, m_note, m_saved}) {
        colour(label, Role::Muted);
    }
    colour(m_dead, m_anyDead ? Role::Error : Role::Muted);
    colour(m_lag, m_anyLag ? Role::Warning : Role::Muted);
    const Role problems = m_errors > 0 ? Role::Error : (m_count > 0 ? Role::Warning : Role::Muted);
    m_problems->setIcon(icon(m_errors > 0 ? QStringLiteral("error")
                                          : (m_count > 0 ? QStringLiteral("warning") : QStringLiteral("ok")),
                             problems));
    colour(m_problems, m_count > 0 ? Role::Text : Role::Muted);
}

} // namespace streamwright
