#include "gui/document/edit_command.h"

#include "gui/document/pipeline_document.h"

#include <variant>

namespace streamwright {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

/// What an edit is about, without the value it sets; empty: never merged.
std::string target(const Edit& edit)
{
    return std::visit(Overloaded{
                          [](const SetField& e) { return "field " + e.node + ' ' + e.key; },
                          [](const SetTitle& e) { return "title " + e.node; },
                          [](const SetNodeDescription& e) { return "description " + e.node; },
                          [](const Move& e) { return "move " + e.node; },
                          [](const SetSetting& e) { return "setting " + e.key; },
                          [](const SetConnection& e) { return "connection " + e.name; },
                          [](const SetName&) { return std::string("name"); },
                          [](const SetDescription&) { return std::string("text"); },
                          [](const SetLayoutPart& e) { return "part " + e.part; },
                          [](const auto&) { return std::string(); },
                      },
                      edit);
}

} // namespace

ChangeSet changesOf(const std::vector<Edit>& edits)
{
    ChangeSet set;
    for (const Edit& edit : edits) {
        std::visit(Overloaded{
                       [&](const AddNode& e) {
                           set.removed.erase(e.node.id);
                           set.added.insert(e.node.id);
                       },
                       [&](const RemoveNode& e) {
                           set.added.erase(e.node);
                           set.removed.insert(e.node);
                       },
                       [&](const Connect&) { set.edges = true; },
                       [&](const Disconnect&) { set.edges = true; },
                       [&](const SetField& e) { set.changed.insert(e.node); },
                       [&](const RenameNode& e) { set.renamed.emplace_back(e.node, e.to); },
                       [&](const SetTitle& e) { set.changed.insert(e.node); },
                       [&](const SetNodeDescription& e) { set.changed.insert(e.node); },
                       [&](const SetMode& e) { set.changed.insert(e.node); },
                       [&](const Move& e) { set.moved.insert(e.node); },
                       [&](const SetSetting&) { set.settings = true; },
                       [&](const SetConnection&) { set.connections = true; },
                       [&](const SetName&) { set.settings = true; },
                       [&](const SetDescription&) { set.settings = true; },
                       [&](const SetLayoutPart&) { set.decoration = true; },
                   },
                   edit);
    }
    return set;
}

bool isNoOp(const Edit& edit, const Edit& inverse)
{
    return std::visit(
        Overloaded{
            [](const SetField& a, const SetField& b) { return a.value == b.value; },
            [](const SetTitle& a, const SetTitle& b) { return a.title == b.title; },
            [](const SetNodeDescription& a, const SetNodeDescription& b) {
                return a.description == b.description;
            },
            [](const SetMode& a, const SetMode& b) { return a.mode == b.mode; },
            [](const Move& a, const Move& b) { return a.position == b.position; },
            [](const SetSetting& a, const SetSetting& b) { return a.value == b.value; },
            [](const SetConnection& a, const SetConnection& b) { return a.config == b.config; },
            [](const SetName& a, const SetName& b) { return a.name == b.name; },
            [](const SetDescription& a, const SetDescription& b) { return a.description == b.description; },
            [](const SetLayoutPart& a, const SetLayoutPart& b) { return a.value == b.value; },
            [](const RenameNode& a, const RenameNode& b) { return a.to == b.to; },
            [](const auto&, const auto&) { return false; },
        },
        edit, inverse);
}

EditCommand::EditCommand(PipelineDocument& document, const QString& text, std::vector<Edit> edits,
                         std::vector<Edit> inverses, std::uint64_t gesture, bool mergeable)
    : QUndoCommand(text), m_document(document), m_edits(std::move(edits)), m_inverses(std::move(inverses)),
      m_gesture(gesture), m_mergeable(mergeable)
{
}

void EditCommand::undo()
{
    m_edits = m_document.applyFromHistory(m_inverses);
}

void EditCommand::redo()
{
    if (m_applied) {
        m_applied = false;
        return;
    }
    m_inverses = m_document.applyFromHistory(m_edits);
}

bool EditCommand::mergeWith(const QUndoCommand* other)
{
    const auto* next = dynamic_cast<const EditCommand*>(other);
    if (next == nullptr || next->m_gesture != m_gesture || next->m_edits.size() != m_edits.size() ||
        m_inverses.size() != m_edits.size()) {
        return false;
    }
    for (std::size_t i = 0; i < m_edits.size(); ++i) {
        const std::string mine = target(m_edits[i]);
        if (mine.empty() || mine != target(next->m_edits[i])) {
            return false;
        }
    }
    m_edits = next->m_edits;
    bool changesNothing = true;
    for (std::size_t i = 0; i < m_edits.size(); ++i) {
        // Inverses stand in the order of undoing: the last edit first.
        changesNothing = changesNothing && isNoOp(m_edits[i], m_inverses[m_inverses.size() - 1 - i]);
    }
    setObsolete(changesNothing);
    return true;
}

} // namespace streamwright
