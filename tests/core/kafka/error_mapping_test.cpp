#include "core/kafka/error_mapping.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

using namespace streamwright;
using namespace streamwright::kafka;

namespace {

ConnectionConfig dev()
{
    ConnectionConfig connection = ConnectionConfig::plain("dev", "b1:9092");
    connection.securityProtocol = "SASL_SSL";
    connection.saslMechanism = "SCRAM-SHA-256";
    connection.saslUsername = "app";
    connection.saslPassword = "hunter2";
    return connection;
}

} // namespace

TEST(ErrorMapping, FindsTheBrokerInTheLibrarysText)
{
    EXPECT_EQ(brokerOf("sasl_ssl://b1:9092/bootstrap: Connect to ipv4#1.2.3.4:9092 failed: x"), "b1:9092");
    EXPECT_EQ(brokerOf("b2:9093/2: Disconnected"), "b2:9093");
    EXPECT_EQ(brokerOf("GroupCoordinator: b3:9092: Disconnected"), "b3:9092");
    EXPECT_EQ(brokerOf("Something else: broken"), "");
    EXPECT_EQ(brokerOf(""), "");
}

TEST(ErrorMapping, NamesBrokerUserAndConnectionOfARefusedLogin)
{
    const Error error =
        mapError(RD_KAFKA_RESP_ERR__AUTHENTICATION,
                 "sasl_ssl://b1:9092/bootstrap: SASL authentication error: Authentication failed "
                 "during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256 "
                 "(after 12ms in state AUTH_REQ)",
                 dev());

    EXPECT_EQ(error.code, Errc::Authentication);
    EXPECT_FALSE(error.retriable);
    EXPECT_EQ(error.message,
              "Broker \"b1:9092\" refused user \"app\" (SASL/SCRAM-SHA-256). Check the user and the "
              "secret of connection \"dev\".");
}

TEST(ErrorMapping, NamesBothCausesOfAnUnverifiedCertificate)
{
    const Error error =
        mapError(RD_KAFKA_RESP_ERR__SSL,
                 "ssl://b1:9092/bootstrap: SSL handshake failed: error:0A000086:SSL "
                 "routines::certificate verify failed: broker certificate could not be verified",
                 dev());

    EXPECT_EQ(error.code, Errc::Tls);
    EXPECT_NE(error.message.find("ssl_ca_location"), std::string::npos);
    EXPECT_NE(error.message.find("not made for host \"b1\""), std::string::npos);
}

TEST(ErrorMapping, TellsARefusedPortFromABrokenConnection)
{
    const Error refused =
        mapError(RD_KAFKA_RESP_ERR__TRANSPORT,
                 "b1:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused "
                 "(after 0ms in state CONNECT)",
                 dev());
    const Error broken =
        mapError(RD_KAFKA_RESP_ERR__TRANSPORT, "b1:9092/1: Disconnected (after 1ms in state UP)", dev());

    EXPECT_EQ(refused.code, Errc::ConnectionRefused);
    EXPECT_TRUE(refused.retriable);
    EXPECT_EQ(broken.code, Errc::Transport);
    EXPECT_EQ(broken.message,
              "The connection to broker \"b1:9092\" is broken: Disconnected. The client goes on "
              "trying; check the broker, the network, and that it speaks SASL_SSL "
              "(\"security_protocol\" of connection \"dev\").");
}

TEST(ErrorMapping, KeepsSecretsOut)
{
    const Error error = mapError(RD_KAFKA_RESP_ERR__FAIL, "b1:9092/1: login with hunter2 failed", dev());

    EXPECT_EQ(error.message.find("hunter2"), std::string::npos) << error.message;
}

TEST(ErrorMapping, GivesEachKindOfTroubleItsCode)
{
    const ErrorSubject subject{.topic = "orders", .group = "g", .transactionalId = "t", .doing = "read"};
    const auto codeOf = [&](rd_kafka_resp_err_t code) { return mapError(code, "", dev(), subject).code; };

    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR__RESOLVE), Errc::UnknownHost);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART), Errc::UnknownTopic);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED), Errc::Authorization);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED), Errc::Authorization);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID), Errc::Fenced);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE), Errc::TooLarge);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR__QUEUE_FULL), Errc::QueueFull);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET), Errc::OffsetLost);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION), Errc::Conflict);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR__TIMED_OUT), Errc::TimedOut);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS), Errc::AlreadyExists);
    EXPECT_EQ(codeOf(RD_KAFKA_RESP_ERR__PURGE_QUEUE), Errc::Cancelled);
    EXPECT_TRUE(mapError(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, "", dev(), subject).fatal);
}
