#pragma once

#include "core/base/diagnostic.h"
#include "core/node/node_type.h"
#include "core/pipeline/edit.h"
#include "core/pipeline/pipeline.h"
#include "gui/document/edit_command.h"
#include "gui/document/lint_runner.h"
#include "gui/document/ports.h"
#include "gui/document/selection.h"

#include <QByteArray>
#include <QObject>
#include <QPointF>
#include <QString>
#include <QTimer>
#include <QUndoStack>

#include <cstdint>
#include <map>
#include <vector>

namespace streamwright {

/// An open document: the only writer of its Pipeline. Every change is a list of edits that becomes one entry
/// of the undo list; views read pipeline() and follow changed(). Thread: GUI.
class PipelineDocument final : public QObject {
    Q_OBJECT

public:
    /// Whether an edit may join the entry before it, if gesture, kinds and targets are the same.
    enum class Merge : std::uint8_t { Never, WithinGesture };

    explicit PipelineDocument(const NodeRegistry& registry, QObject* parent = nullptr);
    ~PipelineDocument() override;

    [[nodiscard]] const Pipeline& pipeline() const { return m_pipeline; }
    [[nodiscard]] const NodeRegistry& registry() const { return m_registry; }
    [[nodiscard]] const Node* node(const NodeId& id) const { return m_pipeline.findNode(id); }
    /// Null for an unknown node or a type that this program does not know.
    [[nodiscard]] const NodeType* typeOf(const NodeId& id) const;
    [[nodiscard]] NodePorts portsOf(const NodeId& id) const;
    /// Where a node stands: its place in the layout, else the one that auto-layout gives it.
    [[nodiscard]] QPointF position(const NodeId& id) const;
    /// What lint() of a node may know of the document around it; for forms.
    [[nodiscard]] LintContext lintContext(const NodeId& id) const;

    [[nodiscard]] QUndoStack& undoStack() { return m_undoStack; }
    [[nodiscard]] Selection& selection() { return m_selection; }
    [[nodiscard]] const Selection& selection() const { return m_selection; }

    /// Applies all edits or none as one entry named `text`. False where nothing changed: edits that change
    /// nothing push nothing, and one that cannot be applied says why by editRefused().
    bool edit(const QString& text, std::vector<Edit> edits, Merge merge = Merge::Never);
    /// A new gesture begins: mouse press, key press, focus into a field. Edits before and after do not merge.
    void beginGesture();

    /// Edits are refused: while a recovery copy waits for a decision, or in view mode.
    [[nodiscard]] bool isReadOnly() const { return m_readOnly; }
    void setReadOnly(bool readOnly);

    /// What is wrong with the document now: what loading found, then what the live check finds.
    [[nodiscard]] const Diagnostics& diagnostics() const { return m_diagnostics; }
    [[nodiscard]] int errorCount(const NodeId& id) const;
    /// Checks at once, instead of a moment after the last edit.
    void checkNow();

    /// Empty for a document that was never saved.
    [[nodiscard]] QString filePath() const { return m_filePath; }
    /// File name without ".pipeline.json", or "New pipeline".
    [[nodiscard]] QString shownName() const;
    [[nodiscard]] bool isModified() const { return !m_undoStack.isClean() || m_recovered; }
    /// Nothing drawn and nothing to lose.
    [[nodiscard]] bool isEmpty() const;
    /// The canonical text, as it would be saved.
    [[nodiscard]] QByteArray text() const;
    /// Hash of the text that was last loaded or saved; empty for a new document.
    [[nodiscard]] QByteArray savedHash() const { return m_savedHash; }

    /// Replaces the document by what the file holds, broken ones as far as they can be read. False with
    /// `reason` where the file cannot be read at all; the document is then as it was.
    [[nodiscard]] bool load(const QString& path, QString& reason);
    /// As load, from text that is not (yet) a file; `modified` marks it as unsaved.
    void loadText(const QByteArray& text, const QString& path, bool modified);
    /// Writes the canonical text; the file that was there becomes NAME.bak, and stays as it is on any
    /// failure.
    [[nodiscard]] bool save(const QString& path, QString& reason);
    /// An empty document with the built-in broker as its connection.
    void clear();
    /// The file holds something else than what was loaded or saved.
    [[nodiscard]] bool fileChangedOnDisk() const;
    /// Whether the file was unreadable or broken when it was loaded: saving over it asks first.
    [[nodiscard]] bool wasBroken() const { return m_broken; }

Q_SIGNALS:
    /// The document was replaced as a whole.
    void reset();
    void changed(const streamwright::ChangeSet& changes);
    void diagnosticsChanged();
    void modifiedChanged(bool modified);
    void filePathChanged(const QString& path);
    void readOnlyChanged(bool readOnly);
    void editRefused(const QString& reason);
    void saved();

private:
    friend class EditCommand;
    /// Undo and redo: applies and returns what undoes it; selects and reveals what was touched.
    std::vector<Edit> applyFromHistory(const std::vector<Edit>& edits);
    void afterChange(const ChangeSet& changes);
    void refreshFallbackPositions();
    void setDiagnostics(Diagnostics diagnostics);
    void replace(Pipeline pipeline, Diagnostics diagnostics, const QString& path);

    const NodeRegistry& m_registry;
    Pipeline m_pipeline;
    QUndoStack m_undoStack;
    Selection m_selection;
    LintRunner m_lint;
    Diagnostics m_loadDiagnostics;
    Diagnostics m_diagnostics;
    std::map<NodeId, QPointF> m_fallbackPositions;
    std::uint64_t m_gesture = 1;
    QTimer m_gestureEnd;
    QString m_filePath;
    QByteArray m_savedHash;
    bool m_readOnly = false;
    bool m_recovered = false;
    bool m_broken = false;
};

} // namespace streamwright
