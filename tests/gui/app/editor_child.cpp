#include "core/nodes/builtin.h"
#include "gui/app/main_window.h"
#include "gui/style/theme.h"

#include <QApplication>
#include <QStandardPaths>

#include <cstdio>

/// editor_child FILE: opens a document, moves a node, and goes on until it is killed: for the test of
/// recovery.
int main(int argc, char** argv)
{
    using namespace streamwright;
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("streamwright-test"));
    QApplication::setApplicationName(QStringLiteral("recovery"));
    QStandardPaths::setTestModeEnabled(true);
    Theme::instance().install();
    MainWindow window(builtinNodes());
    window.show();
    if (argc < 2 || !window.openFile(QString::fromLocal8Bit(argv[1]))) {
        return 2;
    }
    PipelineDocument& document = window.document();
    document.edit(QStringLiteral("Move"),
                  {Move{document.pipeline().nodes.front().id, std::pair(-96.0, -48.0)}});
    std::puts("edited");
    std::fflush(stdout);
    return QApplication::exec();
}
