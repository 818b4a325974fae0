/// streamwright-studio [FILE]
#include "core/nodes/builtin.h"
#include "gui/app/main_window.h"
#include "gui/style/english_plurals.h"
#include "gui/style/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("streamwright"));
    QApplication::setApplicationName(QStringLiteral("streamwright-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("Streamwright Studio"));
    QApplication::setApplicationVersion(QStringLiteral(SW_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Draw a Kafka pipeline, run it and watch it."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QCoreApplication::translate("main", "A *.pipeline.json to open."),
                                 QStringLiteral("[FILE]"));
    parser.process(application);

    using namespace streamwright;
    const QSettings settings;
    installEnglishPlurals();
    Theme::instance().install();
    Theme::instance().setMode(static_cast<Theme::Mode>(settings.value(QStringLiteral("theme"), 0).toInt()));
    Theme::instance().setReducedMotion(settings.value(QStringLiteral("reduced_motion"), false).toBool());

    MainWindow window(builtinNodes());
    window.show();
    if (parser.positionalArguments().isEmpty()) {
        window.offerRecovery();
    } else {
        window.openFile(parser.positionalArguments().front());
    }
    return QApplication::exec();
}
