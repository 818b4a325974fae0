#include "tests/kafka/kafka_cluster.h"

#include "core/base/assert.h"
#include "core/kafka/admin.h"
#include "core/kafka/client_config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <utility>

namespace streamwright::kafka {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr const char* kKafkaJar = "kafka_2.13-4.1.0.jar";
constexpr Millis kToolPatience{90'000};
constexpr Millis kStopPatience{30'000};
constexpr Millis kPollPause{20}; // between two looks at a port or a process
constexpr int kExecFailed = 127;
constexpr const char* kDirectoryPrefix = "sw-kafka-";

fs::path libraries()
{
    const char* const given = std::getenv("SW_KAFKA_LIBS");
    return given != nullptr && *given != '\0' ? fs::path(given) : fs::path(SW_KAFKA_LIBS_DIR);
}

/// Full path of a program, empty where it is not installed.
std::string programPath(const std::string& name)
{
    std::istringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin");
    for (std::string folder; std::getline(path, folder, ':');) {
        if (const fs::path candidate = fs::path(folder) / name; access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return {};
}

Error failure(const std::string& what)
{
    return {Errc::Io, what};
}

std::string contentsOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string tailOf(const fs::path& file)
{
    constexpr std::size_t kShown = 3000;
    const std::string text = contentsOf(file);
    return text.size() <= kShown ? text : text.substr(text.size() - kShown);
}

/// Starts a program that dies with us; its output goes to `output`. -1 where it could not be started.
pid_t spawn(const std::vector<std::string>& command, const fs::path& output, const fs::path& directory)
{
    // All is prepared before the fork: after it, in a process with threads, only plain system calls are safe.
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
        arguments.push_back(
            const_cast<char*>(argument.c_str())); // NOLINT(cppcoreguidelines-pro-type-const-cast)
    }
    arguments.push_back(nullptr);
    const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || chdir(directory.c_str()) != 0) {
            _exit(kExecFailed);
        }
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execv(arguments[0], arguments.data());
        _exit(kExecFailed);
    }
    close(out);
    close(in);
    return child;
}

/// Exit code, or nothing when it still runs after `patience` (it is killed then).
std::optional<int> waitForEnd(pid_t child, Millis patience)
{
    const auto deadline = SteadyClock::now() + patience;
    while (true) {
        int status = 0;
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        if (ended < 0 && errno == ECHILD) {
            return kExecFailed;
        }
        if (SteadyClock::now() > deadline) {
            ::kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return std::nullopt;
        }
        poll(nullptr, 0, static_cast<int>(kPollPause.count()));
    }
}

Result<void> runTool(const std::vector<std::string>& command, const fs::path& directory)
{
    const fs::path output = directory / "tool.log";
    const pid_t child = spawn(command, output, directory);
    if (child < 0) {
        return failure("Could not start " + command[0] + ": " + std::strerror(errno));
    }
    const std::optional<int> code = waitForEnd(child, kToolPatience);
    if (code != 0) {
        return failure(command[0] + " ended with " + (code ? std::to_string(*code) : "a timeout") + ":\n" +
                       tailOf(output));
    }
    return {};
}

bool accepts(int port)
{
    const int socketHandle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool connected =
        connect(socketHandle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(socketHandle);
    return connected;
}

/// A random UUID as Kafka writes it: 22 characters of URL-safe base64.
std::string randomClusterId()
{
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device random;
    std::string id = "K"; // never a leading dash, which would look like an option
    while (id.size() < 21) {
        id += kAlphabet[random() % kAlphabet.size()];
    }
    return id + "A"; // the last one has only two significant bits
}

/// Folders that a killed test left behind.
void removeLeftovers(const fs::path& parent)
{
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(parent, ignored)) {
        const std::string name = entry.path().filename();
        if (name.rfind(kDirectoryPrefix, 0) != 0) {
            continue;
        }
        const long owner = std::strtol(name.c_str() + std::strlen(kDirectoryPrefix), nullptr, 10);
        if (owner > 0 && ::kill(static_cast<pid_t>(owner), 0) != 0 && errno == ESRCH) {
            fs::remove_all(entry.path(), ignored);
        }
    }
}

fs::path freshDirectory()
{
    constexpr std::uint64_t kNeededBytes = 512ULL * 1024 * 1024;
    fs::path parent = "/dev/shm";
    struct statvfs space {};
    if (access(parent.c_str(), W_OK) != 0 || statvfs(parent.c_str(), &space) != 0 ||
        space.f_bavail * space.f_frsize < kNeededBytes) {
        const char* const temporary = std::getenv("TMPDIR");
        parent = temporary != nullptr ? temporary : "/tmp";
    }
    removeLeftovers(parent);
    std::string pattern = parent / (kDirectoryPrefix + std::to_string(getpid()) + "-XXXXXX");
    return mkdtemp(pattern.data()) != nullptr ? fs::path(pattern) : fs::path();
}

std::unique_ptr<KafkaCluster> startOrDie(const KafkaCluster::Options& options)
{
    auto started = KafkaCluster::start(options);
    if (!started) {
        std::fprintf(stderr, "%s\n", started.error().message.c_str());
    }
    SW_ASSERT(started.hasValue(), "tests ask whyUnavailable() first; then a broker must start");
    return std::move(*started);
}

} // namespace

std::optional<std::string> KafkaCluster::whyUnavailable()
{
    if (programPath("java").empty()) {
        return "there is no Java (apt-get install openjdk-17-jre-headless)";
    }
    if (!fs::exists(libraries() / kKafkaJar)) {
        return "Apache Kafka's jars are not in " + libraries().string() + " (run tests/kafka/fetch-kafka)";
    }
    return std::nullopt;
}

KafkaCluster& KafkaCluster::shared()
{
    static const std::unique_ptr<KafkaCluster> cluster = startOrDie({});
    return *cluster;
}

KafkaCluster& KafkaCluster::sharedSecured()
{
    static const std::unique_ptr<KafkaCluster> cluster = startOrDie({.secured = true});
    return *cluster;
}

Result<std::unique_ptr<KafkaCluster>> KafkaCluster::start(const Options& options)
{
    if (const auto why = whyUnavailable()) {
        return failure("No real Kafka: " + *why + ".");
    }
    std::unique_ptr<KafkaCluster> cluster(new KafkaCluster);
    if (auto prepared = cluster->prepare(options); !prepared) {
        return prepared.error();
    }
    for (Broker& broker : cluster->m_brokers) {
        if (auto launched = cluster->launch(broker); !launched) {
            return launched.error();
        }
    }
    for (Broker& broker : cluster->m_brokers) {
        if (auto ready = cluster->waitUntilReady(broker); !ready) {
            return ready.error();
        }
    }
    if (auto complete = cluster->waitUntilComplete(); !complete) {
        return complete.error();
    }
    return cluster;
}

KafkaCluster::~KafkaCluster()
{
    for (Broker& broker : m_brokers) {
        end(broker, SIGKILL);
    }
    std::error_code ignored;
    if (!m_directory.empty()) {
        fs::remove_all(m_directory, ignored);
    }
}

Result<void> KafkaCluster::prepare(const Options& options)
{
    m_options = options;
    m_directory = freshDirectory();
    if (m_directory.empty()) {
        return failure(std::string("Could not make a directory for Kafka: ") + std::strerror(errno));
    }
    for (int number = 1; number <= options.brokers; ++number) {
        Broker broker;
        broker.number = number;
        broker.directory = m_directory / ("broker-" + std::to_string(number));
        fs::create_directories(broker.directory);
        m_brokers.push_back(std::move(broker));
    }
    std::ofstream(m_directory / "log4j2.xml")
        << "<?xml version=\"1.0\"?><Configuration><Appenders><Console name=\"out\"><PatternLayout "
           "pattern=\"%d %p %m (%c{1})%n\"/></Console></Appenders><Loggers><Root level=\"warn\"><AppenderRef "
           "ref=\"out\"/></Root></Loggers></Configuration>\n";
    if (auto chosen = choosePorts(); !chosen) {
        return chosen;
    }
    if (m_options.secured) {
        if (auto made = makeCertificates(); !made) {
            return made;
        }
    }
    for (const Broker& broker : m_brokers) {
        writeConfiguration(broker);
    }
    return format();
}

Result<void> KafkaCluster::choosePorts()
{
    std::vector<int> held; // all at once, so that no port is given twice
    const auto take = [&held]() -> int {
        const int socketHandle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        held.push_back(socketHandle);
        if (bind(socketHandle, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            getsockname(socketHandle, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            return 0;
        }
        return ntohs(address.sin_port);
    };
    bool complete = true;
    for (Broker& broker : m_brokers) {
        broker.clientPort = take();
        broker.sslPort = take();
        broker.controllerPort = take();
        complete = complete && broker.clientPort != 0 && broker.sslPort != 0 && broker.controllerPort != 0;
    }
    for (const int socketHandle : held) {
        close(socketHandle);
    }
    if (!complete) {
        return failure("No free ports on 127.0.0.1.");
    }
    return {};
}

Result<void> KafkaCluster::makeCertificates() const
{
    // Made for the name localhost only: 127.0.0.1 is then the wrong host name that a test needs.
    std::ofstream(m_directory / "make-certificates") << R"(set -e
ca() { openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" -keyout "$1-key.pem" -out "$1.pem" \
         -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign; }
leaf() { openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$1-key.pem" -out "$1.csr"
         printf 'subjectAltName=DNS:%s\n' "$2" > "$1.ext"
         openssl x509 -req -days 30 -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile "$1.ext" -out "$1.pem"; }
ca ca
ca other-ca
leaf broker localhost
leaf app app
cat broker-key.pem broker.pem > broker-store.pem
)";
    const std::string shell = programPath("sh");
    if (programPath("openssl").empty()) {
        return failure("There is no openssl (apt-get install openssl).");
    }
    return runTool({shell, "make-certificates"}, m_directory);
}

void KafkaCluster::writeConfiguration(const Broker& broker) const
{
    const auto at = [](int port) { return "127.0.0.1:" + std::to_string(port); };
    std::string voters;
    for (const Broker& one : m_brokers) {
        voters += (voters.empty() ? "" : ",") + std::to_string(one.number) + "@" + at(one.controllerPort);
    }
    const std::string copies = std::to_string(std::min(brokers(), 3));
    const std::string inSync = std::to_string(brokers() >= 3 ? 2 : 1);
    std::map<std::string, std::string> config{
        {"process.roles", "broker,controller"},
        {"node.id", std::to_string(broker.number)},
        {"controller.quorum.voters", voters},
        {"controller.listener.names", "CONTROLLER"},
        {"log.dirs", (broker.directory / "data").string()},
        {"auto.create.topics.enable", "false"},
        {"default.replication.factor", copies},
        {"min.insync.replicas", inSync},
        {"offsets.topic.replication.factor", copies},
        {"offsets.topic.num.partitions", "4"},
        {"transaction.state.log.replication.factor", copies},
        {"transaction.state.log.min.isr", inSync},
        {"transaction.state.log.num.partitions", "4"},
        {"transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"},
        {"share.coordinator.state.topic.replication.factor", copies},
        {"share.coordinator.state.topic.min.isr", inSync},
        {"group.initial.rebalance.delay.ms", "0"},
        {"group.min.session.timeout.ms", "1000"},
        {"log.segment.bytes", "67108864"},
        {"log.index.size.max.bytes", "1048576"},
        {"log.cleaner.dedupe.buffer.size", "8388608"},
        {"num.network.threads", "2"},
        {"num.io.threads", brokers() > 1 ? "2" : "4"},
    };
    if (m_options.secured) {
        const std::string login = "org.apache.kafka.common.security.";
        const std::string scram =
            login + "scram.ScramLoginModule required username=\"admin\" password=\"admin-pw\";";
        config["listeners"] = "SASL_SSL://" + at(broker.clientPort) + ",SSL://" + at(broker.sslPort) +
                              ",CONTROLLER://" + at(broker.controllerPort);
        config["advertised.listeners"] = "SASL_SSL://localhost:" + std::to_string(broker.clientPort) +
                                         ",SSL://localhost:" + std::to_string(broker.sslPort);
        config["inter.broker.listener.name"] = "SASL_SSL";
        config["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL";
        config["sasl.enabled.mechanisms"] = "SCRAM-SHA-256,SCRAM-SHA-512,PLAIN";
        config["sasl.mechanism.inter.broker.protocol"] = "SCRAM-SHA-256";
        config["listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config"] = scram;
        config["listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config"] = scram;
        config["listener.name.sasl_ssl.plain.sasl.jaas.config"] =
            login + "plain.PlainLoginModule required username=\"admin\" password=\"admin-pw\" "
                    "user_admin=\"admin-pw\" user_app=\"app-pw\";";
        config["ssl.keystore.type"] = "PEM";
        config["ssl.keystore.location"] = (m_directory / "broker-store.pem").string();
        config["ssl.truststore.type"] = "PEM"; // without it the broker's own listener check fails
        config["ssl.truststore.location"] = (m_directory / "ca.pem").string();
        config["listener.name.ssl.ssl.client.auth"] = "required";
        config["listener.name.ssl.ssl.principal.mapping.rules"] = "RULE:^CN=(.*?)$/$1/,DEFAULT";
        config["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
        config["super.users"] = "User:admin;User:ANONYMOUS"; // ANONYMOUS is the plaintext controller listener
        config["allow.everyone.if.no.acl.found"] = "false";
    } else {
        config["listeners"] =
            "PLAINTEXT://" + at(broker.clientPort) + ",CONTROLLER://" + at(broker.controllerPort);
        config["advertised.listeners"] = "PLAINTEXT://" + at(broker.clientPort);
        config["inter.broker.listener.name"] = "PLAINTEXT";
        config["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT";
        if (m_options.advertisedProxyPort > 0 && broker.number == 1) {
            config["listeners"] += ",PROXIED://" + at(broker.sslPort);
            config["advertised.listeners"] += ",PROXIED://" + at(m_options.advertisedProxyPort);
            config["listener.security.protocol.map"] += ",PROXIED:PLAINTEXT";
        }
    }
    for (const auto& [key, value] : m_options.properties) {
        config[key] = value;
    }
    std::ofstream file(broker.directory / "server.properties");
    for (const auto& [key, value] : config) {
        file << key << '=' << value << '\n';
    }
}

std::vector<std::string> KafkaCluster::java(std::vector<std::string> arguments, const std::string& heap) const
{
    std::vector<std::string> command{
        programPath("java"),
        "-Xmx" + heap,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", // starts sooner, and no test is about its speed
        "-Dlog4j2.configurationFile=" + (m_directory / "log4j2.xml").string(),
        "-cp",
        libraries().string() + "/*"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

Result<void> KafkaCluster::format()
{
    const std::string cluster = randomClusterId();
    std::vector<std::pair<pid_t, fs::path>> running;
    for (const Broker& broker : m_brokers) {
        std::vector<std::string> arguments{"kafka.tools.StorageTool",
                                           "format",
                                           "-t",
                                           cluster,
                                           "-c",
                                           (broker.directory / "server.properties").string()};
        if (m_options.secured) {
            for (const char* const mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-512"}) {
                for (const char* const user : {"admin", "app"}) {
                    arguments.emplace_back("--add-scram");
                    arguments.push_back(std::string(mechanism) + "=[name=" + user + ",password=" + user +
                                        "-pw]");
                }
            }
        }
        const fs::path output = broker.directory / "format.log";
        running.emplace_back(spawn(java(std::move(arguments), "128m"), output, broker.directory), output);
    }
    Result<void> result;
    for (const auto& [child, output] : running) {
        const std::optional<int> code = child < 0 ? kExecFailed : waitForEnd(child, kToolPatience);
        if (code != 0 && result) {
            result = failure("Kafka's storage could not be formatted:\n" + tailOf(output));
        }
    }
    return result;
}

Result<void> KafkaCluster::launch(Broker& broker)
{
    broker.pid =
        spawn(java({"kafka.Kafka", (broker.directory / "server.properties").string()}, m_options.heap),
              broker.directory / "broker.log", broker.directory);
    if (broker.pid < 0) {
        return failure(std::string("Kafka could not be started: ") + std::strerror(errno));
    }
    return {};
}

Result<void> KafkaCluster::waitUntilReady(Broker& broker)
{
    const auto deadline = SteadyClock::now() + kStartPatience;
    while (!accepts(broker.clientPort)) {
        if (waitpid(broker.pid, nullptr, WNOHANG) == broker.pid) {
            broker.pid = -1;
            return failure("Kafka ended while starting:\n" + tailOf(broker.directory / "broker.log"));
        }
        if (SteadyClock::now() > deadline) {
            return failure("Kafka did not open its port in time:\n" +
                           tailOf(broker.directory / "broker.log"));
        }
        poll(nullptr, 0, static_cast<int>(kPollPause.count()));
    }
    return {};
}

Result<void> KafkaCluster::waitUntilComplete() const
{
    auto admin = Admin::create(connection());
    if (!admin) {
        return admin.error();
    }
    const auto deadline = SteadyClock::now() + kStartPatience;
    while (true) {
        auto cluster = (*admin)->describeCluster(Millis{5'000});
        if (cluster && static_cast<int>(cluster->brokers.size()) == brokers()) {
            return {};
        }
        if (SteadyClock::now() > deadline) {
            return failure("Kafka's brokers did not find each other in time. " +
                           (cluster ? std::string() : cluster.error().message) + "\n" + log());
        }
        poll(nullptr, 0, static_cast<int>(kPollPause.count()));
    }
}

void KafkaCluster::end(Broker& broker, int signal)
{
    if (broker.pid <= 0) {
        return;
    }
    ::kill(broker.pid, signal);
    ::kill(broker.pid, SIGCONT); // a stopped one takes no SIGTERM
    waitForEnd(broker.pid, kStopPatience);
    broker.pid = -1;
}

std::string KafkaCluster::bootstrap() const
{
    std::string all;
    for (int broker = 0; broker < brokers(); ++broker) {
        all += (all.empty() ? "" : ",") + bootstrap(broker);
    }
    return all;
}

std::string KafkaCluster::bootstrap(int broker) const
{
    const std::string host = m_options.secured ? "localhost:" : "127.0.0.1:";
    return host + std::to_string(m_brokers[static_cast<std::size_t>(broker)].clientPort);
}

std::string KafkaCluster::bootstrapByAddress() const
{
    return "127.0.0.1:" + std::to_string(m_brokers[0].clientPort);
}

ConnectionConfig KafkaCluster::connection() const
{
    return m_options.secured ? saslConnection("SCRAM-SHA-256", "admin")
                             : ConnectionConfig::plain("test", bootstrap());
}

ConnectionConfig KafkaCluster::saslConnection(const std::string& mechanism, const std::string& user) const
{
    ConnectionConfig config = ConnectionConfig::plain("test", bootstrap());
    config.securityProtocol = "SASL_SSL";
    config.saslMechanism = mechanism;
    config.saslUsername = user;
    config.saslPassword = user + "-pw";
    config.sslCaLocation = caFile();
    config.properties["broker.address.family"] =
        "v4"; // it listens on 127.0.0.1 only, localhost may be ::1 first
    return config;
}

ConnectionConfig KafkaCluster::sslConnection() const
{
    ConnectionConfig config =
        ConnectionConfig::plain("test", "localhost:" + std::to_string(m_brokers[0].sslPort));
    config.securityProtocol = "SSL";
    config.sslCaLocation = caFile();
    config.sslCertificateLocation = m_directory / "app.pem";
    config.sslKeyLocation = m_directory / "app-key.pem";
    config.properties["broker.address.family"] = "v4";
    return config;
}

std::string KafkaCluster::caFile() const
{
    return m_directory / "ca.pem";
}
std::string KafkaCluster::otherCaFile() const
{
    return m_directory / "other-ca.pem";
}

Result<void> KafkaCluster::allow(const std::string& user, Resource resource, const std::string& name,
                                 Right right)
{
    const auto type = resource == Resource::Topic   ? RD_KAFKA_RESOURCE_TOPIC
                      : resource == Resource::Group ? RD_KAFKA_RESOURCE_GROUP
                                                    : RD_KAFKA_RESOURCE_TRANSACTIONAL_ID;
    const auto operation = right == Right::Read    ? RD_KAFKA_ACL_OPERATION_READ
                           : right == Right::Write ? RD_KAFKA_ACL_OPERATION_WRITE
                                                   : RD_KAFKA_ACL_OPERATION_DESCRIBE;
    auto config = ClientConfig::forAdmin(connection());
    if (!config) {
        return config.error();
    }
    std::array<char, 512> reason{};
    const std::unique_ptr<rd_kafka_t, decltype(&rd_kafka_destroy)> client(
        rd_kafka_new(RD_KAFKA_PRODUCER, config->release(), reason.data(), reason.size()), rd_kafka_destroy);
    if (client == nullptr) {
        return failure(reason.data());
    }
    const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> answers(
        rd_kafka_queue_new(client.get()), rd_kafka_queue_destroy);
    const std::unique_ptr<rd_kafka_AclBinding_t, decltype(&rd_kafka_AclBinding_destroy)> rule(
        rd_kafka_AclBinding_new(type, name.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL,
                                ("User:" + user).c_str(), "*", operation, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW,
                                reason.data(), reason.size()),
        rd_kafka_AclBinding_destroy);
    rd_kafka_AclBinding_t* rules[] = {rule.get()};
    rd_kafka_CreateAcls(client.get(), rules, 1, nullptr, answers.get());
    const std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)> event(
        rd_kafka_queue_poll(answers.get(), static_cast<int>(kStopPatience.count())), rd_kafka_event_destroy);
    if (event == nullptr || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return failure("The ACL could not be made.");
    }
    return {};
}

void KafkaCluster::stop(int broker)
{
    end(m_brokers[static_cast<std::size_t>(broker)], SIGTERM);
}
void KafkaCluster::kill(int broker)
{
    end(m_brokers[static_cast<std::size_t>(broker)], SIGKILL);
}
void KafkaCluster::pause(int broker)
{
    ::kill(pid(broker), SIGSTOP);
}
void KafkaCluster::resume(int broker)
{
    ::kill(pid(broker), SIGCONT);
}

Result<void> KafkaCluster::restart(int broker)
{
    Broker& one = m_brokers[static_cast<std::size_t>(broker)];
    SW_ASSERT(one.pid <= 0, "stop or kill it first");
    if (auto launched = launch(one); !launched) {
        return launched;
    }
    if (auto ready = waitUntilReady(one); !ready) {
        return ready;
    }
    return waitUntilComplete();
}

bool KafkaCluster::isRunning(int broker)
{
    Broker& one = m_brokers[static_cast<std::size_t>(broker)];
    if (one.pid > 0 && waitpid(one.pid, nullptr, WNOHANG) == one.pid) {
        one.pid = -1;
    }
    return one.pid > 0;
}

pid_t KafkaCluster::pid(int broker) const
{
    return m_brokers[static_cast<std::size_t>(broker)].pid;
}

std::string KafkaCluster::log(int broker) const
{
    return tailOf(m_brokers[static_cast<std::size_t>(broker)].directory / "broker.log");
}

std::string uniqueName(const std::string& prefix)
{
    static std::atomic<int> count{0};
    return prefix + "-" + std::to_string(getpid()) + "-" + std::to_string(++count);
}

} // namespace streamwright::kafka
