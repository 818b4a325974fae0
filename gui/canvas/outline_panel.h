#pragma once

#include "gui/document/pipeline_document.h"

#include <QTimer>
#include <QWidget>

class QTreeWidget;
class QTreeWidgetItem;

namespace streamwright {

/// The outline: all nodes with their ports, wires and problems as a tree, the accessible equal of the canvas.
/// The selection is the document's; F2 renames, Delete deletes, Enter goes into the inspector. Thread: GUI.
class OutlinePanel final : public QWidget {
    Q_OBJECT

public:
    explicit OutlinePanel(PipelineDocument& document, QWidget* parent = nullptr);

    [[nodiscard]] QTreeWidget* tree() const { return m_tree; }

Q_SIGNALS:
    /// Enter or double-click.
    void nodeActivated(const QString& node);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild();
    void addNode(QTreeWidgetItem* parent, const Node& node);
    void showSelection();
    void takeSelection();
    void activate(QTreeWidgetItem* item);
    void removeSelected();

    PipelineDocument& m_document;
    QTreeWidget* m_tree;
    QTimer m_rebuild; ///< several changes of one turn are one rebuild
    bool m_syncing = false;
};

} // namespace streamwright
