#include "core/nodes/builtin.h"
#include "gui/document/pipeline_document.h"
#include "tests/gui/support/gui_test.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace streamwright {
namespace {

class PipelineDocumentTest : public testing::Test {
protected:
    PipelineDocumentTest() { document.loadText(purchaseRequests(), {}, false); }

    PipelineDocument document{builtinNodes()};
};

TEST_F(PipelineDocumentTest, TypingWithinOneGestureIsOneEntry)
{
    document.beginGesture();
    for (const char* text : {"v", "va", "value.quantity > 1"}) {
        EXPECT_TRUE(document.edit(QStringLiteral("Change"), {SetField{"filter", "condition", Json(text)}},
                                  PipelineDocument::Merge::WithinGesture));
    }
    EXPECT_EQ(document.undoStack().count(), 1);
    document.undoStack().undo();
    EXPECT_EQ(document.node("filter")->config["condition"], "value.quantity > 0");
    document.undoStack().redo();
    EXPECT_EQ(document.node("filter")->config["condition"], "value.quantity > 1");
}

TEST_F(PipelineDocumentTest, AnotherGestureOrAnotherTargetIsAnotherEntry)
{
    const auto type = [&](const char* field, const char* text) {
        document.edit(QStringLiteral("Change"), {SetField{"filter", field, Json(text)}},
                      PipelineDocument::Merge::WithinGesture);
    };
    document.beginGesture();
    type("condition", "a");
    document.beginGesture();
    type("condition", "b");
    EXPECT_EQ(document.undoStack().count(), 2);
    document.edit(QStringLiteral("Change"), {SetField{"number", "field", Json("n")}},
                  PipelineDocument::Merge::WithinGesture);
    EXPECT_EQ(document.undoStack().count(), 3);
}

TEST_F(PipelineDocumentTest, AGestureEndsWhenTypingPauses)
{
    document.beginGesture();
    document.edit(QStringLiteral("Change"), {SetField{"filter", "condition", Json("a")}},
                  PipelineDocument::Merge::WithinGesture);
    QTimer pause;
    pause.setSingleShot(true);
    pause.start(1'100);
    ASSERT_TRUE(eventually([&] { return !pause.isActive(); }));
    document.edit(QStringLiteral("Change"), {SetField{"filter", "condition", Json("b")}},
                  PipelineDocument::Merge::WithinGesture);
    EXPECT_EQ(document.undoStack().count(), 2);
}

TEST_F(PipelineDocumentTest, WhatChangesNothingPushesNothing)
{
    EXPECT_FALSE(document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(312.0, 0.0)}}));
    EXPECT_FALSE(document.edit(QStringLiteral("Change"),
                               {SetField{"filter", "condition", Json("value.quantity > 0")}}));
    EXPECT_EQ(document.undoStack().count(), 0);
    EXPECT_FALSE(document.isModified());
}

TEST_F(PipelineDocumentTest, AMergeThatEndsAsNothingLeavesNoEntry)
{
    document.beginGesture();
    document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(320.0, 0.0)}},
                  PipelineDocument::Merge::WithinGesture);
    document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(312.0, 0.0)}},
                  PipelineDocument::Merge::WithinGesture);
    EXPECT_EQ(document.undoStack().count(), 0);
}

TEST_F(PipelineDocumentTest, AnEditThatCannotBeAppliedSaysWhyAndChangesNothing)
{
    const QByteArray before = document.text();
    QSignalSpy refused(&document, &PipelineDocument::editRefused);
    EXPECT_FALSE(
        document.edit(QStringLiteral("Mixed"), {Move{"parse", std::pair(0.0, 0.0)}, RemoveNode{"nobody"}}));
    ASSERT_EQ(refused.count(), 1);
    EXPECT_FALSE(refused.front().front().toString().isEmpty());
    EXPECT_EQ(document.text(), before);
    EXPECT_EQ(document.undoStack().count(), 0);
}

TEST_F(PipelineDocumentTest, ALockedDocumentRefusesEdits)
{
    document.setReadOnly(true);
    QSignalSpy refused(&document, &PipelineDocument::editRefused);
    EXPECT_FALSE(document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(0.0, 0.0)}}));
    EXPECT_EQ(refused.count(), 1);
}

TEST_F(PipelineDocumentTest, UndoSelectsAndRevealsWhatItTouched)
{
    document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(400.0, 0.0)}});
    document.selection().selectNode("apps");
    QSignalSpy revealed(&document.selection(), &Selection::revealNode);
    document.undoStack().undo();
    EXPECT_EQ(document.selection().singleNode(), "parse");
    EXPECT_EQ(revealed.count(), 1);
}

TEST_F(PipelineDocumentTest, SavingMakesItCleanAndKeepsOneBackup)
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.pipeline.json"));
    QString reason;
    ASSERT_TRUE(document.save(path, reason)) << reason.toStdString();
    const QByteArray first = document.text();
    document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(400.0, 0.0)}});
    EXPECT_TRUE(document.isModified());
    ASSERT_TRUE(document.save(path, reason));
    EXPECT_FALSE(document.isModified());
    EXPECT_EQ(document.shownName(), QStringLiteral("a"));
    QFile backup(path + QStringLiteral(".bak"));
    ASSERT_TRUE(backup.open(QIODevice::ReadOnly));
    EXPECT_EQ(backup.readAll(), first);
    document.undoStack().undo();
    EXPECT_TRUE(document.isModified()) << "undo past the saved state is a change";
}

TEST_F(PipelineDocumentTest, AFailedSaveKeepsTheOldFileAndTheEdits)
{
    document.edit(QStringLiteral("Move"), {Move{"parse", std::pair(400.0, 0.0)}});
    QString reason;
    EXPECT_FALSE(document.save(QStringLiteral("/nowhere/at/all.pipeline.json"), reason));
    EXPECT_FALSE(reason.isEmpty());
    EXPECT_TRUE(document.isModified());
}

TEST_F(PipelineDocumentTest, NoticesThatTheFileChangedOnDisk)
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.pipeline.json"));
    QString reason;
    ASSERT_TRUE(document.save(path, reason));
    EXPECT_FALSE(document.fileChangedOnDisk());
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::Append));
    file.write("\n");
    file.close();
    EXPECT_TRUE(document.fileChangedOnDisk());
}

TEST_F(PipelineDocumentTest, ABrokenFileOpensWithWhatCouldBeReadAndItsDiagnostics)
{
    QByteArray broken = purchaseRequests();
    broken.replace(R"("type": "filter")", R"("type": 7)");
    document.loadText(broken, {}, false);
    EXPECT_TRUE(document.wasBroken());
    EXPECT_GE(document.pipeline().nodes.size(), 5U);
    EXPECT_FALSE(document.diagnostics().empty());

    document.loadText("{ this is not JSON", {}, false);
    EXPECT_TRUE(document.wasBroken());
    EXPECT_FALSE(document.diagnostics().empty());
}

TEST_F(PipelineDocumentTest, TheLiveCheckFollowsTheEdits)
{
    ASSERT_TRUE(
        document.edit(QStringLiteral("Change"), {SetField{"filter", "condition", Json("value.quantity >")}}));
    EXPECT_TRUE(eventually([&] { return document.errorCount("filter") > 0; }));
    document.undoStack().undo();
    EXPECT_TRUE(eventually([&] { return document.errorCount("filter") == 0; }));
}

TEST_F(PipelineDocumentTest, ADocumentWithoutLayoutIsLaidOutFromLeftToRight)
{
    PipelineDocument plain(builtinNodes());
    QByteArray text = purchaseRequests();
    text.truncate(text.indexOf(",\n  \"layout\""));
    text += "\n}";
    plain.loadText(text, {}, false);
    EXPECT_LT(plain.position("requests").x(), plain.position("parse").x());
    EXPECT_LT(plain.position("parse").x(), plain.position("filter").x());
    for (const Node& a : plain.pipeline().nodes) {
        for (const Node& b : plain.pipeline().nodes) {
            EXPECT_TRUE(a.id == b.id || plain.position(a.id) != plain.position(b.id)) << a.id << ' ' << b.id;
        }
    }
}

} // namespace
} // namespace streamwright
