#include "core/kafka/connection_check.h"
#include "tests/core/kafka/embedded_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace streamwright;
using namespace streamwright::kafka;

namespace {

/// A port of 127.0.0.1 at which nobody listens for as long as this lives: bound, but not listened on.
class RefusedPort {
public:
    RefusedPort() : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(m_socket, reinterpret_cast<const sockaddr*>(&address), size);
        getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
    }
    RefusedPort(const RefusedPort&) = delete;
    RefusedPort& operator=(const RefusedPort&) = delete;
    ~RefusedPort() { close(m_socket); }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }

private:
    int m_socket;
    int m_port = 0;
};

std::vector<CheckStep> stepsOf(const CheckReport& report)
{
    std::vector<CheckStep> steps;
    for (const CheckResult& one : report.steps) {
        steps.push_back(one.step);
    }
    return steps;
}

} // namespace

class ConnectionCheckTest : public EmbeddedFixture {};

TEST_F(ConnectionCheckTest, NamesEachStepOfAGoodConnection)
{
    ASSERT_TRUE(broker->createTopic("in"));
    ASSERT_TRUE(broker->createTopic("out"));

    const CheckReport report =
        checkConnection(connection, {.read = {"in"}, .write = {"out"}, .group = "g"}, kPatience);

    EXPECT_TRUE(report.ok()) << report.error()->message;
    using enum CheckStep;
    EXPECT_EQ(stepsOf(report),
              (std::vector<CheckStep>{Resolve, Connect, Metadata, TopicReadable, TopicWritable}));
}

TEST_F(ConnectionCheckTest, NamesAMissingTopicAndGoesOnWithTheOthers)
{
    ASSERT_TRUE(broker->createTopic("out"));

    const CheckReport report =
        checkConnection(connection, {.read = {"nowhere"}, .write = {"out"}}, kPatience);

    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error()->code, Errc::UnknownTopic);
    EXPECT_NE(report.error()->message.find("Topic \"nowhere\" does not exist"), std::string::npos);
    EXPECT_TRUE(report.steps.back().ok);
}

TEST(ConnectionCheck, NamesAHostThatCannotBeFound)
{
    const CheckReport report =
        checkConnection(ConnectionConfig::plain("dev", "no-such-host.invalid:9092"), {}, Millis{2000});

    ASSERT_EQ(report.steps.size(), 1U);
    EXPECT_EQ(report.error()->code, Errc::UnknownHost);
    EXPECT_EQ(report.error()->message,
              "Host \"no-such-host.invalid\" cannot be found. Check \"bootstrap_servers\" of "
              "connection \"dev\" and the name service.");
}

TEST(ConnectionCheck, NamesAPortThatRefuses)
{
    const RefusedPort port;
    const auto began = std::chrono::steady_clock::now();

    const CheckReport report =
        checkConnection(ConnectionConfig::plain("dev", port.address()), {}, Millis{600});

    EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error()->code, Errc::ConnectionRefused);
    EXPECT_EQ(report.error()->message,
              "Nobody listens at broker \"" + port.address() +
                  "\". Start it, or check \"bootstrap_servers\" of connection \"dev\".");
    EXPECT_EQ(report.steps.back().step, CheckStep::Connect);
}

TEST(ConnectionCheck, SaysWhatItCannotSetUp)
{
    ConnectionConfig connection = ConnectionConfig::plain("dev", "");

    const CheckReport report = checkConnection(connection, {}, Millis{500});

    EXPECT_FALSE(report.ok());
}
