#include "core/nodes/builtin.h"
#include "gui/app/main_window.h"
#include "gui/canvas/canvas_view.h"
#include "gui/palette/palette_panel.h"
#include "gui/palette/quick_list.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDockWidget>
#include <QLineEdit>
#include <QTest>

#include <algorithm>

/// Studio, "Window", "Search and command palette", "Keyboard only": through the whole window.
namespace streamwright {
namespace {

class WindowTest : public testing::Test {
protected:
    WindowTest() : window(builtinNodes())
    {
        window.resize(1440, 900);
        window.show();
        window.activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    }
    ~WindowTest() override { window.document().undoStack().setClean(); }

    static QuickList* openList() { return qobject_cast<QuickList*>(QApplication::activePopupWidget()); }
    /// To the open list, else to what has the focus.
    void key(Qt::Key which, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* target = QApplication::focusWidget();
        if (openList() != nullptr) {
            target = openList()->line();
        }
        ASSERT_NE(target, nullptr);
        QTest::keyClick(target, which, modifiers);
    }
    void addByKeyboard(const char* name)
    {
        window.activateWindow();
        window.canvas().setFocus();
        ASSERT_TRUE(eventually([&] { return QApplication::focusWidget() == &window.canvas(); }));
        key(Qt::Key_A);
        ASSERT_NE(openList(), nullptr);
        QTest::keyClicks(openList()->line(), QString::fromUtf8(name));
        key(Qt::Key_Return);
        QApplication::processEvents();
    }

    MainWindow window;
};

TEST_F(WindowTest, APipelineIsBuiltWithKeysAlone)
{
    window.canvas().window()->activateWindow();
    // The start page has the focus at first: the palette's key leads on.
    window.actions().action(QStringLiteral("node.add"))->trigger();
    ASSERT_NE(openList(), nullptr);
    QTest::keyClicks(openList()->line(), QStringLiteral("Input topic"));
    key(Qt::Key_Return);
    QApplication::processEvents();
    addByKeyboard("Filter");
    addByKeyboard("Output topic");
    const Pipeline& pipeline = window.document().pipeline();
    ASSERT_EQ(pipeline.nodes.size(), 3U);
    EXPECT_EQ(pipeline.nodes[0].type, "kafka_source");
    EXPECT_EQ(pipeline.nodes[1].type, "filter");
    EXPECT_EQ(pipeline.nodes[2].type, "kafka_sink");
    ASSERT_EQ(pipeline.edges.size(), 2U) << "each was wired to the one before";
    EXPECT_EQ(pipeline.edges[0].from.node, pipeline.nodes[0].id);
    EXPECT_EQ(pipeline.edges[1].to.node, pipeline.nodes[2].id);
    EXPECT_EQ(window.document().undoStack().count(), 3);
}

TEST_F(WindowTest, LettersInATextFieldAreTextAndNoCommands)
{
    window.document().loadText(purchaseRequests(), {}, false);
    window.document().selection().selectNode("parse");
    auto* search = window.findChild<PalettePanel*>()->findChild<QLineEdit*>();
    ASSERT_NE(search, nullptr);
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("madc"));
    EXPECT_EQ(search->text(), QStringLiteral("madc"));
    EXPECT_EQ(window.document().undoStack().count(), 0);
    EXPECT_EQ(window.document().node("parse")->mode, NodeMode::On);
    EXPECT_EQ(openList(), nullptr);
}

TEST_F(WindowTest, SingleLettersActOnTheCanvas)
{
    window.document().loadText(purchaseRequests(), {}, false);
    window.document().selection().selectNode("filter");
    window.canvas().setFocus();
    QTest::keyClick(&window.canvas(), Qt::Key_M);
    EXPECT_EQ(window.document().node("filter")->mode, NodeMode::Bypass);
    QTest::keyClick(&window.canvas(), Qt::Key_Delete);
    EXPECT_EQ(window.document().node("filter"), nullptr);
}

TEST_F(WindowTest, TheCommandPaletteListsEveryActionAndSaysWhyOneIsDisabled)
{
    window.actions().action(QStringLiteral("view.commands"))->trigger();
    QuickList* list = openList();
    ASSERT_NE(list, nullptr);
    EXPECT_EQ(list->visibleEntries(), static_cast<int>(window.actions().entries().size()));
    list->close();
    for (const ActionRegistry::Entry& entry : window.actions().entries()) {
        EXPECT_FALSE(entry.action->toolTip().isEmpty()) << entry.id.toStdString();
        EXPECT_FALSE(entry.action->text().isEmpty()) << entry.id.toStdString();
    }
}

TEST_F(WindowTest, NoTwoActionsShareAShortcut)
{
    std::map<QString, QString> taken;
    for (const ActionRegistry::Entry& entry : window.actions().entries()) {
        for (const QKeySequence& shortcut : entry.action->shortcuts()) {
            const QString text = shortcut.toString();
            EXPECT_TRUE(!taken.contains(text) || taken[text] == entry.id)
                << text.toStdString() << ": " << entry.id.toStdString() << " and "
                << taken[text].toStdString();
            taken[text] = entry.id;
        }
    }
}

TEST_F(WindowTest, RunIsRefusedWithAReasonWhileTheDocumentHasErrors)
{
    window.document().loadText(purchaseRequests(), {}, false);
    window.document().edit(QStringLiteral("Break"), {SetField{"number", "field", std::nullopt}});
    window.document().checkNow();
    const QAction* run = window.actions().action(QStringLiteral("run.start"));
    EXPECT_FALSE(run->isEnabled());
    EXPECT_FALSE(ActionRegistry::whyDisabled(*run).isEmpty());
    window.document().undoStack().undo();
    window.document().checkNow();
    EXPECT_TRUE(run->isEnabled()) << ActionRegistry::whyDisabled(*run).toStdString();
}

TEST_F(WindowTest, EveryDockHasAnObjectNameAndLayoutsShowTheirs)
{
    for (const QDockWidget* dock : window.findChildren<QDockWidget*>()) {
        EXPECT_FALSE(dock->objectName().isEmpty());
    }
    window.showLayout(MainWindow::Layout::Run);
    EXPECT_TRUE(window.findChild<QDockWidget*>(QStringLiteral("monitor"))->isVisible());
    window.showLayout(MainWindow::Layout::Design);
    EXPECT_TRUE(window.findChild<QDockWidget*>(QStringLiteral("palette"))->isVisible());
    EXPECT_TRUE(window.findChild<QDockWidget*>(QStringLiteral("inspector"))->isVisible());
}

} // namespace
} // namespace streamwright
