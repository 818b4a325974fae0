#include "gui/app/main_window.h"

#include "core/base/log.h"
#include "core/pipeline/document.h"
#include "core/topology/diff.h"
#include "gui/app/notice_bar.h"
#include "gui/app/overlay_builder.h"
#include "gui/app/run_bar.h"
#include "gui/app/start_page.h"
#include "gui/canvas/canvas_view.h"
#include "gui/canvas/outline_panel.h"
#include "gui/inspector/inspector_panel.h"
#include "gui/inspector/problems_panel.h"
#include "gui/monitor/monitor_panel.h"
#include "gui/monitor/rejects_panel.h"
#include "gui/palette/palette_panel.h"
#include "gui/style/figures.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTime>
#include <QTimer>
#include <QUndoView>

#include <algorithm>

/// A static library's resources come only with somebody who asks for them, from outside every namespace.
static void initSamples()
{
    Q_INIT_RESOURCE(samples);
}

namespace streamwright {
namespace {

constexpr int kViewVersion = 1;
constexpr int kMostRecent = 10;
constexpr int kLogLines = 5'000;
constexpr int kPaletteWidth = 208;
constexpr int kInspectorWidth = 304;
constexpr int kBottomHeight = 176;
constexpr int kMonitorWidth = 528;

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

QString layoutName(MainWindow::Layout layout)
{
    return layout == MainWindow::Layout::Design ? QStringLiteral("design") : QStringLiteral("run");
}

} // namespace

MainWindow::MainWindow(const NodeRegistry& registry, QWidget* parent)
    : QMainWindow(parent), m_registry(registry), m_document(registry), m_run(registry),
      m_recovery(m_document), m_overlay(std::make_unique<OverlayBuilder>()),
      m_watcher(new QFileSystemWatcher(this))
{
    initSamples();
    setObjectName(QStringLiteral("main_window"));
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);

    m_canvas = new CanvasView(m_document);
    m_start = new StartPage;
    m_center = new QStackedWidget;
    m_center->addWidget(m_start);
    m_center->addWidget(m_canvas);
    m_notice = new NoticeBar;
    auto* const center = new QWidget;
    auto* const column = new QVBoxLayout(center);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notice);
    column->addWidget(m_center, 1);
    setCentralWidget(center);
    m_bar = new RunBar(this);
    setStatusBar(m_bar);

    makeActions();
    makeDocks();
    makeMenus();
    makeToolBar();
    connectDocument();
    connectRun();
    QSettings settings;
    m_actions.load(settings);
    restoreView();
    m_document.clear();
    refreshTitle();
    refreshActions();
    refreshProblems();
    refreshInspector();
}

MainWindow::~MainWindow()
{
    // Docks and panels outlive the members of this class; what they say while they go must not reach them.
    log::setListener(nullptr, nullptr);
    for (const auto& [name, dock] : m_docks) {
        dock->disconnect(this);
    }
    delete takeCentralWidget();
    for (const auto& [name, dock] : m_docks) {
        delete dock;
    }
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* content,
                                 Qt::DockWidgetArea area)
{
    auto* const dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(content);
    addDockWidget(area, dock);
    // A dock among tabs is named by its tab; a title below it would only say so again.
    const auto refreshTitle = [this] { m_dockTitles.start(); };
    connect(dock, &QDockWidget::topLevelChanged, this, refreshTitle);
    connect(dock, &QDockWidget::dockLocationChanged, this, refreshTitle);
    connect(dock, &QDockWidget::visibilityChanged, this, refreshTitle);
    m_docks.emplace(name, dock);
    return dock;
}

void MainWindow::refreshDockTitles()
{
    for (const auto& [name, dock] : m_docks) {
        const QList<QDockWidget*> siblings = tabifiedDockWidgets(dock);
        const bool tabbed =
            !dock->isFloating() && std::any_of(siblings.begin(), siblings.end(),
                                               [](const QDockWidget* other) { return !other->isHidden(); });
        QWidget* const title = dock->titleBarWidget();
        if (tabbed && title == nullptr) {
            auto* const none = new QWidget(dock);
            none->setFixedHeight(0);
            dock->setTitleBarWidget(none);
        } else if (!tabbed && title != nullptr) {
            dock->setTitleBarWidget(nullptr);
            title->deleteLater();
        }
    }
}

void MainWindow::makeDocks()
{
    m_dockTitles.setSingleShot(true);
    m_dockTitles.setInterval(0);
    connect(&m_dockTitles, &QTimer::timeout, this, &MainWindow::refreshDockTitles);
    m_palette = new PalettePanel(m_registry);
    m_outline = new OutlinePanel(m_document);
    m_inspector = new InspectorPanel(m_registry);
    m_problems = new ProblemsPanel;
    m_monitor = new MonitorPanel;
    m_rejects = new RejectsPanel;
    m_log = new QPlainTextEdit;
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(kLogLines);
    m_log->setFont(monoFont());
    m_log->setFrameShape(QFrame::NoFrame);
    m_log->setPlaceholderText(tr("What the engine does stands here."));
    auto* const history = new QUndoView(&m_document.undoStack());
    history->setEmptyLabel(tr("As opened"));
    history->setFrameShape(QFrame::NoFrame);
    history->setAccessibleName(tr("History"));

    QDockWidget* const palette =
        addDock(QStringLiteral("palette"), tr("Palette"), m_palette, Qt::LeftDockWidgetArea);
    QDockWidget* const outline =
        addDock(QStringLiteral("outline"), tr("Outline"), m_outline, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("inspector"), tr("Inspector"), m_inspector, Qt::RightDockWidgetArea);
    QDockWidget* const monitor =
        addDock(QStringLiteral("monitor"), tr("Monitor"), m_monitor, Qt::RightDockWidgetArea);
    QDockWidget* const problems =
        addDock(QStringLiteral("problems"), tr("Problems"), m_problems, Qt::BottomDockWidgetArea);
    QDockWidget* const rejects =
        addDock(QStringLiteral("dead_letters"), tr("Dead letters"), m_rejects, Qt::BottomDockWidgetArea);
    QDockWidget* const log = addDock(QStringLiteral("log"), tr("Log"), m_log, Qt::BottomDockWidgetArea);
    QDockWidget* const past =
        addDock(QStringLiteral("history"), tr("History"), history, Qt::BottomDockWidgetArea);
    splitDockWidget(palette, outline, Qt::Vertical);
    tabifyDockWidget(problems, rejects);
    tabifyDockWidget(rejects, log);
    tabifyDockWidget(log, past);
    monitor->hide();
    problems->raise();

    connect(m_palette, &PalettePanel::placeRequested, this, [this](const QString& type) {
        m_center->setCurrentWidget(m_canvas);
        if (const NodeType* const known = m_registry.find(type.toStdString())) {
            m_canvas->placeNode(*known);
        }
        m_canvas->setFocus();
    });
    connect(m_problems, &ProblemsPanel::activated, this, &MainWindow::activateProblem);
    connect(m_problems, &ProblemsPanel::fixRequested, this, &MainWindow::fix);
    connect(m_monitor, &MonitorPanel::nodeActivated, this,
            [this](const QString& node) { m_document.selection().reveal(node.toStdString()); });
    connect(m_rejects, &RejectsPanel::nodeActivated, this,
            [this](const QString& node) { m_document.selection().reveal(node.toStdString()); });
    connect(m_bar, &RunBar::problemsClicked, this, [this] {
        m_docks.at(QStringLiteral("problems"))->show();
        m_docks.at(QStringLiteral("problems"))->raise();
    });
    connect(m_start, &StartPage::exampleRequested, this, &MainWindow::openExample);
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseFile);
    connect(m_start, &StartPage::addNodeRequested, this, [this] {
        m_center->setCurrentWidget(m_canvas);
        m_canvas->setFocus();
        m_canvas->requestAddMenu();
    });
    connect(m_start, &StartPage::fileRequested, this,
            [this](const QString& path) { closeAfterAsking([this, path] { openFile(path); }); });
    connect(m_start, &StartPage::forgetRequested, this, [this](const QString& path) {
        QSettings settings;
        QStringList files = recentFiles();
        files.removeAll(path);
        settings.setValue(QStringLiteral("recent_files"), files);
        m_start->setRecent(files);
    });
    connect(m_start, &StartPage::forgetAllRequested, this, [this] {
        QSettings().remove(QStringLiteral("recent_files"));
        m_start->setRecent({});
    });
    connect(m_start, &StartPage::fileDropped, this,
            [this](const QString& path) { closeAfterAsking([this, path] { openFile(path); }); });
    m_start->setRecent(recentFiles());
    connect(m_canvas, &CanvasView::nodeActivated, this, [this](const QString&) {
        m_docks.at(QStringLiteral("inspector"))->show();
        m_inspector->focusFirstField();
    });
    connect(m_canvas, &CanvasView::addMenuRequested, this, &MainWindow::showAddMenu);
    connect(m_canvas, &CanvasView::connectMenuRequested, this, &MainWindow::showConnectMenu);
    connect(m_canvas, &CanvasView::fileDropped, this,
            [this](const QString& path) { closeAfterAsking([this, path] { openFile(path); }); });
    connect(m_canvas, &CanvasView::statusMessage, this,
            [this](const QString& message) { m_bar->showMessage(message, 5'000); });
}

void MainWindow::connectDocument()
{
    connect(&m_document, &PipelineDocument::reset, this, [this] {
        m_problems->model().clearRunProblems();
        m_center->setCurrentWidget(m_document.isEmpty() ? static_cast<QWidget*>(m_start) : m_canvas);
        refreshInspector();
        refreshProblems();
        refreshActions();
        watchFile();
    });
    connect(&m_document, &PipelineDocument::changed, this, [this](const ChangeSet&) {
        if (!m_document.isEmpty()) {
            m_center->setCurrentWidget(m_canvas);
        }
        refreshInspector();
        refreshActions();
    });
    connect(&m_document, &PipelineDocument::diagnosticsChanged, this, [this] {
        refreshProblems();
        refreshInspector();
        refreshActions();
    });
    connect(&m_document.selection(), &Selection::changed, this, [this] {
        refreshInspector();
        refreshActions();
        m_monitor->selectNode(text(m_document.selection().singleNode()));
    });
    connect(&m_document.selection(), &Selection::revealField, this,
            [this](const std::string&, const QString& field) {
                m_docks.at(QStringLiteral("inspector"))->show();
                m_inspector->focusField(field);
            });
    connect(&m_document, &PipelineDocument::modifiedChanged, this, &MainWindow::refreshTitle);
    connect(&m_document, &PipelineDocument::filePathChanged, this, &MainWindow::refreshTitle);
    connect(&m_document, &PipelineDocument::saved, this, [this] {
        refreshTitle();
        watchFile();
    });
    connect(&m_document, &PipelineDocument::editRefused, this,
            [this](const QString& reason) { m_bar->showMessage(reason, 8'000); });
    connect(m_watcher, &QFileSystemWatcher::fileChanged, this, &MainWindow::noticeFileChange);

    // The inspector says what the user did; only here it becomes edits.
    connect(m_inspector, &InspectorPanel::fieldCommitted, this,
            [this](const QStringList& nodes, const QString& key, const std::optional<Json>& value) {
                std::vector<Edit> edits;
                for (const QString& node : nodes) {
                    edits.push_back(SetField{node.toStdString(), key.toStdString(), value});
                }
                m_document.edit(tr("Change %1").arg(key), std::move(edits),
                                PipelineDocument::Merge::WithinGesture);
            });
    connect(m_inspector, &InspectorPanel::titleCommitted, this,
            [this](const QString& node, const QString& title) {
                m_document.edit(tr("Rename"), {SetTitle{node.toStdString(), title.toStdString()}});
            });
    connect(m_inspector, &InspectorPanel::nodeDescriptionCommitted, this,
            [this](const QString& node, const QString& description) {
                m_document.edit(tr("Describe"),
                                {SetNodeDescription{node.toStdString(), description.toStdString()}});
            });
    connect(m_inspector, &InspectorPanel::settingCommitted, this,
            [this](const QString& key, const std::optional<Json>& value) {
                m_document.edit(tr("Change %1").arg(key), {SetSetting{key.toStdString(), value}});
            });
    connect(m_inspector, &InspectorPanel::nameCommitted, this, [this](const QString& name) {
        m_document.edit(tr("Rename the pipeline"), {SetName{name.toStdString()}});
    });
    connect(m_inspector, &InspectorPanel::descriptionCommitted, this, [this](const QString& description) {
        m_document.edit(tr("Describe the pipeline"), {SetDescription{description.toStdString()}});
    });
}

// ---------------------------------------------------------------------------------------------------- files

QStringList MainWindow::recentFiles() const
{
    return QSettings().value(QStringLiteral("recent_files")).toStringList();
}

void MainWindow::rememberFile(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    while (files.size() > kMostRecent) {
        files.removeLast();
    }
    QSettings().setValue(QStringLiteral("recent_files"), files);
    m_start->setRecent(files);
}

bool MainWindow::openFile(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QString reason;
    if (!m_document.load(absolute, reason)) {
        m_notice->showNotice(QStringLiteral("open"), NoticeBar::Tone::Error, reason,
                             {{tr("Dismiss"), {}, {}}});
        return false;
    }
    m_notice->closeNotice(QStringLiteral("open"));
    rememberFile(absolute);
    m_center->setCurrentWidget(m_canvas);
    m_canvas->fitAll();
    if (m_document.wasBroken()) {
        m_notice->showNotice(
            QStringLiteral("broken"), NoticeBar::Tone::Warning,
            tr("This file has errors: what could be read is shown, the Problems list says what could not. It "
               "is not "
               "overwritten unless you say so."),
            {{tr("Show problems"), {}, [this] { m_docks.at(QStringLiteral("problems"))->raise(); }},
             {tr("Dismiss"), {}, {}}});
    }
    const std::vector<RecoveryCopy> copies = Recovery::abandoned(absolute);
    if (!copies.empty()) {
        offerCopy(copies.front());
    }
    return true;
}

void MainWindow::offerRecovery()
{
    const std::vector<RecoveryCopy> copies = Recovery::abandoned();
    if (!copies.empty()) {
        offerCopy(copies.front());
    }
}

void MainWindow::offerCopy(const RecoveryCopy& copy)
{
    const QString name =
        copy.documentPath.isEmpty() ? tr("a new pipeline") : QFileInfo(copy.documentPath).fileName();
    m_document.setReadOnly(true);
    m_notice->showNotice(
        QStringLiteral("recovery"), NoticeBar::Tone::Warning,
        tr("Unsaved changes of %1 from %2 were found.")
            .arg(name, copy.at.toLocalTime().toString(QStringLiteral("HH:mm"))),
        {{tr("Restore"), tr("Open them as unsaved changes"),
          [this, copy] {
              m_document.setReadOnly(false);
              m_document.loadText(copy.text, copy.documentPath, true);
              Recovery::discard(copy);
              m_recovery.writeNow();
              m_canvas->fitAll();
          }},
         {tr("Compare"), tr("List what is different from the file"), [this, copy] { compareWithCopy(copy); }},
         {tr("Discard"), tr("Forget them for good"), [this, copy] {
              m_document.setReadOnly(false);
              Recovery::discard(copy);
          }}});
}

void MainWindow::compareWithCopy(const RecoveryCopy& copy)
{
    QString reason;
    Pipeline saved;
    if (!copy.documentPath.isEmpty()) {
        if (const Result<LoadedDocument> loaded = loadDocument(copy.documentPath.toStdString())) {
            saved = loaded->pipeline;
        }
    }
    const LoadedDocument kept = parseDocument(copy.text.toStdString());
    QStringList lines;
    for (const TopologyChange& change : diff(saved, kept.pipeline)) {
        lines.append(QStringLiteral("• ") + text(change.text));
    }
    auto* const box =
        new QMessageBox(QMessageBox::NoIcon, tr("Unsaved changes"),
                        lines.isEmpty() ? tr("Only the layout differs.") : lines.join(QLatin1Char('\n')),
                        QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
    offerCopy(copy);
}

void MainWindow::openExample()
{
    closeAfterAsking([this] {
        QFile file(QStringLiteral(":/samples/purchase-requests-demo.pipeline.json"));
        if (file.open(QIODevice::ReadOnly)) {
            m_document.loadText(file.readAll(), QString(), false);
            m_center->setCurrentWidget(m_canvas);
            m_canvas->fitAll();
        }
    });
}

void MainWindow::newDocument()
{
    closeAfterAsking([this] { m_document.clear(); });
}

void MainWindow::chooseFile()
{
    closeAfterAsking([this] {
        auto* const dialog =
            new QFileDialog(this, tr("Open a pipeline"), QFileInfo(m_document.filePath()).path(),
                            tr("Pipelines (*.pipeline.json *.json);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openFile);
        dialog->open();
    });
}

bool MainWindow::save()
{
    return m_document.filePath().isEmpty() ? saveAs() : writeTo(m_document.filePath());
}

bool MainWindow::saveAs()
{
    const QString proposed = m_document.filePath().isEmpty()
                                 ? text(m_document.pipeline().name) + QStringLiteral(".pipeline.json")
                                 : m_document.filePath();
    auto* const dialog =
        new QFileDialog(this, tr("Save the pipeline"), proposed, tr("Pipelines (*.pipeline.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("pipeline.json"));
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::writeTo);
    dialog->open();
    return false; // not yet
}

bool MainWindow::writeTo(const QString& path)
{
    QString reason;
    m_watcher->removePaths(m_watcher->files());
    const bool written = m_document.save(path, reason);
    if (written) {
        m_notice->closeNotice(QStringLiteral("save"));
        m_notice->closeNotice(QStringLiteral("broken"));
        rememberFile(path);
        m_bar->showMessage(tr("Saved %1").arg(QFileInfo(path).fileName()), 3'000);
    } else {
        m_notice->showNotice(QStringLiteral("save"), NoticeBar::Tone::Error, reason,
                             {{tr("Save as…"), {}, [this] { saveAs(); }}, {tr("Dismiss"), {}, {}}});
        watchFile();
    }
    return written;
}

void MainWindow::watchFile()
{
    if (!m_watcher->files().isEmpty()) {
        m_watcher->removePaths(m_watcher->files());
    }
    if (!m_document.filePath().isEmpty()) {
        m_watcher->addPath(m_document.filePath());
    }
    m_notice->closeNotice(QStringLiteral("changed_on_disk"));
}

void MainWindow::noticeFileChange()
{
    if (!m_document.fileChangedOnDisk()) {
        return;
    }
    m_notice->showNotice(
        QStringLiteral("changed_on_disk"), NoticeBar::Tone::Warning,
        tr("%1 was changed by another program.").arg(QFileInfo(m_document.filePath()).fileName()),
        {{tr("Reload"), tr("Take what the file holds now"), [this] { openFile(m_document.filePath()); }},
         {tr("Keep mine"), tr("The next save overwrites the file"), {}}});
}

void MainWindow::closeAfterAsking(std::function<void()> then)
{
    const bool running = m_run.isActive();
    const bool unsaved = m_document.isModified();
    if (!running && !unsaved) {
        then();
        return;
    }
    auto* const box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::NoIcon);
    box->setWindowTitle(tr("Streamwright Studio"));
    QStringList lines;
    if (running) {
        lines.append(tr("The pipeline is running. It will be drained and stopped."));
    }
    if (unsaved) {
        lines.append(tr("%1 has unsaved changes.").arg(m_document.shownName()));
    }
    box->setText(lines.join(QLatin1Char('\n')));
    QPushButton* const saveButton =
        unsaved ? box->addButton(running ? tr("Stop and save") : tr("Save"), QMessageBox::AcceptRole)
                : nullptr;
    QPushButton* const goOn = box->addButton(unsaved ? (running ? tr("Stop, do not save") : tr("Do not save"))
                                                     : tr("Stop and go on"),
                                             QMessageBox::DestructiveRole);
    box->addButton(running ? tr("Keep open") : tr("Cancel"), QMessageBox::RejectRole);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, box, saveButton, goOn, then](QAbstractButton* clicked) {
                const bool stay = clicked != goOn && (saveButton == nullptr || clicked != saveButton);
                if (stay || (clicked == saveButton && !save())) {
                    return;
                }
                Q_UNUSED(box)
                m_recovery.remove();
                m_run.stop();
                then();
            });
    box->open();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_closing || (!m_run.isActive() && !m_document.isModified())) {
        saveView();
        m_recovery.remove();
        event->accept();
        return;
    }
    event->ignore();
    closeAfterAsking([this] {
        m_closing = true;
        close();
    });
}

// ------------------------------------------------------------------------------------------------------ run

void MainWindow::connectRun()
{
    connect(&m_run, &RunController::updated, this, &MainWindow::onSnapshot);
    connect(&m_run, &RunController::stateChanged, this, &MainWindow::showRunState);
    connect(&m_run, &RunController::applyFailed, this, [this](const QString& why) {
        reportRunProblem(
            Severity::Error, {},
            tr("The changed version could not be started: %1 The former one runs again.").arg(why),
            QStringLiteral("apply_failed"));
    });
    log::setListener(
        [](LogLevel, std::string_view line, void* context) {
            auto* const window = static_cast<MainWindow*>(context);
            QMetaObject::invokeMethod(
                window,
                [window, copy = QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size()))] {
                    window->m_log->appendPlainText(
                        QTime::currentTime().toString(QStringLiteral("HH:mm:ss ")) + copy);
                },
                Qt::QueuedConnection);
        },
        this);
}

void MainWindow::startRun(bool takeOver)
{
    m_document.checkNow();
    if (hasErrors(m_document.diagnostics())) {
        m_docks.at(QStringLiteral("problems"))->show();
        m_docks.at(QStringLiteral("problems"))->raise();
        return;
    }
    m_recovery.writeNow();
    const QString folder =
        m_document.filePath().isEmpty()
            ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/runs")
            : QFileInfo(m_document.filePath()).path();
    QDir().mkpath(folder);
    // As the command line has it: $XDG_STATE_HOME, else ~/.local/state (Qt knows that place from 6.7 on).
    const QString state =
        qEnvironmentVariable("XDG_STATE_HOME", QDir::homePath() + QStringLiteral("/.local/state"));
    RunController::Context context;
    context.dataDir = folder.toStdString();
    context.stateDir =
        (state + QStringLiteral("/streamwright/") + text(m_document.pipeline().name)).toStdString();
    context.variables = &m_variables;
    context.takeOver = takeOver;
    m_problems->model().clearRunProblems();
    m_rejects->model().clear();
    m_monitor->clear();
    m_overlay->clear();
    m_lastEvent = 0;
    const Diagnostics diagnostics = m_run.start(m_document.pipeline(), context);
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            reportRunProblem(Severity::Error, text(diagnostic.node), text(diagnostic.message),
                             text(diagnostic.code));
        }
    }
    refreshActions();
}

void MainWindow::onSnapshot()
{
    const EngineSnapshot& snapshot = m_run.snapshot();
    const std::shared_ptr<const Topology> topology = m_run.topology();
    if (!topology || !m_run.runningVersion()) {
        return;
    }
    m_bar->setState(m_run.state(), m_run.stateText(), 0);
    m_bar->setRates(m_run.rates());
    m_monitor->update(snapshot, m_run.rates(), *topology);
    m_rejects->model().update(snapshot);
    m_docks.at(QStringLiteral("dead_letters"))
        ->setWindowTitle(snapshot.rejectsTotal > 0
                             ? tr("Dead letters (%1)")
                                   .arg(figures::count(static_cast<std::int64_t>(snapshot.rejectsTotal)))
                             : tr("Dead letters"));
    m_canvas->setOverlay(m_overlay->update(snapshot, m_run.rates(), *topology, *m_run.runningVersion()));
    for (const EngineEvent& event : snapshot.events) {
        if (event.number <= m_lastEvent) {
            continue;
        }
        m_lastEvent = event.number;
        if (event.kind == EngineEvent::Kind::Error || event.kind == EngineEvent::Kind::Stalled) {
            reportRunProblem(Severity::Error, text(event.node), text(event.text), QStringLiteral("run"));
        } else if (event.kind == EngineEvent::Kind::Warning) {
            reportRunProblem(Severity::Warning, text(event.node), text(event.text), QStringLiteral("run"));
        }
    }
    const auto standby = std::find_if(snapshot.flows.begin(), snapshot.flows.end(),
                                      [](const FlowSnapshot& flow) { return flow.standby; });
    if (standby != snapshot.flows.end()) {
        if (m_notice->topic() != QStringLiteral("standby")) {
            m_notice->showNotice(QStringLiteral("standby"), NoticeBar::Tone::Warning,
                                 tr("This pipeline runs already at %1. It waits here until that one ends.")
                                     .arg(text(standby->standbyFor)),
                                 {{tr("Take over"), tr("The other one is fenced and stops"),
                                   [this] {
                                       m_run.stop();
                                       m_takeOverNext = true;
                                   }},
                                  {tr("Keep waiting"), {}, {}}});
        }
    } else {
        m_notice->closeNotice(QStringLiteral("standby"));
    }
}

void MainWindow::showRunState()
{
    using enum EngineState;
    const EngineState state = m_run.state();
    m_bar->setState(state, m_run.stateText(), 0);
    if (state == Running && m_layout == Layout::Design && !m_keptDesign) {
        showLayout(Layout::Run);
    }
    if (state == Failed || state == Fenced) {
        const std::optional<Error>& failure = m_run.snapshot().failure;
        reportRunProblem(Severity::Error, {}, failure ? text(failure->message) : m_run.stateText(),
                         failure ? text(std::string(toString(failure->code))) : QStringLiteral("failed"),
                         failure && failure->code == Errc::RecordFailed ? tr("Keep dead letters")
                                                                        : QString());
        m_docks.at(QStringLiteral("problems"))->raise();
    }
    if (!m_run.isActive()) {
        m_bar->clearRates();
        m_notice->closeNotice(QStringLiteral("standby"));
        if (std::exchange(m_takeOverNext, false)) {
            startRun(true);
        }
    }
    refreshActions();
}

int MainWindow::stagedChanges() const
{
    if (!m_run.isActive() || !m_run.runningVersion()) {
        return 0;
    }
    return static_cast<int>(diff(*m_run.runningVersion(), m_document.pipeline()).size());
}

void MainWindow::applyChanges()
{
    m_recovery.writeNow();
    for (const Diagnostic& diagnostic : m_run.apply(m_document.pipeline())) {
        if (diagnostic.severity == Severity::Error) {
            reportRunProblem(Severity::Error, text(diagnostic.node), text(diagnostic.message),
                             text(diagnostic.code));
        }
    }
    refreshActions();
}

void MainWindow::discardChanges()
{
    if (!m_run.runningVersion()) {
        return;
    }
    // Undo back to the running version where the history still has it; otherwise one entry brings it back.
    QUndoStack& stack = m_document.undoStack();
    while (stack.canUndo() && stagedChanges() > 0) {
        stack.undo();
    }
}

void MainWindow::reportRunProblem(Severity severity, const QString& node, const QString& message,
                                  const QString& code, const QString& fixText)
{
    Problem problem;
    problem.severity = severity;
    problem.node = node;
    problem.title = shownNameOf(node);
    problem.text = message;
    problem.code = code;
    problem.fix = fixText;
    m_problems->model().addRunProblem(std::move(problem));
}

void MainWindow::fix(const QString& code, const QString& node, const QString& field)
{
    Q_UNUSED(field)
    if (code == QStringLiteral("record_failed") || code == QStringLiteral("error_port_unwired")) {
        const Json sink{
            {"type", "file_sink"},
            {"config",
             {{"path", m_document.pipeline().name + "-dead-letters.jsonl"}, {"format", "json_lines"}}}};
        m_document.edit(tr("Keep dead letters in a file"),
                        {SetSetting{"on_error", Json("dead_letter")}, SetSetting{"dead_letter", sink}});
        return;
    }
    if (code == QStringLiteral("unknown_topic")) {
        m_document.edit(tr("Create topics at start"), {SetSetting{"create_topics", Json(true)}});
        return;
    }
    activateProblem(node, field);
}

// ----------------------------------------------------------------------------------------------------- views

QString MainWindow::shownNameOf(const QString& node) const
{
    const Node* const found = m_document.node(node.toStdString());
    return found != nullptr ? text(found->shownName()) : node;
}

void MainWindow::refreshInspector()
{
    QStringList selected;
    for (const NodeId& id : m_document.selection().nodes()) {
        selected.append(text(id));
    }
    const Recommender recommend = [this](std::string_view kind) {
        std::vector<std::string> names;
        if (kind == "connections") {
            for (const Connection& connection : m_document.pipeline().connections) {
                names.push_back(connection.name);
            }
        } else if (kind == "topics") {
            for (const Node& node : m_document.pipeline().nodes) {
                const auto topic = node.config.find("topic");
                if (topic != node.config.end() && topic->is_string() &&
                    std::find(names.begin(), names.end(), topic->get<std::string>()) == names.end()) {
                    names.push_back(topic->get<std::string>());
                }
            }
        }
        return names;
    };
    m_inspector->show(m_document.pipeline(), selected, m_document.diagnostics(), recommend);
}

void MainWindow::refreshProblems()
{
    std::vector<Problem> problems;
    for (const Diagnostic& diagnostic : m_document.diagnostics()) {
        Problem problem;
        problem.severity = diagnostic.severity;
        problem.node = text(diagnostic.node);
        problem.title = shownNameOf(problem.node);
        problem.field = text(diagnostic.field);
        problem.text = text(diagnostic.message);
        problem.hint = text(diagnostic.hint);
        problem.code = text(diagnostic.code);
        if (diagnostic.code == "error_port_unwired") {
            problem.fix = tr("Keep dead letters");
        }
        problems.push_back(std::move(problem));
    }
    m_problems->model().setDocumentProblems(std::move(problems));
    const int count = m_problems->model().count();
    m_bar->setProblems(count, m_problems->model().errorCount());
    m_docks.at(QStringLiteral("problems"))
        ->setWindowTitle(count > 0 ? tr("Problems (%1)").arg(count) : tr("Problems"));
}

void MainWindow::activateProblem(const QString& node, const QString& field)
{
    m_center->setCurrentWidget(m_canvas);
    if (node.isEmpty()) {
        m_document.selection().clear();
        m_docks.at(QStringLiteral("inspector"))->show();
        m_inspector->focusField(field);
        return;
    }
    m_document.selection().reveal(node.toStdString(), field);
}

void MainWindow::refreshTitle()
{
    setWindowTitle(QStringLiteral("%1[*] – Streamwright Studio").arg(m_document.shownName()));
    setWindowModified(m_document.isModified());
    m_bar->setSaved(m_document.isModified() ? tr("Not saved")
                                            : (m_document.filePath().isEmpty() ? tr("New") : tr("Saved")));
}

void MainWindow::showLayout(Layout layout)
{
    if (layout != m_layout) {
        QSettings().setValue(QStringLiteral("view/") + layoutName(m_layout), saveState(kViewVersion));
    }
    m_layout = layout;
    const QByteArray kept = QSettings().value(QStringLiteral("view/") + layoutName(layout)).toByteArray();
    if (kept.isEmpty() || !restoreState(kept, kViewVersion)) {
        applyDefaultLayout(layout);
    }
    m_actions.action(QStringLiteral("view.design"))->setChecked(layout == Layout::Design);
    m_actions.action(QStringLiteral("view.run"))->setChecked(layout == Layout::Run);
}

void MainWindow::applyDefaultLayout(Layout layout)
{
    const bool design = layout == Layout::Design;
    for (const char* name : {"palette", "outline", "inspector"}) {
        m_docks.at(QString::fromLatin1(name))->setVisible(design);
    }
    m_docks.at(QStringLiteral("monitor"))->setVisible(!design);
    for (const char* name : {"problems", "dead_letters", "log", "history"}) {
        m_docks.at(QString::fromLatin1(name))->show();
    }
    m_docks.at(design ? QStringLiteral("problems") : QStringLiteral("dead_letters"))->raise();
    if (design) {
        resizeDocks({m_docks.at(QStringLiteral("palette")), m_docks.at(QStringLiteral("inspector"))},
                    {kPaletteWidth, kInspectorWidth}, Qt::Horizontal);
        resizeDocks({m_docks.at(QStringLiteral("palette")), m_docks.at(QStringLiteral("outline"))},
                    {560, 240}, Qt::Vertical);
    } else {
        resizeDocks({m_docks.at(QStringLiteral("monitor"))}, {std::min(kMonitorWidth, width() * 2 / 5)},
                    Qt::Horizontal);
    }
    resizeDocks({m_docks.at(QStringLiteral("problems"))}, {kBottomHeight}, Qt::Vertical);
}

void MainWindow::restoreView()
{
    QSettings settings;
    const QByteArray geometry = settings.value(QStringLiteral("view/geometry")).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        resize(1440, 900);
    }
    const bool visible = std::any_of(
        QGuiApplication::screens().begin(), QGuiApplication::screens().end(),
        [this](const QScreen* screen) { return screen->availableGeometry().intersects(frameGeometry()); });
    if (!visible && QGuiApplication::primaryScreen() != nullptr) {
        move(QGuiApplication::primaryScreen()->availableGeometry().topLeft());
    }
    showLayout(Layout::Design);
}

void MainWindow::saveView()
{
    QSettings settings;
    settings.setValue(QStringLiteral("view/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("view/") + layoutName(m_layout), saveState(kViewVersion));
    m_actions.save(settings);
}

} // namespace streamwright
