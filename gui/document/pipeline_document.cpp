#include "gui/document/pipeline_document.h"

#include "core/pipeline/document.h"
#include "gui/document/auto_layout.h"
#include "gui/document/text.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>
#include <chrono>
#include <utility>

namespace streamwright {
namespace {

constexpr std::chrono::milliseconds kGesturePause{1'000};
constexpr int kUndoDepth = 500;

QByteArray hashOf(const QByteArray& text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

/// Diagnostics that both loading and the live check found stand once.
void appendNew(Diagnostics& to, const Diagnostics& more)
{
    for (const Diagnostic& diagnostic : more) {
        const bool known = std::any_of(to.begin(), to.end(), [&](const Diagnostic& d) {
            return d.code == diagnostic.code && d.node == diagnostic.node && d.field == diagnostic.field &&
                   d.message == diagnostic.message;
        });
        if (!known) {
            to.push_back(diagnostic);
        }
    }
}

} // namespace

PipelineDocument::PipelineDocument(const NodeRegistry& registry, QObject* parent)
    : QObject(parent), m_registry(registry), m_lint(registry, this)
{
    m_undoStack.setUndoLimit(kUndoDepth);
    m_gestureEnd.setSingleShot(true);
    m_gestureEnd.setInterval(kGesturePause);
    connect(&m_gestureEnd, &QTimer::timeout, this, &PipelineDocument::beginGesture);
    connect(&m_undoStack, &QUndoStack::cleanChanged, this, [this] { Q_EMIT modifiedChanged(isModified()); });
    connect(&m_lint, &LintRunner::finished, this, &PipelineDocument::setDiagnostics);
    clear();
}

PipelineDocument::~PipelineDocument()
{
    // The stack's last signals must not reach views of a document that is half gone.
    m_undoStack.disconnect(this);
}

const NodeType* PipelineDocument::typeOf(const NodeId& id) const
{
    const Node* found = node(id);
    return found == nullptr ? nullptr : m_registry.find(found->type);
}

NodePorts PipelineDocument::portsOf(const NodeId& id) const
{
    const Node* found = node(id);
    return found == nullptr ? NodePorts() : nodePorts(m_pipeline, *found, m_registry);
}

QPointF PipelineDocument::position(const NodeId& id) const
{
    if (const auto place = m_pipeline.position(id)) {
        return {place->first, place->second};
    }
    const auto found = m_fallbackPositions.find(id);
    return found == m_fallbackPositions.end() ? QPointF() : found->second;
}

LintContext PipelineDocument::lintContext(const NodeId& id) const
{
    LintContext context;
    for (const Connection& connection : m_pipeline.connections) {
        context.connections.push_back(connection.name);
    }
    // Behind an error port: some edge on the way to the node leaves one.
    std::vector<NodeId> open{id};
    std::set<NodeId> seen{id};
    while (!open.empty() && !context.behindErrorPort) {
        const NodeId at = open.back();
        open.pop_back();
        for (const Edge& edge : m_pipeline.edges) {
            if (edge.to.node != at) {
                continue;
            }
            context.behindErrorPort = context.behindErrorPort || edge.from.port == "error";
            if (seen.insert(edge.from.node).second) {
                open.push_back(edge.from.node);
            }
        }
    }
    const Json& settings = m_pipeline.settings;
    context.atLeastOnce = !(settings.is_object() && settings.contains("processing_guarantee") &&
                            settings["processing_guarantee"] == "exactly_once");
    return context;
}

bool PipelineDocument::edit(const QString& text, std::vector<Edit> edits, Merge merge)
{
    if (edits.empty()) {
        return false;
    }
    if (m_readOnly) {
        Q_EMIT editRefused(tr("The document is locked. Unlock it to edit."));
        return false;
    }
    Result<std::vector<Edit>> inverses = applyAll(edits, m_pipeline);
    if (!inverses) {
        Q_EMIT editRefused(toQString(inverses.error().message));
        return false;
    }
    if (inverses->size() == edits.size()) {
        bool changes = false;
        for (std::size_t i = 0; i < edits.size(); ++i) {
            changes = changes || !isNoOp(edits[i], (*inverses)[edits.size() - 1 - i]);
        }
        if (!changes) {
            return false;
        }
    }
    const ChangeSet changes = changesOf(edits);
    if (merge == Merge::WithinGesture) {
        m_gestureEnd.start();
    } else {
        beginGesture();
    }
    m_undoStack.push(new EditCommand(*this, text, std::move(edits), std::move(*inverses), m_gesture,
                                     merge == Merge::WithinGesture));
    afterChange(changes);
    return true;
}

void PipelineDocument::beginGesture()
{
    m_gestureEnd.stop();
    ++m_gesture;
}

std::vector<Edit> PipelineDocument::applyFromHistory(const std::vector<Edit>& edits)
{
    beginGesture();
    Result<std::vector<Edit>> inverses = applyAll(edits, m_pipeline);
    SW_ASSERT(inverses.hasValue(), "the history holds only edits that can be applied");
    const ChangeSet changes = changesOf(edits);
    afterChange(changes);

    std::set<NodeId> touched = changes.added;
    touched.insert(changes.changed.begin(), changes.changed.end());
    touched.insert(changes.moved.begin(), changes.moved.end());
    for (const auto& [from, to] : changes.renamed) {
        touched.erase(from);
        touched.insert(to);
    }
    std::erase_if(touched, [this](const NodeId& id) { return node(id) == nullptr; });
    if (!touched.empty()) {
        m_selection.set(touched);
        Q_EMIT m_selection.revealNode(*touched.begin());
    }
    return std::move(*inverses);
}

void PipelineDocument::afterChange(const ChangeSet& changes)
{
    if (!changes.added.empty() || changes.edges || !changes.renamed.empty() || !changes.moved.empty()) {
        refreshFallbackPositions();
    }
    // What is gone cannot stay selected.
    std::set<NodeId> nodes = m_selection.nodes();
    for (const auto& [from, to] : changes.renamed) {
        if (nodes.erase(from) > 0) {
            nodes.insert(to);
        }
    }
    std::erase_if(nodes, [this](const NodeId& id) { return node(id) == nullptr; });
    std::set<EdgeKey> edges = m_selection.edges();
    std::erase_if(edges, [this](const EdgeKey& key) {
        return std::none_of(m_pipeline.edges.begin(), m_pipeline.edges.end(),
                            [&](const Edge& edge) { return edge.from == key.from && edge.to == key.to; });
    });
    const auto listSize = [this](const char* part) {
        const Json& layout = m_pipeline.layout;
        return layout.is_object() && layout.contains(part) && layout[part].is_array()
                   ? static_cast<int>(layout[part].size())
                   : 0;
    };
    std::set<int> frames = m_selection.frames();
    std::set<int> notes = m_selection.notes();
    std::erase_if(frames, [count = listSize("frames")](int i) { return i >= count; });
    std::erase_if(notes, [count = listSize("notes")](int i) { return i >= count; });

    Q_EMIT changed(changes);
    m_selection.set(std::move(nodes), std::move(edges), std::move(frames), std::move(notes));
    m_lint.request(m_pipeline);
}

void PipelineDocument::refreshFallbackPositions()
{
    const bool complete =
        std::all_of(m_pipeline.nodes.begin(), m_pipeline.nodes.end(),
                    [this](const Node& n) { return m_pipeline.position(n.id).has_value(); });
    if (complete) {
        m_fallbackPositions.clear();
        return;
    }
    m_fallbackPositions = autoLayout(m_pipeline, m_registry);
}

void PipelineDocument::setReadOnly(bool readOnly)
{
    if (readOnly != m_readOnly) {
        m_readOnly = readOnly;
        Q_EMIT readOnlyChanged(readOnly);
    }
}

int PipelineDocument::errorCount(const NodeId& id) const
{
    return static_cast<int>(
        std::count_if(m_diagnostics.begin(), m_diagnostics.end(),
                      [&](const Diagnostic& d) { return d.node == id && d.severity == Severity::Error; }));
}

void PipelineDocument::checkNow()
{
    setDiagnostics(m_lint.check(m_pipeline));
}

void PipelineDocument::setDiagnostics(Diagnostics diagnostics)
{
    Diagnostics all;
    // What loading found stays true until the first edit.
    if (m_undoStack.isClean() && m_undoStack.index() == 0) {
        all = m_loadDiagnostics;
    }
    appendNew(all, diagnostics);
    if (all == m_diagnostics) {
        return;
    }
    m_diagnostics = std::move(all);
    Q_EMIT diagnosticsChanged();
}

QString PipelineDocument::shownName() const
{
    if (m_filePath.isEmpty()) {
        return m_pipeline.name.empty() || m_pipeline.nodes.empty() ? tr("New pipeline")
                                                                   : toQString(m_pipeline.name);
    }
    QString name = QFileInfo(m_filePath).fileName();
    for (const QString& suffix : {QStringLiteral(".pipeline.json"), QStringLiteral(".json")}) {
        if (name.endsWith(suffix)) {
            name.chop(suffix.size());
            break;
        }
    }
    return name;
}

bool PipelineDocument::isEmpty() const
{
    const Json& layout = m_pipeline.layout;
    const bool decorated = layout.is_object() && ((layout.contains("notes") && !layout["notes"].empty()) ||
                                                  (layout.contains("frames") && !layout["frames"].empty()));
    return m_pipeline.nodes.empty() && !decorated;
}

QByteArray PipelineDocument::text() const
{
    const std::string canonical = saveText(m_pipeline);
    return {canonical.data(), static_cast<qsizetype>(canonical.size())};
}

bool PipelineDocument::load(const QString& path, QString& reason)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        reason = tr("Cannot open \"%1\": %2.").arg(path, file.errorString());
        return false;
    }
    loadText(file.readAll(), path, false);
    return true;
}

void PipelineDocument::loadText(const QByteArray& text, const QString& path, bool modified)
{
    LoadedDocument loaded = parseDocument({text.constData(), static_cast<std::size_t>(text.size())});
    loaded.locate(loaded.diagnostics);
    m_broken = hasErrors(loaded.diagnostics) || !loaded.readable;
    m_savedHash = modified ? QByteArray() : hashOf(text);
    m_recovered = modified;
    replace(std::move(loaded.pipeline), std::move(loaded.diagnostics), path);
}

bool PipelineDocument::save(const QString& path, QString& reason)
{
    const QByteArray content = text();
    const QString backup = path + QStringLiteral(".bak");
    if (QFile::exists(path)) {
        QFile::remove(backup);
        if (!QFile::copy(path, backup)) {
            reason = tr("Cannot write the backup \"%1\". The file was not changed.").arg(backup);
            return false;
        }
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit()) {
        reason = tr("Cannot save \"%1\": %2. The file was not changed.").arg(path, file.errorString());
        return false;
    }
    m_savedHash = hashOf(content);
    m_recovered = false;
    m_broken = false;
    if (path != m_filePath) {
        m_filePath = path;
        Q_EMIT filePathChanged(path);
    }
    m_undoStack.setClean();
    Q_EMIT modifiedChanged(isModified());
    Q_EMIT saved();
    return true;
}

void PipelineDocument::clear()
{
    Pipeline empty;
    empty.name = "new-pipeline";
    empty.settings = Json::object();
    empty.connections.push_back({"local", Json{{"bootstrap_servers", "embedded"}}});
    m_broken = false;
    m_recovered = false;
    m_savedHash.clear();
    replace(std::move(empty), {}, {});
}

bool PipelineDocument::fileChangedOnDisk() const
{
    if (m_filePath.isEmpty() || m_savedHash.isEmpty()) {
        return false;
    }
    QFile file(m_filePath);
    return file.open(QIODevice::ReadOnly) && hashOf(file.readAll()) != m_savedHash;
}

void PipelineDocument::replace(Pipeline pipeline, Diagnostics diagnostics, const QString& path)
{
    beginGesture();
    m_selection.clear();
    m_pipeline = std::move(pipeline);
    m_loadDiagnostics = std::move(diagnostics);
    m_undoStack.clear();
    refreshFallbackPositions();
    if (path != m_filePath) {
        m_filePath = path;
        Q_EMIT filePathChanged(path);
    }
    Q_EMIT reset();
    Q_EMIT modifiedChanged(isModified());
    m_diagnostics = m_loadDiagnostics;
    Q_EMIT diagnosticsChanged();
    if (!m_pipeline.nodes.empty()) {
        m_lint.request(m_pipeline);
    }
}

} // namespace streamwright
