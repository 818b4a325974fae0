#include "core/pipeline/settings.h"

#include "core/node/spec_builder.h"

#include <algorithm>

namespace streamwright {
namespace {

constexpr std::int64_t kMaxCommitIntervalMs = 3'600'000;
constexpr int kMaxThreads = 256;
constexpr int kMinMemoryMb = 32;

/// What the document says of a connection; the engine makes a client configuration of it.
struct ConnectionKeys {
    std::string bootstrapServers;
    std::string securityProtocol = "PLAINTEXT";
    std::string saslMechanism;
    std::string saslUsername;
    std::string saslPassword;
    std::string sslCaLocation;
    std::string sslCertificateLocation;
    std::string sslKeyLocation;
    std::string sslKeyPassword;
    std::string clientId;
    Json properties;
};

void decodeProperties(const Json& value, Json& out, Decoding& decoding)
{
    if (!value.is_object()) {
        decoding.wrongType("an object of librdkafka properties", value);
        return;
    }
    for (const auto& [name, property] : value.items()) {
        if (property.is_structured() || property.is_null()) {
            decoding.within(name, [&] { decoding.wrongType("a text, number or bool", property); });
        }
    }
    out = value;
}

Json encodeProperties(const Json& value)
{
    return value;
}

void decodeDeadLetter(const Json& value, Json& out, Decoding& decoding)
{
    if (!value.is_object()) {
        decoding.wrongType("an object with \"type\" and \"config\"", value);
        return;
    }
    for (const auto& [key, unused] : value.items()) {
        if (key != "type" && key != "config" && !key.starts_with("x-")) {
            decoding.within(key, [&] {
                decoding.problem("unknown_field", "There is no such field here.", "Fields: type, config.");
            });
        }
    }
    if (!value.contains("type")) {
        decoding.within("type",
                        [&] { decoding.problem("required", "Is required.", "kafka_sink or file_sink."); });
    } else if (value["type"] != "kafka_sink" && value["type"] != "file_sink") {
        decoding.within("type", [&] {
            decoding.problem("not_an_option",
                             "Is " + value["type"].dump() + ", but must be one of kafka_sink, file_sink.");
        });
    }
    if (value.contains("config") && !value["config"].is_object()) {
        decoding.within("config", [&] { decoding.wrongType("an object", value["config"]); });
    }
    out = value;
}

/// `described` without a struct of its own: a FieldBinding of a settings field.
template <typename Object, typename T>
FieldBinding bind(Field<Object, T>&& described)
{
    return std::move(described).take();
}

std::vector<FieldBinding> describeSettings()
{
    using Guarantee = ProcessingGuarantee;
    std::vector<FieldBinding> fields;
    fields.push_back(
        bind(field(&Settings::guarantee, "processing_guarantee", "Delivery")
                 .doc("What a crash may do to the output: repeat records, or nothing (Kafka to Kafka).")
                 .options({{Guarantee::AtLeastOnce, "at_least_once", "At least once",
                            "Nothing is lost; a crash may repeat records."},
                           {Guarantee::ExactlyOnce, "exactly_once", "Exactly once",
                            "Nothing is lost or repeated; needs Kafka in and out."}})));
    fields.push_back(
        bind(field(&Settings::commitIntervalMs, "commit_interval_ms", "Commit interval")
                 .doc("Time between two commits; 1000 at least once, 100 exactly once unless given.")
                 .unit("ms")
                 .range(1, static_cast<double>(kMaxCommitIntervalMs))
                 .editor(Editor::Duration)));
    fields.push_back(bind(
        field(&Settings::onError, "on_error", "Failed records")
            .doc("What happens to a record that fails where no `error` port is wired.")
            .options(
                {{OnError::Fail, "fail", "Stop", "The pipeline stops before its offset is committed."},
                 {OnError::Drop, "drop", "Drop", "It is counted and dropped."},
                 {OnError::DeadLetter, "dead_letter", "Dead letter", "It goes to the dead-letter sink."}})));
    fields.push_back(bind(
        field(&Settings::deadLetter, "dead_letter", "Dead-letter sink")
            .doc("The sink for failed records: {\"type\": \"kafka_sink\" or \"file_sink\", \"config\": {…}}.")
            .codec(FieldType::Object, decodeDeadLetter, encodeProperties)
            .editor(Editor::JsonText)
            .visibleWhen("on_error", {"dead_letter"})));
    fields.push_back(
        bind(field(&Settings::createTopics, "create_topics", "Create topics")
                 .doc("Makes missing output topics at the start; otherwise a missing topic is an error.")));
    fields.push_back(
        bind(field(&Settings::threads, "threads", "Threads")
                 .doc("Worker threads of each flow; more help where a topic has several partitions.")
                 .range(1, kMaxThreads)));
    fields.push_back(bind(field(&Settings::maxMemoryMb, "max_memory_mb", "Memory limit")
                              .doc("What queues and batches may hold; sources wait when it is reached.")
                              .unit("MiB")
                              .minimum(kMinMemoryMb)
                              .advanced()));
    fields.push_back(
        bind(field(&Settings::keepRunning, "keep_running", "Keep running")
                 .doc("When one flow fails, the others go on instead of being drained and stopped.")
                 .advanced()));
    const Settings defaults;
    exportDefaults(fields, &defaults);
    return fields;
}

std::vector<FieldBinding> describeConnection()
{
    using Keys = ConnectionKeys;
    const std::vector<std::string> sasl = {"SASL_PLAINTEXT", "SASL_SSL"};
    const std::vector<std::string> tls = {"SSL", "SASL_SSL"};
    std::vector<FieldBinding> fields;
    fields.push_back(bind(field(&Keys::bootstrapServers, "bootstrap_servers", "Bootstrap servers")
                              .doc("Broker addresses, host:port, separated by commas; or `embedded`.")
                              .required()));
    fields.push_back(bind(field(&Keys::securityProtocol, "security_protocol", "Security protocol")
                              .doc("How brokers are talked to.")
                              .options({{"PLAINTEXT", "PLAINTEXT", "Plain text"},
                                        {"SSL", "SSL", "TLS"},
                                        {"SASL_PLAINTEXT", "SASL_PLAINTEXT", "SASL, plain text"},
                                        {"SASL_SSL", "SASL_SSL", "SASL over TLS"}})));
    fields.push_back(bind(field(&Keys::saslMechanism, "sasl_mechanism", "SASL mechanism")
                              .doc("How the user logs in.")
                              .options({{"PLAIN", "PLAIN", "PLAIN"},
                                        {"SCRAM-SHA-256", "SCRAM-SHA-256", "SCRAM-SHA-256"},
                                        {"SCRAM-SHA-512", "SCRAM-SHA-512", "SCRAM-SHA-512"},
                                        {"GSSAPI", "GSSAPI", "Kerberos"},
                                        {"OAUTHBEARER", "OAUTHBEARER", "OAuth"}})
                              .visibleWhen("security_protocol", sasl)));
    fields.push_back(bind(field(&Keys::saslUsername, "sasl_username", "User")
                              .doc("User name of PLAIN and SCRAM.")
                              .visibleWhen("security_protocol", sasl)));
    fields.push_back(bind(field(&Keys::saslPassword, "sasl_password", "Password")
                              .doc("Password of PLAIN and SCRAM.")
                              .secret()
                              .visibleWhen("security_protocol", sasl)));
    fields.push_back(
        bind(field(&Keys::sslCaLocation, "ssl_ca_location", "CA certificate")
                 .doc("File with the certificates that sign the brokers'; without it the system's.")
                 .editor(Editor::FilePath)
                 .visibleWhen("security_protocol", tls)));
    fields.push_back(
        bind(field(&Keys::sslCertificateLocation, "ssl_certificate_location", "Client certificate")
                 .doc("File with our certificate, where brokers ask for one.")
                 .editor(Editor::FilePath)
                 .advanced()
                 .visibleWhen("security_protocol", tls)));
    fields.push_back(bind(field(&Keys::sslKeyLocation, "ssl_key_location", "Client key")
                              .doc("File with the key of our certificate.")
                              .editor(Editor::FilePath)
                              .advanced()
                              .visibleWhen("security_protocol", tls)));
    fields.push_back(bind(field(&Keys::sslKeyPassword, "ssl_key_password", "Key password")
                              .doc("Password of the key file.")
                              .secret()
                              .advanced()
                              .visibleWhen("security_protocol", tls)));
    fields.push_back(bind(field(&Keys::clientId, "client_id", "Client id")
                              .doc("Name that brokers log; by default made of host and process.")
                              .advanced()));
    fields.push_back(bind(field(&Keys::properties, "properties", "Properties")
                              .doc("Any other librdkafka property, by its own name.")
                              .codec(FieldType::Map, decodeProperties, encodeProperties)
                              .editor(Editor::KeyValue)
                              .advanced()));
    const ConnectionKeys defaults;
    exportDefaults(fields, &defaults);
    return fields;
}

const std::vector<FieldBinding>& settingsBindings()
{
    static const std::vector<FieldBinding> kBindings = describeSettings();
    return kBindings;
}

const std::vector<FieldBinding>& connectionBindings()
{
    static const std::vector<FieldBinding> kBindings = describeConnection();
    return kBindings;
}

void addPrefix(Diagnostics& diagnostics, const std::string& prefix)
{
    for (Diagnostic& diagnostic : diagnostics) {
        diagnostic.field = diagnostic.field.empty() ? prefix : prefix + '.' + diagnostic.field;
    }
}

Diagnostic warning(Diagnostic diagnostic)
{
    diagnostic.severity = Severity::Warning;
    return diagnostic;
}

/// What a login needs beyond single fields.
Diagnostics checkLogin(const ConnectionKeys& keys)
{
    Diagnostics found;
    if (!keys.securityProtocol.starts_with("SASL_") || keys.bootstrapServers == "embedded") {
        return found;
    }
    const Json& properties = keys.properties;
    const auto inProperties = [&properties](const char* name) {
        return properties.is_object() && properties.contains(name);
    };
    if (keys.saslMechanism.empty()) {
        if (!inProperties("sasl.mechanism") && !inProperties("sasl.mechanisms")) {
            found.push_back(fieldProblem("sasl_mechanism", "required",
                                         "Is required with security_protocol " + keys.securityProtocol + '.',
                                         "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."));
        }
        return found;
    }
    if (keys.saslMechanism != "GSSAPI" && keys.saslMechanism != "OAUTHBEARER") {
        if (keys.saslUsername.empty() && !inProperties("sasl.username")) {
            found.push_back(
                fieldProblem("sasl_username", "required", "Is required with " + keys.saslMechanism + '.'));
        }
        if (keys.saslPassword.empty() && !inProperties("sasl.password")) {
            found.push_back(fieldProblem("sasl_password", "required",
                                         "Is required with " + keys.saslMechanism + '.',
                                         "Write it as \"${secret:KAFKA_PASSWORD}\"."));
        }
    }
    return found;
}

} // namespace

const std::vector<FieldSpec>& settingsFields()
{
    static const std::vector<FieldSpec> kFields = specsOf(settingsBindings());
    return kFields;
}

Settings decodeSettings(const Json& settings, Diagnostics& diagnostics)
{
    Settings decoded;
    Diagnostics found = decodeConfig(settings, settingsBindings(), &decoded);
    const auto refused = [&found](const char* key) {
        return std::any_of(found.begin(), found.end(),
                           [key](const Diagnostic& d) { return d.field.starts_with(key); });
    };
    if (decoded.onError == OnError::DeadLetter && decoded.deadLetter.is_null() && !refused("dead_letter")) {
        found.push_back(fieldProblem(
            "dead_letter", "required", "Is required where on_error is \"dead_letter\".",
            "For example {\"type\": \"file_sink\", \"config\": {\"path\": \"rejects.jsonl\"}}."));
    } else if (decoded.onError != OnError::DeadLetter && !decoded.deadLetter.is_null() &&
               !refused("on_error")) {
        found.push_back(warning(
            fieldProblem("dead_letter", "unused", "Is not used while on_error is not \"dead_letter\".")));
    }
    addPrefix(found, "settings");
    append(diagnostics, std::move(found));
    return decoded;
}

const std::vector<FieldSpec>& connectionFields()
{
    static const std::vector<FieldSpec> kFields = specsOf(connectionBindings());
    return kFields;
}

Diagnostics validateConnection(const std::string& name, const Json& config)
{
    ConnectionKeys keys;
    Diagnostics found = decodeConfig(config, connectionBindings(), &keys);
    appendLint(found, checkLogin(keys));
    addPrefix(found, "connections." + name);
    return found;
}

} // namespace streamwright
