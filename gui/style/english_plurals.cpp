#include "gui/style/english_plurals.h"

#include <QCoreApplication>
#include <QString>
#include <QTranslator>

namespace streamwright {
namespace {

class EnglishPlurals final : public QTranslator {
public:
    using QTranslator::QTranslator;

    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char*, const char* source, const char*, int count) const override
    {
        if (count < 0) {
            return {};
        }
        QString text = QString::fromUtf8(source);
        return text.contains(QLatin1String("(s)"))
                   ? text.replace(QLatin1String("(s)"), QLatin1String(count == 1 ? "" : "s"))
                   : QString();
    }
};

} // namespace

void installEnglishPlurals()
{
    QCoreApplication::installTranslator(new EnglishPlurals(qApp));
}

} // namespace streamwright
