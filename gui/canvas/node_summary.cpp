#include "gui/canvas/node_summary.h"

#include "gui/document/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace streamwright {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("NodeSummary", text);
}

QString shortText(const Json& value)
{
    if (value.is_string()) {
        return toQString(value.get_ref<const std::string&>()).simplified();
    }
    if (value.is_array()) {
        QStringList parts;
        for (const Json& part : value) {
            if (part.is_object() && part.contains("name") && part["name"].is_string()) {
                parts << toQString(part["name"].get_ref<const std::string&>());
            } else if (part.is_object() && !part.empty()) {
                parts << toQString(part.begin().key());
            } else {
                parts << shortText(part);
            }
        }
        return parts.join(QStringLiteral(", "));
    }
    if (value.is_object()) {
        QStringList keys;
        for (const auto& [key, unused] : value.items()) {
            keys << toQString(key);
        }
        return keys.join(QStringLiteral(", "));
    }
    return value.is_null() ? QString() : toQString(value.dump());
}

/// The configured value, else the default of the spec.
Json valueOf(const Node& node, const NodeType& type, const char* key)
{
    if (node.config.is_object()) {
        if (const auto found = node.config.find(key); found != node.config.end()) {
            return *found;
        }
    }
    const FieldSpec* field = type.spec().findField(key);
    return field == nullptr ? Json() : field->defaultValue;
}

} // namespace

NodeSummary nodeSummary(const Node& node, const NodeType* type)
{
    if (type == nullptr) {
        return {tr("Unknown type \"%1\"").arg(toQString(node.type)), false};
    }
    const auto text = [&](const char* key) { return shortText(valueOf(node, *type, key)); };
    const auto joined = [](const QStringList& parts) {
        QStringList filled;
        for (const QString& part : parts) {
            if (!part.isEmpty()) {
                filled << part;
            }
        }
        return filled.join(QStringLiteral(" · "));
    };
    const std::string& name = node.type;
    if (name == "kafka_source") {
        QString topic = text("topic");
        if (topic.isEmpty()) {
            topic = text("topics");
        }
        return {topic.isEmpty()
                    ? tr("No topic yet")
                    : joined({topic, text("format"), tr("from %1").arg(text("auto_offset_reset"))}),
                false};
    }
    if (name == "kafka_sink") {
        const QString topic = text("topic");
        return {topic.isEmpty() && text("topic_from").isEmpty()
                    ? tr("No topic yet")
                    : joined({topic.isEmpty() ? text("topic_from") : topic, text("format")}),
                false};
    }
    if (name == "file_source" || name == "file_sink") {
        const QString path = text("path");
        return {path.isEmpty() ? tr("No file yet")
                               : joined({path.section(QLatin1Char('/'), -1), text("format")}),
                false};
    }
    if (name == "parse") {
        const QString field = text("field");
        const QString outputs = text("outputs");
        return {outputs.isEmpty() ? tr("No outputs yet")
                                  : tr("%1 → %2").arg(field.isEmpty() ? tr("value") : field, outputs),
                false};
    }
    if (name == "filter") {
        const QString condition = text("condition");
        return {condition.isEmpty() ? tr("No condition yet") : condition, !condition.isEmpty()};
    }
    if (name == "number") {
        return {
            tr("%1 from %2").arg(text("field").isEmpty() ? tr("no field yet") : text("field"), text("start")),
            false};
    }
    if (name == "generator" || name == "throttle") {
        return {tr("%1 per second").arg(text("per_second")), false};
    }
    for (const FieldSpec& field : type->spec().fields) {
        const QString value = text(field.key.c_str());
        if (!value.isEmpty() && (field.required || !node.config.empty())) {
            return {value, field.editor == Editor::CelExpression};
        }
    }
    return {};
}

} // namespace streamwright
