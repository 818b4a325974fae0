#include "core/nodes/builtin.h"
#include "gui/app/main_window.h"
#include "gui/app/notice_bar.h"
#include "gui/app/recovery.h"
#include "gui/canvas/canvas_view.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <csignal>

/// Studio, "Files": autosave, recovery and what else happens to files.
namespace streamwright {
namespace {

class RecoveryTest : public testing::Test {
protected:
    RecoveryTest()
    {
        QApplication::setOrganizationName(QStringLiteral("streamwright-test"));
        QApplication::setApplicationName(QStringLiteral("recovery"));
        path = folder.filePath(QStringLiteral("requests.pipeline.json"));
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(purchaseRequests());
    }
    ~RecoveryTest() override
    {
        for (const RecoveryCopy& copy : Recovery::abandoned()) {
            Recovery::discard(copy);
        }
    }
    static QPushButton* button(MainWindow& window, const char* text)
    {
        for (auto* candidate : window.findChild<NoticeBar*>()->findChildren<QPushButton*>()) {
            if (candidate->text() == QString::fromUtf8(text)) {
                return candidate;
            }
        }
        return nullptr;
    }

    QTemporaryDir folder;
    QString path;
};

TEST_F(RecoveryTest, AKilledWindowLeavesACopyThatRestoresToTheByte)
{
    QProcess child;
    child.setProgram(QStringLiteral(SW_BINARY_DIR "/bin/studio_editor_child"));
    child.setArguments({path});
    child.start();
    ASSERT_TRUE(child.waitForStarted());
    ASSERT_TRUE(child.waitForReadyRead(60'000)) << "the child made no edit";
    // Its copy comes two seconds after the edit; its lock lives as long as the child, so ask the file alone.
    ASSERT_EQ(::kill(static_cast<pid_t>(child.processId()), 0), 0);
    const QString store =
        QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/recovery");
    ASSERT_TRUE(
        eventually([&] { return !QDir(store).entryList({QStringLiteral("*.recovery.json")}).isEmpty(); },
                   std::chrono::seconds(30)));
    EXPECT_TRUE(Recovery::abandoned().empty()) << "its owner lives";
    ASSERT_EQ(::kill(static_cast<pid_t>(child.processId()), SIGKILL), 0);
    ASSERT_TRUE(child.waitForFinished());

    PipelineDocument expected(builtinNodes());
    expected.loadText(purchaseRequests(), {}, false);
    expected.edit(QStringLiteral("Move"), {Move{"requests", std::pair(-96.0, -48.0)}});

    MainWindow window(builtinNodes());
    window.show();
    ASSERT_TRUE(window.openFile(path));
    ASSERT_NE(button(window, "Restore"), nullptr) << window.findChild<NoticeBar*>()->text().toStdString();
    EXPECT_TRUE(window.document().isReadOnly()) << "until it is decided";
    button(window, "Restore")->click();
    EXPECT_EQ(window.document().text(), expected.text());
    EXPECT_TRUE(window.document().isModified());
    EXPECT_FALSE(window.document().isReadOnly());
    window.document().undoStack().setClean();
}

TEST_F(RecoveryTest, ACopyIsPrivateAndGoesWithACleanSave)
{
    PipelineDocument document(builtinNodes());
    QString reason;
    ASSERT_TRUE(document.load(path, reason));
    Recovery recovery(document);
    document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(0.0, 0.0)}});
    recovery.writeNow();
    const QDir store(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                     QStringLiteral("/recovery"));
    const QStringList copies = store.entryList({QStringLiteral("*.recovery.json")});
    ASSERT_EQ(copies.size(), 1);
    EXPECT_EQ(QFile::permissions(store.filePath(copies.front())) &
                  (QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup |
                   QFileDevice::WriteOther),
              QFileDevice::Permissions());
    ASSERT_TRUE(document.save(path, reason));
    EXPECT_TRUE(store.entryList({QStringLiteral("*.recovery.json")}).isEmpty());
}

TEST_F(RecoveryTest, AFileChangedByAnotherProgramIsSaidAndCanBeReloaded)
{
    MainWindow window(builtinNodes());
    window.show();
    ASSERT_TRUE(window.openFile(path));
    QByteArray changed = purchaseRequests();
    changed.replace("purchase-requests", "other-name");
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(changed);
    file.close();
    ASSERT_TRUE(eventually([&] { return button(window, "Reload") != nullptr; }));
    button(window, "Reload")->click();
    EXPECT_EQ(window.document().pipeline().name, "other-name");
}

TEST_F(RecoveryTest, ABrokenFileOpensWithItsProblemsAndIsNotOverwrittenUnasked)
{
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    const QByteArray broken = purchaseRequests().replace(R"("type": "filter")", R"("type": 7)");
    file.write(broken);
    file.close();
    MainWindow window(builtinNodes());
    window.show();
    ASSERT_TRUE(window.openFile(path));
    EXPECT_FALSE(window.findChild<NoticeBar*>()->text().isEmpty());
    EXPECT_GE(window.document().pipeline().nodes.size(), 5U);
    EXPECT_FALSE(window.document().isModified());
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readAll(), broken);
}

} // namespace
} // namespace streamwright
