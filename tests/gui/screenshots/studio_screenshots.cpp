#include "core/nodes/builtin.h"
#include "gui/app/main_window.h"
#include "gui/canvas/canvas_view.h"
#include "gui/style/english_plurals.h"
#include "gui/style/theme.h"
#include "tests/gui/support/gui_test.h"

#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cstdio>

/// studio_screenshots FOLDER: pictures of the Studio in its states, themes and sizes, for people to look at.
/// The pipelines really run, on the built-in broker.
namespace streamwright {
namespace {

class Photographer {
public:
    explicit Photographer(QString folder) : m_folder(std::move(folder)) {}

    /// False where the picture could not be written.
    bool take(MainWindow& window, const QString& state)
    {
        QApplication::processEvents();
        const QString theme = Theme::instance().isDark() ? QStringLiteral("dark") : QStringLiteral("light");
        const QString name = QStringLiteral("studio-%1-%2-en-%3x%4.png")
                                 .arg(state, theme)
                                 .arg(window.width())
                                 .arg(window.height());
        const bool written = window.grab().save(m_folder + QLatin1Char('/') + name);
        std::printf("%s %s\n", written ? "wrote" : "could not write", qPrintable(name));
        std::fflush(stdout);
        return written;
    }

private:
    QString m_folder;
};

bool photographAll(Photographer& photographer, const QSize& size, Theme::Mode mode)
{
    Theme::instance().setMode(mode);
    QSettings().clear();
    MainWindow window(builtinNodes());
    window.resize(size);
    window.show();
    bool fine = eventually([&] { return window.isVisible(); });
    fine = photographer.take(window, QStringLiteral("empty")) && fine;

    PipelineDocument& document = window.document();
    document.loadText(purchaseRequests(), {}, false);
    window.canvas().fitAll();
    document.selection().selectNode("parse");
    document.checkNow();
    fine = photographer.take(window, QStringLiteral("design")) && fine;

    document.edit(QStringLiteral("Break"), {SetField{"filter", "condition", Json("value.quantity >")},
                                            SetField{"apps", "topic", std::nullopt}});
    document.checkNow();
    document.selection().selectNode("filter");
    if (auto* problems = window.findChild<QDockWidget*>(QStringLiteral("problems"))) {
        problems->raise();
    }
    fine = photographer.take(window, QStringLiteral("problems")) && fine;

    document.undoStack().setClean();
    window.openExample();
    window.startRun();
    const bool ran = eventually([&] { return window.run().rates().inPerS > 0; }, std::chrono::seconds(30));
    QElapsedTimer watched;
    watched.start();
    fine = eventually([&] { return watched.hasExpired(12'000); }, std::chrono::seconds(20)) && ran && fine;
    fine = photographer.take(window, QStringLiteral("running")) && fine;
    window.showLayout(MainWindow::Layout::Run);
    if (auto* monitor = window.findChild<QDockWidget*>(QStringLiteral("monitor"))) {
        monitor->show();
        monitor->raise();
    }
    QElapsedTimer settled;
    settled.start();
    fine = eventually([&] { return settled.hasExpired(1'500); }) && fine;
    fine = photographer.take(window, QStringLiteral("monitor")) && fine;
    window.run().stop();
    fine = eventually([&] { return !window.run().isActive(); }, std::chrono::seconds(20)) && fine;
    document.undoStack().setClean();
    return fine;
}

} // namespace
} // namespace streamwright

int main(int argc, char** argv)
{
    using namespace streamwright;
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QTemporaryDir home;
    for (const char* variable : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"}) {
        qputenv(variable, home.filePath(QLatin1String(variable)).toUtf8());
    }
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("streamwright"));
    QApplication::setApplicationName(QStringLiteral("streamwright-screenshots"));
    QApplication::setFont(QFont(QStringLiteral("Noto Sans"), 10));
    if (argc < 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        std::fprintf(stderr, "Usage: studio_screenshots FOLDER\n");
        return 2;
    }
    installEnglishPlurals();
    Theme::instance().install();
    Theme::instance().setReducedMotion(true);
    Photographer photographer(QString::fromLocal8Bit(argv[1]));
    bool fine = true;
    for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        for (const QSize size : {QSize(1280, 800), QSize(1440, 900), QSize(1920, 1080)}) {
            if (argc > 2 && QStringLiteral("%1x%2").arg(size.width()).arg(size.height()) !=
                                QString::fromLocal8Bit(argv[2])) {
                continue;
            }
            fine = photographAll(photographer, size, mode) && fine;
        }
    }
    return fine ? 0 : 1;
}
