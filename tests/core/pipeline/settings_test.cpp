#include "core/pipeline/settings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace streamwright {
namespace {

using Lines = std::vector<std::string>;

Lines linesOf(const Diagnostics& diagnostics)
{
    Lines lines;
    for (const Diagnostic& diagnostic : diagnostics) {
        lines.push_back(std::string(toString(diagnostic.severity)) + ' ' + diagnostic.field + ' ' +
                        diagnostic.code);
    }
    return lines;
}

Lines problems(const char* settings)
{
    Diagnostics diagnostics;
    static_cast<void>(decodeSettings(Json::parse(settings), diagnostics));
    return linesOf(diagnostics);
}

TEST(Settings, DecodesEveryKey)
{
    Diagnostics diagnostics;
    const Settings settings = decodeSettings(
        Json::parse(
            R"({"processing_guarantee": "exactly_once", "commit_interval_ms": 250, "on_error": "dead_letter",
            "dead_letter": {"type": "file_sink", "config": {"path": "d"}}, "create_topics": true, "threads": 3,
            "max_memory_mb": 64, "keep_running": true})"),
        diagnostics);
    EXPECT_EQ(linesOf(diagnostics), Lines{});
    EXPECT_EQ(settings.guarantee, ProcessingGuarantee::ExactlyOnce);
    EXPECT_EQ(settings.effectiveCommitIntervalMs(), 250);
    EXPECT_EQ(settings.onError, OnError::DeadLetter);
    EXPECT_EQ(settings.deadLetter["type"], "file_sink");
    EXPECT_TRUE(settings.createTopics);
    EXPECT_EQ(settings.threads, 3);
    EXPECT_EQ(settings.maxMemoryMb, 64);
    EXPECT_TRUE(settings.keepRunning);
}

TEST(Settings, CommitsMoreOftenInTransactionsUnlessTold)
{
    Diagnostics diagnostics;
    EXPECT_EQ(decodeSettings(Json::object(), diagnostics).effectiveCommitIntervalMs(), 1000);
    EXPECT_EQ(decodeSettings(Json{{"processing_guarantee", "exactly_once"}}, diagnostics)
                  .effectiveCommitIntervalMs(),
              100);
    EXPECT_EQ(diagnostics, Diagnostics{});
}

TEST(Settings, NamesWhatIsWrong)
{
    EXPECT_EQ(problems(R"({"commit_interval_ms": 0, "threads": 1.5, "on_error": "x", "keep_runing": true})"),
              (Lines{"error settings.commit_interval_ms out_of_range", "error settings.threads wrong_type",
                     "error settings.on_error not_an_option", "error settings.keep_runing unknown_field"}));
    EXPECT_EQ(problems(R"({"on_error": "dead_letter"})"), Lines{"error settings.dead_letter required"});
    EXPECT_EQ(problems(R"({"dead_letter": {"type": "file_sink"}})"),
              Lines{"warning settings.dead_letter unused"});
    EXPECT_EQ(
        problems(
            R"({"on_error": "dead_letter", "dead_letter": {"type": "filter", "path": 1, "config": []}})"),
        (Lines{"error settings.dead_letter.path unknown_field",
               "error settings.dead_letter.type not_an_option",
               "error settings.dead_letter.config wrong_type"}));
}

TEST(Settings, ShowTheirDefaultsInTheForm)
{
    const auto defaultOf = [](const char* key) {
        for (const FieldSpec& field : settingsFields()) {
            if (field.key == key) {
                return field.defaultValue;
            }
        }
        return Json("no such field");
    };
    EXPECT_EQ(defaultOf("processing_guarantee"), "at_least_once");
    EXPECT_EQ(defaultOf("on_error"), "fail");
    EXPECT_EQ(defaultOf("max_memory_mb"), 384);
    EXPECT_EQ(defaultOf("commit_interval_ms"), nullptr);
}

TEST(ConnectionFields, KnowTheirSecretsAndWhenTheyApply)
{
    for (const FieldSpec& field : connectionFields()) {
        EXPECT_EQ(field.secret, field.key.ends_with("_password")) << field.key;
        EXPECT_EQ(field.visibleWhenKey.empty(),
                  !field.key.starts_with("sasl_") && !field.key.starts_with("ssl_"))
            << field.key;
    }
}

TEST(ConnectionFields, AreValidated)
{
    const auto found = [](const char* config) {
        return linesOf(validateConnection("k", Json::parse(config)));
    };
    EXPECT_EQ(
        found(
            R"({"bootstrap_servers": "b", "properties": {"socket.timeout.ms": 10000, "client.rack": "a"}})"),
        Lines{});
    EXPECT_EQ(found(R"({"bootstrap_servers": "b", "properties": {"a": []}, "sasl_mechnism": "PLAIN"})"),
              (Lines{"error connections.k.properties.a wrong_type",
                     "error connections.k.sasl_mechnism unknown_field"}));
    EXPECT_EQ(
        found(R"({"bootstrap_servers": "b", "security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN"})"),
        (Lines{"error connections.k.sasl_username required", "error connections.k.sasl_password required"}));
    EXPECT_EQ(found(R"({"bootstrap_servers": "b", "security_protocol": "SASL_SSL",
                        "properties": {"sasl.mechanism": "OAUTHBEARER"}})"),
              Lines{});
    EXPECT_EQ(found(R"({})"), Lines{"error connections.k.bootstrap_servers required"});
}

} // namespace
} // namespace streamwright
