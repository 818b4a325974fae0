#include "core/kafka/client_config.h"

#include <gtest/gtest.h>

#include <string>

using namespace streamwright;
using namespace streamwright::kafka;

namespace {

ConnectionConfig secured()
{
    ConnectionConfig connection = ConnectionConfig::plain("dev", "b1:9092");
    connection.securityProtocol = "sasl_ssl";
    connection.saslMechanism = "SCRAM-SHA-256";
    connection.saslUsername = "app";
    connection.saslPassword = "hunter2-canary";
    connection.properties["ssl.key.password"] = "other-canary";
    return connection;
}

} // namespace

TEST(ClientConfig, ConsumerOwnsItsOffsetsAndReadsCommittedOnly)
{
    auto config = ClientConfig::forConsumer(ConnectionConfig::plain("dev", "b1:9092"), {.groupId = "g"});

    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->value("enable.auto.commit"), "false");
    EXPECT_EQ(config->value("enable.auto.offset.store"), "false");
    EXPECT_EQ(config->value("isolation.level"), "read_committed");
    EXPECT_EQ(config->value("group.id"), "g");
    EXPECT_EQ(config->value("queued.min.messages"), "10000000");
    EXPECT_EQ(config->value("queued.max.messages.kbytes"), "32768");
    EXPECT_EQ(config->value("fetch.queue.backoff.ms"), "5");
}

TEST(ClientConfig, ProducerIsIdempotentAndNeverGivesARecordUp)
{
    auto config = ClientConfig::forProducer(ConnectionConfig::plain("dev", "b1:9092"), {});

    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->value("enable.idempotence"), "true");
    EXPECT_EQ(config->value("message.timeout.ms"), "0");
    EXPECT_EQ(config->value("partitioner"), "murmur2_random");
    EXPECT_EQ(config->value("delivery.report.only.error"), "true");
    EXPECT_EQ(config->value("queue.buffering.max.kbytes"), "65536");
}

TEST(ClientConfig, TransactionalProducerGivesUpWithItsTransaction)
{
    auto config = ClientConfig::forProducer(ConnectionConfig::plain("dev", "b1:9092"),
                                            {.transactionalId = "t", .transactionTimeout = Millis{20'000}});

    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->value("transactional.id"), "t");
    EXPECT_EQ(config->value("transaction.timeout.ms"), "20000");
    EXPECT_EQ(config->value("message.timeout.ms"), "20000");
}

TEST(ClientConfig, PassesTheUsersPropertiesOn)
{
    ConnectionConfig connection = ConnectionConfig::plain("dev", "b1:9092");
    connection.properties = {
        {"client.rack", "a"}, {"linger.ms", "25"}, {"queued.max.messages.kbytes", "1000"}};

    auto producer = ClientConfig::forProducer(connection, {});
    auto consumer = ClientConfig::forConsumer(connection, {});

    ASSERT_TRUE(producer);
    ASSERT_TRUE(consumer);
    EXPECT_EQ(producer->value("linger.ms"), "25");
    EXPECT_EQ(consumer->value("client.rack"), "a");
    EXPECT_EQ(consumer->value("queued.max.messages.kbytes"), "1000");
}

TEST(ClientConfig, RefusesWhatWouldLoseRecordsAndSaysWhy)
{
    for (const char* const property : {"enable.auto.commit", "isolation.level", "enable.idempotence",
                                       "group.id", "partition.assignment.strategy", "message.timeout.ms"}) {
        ConnectionConfig connection = ConnectionConfig::plain("dev", "b1:9092");
        connection.properties[property] = "x";

        auto config = ClientConfig::forConsumer(connection, {});

        ASSERT_FALSE(config) << property;
        EXPECT_EQ(config.error().code, Errc::InvalidArgument);
        EXPECT_NE(config.error().message.find(property), std::string::npos) << config.error().message;
        EXPECT_NE(config.error().message.find(ClientConfig::whyForced(property)), std::string::npos);
        EXPECT_FALSE(ClientConfig::whyForced(property).empty());
    }
    EXPECT_TRUE(ClientConfig::whyForced("client.rack").empty());
}

TEST(ClientConfig, NamesAPropertyThatTheLibraryDoesNotKnowOrRefuses)
{
    ConnectionConfig connection = ConnectionConfig::plain("dev", "b1:9092");
    connection.properties = {{"linger.msx", "1"}};
    auto unknown = ClientConfig::forProducer(connection, {});
    connection.properties = {{"linger.ms", "soon"}};
    auto refused = ClientConfig::forProducer(connection, {});

    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("\"linger.msx\" of connection \"dev\" is not known"),
              std::string::npos);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("\"linger.ms\" of connection \"dev\" is refused"),
              std::string::npos);
}

TEST(ClientConfig, NamesAMissingCertificateFile)
{
    ConnectionConfig connection = secured();
    connection.sslCaLocation = "/nowhere/ca.pem";

    auto config = ClientConfig::forConsumer(connection, {});

    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, Errc::NotFound);
    EXPECT_NE(config.error().message.find("\"/nowhere/ca.pem\" (\"ssl_ca_location\""), std::string::npos);
}

TEST(ClientConfig, UncommittedReadingNeedsNoGroup)
{
    const ConnectionConfig connection = ConnectionConfig::plain("dev", "b1:9092");

    EXPECT_FALSE(ClientConfig::forConsumer(connection, {.groupId = "g", .readCommitted = false}));
    auto config = ClientConfig::forConsumer(connection, {.readCommitted = false});
    ASSERT_TRUE(config);
    EXPECT_EQ(config->value("isolation.level"), "read_uncommitted");
}

TEST(ConnectionConfig, DescribesItselfWithoutItsSecrets)
{
    const std::string text = secured().describe();

    EXPECT_EQ(text, "connection \"dev\" to b1:9092 (SASL_SSL, SCRAM-SHA-256, user \"app\")");
    EXPECT_EQ(secured().scrub("a hunter2-canary and other-canary"), "a *** and ***");
}

TEST(ConnectionConfig, PropertiesWinOverTypedKeys)
{
    ConnectionConfig connection = ConnectionConfig::plain("broker", "b1:9092");
    connection.properties = {
        {"security.protocol", "sasl_plaintext"}, {"sasl.username", "x"}, {"sasl.mechanism", "PLAIN"}};

    EXPECT_TRUE(connection.usesSasl());
    EXPECT_FALSE(connection.usesTls());
    EXPECT_EQ(connection.user(), "x");
    EXPECT_EQ(connection.mechanism(), "PLAIN");
}

TEST(ConnectionConfig, LeavesSecurityBehindOnAnEmbeddedBroker)
{
    ConnectionConfig connection = secured();
    connection.properties["client.rack"] = "a";

    const ConnectionConfig embedded = connection.onEmbeddedBroker("127.0.0.1:1234");

    EXPECT_FALSE(embedded.usesSasl());
    EXPECT_EQ(embedded.bootstrapServers, "127.0.0.1:1234");
    EXPECT_EQ(embedded.properties, (std::map<std::string, std::string>{{"client.rack", "a"}}));
    auto config = ClientConfig::forConsumer(embedded, {});
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->value("fetch.wait.max.ms"), "10");
}
