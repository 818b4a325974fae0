#pragma once

#include "core/pipeline/edit.h"

#include <QUndoCommand>

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace streamwright {

class PipelineDocument;

/// What a list of edits touched: tells views what to look at again.
struct ChangeSet {
    std::set<NodeId> added;
    std::set<NodeId> removed;
    std::set<NodeId> changed; ///< config, title, description, mode
    std::set<NodeId> moved;
    std::vector<std::pair<NodeId, NodeId>> renamed;
    bool edges = false;
    bool settings = false; ///< settings, name, description
    bool connections = false;
    bool decoration = false; ///< frames, notes, bends

    /// False where only the layout is another: what runs stays the same.
    [[nodiscard]] bool meaning() const
    {
        return !added.empty() || !removed.empty() || !changed.empty() || !renamed.empty() || edges ||
               settings || connections;
    }
};
[[nodiscard]] ChangeSet changesOf(const std::vector<Edit>& edits);

/// Whether `edit`, applied where `inverse` undoes it, changes anything.
[[nodiscard]] bool isNoOp(const Edit& edit, const Edit& inverse);

/// One entry of the undo list: edits that were made by one gesture. It acts on the document, never on items
/// of a scene. Two merge only with the same gesture number, the same kinds of edits and the same targets.
class EditCommand final : public QUndoCommand {
public:
    /// `edits` have been applied already and `inverses` undo them, in the order in which they stand.
    EditCommand(PipelineDocument& document, const QString& text, std::vector<Edit> edits,
                std::vector<Edit> inverses, std::uint64_t gesture, bool mergeable);

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override { return m_mergeable ? kMergeId : -1; }
    bool mergeWith(const QUndoCommand* other) override;

    [[nodiscard]] const std::vector<Edit>& edits() const { return m_edits; }

private:
    static constexpr int kMergeId = 1;

    PipelineDocument& m_document;
    std::vector<Edit> m_edits;
    std::vector<Edit> m_inverses;
    std::uint64_t m_gesture;
    bool m_mergeable;
    bool m_applied = true; ///< push() calls redo() once for what is done already
};

} // namespace streamwright
