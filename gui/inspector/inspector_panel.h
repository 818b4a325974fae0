#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/pipeline.h"

#include <QStringList>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QScrollArea;
class QTextBrowser;

namespace streamwright {

class ConfigForm;

/// The inspector: the form of the selected node or nodes, the pipeline's own settings where nothing is
/// selected, and the help of the node type below. It shows what it is given and says what the user did; the
/// document is changed elsewhere. Thread: GUI.
class InspectorPanel final : public QWidget {
    Q_OBJECT

public:
    explicit InspectorPanel(const NodeRegistry& registry, QWidget* parent = nullptr);

    /// Shows the nodes of `pipeline` with these ids; none: the pipeline itself. `problems`: all diagnostics
    /// of the document; those of the shown fields are drawn under them.
    void show(const Pipeline& pipeline, const QStringList& selected, const Diagnostics& problems,
              const Recommender& recommend);
    /// Puts the focus into a field of what is shown.
    void focusField(const QString& path);
    void focusTitle();
    void focusFirstField();
    [[nodiscard]] ConfigForm* form() const { return m_form; }

Q_SIGNALS:
    /// The user finished a field of the shown nodes; an empty value takes the key away.
    void fieldCommitted(const QStringList& nodes, const QString& key,
                        const std::optional<streamwright::Json>& value);
    void titleCommitted(const QString& node, const QString& title);
    void nodeDescriptionCommitted(const QString& node, const QString& text);
    void settingCommitted(const QString& key, const std::optional<streamwright::Json>& value);
    void nameCommitted(const QString& name);
    void descriptionCommitted(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showNodes(const Diagnostics& problems, const Recommender& recommend);
    void showPipeline(const Diagnostics& problems);
    void preview(const QString& key, const Json& value);
    void applyTheme();
    [[nodiscard]] LintContext lintContext() const;
    [[nodiscard]] std::vector<const Node*> shownNodes() const;

    const NodeRegistry& m_registry;
    Pipeline m_pipeline; ///< a copy: what is shown
    QStringList m_selected;
    Diagnostics m_problems;
    Recommender m_recommend;
    QLineEdit* m_title;
    QLabel* m_subtitle;
    QScrollArea* m_scroll;
    ConfigForm* m_form;
    QPlainTextEdit* m_description;
    QTextBrowser* m_help;
};

} // namespace streamwright
