#include "gui/style/english_plurals.h"
#include "gui/style/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QStandardPaths>
#include <QTemporaryDir>

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    // Nothing of the machine's user is read or written.
    QTemporaryDir home;
    for (const char* folder : {"config", "data", "cache", "run", "state"}) {
        QDir(home.path()).mkdir(QLatin1String(folder));
    }
    qputenv("HOME", home.path().toUtf8());
    qputenv("XDG_CONFIG_HOME", home.filePath(QStringLiteral("config")).toUtf8());
    qputenv("XDG_DATA_HOME", home.filePath(QStringLiteral("data")).toUtf8());
    qputenv("XDG_CACHE_HOME", home.filePath(QStringLiteral("cache")).toUtf8());
    qputenv("XDG_STATE_HOME", home.filePath(QStringLiteral("state")).toUtf8());
    qputenv("XDG_RUNTIME_DIR", home.filePath(QStringLiteral("run")).toUtf8());
    QFile::setPermissions(home.filePath(QStringLiteral("run")),
                          QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("streamwright-test"));
    QApplication::setApplicationName(QStringLiteral("gui-test"));
    QApplication::setFont(QFont(QStringLiteral("Noto Sans"), 10));
    streamwright::Theme::instance().setMode(streamwright::Theme::Mode::Light);
    streamwright::Theme::instance().install();
    streamwright::installEnglishPlurals();
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
