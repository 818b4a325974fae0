#include "gui/canvas/search_query.h"

#include "gui/document/text.h"

#include <QStringList>

#include <algorithm>

namespace streamwright {
namespace {

bool contains(const QString& text, const QString& word)
{
    return text.contains(word, Qt::CaseInsensitive);
}

QString fieldText(const Node& node, const char* key)
{
    if (!node.config.is_object()) {
        return {};
    }
    const auto found = node.config.find(key);
    return found == node.config.end() ? QString()
           : found->is_string()       ? toQString(found->get_ref<const std::string&>())
                                      : toQString(found->dump());
}

bool holds(const SearchQuery::Condition& condition, const SearchSubject& subject)
{
    const Node& node = *subject.node;
    if (condition.key == QLatin1String("is")) {
        const QString state = condition.value.toLower();
        return (state == QLatin1String("invalid") && subject.errors > 0) ||
               (state == QLatin1String("modified") && subject.changed) ||
               (state == QLatin1String("bypassed") && node.mode == NodeMode::Bypass) ||
               (state == QLatin1String("disabled") && node.mode == NodeMode::Off);
    }
    if (condition.key == QLatin1String("type")) {
        return contains(toQString(node.type), condition.value) ||
               (subject.type != nullptr && contains(toQString(subject.type->spec().label), condition.value));
    }
    if (condition.key == QLatin1String("topic")) {
        return contains(fieldText(node, "topic"), condition.value) ||
               contains(fieldText(node, "topics"), condition.value);
    }
    if (condition.key == QLatin1String("uses")) {
        return contains(toQString(node.config.dump()), condition.value);
    }
    return false;
}

} // namespace

SearchQuery parseQuery(const QString& text)
{
    static const QStringList kKeys{QStringLiteral("is"), QStringLiteral("type"), QStringLiteral("topic"),
                                   QStringLiteral("uses")};
    SearchQuery query;
    for (const QString& part : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto colon = part.indexOf(QLatin1Char(':'));
        if (colon > 0 && kKeys.contains(part.left(colon).toLower())) {
            query.conditions.push_back({part.left(colon).toLower(), part.mid(colon + 1)});
        } else {
            query.words.push_back(part);
        }
    }
    return query;
}

bool matches(const SearchQuery& query, const SearchSubject& subject)
{
    const Node& node = *subject.node;
    QString all = toQString(node.id) + QLatin1Char(' ') + toQString(node.title) + QLatin1Char(' ') +
                  toQString(node.type) + QLatin1Char(' ') + toQString(node.config.dump());
    if (subject.type != nullptr) {
        all += QLatin1Char(' ') + toQString(subject.type->spec().label);
    }
    return std::all_of(query.words.begin(), query.words.end(),
                       [&](const QString& word) { return contains(all, word); }) &&
           std::all_of(query.conditions.begin(), query.conditions.end(),
                       [&](const SearchQuery::Condition& condition) { return holds(condition, subject); });
}

} // namespace streamwright
