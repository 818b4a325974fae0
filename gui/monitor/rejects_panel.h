#pragma once

#include "core/engine/engine_snapshot.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <cstdint>
#include <deque>

class QLabel;
class QPlainTextEdit;
class QTableView;

namespace streamwright {

/// The last dead letters of a run, newest first: when, where from, which node, why. Thread: GUI.
class RejectsModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, NodeColumn, Code, Message, Position, Key, Value, ColumnCount };

    explicit RejectsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    /// Takes what is new in the snapshot; what came and went between two snapshots is only counted.
    void update(const EngineSnapshot& snapshot);
    void clear();
    [[nodiscard]] const RejectSnapshot& reject(int row) const
    {
        return m_rows[static_cast<std::size_t>(row)];
    }
    /// All since the start of the run.
    [[nodiscard]] std::uint64_t total() const { return m_total; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static constexpr int kMostRows = 1'000;

private:
    std::deque<RejectSnapshot> m_rows; ///< newest first
    std::uint64_t m_last = 0;          ///< number of the newest row
    std::uint64_t m_total = 0;
};

/// The dock: the list, and the chosen dead letter below it in full. Thread: GUI.
class RejectsPanel final : public QWidget {
    Q_OBJECT

public:
    explicit RejectsPanel(QWidget* parent = nullptr);

    [[nodiscard]] RejectsModel& model() { return *m_model; }

Q_SIGNALS:
    void nodeActivated(const QString& node);

private:
    void showDetail(const QModelIndex& index);

    RejectsModel* m_model;
    QTableView* m_table;
    QPlainTextEdit* m_detail;
    QLabel* m_empty;
};

} // namespace streamwright
