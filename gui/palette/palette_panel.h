#pragma once

#include "core/node/node_type.h"

#include <QTreeWidget>
#include <QWidget>

class QLineEdit;

namespace streamwright {

/// MIME type of a node type that is dragged from the palette; its data is the type's name.
inline constexpr char kNodeTypeMime[] = "application/x-streamwright-node-type";

/// The palette: all node types by category, to search, drag, double-click or place with Enter. Thread: GUI.
class PalettePanel final : public QWidget {
    Q_OBJECT

public:
    explicit PalettePanel(const NodeRegistry& registry, QWidget* parent = nullptr);

    void focusSearch();
    /// Types that are shown now, in their order.
    [[nodiscard]] QStringList visibleTypes() const;

Q_SIGNALS:
    /// Double-click or Enter: to be placed by the canvas.
    void placeRequested(const QString& type);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);

    QLineEdit* m_search;
    QTreeWidget* m_tree;
};

} // namespace streamwright
