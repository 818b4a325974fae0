#pragma once

#include "core/node/node_type.h"
#include "core/pipeline/variables.h"
#include "gui/app/action_registry.h"
#include "gui/app/recovery.h"
#include "gui/bridge/run_controller.h"
#include "gui/document/pipeline_document.h"

#include <QMainWindow>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>

class QDockWidget;
class QFileSystemWatcher;
class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QToolBar;
class QToolButton;

namespace streamwright {

class CanvasView;
class InspectorPanel;
class MonitorPanel;
class NoticeBar;
class OutlinePanel;
class OverlayBuilder;
class PalettePanel;
class ProblemsPanel;
class RejectsPanel;
class RunBar;
class StartPage;

/// The window: one document, its canvas in the middle, everything else in docks around it. It joins the parts
/// by signals and holds no truth of its own. Thread: GUI.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(const NodeRegistry& registry, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Opens a file, broken ones as far as they can be read. False where it cannot be read at all; the bar
    /// above the canvas then says why.
    bool openFile(const QString& path);
    /// Offers what a former window left unsaved.
    void offerRecovery();
    void openExample();

    enum class Layout { Design, Run };
    void showLayout(Layout layout);

    [[nodiscard]] PipelineDocument& document() { return m_document; }
    [[nodiscard]] RunController& run() { return m_run; }
    [[nodiscard]] ActionRegistry& actions() { return m_actions; }
    [[nodiscard]] CanvasView& canvas() { return *m_canvas; }

    void startRun(bool takeOver = false);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void makeActions();
    void makeMenus();
    void makeToolBar();
    void makeDocks();
    void connectDocument();
    void connectRun();
    void restoreView();
    void saveView();
    void applyDefaultLayout(Layout layout);

    QDockWidget* addDock(const QString& name, const QString& title, QWidget* content,
                         Qt::DockWidgetArea area);

    // Files
    void refreshDockTitles();
    void newDocument();
    void chooseFile();
    bool save();
    bool saveAs();
    bool writeTo(const QString& path);
    /// Asks once where something would be lost; false = stay.
    void closeAfterAsking(std::function<void()> then);
    void rememberFile(const QString& path);
    [[nodiscard]] QStringList recentFiles() const;
    void watchFile();
    void noticeFileChange();
    void offerCopy(const RecoveryCopy& copy);
    void compareWithCopy(const RecoveryCopy& copy);

    // Run
    void applyChanges();
    void discardChanges();
    [[nodiscard]] int stagedChanges() const;
    void showRunState();
    void onSnapshot();
    void reportRunProblem(Severity severity, const QString& node, const QString& text, const QString& code,
                          const QString& fix = {});
    void fix(const QString& code, const QString& node, const QString& field);

    void refreshInspector();
    void refreshProblems();
    void refreshActions();
    void refreshTitle();
    void showCommandPalette();
    void showGoTo();
    void showAddMenu(const QPoint& global, const QPointF& scene, const std::optional<PortRef>& port);
    void showConnectMenu(const QPoint& global, const PortRef& port);
    void showShortcuts();
    void showSettings();
    void activateProblem(const QString& node, const QString& field);
    [[nodiscard]] QString shownNameOf(const QString& node) const;

    const NodeRegistry& m_registry;
    VariableSource m_variables;
    PipelineDocument m_document;
    RunController m_run;
    ActionRegistry m_actions;
    Recovery m_recovery;
    std::unique_ptr<OverlayBuilder> m_overlay;
    QFileSystemWatcher* m_watcher;

    QStackedWidget* m_center = nullptr;
    NoticeBar* m_notice = nullptr;
    CanvasView* m_canvas = nullptr;
    StartPage* m_start = nullptr;
    PalettePanel* m_palette = nullptr;
    OutlinePanel* m_outline = nullptr;
    InspectorPanel* m_inspector = nullptr;
    ProblemsPanel* m_problems = nullptr;
    MonitorPanel* m_monitor = nullptr;
    RejectsPanel* m_rejects = nullptr;
    QPlainTextEdit* m_log = nullptr;
    RunBar* m_bar = nullptr;
    QToolBar* m_tools = nullptr;
    QToolButton* m_zoom = nullptr;
    QWidget* m_staged = nullptr; ///< "3 changes: Apply, Discard"
    QAction* m_stagedAction = nullptr;
    QLabel* m_stagedText = nullptr;
    std::map<QString, QDockWidget*> m_docks;
    QTimer m_dockTitles;                 ///< several moves of one turn are one refresh
    std::map<QString, int> m_commandUse; ///< how recently a command was chosen from the palette
    int m_commandClock = 0;
    Layout m_layout = Layout::Design;
    quint64 m_lastEvent = 0;
    bool m_closing = false;
    bool m_takeOverNext = false;
    bool m_keptDesign = false; ///< the user went back to Design while running: stay there
};

} // namespace streamwright
