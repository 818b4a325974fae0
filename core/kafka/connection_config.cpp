#include "core/kafka/connection_config.h"

#include "core/base/diagnostic.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwright::kafka {
namespace {

constexpr std::string_view kPlaintext = "PLAINTEXT";
/// Shorter texts than this stand in so many places that replacing them would hide the message, not the
/// secret.
constexpr std::size_t kShortestScrubbed = 3;

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string uppered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

void replaceAll(std::string& text, const std::string& from, std::string_view to)
{
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

} // namespace

ConnectionConfig ConnectionConfig::plain(std::string name, std::string bootstrapServers)
{
    return {.name = std::move(name), .bootstrapServers = std::move(bootstrapServers)};
}

ConnectionConfig ConnectionConfig::onEmbeddedBroker(std::string bootstrap) const
{
    ConnectionConfig config = plain(name, std::move(bootstrap));
    config.clientId = clientId;
    config.embedded = true;
    for (const auto& [property, value] : properties) {
        const bool isSecurity = property.starts_with("sasl.") || property.starts_with("ssl.") ||
                                property == "security.protocol" ||
                                property == "enable.ssl.certificate.verification";
        if (!isSecurity) {
            config.properties.emplace(property, value);
        }
    }
    return config;
}

std::string ConnectionConfig::protocol() const
{
    const auto own = properties.find("security.protocol");
    const std::string& given = own != properties.end() ? own->second : securityProtocol;
    return given.empty() || embedded ? std::string(kPlaintext) : uppered(given);
}

std::string ConnectionConfig::mechanism() const
{
    for (const char* const key : {"sasl.mechanism", "sasl.mechanisms"}) {
        if (const auto own = properties.find(key); own != properties.end()) {
            return own->second;
        }
    }
    return saslMechanism;
}

std::string ConnectionConfig::user() const
{
    const auto own = properties.find("sasl.username");
    return own != properties.end() ? own->second : saslUsername;
}

bool ConnectionConfig::usesTls() const
{
    return protocol().ends_with("SSL");
}

bool ConnectionConfig::usesSasl() const
{
    return protocol().starts_with("SASL_");
}

std::string ConnectionConfig::describe() const
{
    std::string text = "connection " + quoted(name) + " to " + bootstrapServers + " (";
    text += embedded ? std::string("embedded broker") : protocol();
    if (usesSasl()) {
        text += ", " + mechanism() + ", user " + quoted(user());
    }
    return text + ")";
}

std::string ConnectionConfig::scrub(std::string text) const
{
    std::vector<std::string> secrets{saslPassword, sslKeyPassword};
    for (const auto& [property, value] : properties) {
        if (isSecretProperty(property)) {
            secrets.push_back(value);
        }
    }
    // The longest first: one secret may be a part of another.
    std::sort(secrets.begin(), secrets.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    for (const std::string& secret : secrets) {
        if (secret.size() >= kShortestScrubbed) {
            replaceAll(text, secret, "***");
        }
    }
    return text;
}

bool isSecretProperty(const std::string& name)
{
    const std::string lower = lowered(name);
    if (lower.ends_with(".location")) {
        return false;
    }
    constexpr std::array<std::string_view, 5> kMarks{"password", "secret", "token", "key", "jaas"};
    return std::any_of(kMarks.begin(), kMarks.end(),
                       [&lower](std::string_view mark) { return lower.find(mark) != std::string::npos; });
}

std::string defaultClientId()
{
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) {
        host[0] = '\0';
    }
    return "streamwright-" + std::string(host[0] != '\0' ? host.data() : "localhost") + "-" +
           std::to_string(getpid());
}

} // namespace streamwright::kafka
