#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine_snapshot.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <vector>

class QLabel;
class QTableView;

namespace streamwright {

/// Something that is wrong, or worth knowing, in the document or in its run.
struct Problem {
    Severity severity = Severity::Error;
    QString node;  ///< id; empty: the pipeline
    QString title; ///< shown name of the node
    QString field;
    QString text;
    QString hint; ///< what to do, in a second line
    QString code;
    QDateTime first;
    QDateTime last;
    int count = 1;
    bool atRunTime = false;
    QString fix; ///< text of the button; empty: none

    [[nodiscard]] bool isSame(const Problem& other) const
    {
        return atRunTime == other.atRunTime && node == other.node && field == other.field &&
               code == other.code && text == other.text;
    }
};

/// The problems of a document and its run, worst first. What is mended goes, what happened in a run stays
/// until it is dismissed or the next run. Rows change in place. Thread: GUI.
class ProblemsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { SeverityColumn, NodeColumn, TextColumn, SinceColumn, FixColumn, ColumnCount };
    enum Role { HintRole = Qt::UserRole, SeverityRole };

    explicit ProblemsModel(QObject* parent = nullptr);

    void setDocumentProblems(std::vector<Problem> problems);
    /// Adds one, or counts it where it is there already.
    void addRunProblem(Problem problem);
    void clearRunProblems();
    void dismiss(int row);

    [[nodiscard]] const Problem& problem(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    [[nodiscard]] int errorCount() const;
    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void countChanged(int count);

private:
    void replace(std::vector<Problem> rows);

    std::vector<Problem> m_rows;
};

/// The Problems dock: the list, with a second line that says what to do. Double-click or Enter goes to the
/// node and into the field at fault; Delete dismisses what a run reported. Thread: GUI.
class ProblemsPanel final : public QWidget {
    Q_OBJECT

public:
    explicit ProblemsPanel(QWidget* parent = nullptr);

    [[nodiscard]] ProblemsModel& model() { return *m_model; }

Q_SIGNALS:
    void activated(const QString& node, const QString& field);
    /// The button of a row: `code` says which mend.
    void fixRequested(const QString& code, const QString& node, const QString& field);

private:
    void activate(const QModelIndex& index);
    void placeButtons();
    bool eventFilter(QObject* watched, QEvent* event) override;

    ProblemsModel* m_model;
    QTableView* m_table;
    QLabel* m_empty;
};

} // namespace streamwright
