#include "core/pipeline/secrets.h"

#include "core/pipeline/settings.h"
#include "core/pipeline/variables.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace streamwright {
namespace {

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

/// `text` without its references; one with a default is a literal and stays.
std::string withoutReferences(std::string_view text)
{
    std::string rest;
    std::size_t at = 0;
    for (const Reference& reference : findReferences(text)) {
        rest += text.substr(at, reference.begin - at);
        if (reference.fallback && !reference.fallback->empty()) {
            rest += *reference.fallback;
        }
        at = reference.end;
    }
    rest += text.substr(at);
    std::erase_if(rest, [](unsigned char c) { return std::isspace(c) != 0; });
    return rest;
}

/// The values of `password=…` and the like in a JAAS text are what must be references there.
bool jaasHasLiteral(std::string_view text)
{
    const std::string rest = lowered(withoutReferences(text));
    for (const std::string_view name : {"password=", "secret="}) {
        for (std::size_t at = rest.find(name); at != std::string::npos; at = rest.find(name, at + 1)) {
            const std::size_t value = rest.find_first_not_of("\"'", at + name.size());
            if (value != std::string::npos && rest[value] != ';' &&
                rest.substr(at + name.size(), 2) != "\"\"") {
                return true;
            }
        }
    }
    return false;
}

class Finder {
public:
    explicit Finder(Diagnostics& out) : m_out(out) {}

    void check(const std::vector<FieldSpec>& fields, const Json& config, const std::string& prefix,
               const std::string& node)
    {
        if (!config.is_object()) {
            return;
        }
        for (const FieldSpec& field : fields) {
            if (!config.contains(field.key)) {
                continue;
            }
            const Json& value = config[field.key];
            const std::string path = prefix + field.key;
            if (field.secret) {
                checkText(field.key, value, path, node);
            } else if (field.key == "properties" && value.is_object()) {
                for (const auto& [name, property] : value.items()) {
                    if (isSecretProperty(name)) {
                        checkText(name, property, path + '.' + name, node);
                    }
                }
            } else if (field.type == FieldType::Object) {
                check(field.columns, value, path + '.', node);
            } else if (field.type == FieldType::ObjectList && value.is_array()) {
                for (std::size_t i = 0; i < value.size(); ++i) {
                    check(field.columns, value[i], path + '[' + std::to_string(i) + "].", node);
                }
            }
        }
    }

private:
    void checkText(const std::string& key, const Json& value, const std::string& path,
                   const std::string& node)
    {
        if (!value.is_string() || !isLiteralSecret(key, value.get_ref<const std::string&>())) {
            return;
        }
        std::string name = key;
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return std::isalnum(c) != 0 ? static_cast<char>(std::toupper(c)) : '_';
        });
        Diagnostic diagnostic;
        diagnostic.code = "literal_secret";
        diagnostic.message = "Holds a secret itself; a document is shared by mail and git.";
        diagnostic.hint =
            "Write \"${secret:" + name + "}\" and give the secret by its name (--secrets, environment).";
        diagnostic.node = node;
        diagnostic.field = path;
        m_out.push_back(std::move(diagnostic));
    }

    Diagnostics& m_out;
};

} // namespace

bool isSecretProperty(std::string_view name)
{
    const std::string lower = lowered(name);
    for (const std::string_view part : {"password", "passphrase", "secret", "jaas"}) {
        if (lower.find(part) != std::string::npos) {
            return true;
        }
    }
    return lower == "ssl.key.pem" || lower == "sasl.oauthbearer.config" || lower.ends_with(".token");
}

bool isLiteralSecret(std::string_view key, std::string_view text)
{
    if (lowered(key).find("jaas") != std::string::npos) {
        return jaasHasLiteral(text);
    }
    return !withoutReferences(text).empty();
}

Diagnostics findLiteralSecrets(const Pipeline& pipeline, const NodeRegistry* registry)
{
    Diagnostics diagnostics;
    Finder finder(diagnostics);
    for (const Connection& connection : pipeline.connections) {
        finder.check(connectionFields(), connection.config, "connections." + connection.name + '.', {});
    }
    if (registry != nullptr) {
        for (const Node& node : pipeline.nodes) {
            if (const NodeType* const type = registry->find(node.type)) {
                finder.check(type->spec().fields, node.config, {}, node.id);
            }
        }
    }
    return diagnostics;
}

} // namespace streamwright
