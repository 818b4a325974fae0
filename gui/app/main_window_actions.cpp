/// The actions of the window: what the menus, the tool bar and the command palette hold.
#include "gui/app/main_window.h"
#include "gui/app/notice_bar.h"
#include "gui/app/run_bar.h"
#include "gui/canvas/canvas_view.h"
#include "gui/inspector/problems_panel.h"
#include "gui/palette/palette_panel.h"
#include "gui/palette/quick_list.h"
#include "gui/style/icons.h"
#include "gui/style/studio_style.h"
#include "gui/style/theme.h"
#include "gui/style/type_scale.h"

#include <QActionGroup>
#include <QApplication>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFormLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QTableWidget>
#include <QToolBar>
#include <QToolButton>

#include <cmath>

namespace streamwright {
namespace {

constexpr double kZoomStep = 1.25;

QString id(const char* name)
{
    return QString::fromLatin1(name);
}

} // namespace

void MainWindow::makeActions()
{
    const QString file = tr("File");
    const QString edit = tr("Edit");
    const QString view = tr("View");
    const QString pipeline = tr("Pipeline");
    const QString run = tr("Run");
    const QString help = tr("Help");
    using Keys = QList<QKeySequence>;
    const auto add = [this](const char* name, const QString& category, const QString& label,
                            const QString& tip, const Keys& keys, const char* iconName, auto slot) {
        QAction* const action =
            m_actions.add(id(name), category, label, tip, keys, QString::fromLatin1(iconName));
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };

    add("file.new", file, tr("&New"), tr("Begin an empty pipeline"), {QKeySequence::New}, "new",
        [this] { newDocument(); });
    add("file.open", file, tr("&Open…"), tr("Open a pipeline file"), {QKeySequence::Open}, "folder",
        [this] { chooseFile(); });
    add("file.example", file, tr("Open the &example"), tr("Purchase requests on the built-in broker"), {},
        "flask", [this] { openExample(); });
    add("file.save", file, tr("&Save"), tr("Save the file"), {QKeySequence::Save}, "save",
        [this] { save(); });
    add("file.save_as", file, tr("Save &as…"), tr("Save under another name"),
        {QKeySequence(tr("Ctrl+Shift+S"))}, "", [this] { saveAs(); });
    add("file.settings", file, tr("Se&ttings…"), tr("Theme and shortcuts"), {QKeySequence(tr("Ctrl+,"))},
        "settings", [this] { showSettings(); });
    add("file.quit", file, tr("&Quit"), tr("Close the Studio"), {QKeySequence(tr("Ctrl+Q"))}, "",
        [this] { close(); });

    QAction* const undo = add("edit.undo", edit, tr("&Undo"), tr("Take back the last change"),
                              {QKeySequence::Undo}, "undo", [this] { m_document.undoStack().undo(); });
    QAction* const redo = add("edit.redo", edit, tr("&Redo"), tr("Do it again"),
                              {QKeySequence::Redo, QKeySequence(tr("Ctrl+Y"))}, "redo",
                              [this] { m_document.undoStack().redo(); });
    connect(&m_document.undoStack(), &QUndoStack::canUndoChanged, undo, &QAction::setEnabled);
    connect(&m_document.undoStack(), &QUndoStack::canRedoChanged, redo, &QAction::setEnabled);
    undo->setEnabled(false);
    redo->setEnabled(false);
    add("edit.cut", edit, tr("Cu&t"), tr("Copy the selected nodes as JSON text and delete them"),
        {QKeySequence::Cut}, "cut", [this] { m_canvas->cutSelection(); });
    add("edit.copy", edit, tr("&Copy"), tr("Copy the selected nodes as JSON text"), {QKeySequence::Copy},
        "copy", [this] { m_canvas->copySelection(); });
    add("edit.paste", edit, tr("&Paste"), tr("Paste nodes from JSON text"), {QKeySequence::Paste}, "paste",
        [this] { m_canvas->pasteAt(); });
    add("edit.duplicate", edit, tr("&Duplicate"), tr("Copy the selected nodes beside themselves"),
        {QKeySequence(tr("Ctrl+D"))}, "duplicate", [this] { m_canvas->duplicateSelection(); });
    add("edit.delete", edit, tr("De&lete"), tr("Delete what is selected"), {QKeySequence(Qt::Key_Delete)},
        "trash", [this] { m_canvas->deleteSelection(); });
    add("edit.delete_heal", edit, tr("Delete and &heal"),
        tr("Delete the selected nodes and join what they were between"), {QKeySequence(tr("Ctrl+Del"))}, "",
        [this] { m_canvas->deleteAndHeal(); });
    add("edit.select_all", edit, tr("Select &all"), tr("Select all nodes"), {QKeySequence::SelectAll}, "",
        [this] { m_canvas->selectAll(); });
    add("edit.find", edit, tr("&Find on the canvas"),
        tr("By name, type, value or state: is:invalid, type:filter, topic:orders"), {QKeySequence::Find},
        "search", [this] { m_canvas->openSearch(); });
    add("edit.find_next", edit, tr("Find &next"), tr("Go to the next hit"), {QKeySequence(Qt::Key_F3)}, "",
        [this] { m_canvas->findNext(1); });

    add("node.add", pipeline, tr("&Add a node…"), tr("Choose a node type to place"),
        {QKeySequence(Qt::Key_A)}, "plus", [this] { m_canvas->requestAddMenu(); });
    add("node.wire", pipeline, tr("Start a &wire"), tr("Choose what the selected node leads to"),
        {QKeySequence(Qt::Key_C)}, "wire", [this] { m_canvas->startWireByKeyboard(); });
    add("node.rename", pipeline, tr("&Rename"), tr("Change the title of the selected node"),
        {QKeySequence(Qt::Key_F2)}, "pencil", [this] { m_canvas->editSelected(); });
    add("node.bypass", pipeline, tr("&Bypass"), tr("Records pass the node unchanged"),
        {QKeySequence(Qt::Key_M)}, "bypass", [this] { m_canvas->toggleMode(NodeMode::Bypass); });
    add("node.off", pipeline, tr("Switch &off"), tr("Nothing enters the node"), {QKeySequence(Qt::Key_D)},
        "power", [this] { m_canvas->toggleMode(NodeMode::Off); });
    add("layout.auto", pipeline, tr("Auto-&layout"), tr("Place all nodes from left to right"),
        {QKeySequence(tr("Ctrl+Shift+L"))}, "layout", [this] { m_canvas->layoutAll(); });
    add("layout.align_top", pipeline, tr("Align &top"), tr("Align the selected nodes at their top"), {},
        "align", [this] { m_canvas->align(CanvasView::Align::Top); });
    add("layout.align_left", pipeline, tr("Align l&eft"), tr("Align the selected nodes at their left"), {},
        "align", [this] { m_canvas->align(CanvasView::Align::Left); });
    add("layout.distribute", pipeline, tr("&Distribute"),
        tr("Space the selected nodes evenly from left to right"), {}, "",
        [this] { m_canvas->align(CanvasView::Align::SpreadX); });
    add("layout.note", pipeline, tr("Add a n&ote"), tr("A note on the canvas; it changes nothing that runs"),
        {}, "note", [this] { m_canvas->addNote(); });
    add("layout.frame", pipeline, tr("Add a &frame"), tr("A frame around the selected nodes"), {}, "frame",
        [this] { m_canvas->addFrame(); });
    add("node.settings", pipeline, tr("Pipeline &settings"), tr("Show the pipeline's own settings"), {},
        "sliders", [this] { activateProblem({}, {}); });

    add("run.start", run, tr("&Run"), tr("Start the pipeline"), {QKeySequence(Qt::Key_F5)}, "play", [this] {
        if (m_run.isActive()) {
            applyChanges();
        } else {
            startRun();
        }
    });
    add("run.stop", run, tr("&Stop"), tr("Drain, commit and stop"), {QKeySequence(tr("Shift+F5"))}, "stop",
        [this] { m_run.stop(); });
    add("run.apply", run, tr("&Apply changes"), tr("Drain, then start the changed version"),
        {QKeySequence(tr("Ctrl+F5"))}, "check", [this] { applyChanges(); });
    add("run.discard", run, tr("&Discard changes"), tr("Go back to the running version"), {}, "",
        [this] { discardChanges(); });

    add("view.fit", view, tr("&Fit all"), tr("Show the whole pipeline"), {QKeySequence(tr("Ctrl+9"))}, "fit",
        [this] { m_canvas->fitAll(); });
    add("view.fit_selection", view, tr("Fit &selection"), tr("Show what is selected"),
        {QKeySequence(tr("Ctrl+8"))}, "", [this] { m_canvas->fitSelection(); });
    add("view.zoom_100", view, tr("&100 %"), tr("True size"), {QKeySequence(tr("Ctrl+0"))}, "",
        [this] { m_canvas->setZoom(1); });
    add("view.zoom_in", view, tr("Zoom &in"), tr("Larger"), {QKeySequence::ZoomIn}, "",
        [this] { m_canvas->setZoom(m_canvas->zoom() * kZoomStep); });
    add("view.zoom_out", view, tr("Zoom &out"), tr("Smaller"), {QKeySequence::ZoomOut}, "",
        [this] { m_canvas->setZoom(m_canvas->zoom() / kZoomStep); });
    QAction* const minimap = add("view.minimap", view, tr("&Minimap"), tr("Show the overview in the corner"),
                                 {}, "minimap", [] {});
    minimap->setCheckable(true);
    minimap->setChecked(true);
    connect(minimap, &QAction::toggled, this, [this](bool on) { m_canvas->setMinimapShown(on); });
    QAction* const lock =
        add("view.lock", view, tr("&Lock editing"), tr("Look, but change nothing"), {}, "lock", [] {});
    lock->setCheckable(true);
    connect(lock, &QAction::toggled, this, [this](bool on) { m_document.setReadOnly(on); });
    auto* const layouts = new QActionGroup(this);
    for (const auto& [name, label, layout] : {std::tuple{"view.design", tr("&Design layout"), Layout::Design},
                                              std::tuple{"view.run", tr("&Run layout"), Layout::Run}}) {
        QAction* const action =
            add(name, view, label, tr("Arrange the docks for this work"), {}, "", [this, l = layout] {
                m_keptDesign = l == Layout::Design && m_run.isActive();
                showLayout(l);
            });
        action->setCheckable(true);
        layouts->addAction(action);
    }
    add("view.reset_layout", view, tr("Reset la&yout"), tr("Put the docks back where they were at first"), {},
        "", [this] {
            QSettings().remove(QStringLiteral("view"));
            applyDefaultLayout(m_layout);
        });
    add("view.go_to", view, tr("&Go to…"), tr("A node, topic or problem by name"),
        {QKeySequence(tr("Ctrl+P"))}, "search", [this] { showGoTo(); });
    add("view.commands", view, tr("&Commands…"), tr("Every action by name"),
        {QKeySequence(tr("Ctrl+Shift+P"))}, "list", [this] { showCommandPalette(); });
    add("view.palette", view, tr("Search node &types"), tr("Put the focus into the palette"),
        {QKeySequence(tr("Ctrl+Shift+A"))}, "", [this] {
            m_docks.at(id("palette"))->show();
            m_palette->focusSearch();
        });
    add("help.shortcuts", help, tr("&Shortcuts"), tr("All keys"), {QKeySequence(Qt::Key_F1)}, "keyboard",
        [this] { showShortcuts(); });

    m_canvas->setMenuFiller([this](QMenu& menu, bool overNode, bool overWire) {
        const std::vector<const char*> names =
            overNode
                ? std::vector<const char*>{"node.rename", "node.bypass",    "node.off",    "node.wire",
                                           "edit.copy",   "edit.duplicate", "edit.delete", "edit.delete_heal"}
                : (overWire
                       ? std::vector<const char*>{"edit.delete"}
                       : std::vector<const char*>{"node.add", "edit.paste", "edit.select_all", "layout.note",
                                                  "layout.frame", "layout.auto", "view.fit"});
        for (const char* name : names) {
            menu.addAction(m_actions.action(id(name)));
        }
    });

    // Letters belong to text fields while one has the focus: these act on the canvas alone.
    for (const char* name :
         {"node.add", "node.wire", "node.bypass", "node.off", "edit.delete", "edit.delete_heal", "edit.copy",
          "edit.cut", "edit.paste", "edit.select_all", "edit.duplicate"}) {
        QAction* const action = m_actions.action(id(name));
        removeAction(action);
        action->setShortcutContext(Qt::WidgetShortcut);
        m_canvas->addAction(action);
    }
}

void MainWindow::makeMenus()
{
    QMenu* menu = nullptr;
    QString category;
    QHash<QString, QMenu*> menus;
    for (const QString& name : {tr("File"), tr("Edit"), tr("View"), tr("Pipeline"), tr("Run"), tr("Help")}) {
        menus.insert(name, menuBar()->addMenu(name));
    }
    for (const ActionRegistry::Entry& entry : m_actions.entries()) {
        menu = menus.value(entry.category);
        if (menu != nullptr) {
            menu->addAction(entry.action);
        }
        static const QStringList kSeparated{
            id("file.save_as"),    id("file.settings"),     id("edit.redo"),
            id("edit.select_all"), id("node.off"),          id("layout.frame"),
            id("view.zoom_out"),   id("view.reset_layout"), id("run.stop")};
        if (menu != nullptr && kSeparated.contains(entry.id)) {
            menu->addSeparator();
        }
    }
    QMenu* const docks = menus.value(tr("View"))->addMenu(tr("&Panels"));
    for (const auto& [name, dock] : m_docks) {
        docks->addAction(dock->toggleViewAction());
    }
    // Two switches at the right of the menu bar: where one designs, and where one watches.
    auto* const corner = new QWidget(this);
    auto* const row = new QHBoxLayout(corner);
    row->setContentsMargins(0, kSpace4, kSpace8, kSpace4);
    row->setSpacing(0);
    for (const char* name : {"view.design", "view.run"}) {
        auto* const button = new QToolButton(corner);
        button->setDefaultAction(m_actions.action(id(name)));
        button->setText(QString::fromLatin1(name) == id("view.design") ? tr("Design") : tr("Run"));
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setCheckable(true);
        row->addWidget(button);
    }
    m_actions.action(id("view.design"))->setIconText(tr("Design"));
    m_actions.action(id("view.run"))->setIconText(tr("Run"));
    menuBar()->setCornerWidget(corner);
}

void MainWindow::makeToolBar()
{
    m_tools = addToolBar(tr("Tools"));
    m_tools->setObjectName(id("tools"));
    m_tools->setMovable(false);
    m_tools->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_tools->addAction(m_actions.action(id("run.start")));
    m_tools->addAction(m_actions.action(id("run.stop")));
    setPrimary(m_tools->widgetForAction(m_actions.action(id("run.start"))));
    m_tools->addSeparator();
    for (const char* name : {"edit.undo", "edit.redo", "view.fit"}) {
        m_tools->addAction(m_actions.action(id(name)));
        static_cast<QToolButton*>(m_tools->widgetForAction(m_actions.action(id(name))))
            ->setToolButtonStyle(Qt::ToolButtonIconOnly);
    }
    m_zoom = new QToolButton(this);
    m_zoom->setText(tr("100 %"));
    m_zoom->setToolTip(tr("Zoom"));
    m_zoom->setPopupMode(QToolButton::InstantPopup);
    auto* const zooms = new QMenu(m_zoom);
    for (const int percent : {50, 75, 100, 150, 200}) {
        zooms->addAction(tr("%1 %").arg(percent), this,
                         [this, percent] { m_canvas->setZoom(percent / 100.0); });
    }
    zooms->addSeparator();
    zooms->addAction(m_actions.action(id("view.fit")));
    zooms->addAction(m_actions.action(id("view.fit_selection")));
    m_zoom->setMenu(zooms);
    m_tools->addWidget(m_zoom);
    connect(m_canvas, &CanvasView::zoomChanged, this,
            [this](double factor) { m_zoom->setText(tr("%1 %").arg(std::lround(factor * 100))); });

    m_staged = new QWidget(this);
    auto* const staged = new QHBoxLayout(m_staged);
    staged->setContentsMargins(kSpace12, 0, 0, 0);
    staged->setSpacing(kSpace8);
    m_stagedText = new QLabel(m_staged);
    auto* const apply = new QPushButton(tr("Apply"), m_staged);
    setPrimary(apply);
    auto* const discard = new QPushButton(tr("Discard"), m_staged);
    connect(apply, &QPushButton::clicked, m_actions.action(id("run.apply")), &QAction::trigger);
    connect(discard, &QPushButton::clicked, m_actions.action(id("run.discard")), &QAction::trigger);
    staged->addWidget(m_stagedText);
    staged->addWidget(apply);
    staged->addWidget(discard);
    m_stagedAction = m_tools->addWidget(m_staged);

    auto* const gap = new QWidget(this);
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_tools->addWidget(gap);
    auto* const find =
        new QPushButton(icon(id("search"), Role::Muted), tr("Find a node, topic, problem"), this);
    find->setMinimumWidth(220);
    find->setToolTip(m_actions.action(id("view.go_to"))->toolTip());
    connect(find, &QPushButton::clicked, this, &MainWindow::showGoTo);
    m_tools->addWidget(find);
}

void MainWindow::refreshActions()
{
    const bool active = m_run.isActive();
    const bool selected = !m_document.selection().nodes().empty();
    const bool anything = !m_document.selection().isEmpty();
    const bool readOnly = m_document.isReadOnly();
    const int errors = m_problems != nullptr ? m_problems->model().errorCount() : 0;
    const QString select = tr("Select a node first");
    const QString locked = tr("The document is locked");
    for (const char* name :
         {"node.rename", "node.bypass", "node.off", "node.wire", "edit.delete_heal", "edit.duplicate",
          "layout.align_top", "layout.align_left", "layout.distribute"}) {
        m_actions.setEnabled(id(name), selected && !readOnly, readOnly ? locked : select);
    }
    m_actions.setEnabled(id("edit.delete"), anything && !readOnly,
                         readOnly ? locked : tr("Nothing is selected"));
    m_actions.setEnabled(id("edit.cut"), selected && !readOnly, readOnly ? locked : select);
    m_actions.setEnabled(id("edit.copy"), selected, select);
    m_actions.setEnabled(id("run.stop"), active, tr("Nothing runs"));

    const int staged = stagedChanges();
    QString whyNot;
    if (m_document.isEmpty()) {
        whyNot = tr("There is nothing to run yet");
    } else if (hasErrors(m_document.diagnostics())) {
        whyNot = tr("%n problem(s) must be mended first: see Problems", "", errors);
    }
    m_actions.setEnabled(id("run.start"), whyNot.isEmpty(), whyNot);
    m_actions.action(id("run.start"))->setText(active ? tr("&Restart") : tr("&Run"));
    m_actions.setEnabled(id("run.apply"), active && staged > 0 && whyNot.isEmpty(),
                         active ? (staged > 0 ? whyNot : tr("Nothing has changed")) : tr("Nothing runs"));
    m_actions.setEnabled(id("run.discard"), active && staged > 0, tr("Nothing has changed"));
    if (m_stagedAction != nullptr) {
        m_stagedAction->setVisible(staged > 0);
        m_stagedText->setText(tr("%n change(s)", "", staged));
    }
    if (!active && m_run.state() == EngineState::Created) {
        m_bar->setState(EngineState::Created,
                        errors > 0 ? tr("Not ready: %n error(s)", "", errors) : tr("Ready"), errors);
    }
}

void MainWindow::showCommandPalette()
{
    std::vector<QuickEntry> entries;
    for (const ActionRegistry::Entry& entry : m_actions.entries()) {
        QAction* const action = entry.action;
        const auto used = m_commandUse.find(entry.id);
        entries.push_back(
            {.text = entry.category + QStringLiteral(": ") + action->text().remove(QLatin1Char('&')),
             .hint = action->shortcut().toString(QKeySequence::NativeText),
             .whyNot = action->isEnabled() ? QString()
                                           : (ActionRegistry::whyDisabled(*action).isEmpty()
                                                  ? tr("Not possible now")
                                                  : ActionRegistry::whyDisabled(*action)),
             .icon = action->icon(),
             .rank = used != m_commandUse.end() ? used->second : 0,
             .choose = [this, action, name = entry.id] {
                 m_commandUse[name] = ++m_commandClock;
                 action->trigger();
             }});
    }
    (new QuickList(tr("Type a command"), std::move(entries), this))->openOver(this);
}

void MainWindow::showGoTo()
{
    std::vector<QuickEntry> entries;
    for (const Node& node : m_document.pipeline().nodes) {
        const QString name = QString::fromStdString(node.shownName());
        const auto go = [this, nodeId = node.id] { m_document.selection().reveal(nodeId); };
        entries.push_back({.text = name,
                           .hint = QString::fromStdString(node.type),
                           .whyNot = {},
                           .icon = {},
                           .rank = 0,
                           .choose = go});
        for (const char* key : {"topic", "path"}) {
            const auto value = node.config.find(key);
            if (value != node.config.end() && value->is_string()) {
                entries.push_back({.text = QString::fromStdString(value->get<std::string>()),
                                   .hint = tr("%1 of %2").arg(QString::fromLatin1(key), name),
                                   .whyNot = {},
                                   .icon = {},
                                   .rank = 0,
                                   .choose = go});
            }
        }
    }
    for (int row = 0; row < m_problems->model().count(); ++row) {
        const Problem& problem = m_problems->model().problem(row);
        entries.push_back(
            {.text = problem.text,
             .hint = tr("problem"),
             .whyNot = {},
             .icon = {},
             .rank = 0,
             .choose = [this, node = problem.node, field = problem.field] { activateProblem(node, field); }});
    }
    (new QuickList(tr("Go to a node, topic or problem"), std::move(entries), this))->openOver(this);
}

void MainWindow::showAddMenu(const QPoint& global, const QPointF& scene, const std::optional<PortRef>& port)
{
    std::vector<QuickEntry> entries;
    for (const NodeType& type : m_registry.types()) {
        const NodeSpec& spec = type.spec();
        if (port) {
            const std::vector<PortSpec>& fitting = port->side == PortSide::Out ? spec.inputs : spec.outputs;
            if (fitting.empty()) {
                continue;
            }
        }
        entries.push_back({.text = QString::fromStdString(spec.label),
                           .hint = QString::fromStdString(spec.summary),
                           .whyNot = {},
                           .icon = tileIcon(static_cast<TileShape>(spec.category),
                                            nodeTypeIcon(QString::fromStdString(spec.type))),
                           .rank = 0,
                           .choose = [this, &type, scene, port] {
                               m_center->setCurrentWidget(m_canvas);
                               m_canvas->addNode(type, scene, port);
                               m_canvas->setFocus();
                           }});
    }
    (new QuickList(tr("Add a node"), std::move(entries), this))->openAt(global);
}

void MainWindow::showConnectMenu(const QPoint& global, const PortRef& port)
{
    std::vector<QuickEntry> entries;
    for (const PortRef& other : m_canvas->compatiblePorts(port)) {
        entries.push_back({.text = shownNameOf(QString::fromStdString(other.node)),
                           .hint = QString::fromStdString(other.port),
                           .whyNot = {},
                           .icon = {},
                           .rank = 0,
                           .choose = [this, port, other] {
                               m_canvas->connectPorts(port, other);
                               m_canvas->setFocus();
                           }});
    }
    (new QuickList(tr("Wire to"), std::move(entries), this))->openAt(global);
}

void MainWindow::showShortcuts()
{
    auto* const dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Shortcuts"));
    dialog->resize(720, 560);
    auto* const table = new QTableWidget(0, 3, dialog);
    table->setHorizontalHeaderLabels({tr("Menu"), tr("Action"), tr("Keys")});
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    for (const ActionRegistry::Entry& entry : m_actions.entries()) {
        const int row = table->rowCount();
        table->insertRow(row);
        table->setItem(row, 0, new QTableWidgetItem(entry.category));
        table->setItem(row, 1, new QTableWidgetItem(entry.action->text().remove(QLatin1Char('&'))));
        table->item(row, 1)->setData(Qt::UserRole, entry.id);
        auto* const keys = new QKeySequenceEdit(entry.action->shortcut(), table);
        table->setCellWidget(row, 2, keys);
        connect(keys, &QKeySequenceEdit::editingFinished, this,
                [this, keys, name = entry.id, action = entry.action] {
                    if (keys->keySequence() == action->shortcut()) {
                        return;
                    }
                    if (const QAction* const other = m_actions.conflict(keys->keySequence(), name);
                        other != nullptr && !keys->keySequence().isEmpty()) {
                        m_bar->showMessage(tr("%1 belongs to \"%2\" already.")
                                               .arg(keys->keySequence().toString(QKeySequence::NativeText),
                                                    other->text().remove(QLatin1Char('&'))),
                                           8'000);
                        keys->setKeySequence(action->shortcut());
                        return;
                    }
                    m_actions.setShortcuts(name, {keys->keySequence()});
                    QSettings settings;
                    m_actions.save(settings);
                });
    }
    table->setColumnWidth(2, 200);
    auto* const close = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(close, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* const layout = new QVBoxLayout(dialog);
    layout->addWidget(table, 1);
    layout->addWidget(close);
    dialog->open();
}

void MainWindow::showSettings()
{
    auto* const dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Settings"));
    auto* const form = new QFormLayout;
    auto* const theme = new QComboBox(dialog);
    theme->addItems({tr("As the system"), tr("Light"), tr("Dark")});
    theme->setCurrentIndex(static_cast<int>(Theme::instance().mode()));
    connect(theme, &QComboBox::activated, this, [](int index) {
        Theme::instance().setMode(static_cast<Theme::Mode>(index));
        QSettings().setValue(QStringLiteral("theme"), index);
    });
    form->addRow(tr("Theme"), theme);
    auto* const rate = new QComboBox(dialog);
    for (const int perSecond : {4, 5, 10}) {
        rate->addItem(tr("%1 times a second").arg(perSecond), 1000 / perSecond);
    }
    rate->setCurrentIndex(std::max(
        0,
        rate->findData(QSettings().value(QStringLiteral("poll_ms"), RunController::kDefaultPollMs).toInt())));
    connect(rate, &QComboBox::activated, this, [this, rate] {
        m_run.setPollInterval(rate->currentData().toInt());
        QSettings().setValue(QStringLiteral("poll_ms"), rate->currentData());
    });
    form->addRow(tr("Live figures"), rate);
    auto* const motion = new QCheckBox(tr("Less motion"), dialog);
    motion->setChecked(Theme::instance().reducedMotion());
    connect(motion, &QCheckBox::toggled, this, [this](bool on) {
        Theme::instance().setReducedMotion(on);
        setAnimated(!on);
        QSettings().setValue(QStringLiteral("reduced_motion"), on);
    });
    form->addRow(QString(), motion);
    auto* const close = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(close, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* const layout = new QVBoxLayout(dialog);
    layout->addLayout(form);
    layout->addWidget(close);
    dialog->open();
}

} // namespace streamwright
