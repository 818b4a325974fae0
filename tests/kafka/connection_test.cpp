#include "core/base/log.h"
#include "core/kafka/admin.h"
#include "core/kafka/connection_check.h"
#include "core/kafka/consumer.h"
#include "core/kafka/producer.h"
#include "tests/core/kafka/embedded_fixture.h"
#include "tests/kafka/kafka_cluster.h"

#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <string_view>

using namespace streamwright;
using namespace streamwright::kafka;

namespace {

constexpr Millis kShort{4'000}; // for what does not get better by waiting

/// Everything that is logged while it lives, at the most talkative level.
class KeptLog {
public:
    KeptLog()
    {
        log::configure(LogLevel::Trace, LogFormat::Text);
        log::setListener(
            [](LogLevel /*level*/, std::string_view line, void* context) {
                auto& kept = *static_cast<KeptLog*>(context);
                const std::scoped_lock lock(kept.m_mutex);
                kept.m_text.append(line).append("\n");
            },
            this);
    }
    KeptLog(const KeptLog&) = delete;
    KeptLog& operator=(const KeptLog&) = delete;
    ~KeptLog()
    {
        log::setListener(nullptr, nullptr);
        log::configure(LogLevel::Warn, LogFormat::Text);
    }
    [[nodiscard]] std::string text() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_text;
    }

private:
    mutable std::mutex m_mutex;
    std::string m_text;
};

} // namespace

/// Log-ins, rights and the named start-up errors on a secured broker.
class RealConnection : public ::testing::Test {
protected:
    void SetUp() override
    {
        SW_NEEDS_REAL_KAFKA();
        cluster = &KafkaCluster::sharedSecured();
        auto made = Admin::create(cluster->connection());
        ASSERT_TRUE(made) << made.error().message;
        admin = std::move(*made);
    }

    [[nodiscard]] std::string newTopic()
    {
        const std::string name = uniqueName("topic");
        const auto created = admin->createTopic({.name = name}, kPatience);
        EXPECT_TRUE(created) << created.error().message;
        return name;
    }

    KafkaCluster* cluster = nullptr;
    std::unique_ptr<Admin> admin;
};

TEST_F(RealConnection, LogsInWithEveryMechanism)
{
    for (const char* const mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"}) {
        const CheckReport report = checkConnection(cluster->saslConnection(mechanism, "app"), {}, kPatience);
        ASSERT_TRUE(report.ok()) << mechanism << ": " << report.error()->message;
        ASSERT_EQ(report.steps.size(), 5U);
        EXPECT_EQ(report.steps[2].step, CheckStep::Tls);
        EXPECT_EQ(report.steps[3].step, CheckStep::Authenticate);
        EXPECT_EQ(report.steps[3].subject, "app");
        EXPECT_EQ(report.steps[4].step, CheckStep::Metadata);
    }
}

TEST_F(RealConnection, LogsInWithAClientCertificate)
{
    const std::string topic = newTopic();
    ASSERT_TRUE(cluster->allow("app", KafkaCluster::Resource::Topic, topic, KafkaCluster::Right::Read));
    const auto check = [&] {
        return checkConnection(cluster->sslConnection(), {.read = {topic}}, kPatience);
    };

    ASSERT_TRUE(eventually([&] { return check().ok(); })) << check().error()->message;

    ConnectionConfig without = cluster->sslConnection();
    without.sslCertificateLocation.clear();
    without.sslKeyLocation.clear();
    const CheckReport refused = checkConnection(without, {}, kShort);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error()->code, Errc::Tls) << refused.error()->message;
    EXPECT_NE(refused.error()->message.find("asks for a client certificate"), std::string::npos)
        << refused.error()->message;
}

TEST_F(RealConnection, NamesAWrongPasswordAtOnceAndNeverShowsIt)
{
    ConnectionConfig connection = cluster->saslConnection("SCRAM-SHA-256", "app");
    connection.saslPassword = "canary-password";
    KeptLog kept;
    const auto began = std::chrono::steady_clock::now();

    const CheckReport report = checkConnection(connection, {}, kPatience);

    EXPECT_FALSE(kept.text().empty()) << "the log was not looked at";
    EXPECT_EQ(kept.text().find("canary"), std::string::npos) << kept.text();

    EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience / 2) << "waiting does not help";
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.steps.back().step, CheckStep::Authenticate);
    EXPECT_EQ(report.error()->code, Errc::Authentication);
    EXPECT_EQ(report.error()->message,
              "Broker \"" + cluster->bootstrap() +
                  "\" refused user \"app\" (SASL/SCRAM-SHA-256). Check the user and the "
                  "secret of connection \"test\".");
}

TEST_F(RealConnection, NamesAMechanismThatTheBrokerDoesNotOffer)
{
    ConnectionConfig connection = cluster->saslConnection("PLAIN", "app");
    connection.saslPassword = "wrong";
    EXPECT_EQ(checkConnection(connection, {}, kPatience).error().value_or(Error{}).code,
              Errc::Authentication);

    connection = cluster->saslConnection("OAUTHBEARER", "app");
    connection.properties["sasl.oauthbearer.method"] = "default";
    connection.properties["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
    connection.properties["sasl.oauthbearer.config"] = "principal=app";
    const CheckReport report = checkConnection(connection, {}, kShort);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error()->code, Errc::Authentication) << report.error()->message;
    EXPECT_NE(report.error()->message.find("does not offer SASL mechanism \"OAUTHBEARER\""),
              std::string::npos)
        << report.error()->message;
}

TEST_F(RealConnection, NamesAWrongCaAndAWrongHostName)
{
    ConnectionConfig wrongCa = cluster->saslConnection("SCRAM-SHA-256", "app");
    wrongCa.sslCaLocation = cluster->otherCaFile();
    ConnectionConfig wrongHost = cluster->saslConnection("SCRAM-SHA-256", "app");
    wrongHost.bootstrapServers = cluster->bootstrapByAddress();

    for (const ConnectionConfig& connection : {wrongCa, wrongHost}) {
        const CheckReport report = checkConnection(connection, {}, kPatience);
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.steps.back().step, CheckStep::Tls);
        EXPECT_EQ(report.error()->code, Errc::Tls) << report.error()->message;
        EXPECT_NE(report.error()->message.find("\"ssl_ca_location\" does not hold the CA"), std::string::npos)
            << report.error()->message;
        EXPECT_NE(report.error()->message.find("not made for host"), std::string::npos);
    }
}

TEST_F(RealConnection, NamesAWrongSecurityProtocol)
{
    const CheckReport report =
        checkConnection(ConnectionConfig::plain("test", cluster->bootstrapByAddress()), {}, kShort);

    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error()->code, Errc::Transport);
    EXPECT_NE(report.error()->message.find("speaks PLAINTEXT (\"security_protocol\""), std::string::npos)
        << report.error()->message;
}

TEST_F(RealConnection, NamesTheTopicAndTheGroupThatAreNotAllowed)
{
    const std::string topic = newTopic();
    const std::string group = uniqueName("group");
    const ConnectionConfig app = cluster->saslConnection("SCRAM-SHA-256", "app");
    using enum CheckStep;

    const CheckReport denied =
        checkConnection(app, {.read = {topic}, .write = {topic}, .group = group}, kPatience);
    ASSERT_EQ(denied.steps.size(), 8U);
    for (std::size_t i = 5; i < 8; ++i) {
        ASSERT_TRUE(denied.steps[i].error);
        EXPECT_EQ(denied.steps[i].error->code, Errc::Authorization) << denied.steps[i].error->message;
    }
    EXPECT_EQ(denied.steps[5].error->message, "User \"app\" of connection \"test\" may not read topic \"" +
                                                  topic + "\". Ask for the right Read on it.");
    EXPECT_EQ(denied.steps[6].error->message, "User \"app\" of connection \"test\" may not write topic \"" +
                                                  topic + "\". Ask for the right Write on it.");
    EXPECT_NE(denied.steps[7].error->message.find("may not use consumer group \"" + group + "\""),
              std::string::npos);

    // Only to read: then writing alone is what is missing.
    ASSERT_TRUE(cluster->allow("app", KafkaCluster::Resource::Topic, topic, KafkaCluster::Right::Read));
    ASSERT_TRUE(cluster->allow("app", KafkaCluster::Resource::Group, group, KafkaCluster::Right::Read));
    ASSERT_TRUE(eventually([&] {
        const CheckReport half =
            checkConnection(app, {.read = {topic}, .write = {topic}, .group = group}, kPatience);
        return half.steps.size() == 8 && half.steps[5].ok && !half.steps[6].ok && half.steps[7].ok;
    }));
    ASSERT_TRUE(cluster->allow("app", KafkaCluster::Resource::Topic, topic, KafkaCluster::Right::Write));
    EXPECT_TRUE(eventually([&] {
        return checkConnection(app, {.read = {topic}, .write = {topic}, .group = group}, kPatience).ok();
    }));
    const CheckReport missing =
        checkConnection(cluster->connection(), {.read = {uniqueName("missing")}}, kPatience);
    EXPECT_EQ(missing.error().value_or(Error{}).code, Errc::UnknownTopic);
}

TEST_F(RealConnection, ReportsMissingRightsOnlyFoundWhileRunning)
{
    const std::string topic = newTopic();
    const std::string group = uniqueName("group");
    const ConnectionConfig app = cluster->saslConnection("SCRAM-SHA-512", "app");
    ASSERT_TRUE(cluster->allow("app", KafkaCluster::Resource::Topic, topic, KafkaCluster::Right::Describe));

    auto sender = Producer::create(app, {});
    ASSERT_TRUE(sender);
    Result<ProducerTopic*> target = Error{};
    ASSERT_TRUE(eventually([&] {
        target = (*sender)->topic(topic, {}, kPatience);
        return target.hasValue();
    })) << target.error().message;
    ASSERT_TRUE((*sender)->produce({.topic = *target, .value = "v", .tag = 9}));
    ASSERT_TRUE(eventually([&] {
        (*sender)->poll(Millis{50});
        return (*sender)->failureCount() == 1;
    }));
    const std::vector<DeliveryReport> failures = (*sender)->takeFailures();
    EXPECT_EQ(failures[0].error->code, Errc::Authorization) << failures[0].error->message;
    EXPECT_EQ(failures[0].tag, 9U);

    auto reader = Consumer::create(app, {.groupId = group});
    ASSERT_TRUE(reader);
    RecordingListener listener(**reader);
    const std::vector<std::string> topics{topic};
    ASSERT_TRUE((*reader)->subscribe(topics, listener));
    MessageBatch batch;
    Error error;
    ASSERT_TRUE(eventually([&] {
        const Result<void> consumed = (*reader)->consume(batch, Millis{100});
        if (!consumed) {
            error = consumed.error();
        } else if (!batch.errors().empty()) {
            error = batch.errors()[0].error;
        }
        return error.code == Errc::Authorization;
    })) << error.message;
    EXPECT_NE(error.message.find(group), std::string::npos) << error.message;
    batch.clear();
    EXPECT_TRUE((*reader)->close(kPatience));
}
