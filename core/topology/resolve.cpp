#include "core/topology/resolve.h"

#include "core/node/field_codec.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace streamwright {
namespace {

constexpr std::string_view kEmbedded = "embedded";

class Resolver {
public:
    Resolver(const CompileOptions& options, ResolvedConfig& out) : m_options(options), m_out(out) {}

    void resolveObject(Json& object, const std::vector<FieldSpec>& fields, const std::string& prefix)
    {
        for (auto& [key, value] : object.items()) {
            const auto spec =
                std::find_if(fields.begin(), fields.end(),
                             [name = key](const FieldSpec& field) { return field.key == name; });
            resolveValue(value, spec == fields.end() ? nullptr : &*spec,
                         prefix.empty() ? key : prefix + '.' + key);
        }
    }

private:
    void resolveValue(Json& value, const FieldSpec* field, const std::string& path)
    {
        static const std::vector<FieldSpec> kNone;
        if (value.is_string()) {
            resolveString(value, field, path);
        } else if (value.is_object()) {
            resolveObject(value, field != nullptr ? field->columns : kNone, path);
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i) {
                const std::string element = path + '[' + std::to_string(i) + ']';
                if (value[i].is_object()) {
                    resolveObject(value[i], field != nullptr ? field->columns : kNone, element);
                } else {
                    resolveValue(value[i], nullptr, element);
                }
            }
        }
    }

    void resolveString(Json& value, const FieldSpec* field, const std::string& path)
    {
        const auto& written = value.get_ref<const std::string&>();
        if (written.find("${") == std::string::npos) {
            return;
        }
        ResolvedText resolved = resolveText(written, m_options.variables);
        for (const std::string& malformed : resolved.malformed) {
            m_out.diagnostics.push_back(
                fieldProblem(path, "bad_reference", quoted(malformed) + " is not a reference.",
                             "Write ${NAME}, ${NAME:default} or ${secret:NAME}; $${ for "
                             "the characters themselves."));
        }
        for (const Reference& missing : resolved.missing) {
            reportMissing(missing, path);
        }
        if (!resolved.missing.empty() || !resolved.malformed.empty()) {
            m_out.unresolved.insert(path.substr(0, path.find_first_of(".[")));
            return;
        }
        value = resolved.text;
        const bool isNumber =
            field != nullptr && (field->type == FieldType::Int || field->type == FieldType::Double);
        const bool isBool = field != nullptr && field->type == FieldType::Bool;
        if (resolved.hadReference && (isNumber || isBool)) {
            const Json converted = Json::parse(resolved.text, nullptr, false);
            if (isNumber ? converted.is_number() : converted.is_boolean()) {
                value = converted;
            }
        }
    }

    void reportMissing(const Reference& missing, const std::string& path)
    {
        Diagnostic diagnostic =
            missing.secret
                ? fieldProblem(
                      path, "missing_secret", "Secret " + quoted(missing.name) + " is not given.",
                      "Give it in a file of --secrets, in $CREDENTIALS_DIRECTORY or in the environment.")
                : fieldProblem(path, "missing_variable", "Variable " + quoted(missing.name) + " is not set.",
                               "Set it in the environment or a file of --env, or write a default: ${" +
                                   missing.name + ":default}.");
        diagnostic.severity = m_options.requireVariables ? Severity::Error : Severity::Warning;
        m_out.diagnostics.push_back(std::move(diagnostic));
    }

    const CompileOptions& m_options;
    ResolvedConfig& m_out;
};

bool startsWithAny(const std::string& key, std::initializer_list<std::string_view> prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&key](std::string_view prefix) { return key.starts_with(prefix); });
}

/// The value of one key, resolved, without complaints: they come with the whole connection.
std::string peek(const Json& config, const char* key, const CompileOptions& options)
{
    if (!config.contains(key) || !config[key].is_string()) {
        return {};
    }
    return resolveText(config[key].get_ref<const std::string&>(), options.variables).text;
}

/// The keys of a connection that count, given the protocol.
Json applicable(const Json& config, const std::string& protocol, bool embedded)
{
    const bool sasl = !embedded && protocol.starts_with("SASL_");
    const bool tls = !embedded && protocol.ends_with("SSL");
    const auto counts = [&](const std::string& key) {
        return (sasl || !startsWithAny(key, {"sasl_", "sasl."})) &&
               (tls || !startsWithAny(key, {"ssl_", "ssl."})) &&
               (!embedded || !startsWithAny(key, {"security_protocol", "security.protocol"}));
    };
    Json result = Json::object();
    for (const auto& [key, value] : config.items()) {
        if (!counts(key)) {
            continue;
        }
        result[key] = value;
        if (key == "properties" && value.is_object()) {
            result[key] = Json::object();
            for (const auto& [name, property] : value.items()) {
                if (counts(name)) {
                    result[key][name] = property;
                }
            }
        }
    }
    return result;
}

void addMissing(Diagnostics& to, Diagnostics more)
{
    for (Diagnostic& diagnostic : more) {
        const bool known = std::any_of(to.begin(), to.end(), [&diagnostic](const Diagnostic& d) {
            return d.field == diagnostic.field && d.code == diagnostic.code;
        });
        if (!known) {
            to.push_back(std::move(diagnostic));
        }
    }
}

} // namespace

ResolvedConfig resolveConfig(const Json& config, const std::vector<FieldSpec>& fields,
                             const CompileOptions& options)
{
    ResolvedConfig resolved;
    resolved.config = config.is_object() ? config : Json::object();
    Resolver(options, resolved).resolveObject(resolved.config, fields, {});
    return resolved;
}

PlannedConnection resolveConnection(const Connection& connection, const CompileOptions& options,
                                    Diagnostics& diagnostics)
{
    PlannedConnection planned;
    planned.name = connection.name;
    // Types and keys are checked as they are written, also where nothing of them is used in the end.
    Diagnostics found = validateConnection(connection.name, connection.config);
    if (!options.brokerOverride.empty()) {
        planned.config = Json{{"bootstrap_servers", options.brokerOverride}};
        planned.embedded = options.brokerOverride == kEmbedded;
        // What a login needs is not asked of a plain connection.
        std::erase_if(found, [](const Diagnostic& d) { return d.code == "required"; });
        append(diagnostics, std::move(found));
        return planned;
    }
    planned.embedded = peek(connection.config, "bootstrap_servers", options) == kEmbedded;
    std::string protocol = peek(connection.config, "security_protocol", options);
    if (protocol.empty() && connection.config.contains("properties")) {
        protocol = peek(connection.config["properties"], "security.protocol", options);
    }
    std::transform(protocol.begin(), protocol.end(), protocol.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    ResolvedConfig resolved =
        resolveConfig(applicable(connection.config, protocol, planned.embedded), connectionFields(), options);
    for (Diagnostic& diagnostic : resolved.diagnostics) {
        diagnostic.field = "connections." + connection.name + '.' + diagnostic.field;
    }
    planned.config = std::move(resolved.config);
    if (planned.embedded) {
        std::erase_if(found, [](const Diagnostic& d) { return d.code == "required"; });
    }
    Diagnostics afterwards = validateConnection(connection.name, planned.config);
    addMissing(found, std::move(afterwards));
    append(diagnostics, std::move(resolved.diagnostics));
    append(diagnostics, std::move(found));
    return planned;
}

} // namespace streamwright
