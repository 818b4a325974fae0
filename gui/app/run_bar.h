#pragma once

#include "core/engine/engine_snapshot.h"
#include "gui/bridge/run_rates.h"

#include <QStatusBar>
#include <QString>

class QLabel;
class QToolButton;

namespace streamwright {

/// The status bar: state and time, rates, dead letters, lag, problems at the left; guarantee, broker and save
/// state at the right. Thread: GUI.
class RunBar final : public QStatusBar {
    Q_OBJECT

public:
    explicit RunBar(QWidget* parent = nullptr);

    /// `text`: "Running 00:14:03"; the state chooses icon and colour.
    void setState(EngineState state, const QString& text, int documentErrors);
    void setRates(const RunRates& rates);
    void clearRates();
    void setProblems(int count, int errors);
    void setSaved(const QString& text);
    void setNote(const QString& text);

Q_SIGNALS:
    void problemsClicked();

private:
    void applyTheme();

    QLabel* m_icon;
    QLabel* m_state;
    QLabel* m_in;
    QLabel* m_out;
    QLabel* m_dead;
    QLabel* m_lag;
    QToolButton* m_problems;
    QLabel* m_note;
    QLabel* m_saved;
    EngineState m_engineState = EngineState::Created;
    int m_documentErrors = 0;
    bool m_anyDead = false;
    bool m_anyLag = false;
    int m_errors = 0;
    int m_count = 0;
};

} // namespace streamwright
