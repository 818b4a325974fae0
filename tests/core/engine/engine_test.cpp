#include "core/engine/engine.h"
#include "core/kafka/consumer.h"
#include "core/kafka/embedded_broker.h"
#include "core/kafka/producer.h"
#include "core/state/small_state.h"
#include "tests/core/engine/plan_fixture.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace streamwright {
namespace {

constexpr Millis kPatience{20'000};
constexpr Port kOut{0, "out"};
using Texts = std::vector<std::string>;

/// Puts the next number before each value, and fails on "poison". State: how many it gave.
class Numbering final : public Operator {
public:
    Result<void> restore(const RestoredState& state) override
    {
        if (state.kind == RestoredState::Kind::Lost) {
            return Error{Errc::LostState, state.why};
        }
        m_count = state.kind == RestoredState::Kind::Fresh ? 0 : *countOf(state.text);
        return {};
    }
    std::string smallState() const override { return R"({"count":)" + std::to_string(m_count) + '}'; }
    void process(const Batch& batch, Emitter& out) override
    {
        Batch mine = batch.writable();
        std::vector<RecordIndex> good;
        for (const RecordIndex index : mine.selection()) {
            Record& record = mine.mutableRecord(index);
            if (record.value.bytes == "poison") {
                out.fail(record, {.code = RecordErrorCode::NoMatch, .message = "poison"});
                continue;
            }
            const std::string text = std::to_string(++m_count) + ' ' + std::string(record.value.bytes);
            record.value.bytes = batch.arena().copy(text);
            good.push_back(index);
        }
        out.emit(kOut, mine.select(good));
    }

private:
    std::uint64_t m_count = 0;
};

/// Gives "line 1" to "line N", then ends; its position is how many it gave.
class CountingSource final : public Source {
public:
    explicit CountingSource(std::size_t lines) : m_lines(lines) {}
    Result<void> open(OperatorContext& context, std::optional<std::string_view> position) override
    {
        m_id = context.nodeId();
        m_given = position ? static_cast<std::size_t>(std::stoul(std::string(*position))) : 0;
        return {};
    }
    Result<Poll> poll(Arena& arena, std::size_t most, std::vector<Origin>& out) override
    {
        Poll poll{State::Records};
        for (; poll.records < most && m_given < m_lines; ++poll.records) {
            const std::string text = "line " + std::to_string(++m_given);
            out.push_back({.topic = m_id,
                           .partition = 0,
                           .offset = static_cast<std::int64_t>(m_given),
                           .value = arena.copy(text),
                           .timestampMs = 1});
        }
        poll.state = m_given == m_lines ? State::Finished : State::Records;
        return poll;
    }
    ValueFormat format() const override { return ValueFormat::Text; }
    std::string position() const override { return std::to_string(m_given); }
    bool endless() const override { return false; }

private:
    std::size_t m_lines;
    std::size_t m_given = 0;
    std::string m_id;
};

/// Everything that was written, in the test's memory; says when it was flushed.
struct Collected {
    std::mutex mutex;
    Texts values;
    std::size_t flushed = 0;
};
class CollectingSink final : public Sink {
public:
    explicit CollectingSink(Collected& collected) : m_collected(collected) {}
    Result<void> write(const Batch& batch) override
    {
        const std::lock_guard lock(m_collected.mutex);
        for (const RecordIndex index : batch.selection()) {
            m_collected.values.emplace_back(batch.record(index).value.bytes);
        }
        return {};
    }
    Result<void> flush() override
    {
        const std::lock_guard lock(m_collected.mutex);
        m_collected.flushed = m_collected.values.size();
        return {};
    }

private:
    Collected& m_collected;
};

class EngineTest : public ::testing::Test, protected PlanFixture {
protected:
    void SetUp() override
    {
        std::string name = ::testing::TempDir() + "engine-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        directory = name;
        options.stateDir = directory / "state";
        options.dataDir = directory;
        plan.pipelineName = "test";
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    /// A broker that outlives runs; plain connections lead to it.
    void startBroker()
    {
        auto started = kafka::EmbeddedBroker::start();
        ASSERT_TRUE(started) << started.error().message;
        broker = std::move(*started);
        bootstrap = broker->bootstrap();
        Json config = Json::object();
        config["bootstrap_servers"] = bootstrap;
        plan.connections = {{"kafka", config, false}};
        ASSERT_TRUE(broker->createTopic("in", 1));
        ASSERT_TRUE(broker->createTopic("out", 1));
    }
    void useEmbedded()
    {
        Json config = Json::object();
        config["bootstrap_servers"] = "embedded";
        plan.connections = {{"kafka", config, true}};
    }

    /// source "in" -> numbering -> sink "out", failures to the topic "dead" where `deadLetters`.
    void numberingPlan(bool stateful = true)
    {
        KafkaSourceBinding from;
        from.connection = "kafka";
        from.topics = {"in"};
        from.format = ValueFormat::Text;
        KafkaSinkBinding to;
        to.connection = "kafka";
        to.topic = "out";
        to.format = ValueFormat::Text;
        const auto in = add("in", source(from));
        const auto number =
            add("number", transform(
                              "number", [] { return std::make_unique<Numbering>(); }, stateful));
        const auto out = add("out", sink(to));
        wire(in, "out", number);
        wire(number, "out", out);
        flow();
    }

    [[nodiscard]] kafka::ConnectionConfig connection() const
    {
        return kafka::ConnectionConfig::plain("test", bootstrap).onEmbeddedBroker(bootstrap);
    }
    void send(const std::string& topic, const Texts& values)
    {
        auto producer = kafka::Producer::create(connection(), {});
        ASSERT_TRUE(producer) << producer.error().message;
        auto target = (*producer)->topic(topic, {}, kPatience);
        ASSERT_TRUE(target) << target.error().message;
        for (const std::string& value : values) {
            ASSERT_TRUE(
                (*producer)->produce({.topic = *target, .partition = 0, .value = value, .timestampMs = 5}));
        }
        ASSERT_TRUE((*producer)->flush(kPatience));
    }
    [[nodiscard]] Texts read(const std::string& topic)
    {
        Texts values;
        auto consumer = kafka::Consumer::create(connection(), {});
        EXPECT_TRUE(consumer);
        const auto marks = (*consumer)->watermarks({topic, 0}, kPatience);
        EXPECT_TRUE(marks);
        if (marks->high == marks->low) {
            return values;
        }
        const std::vector<kafka::PartitionOffset> all{{{topic, 0}, kafka::kOffsetBeginning, {}, {}}};
        EXPECT_TRUE((*consumer)->assign(all));
        kafka::MessageBatch batch;
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (static_cast<std::int64_t>(values.size()) < marks->high - marks->low &&
               std::chrono::steady_clock::now() < deadline) {
            EXPECT_TRUE((*consumer)->consume(batch, Millis{100}));
            for (const kafka::ConsumedMessage& message : batch.messages()) {
                values.emplace_back(message.value);
            }
        }
        batch.clear();
        return values;
    }
    [[nodiscard]] kafka::PartitionOffset committed()
    {
        kafka::ConsumerSettings settings;
        settings.groupId = "test-group";
        auto consumer = kafka::Consumer::create(connection(), settings);
        const std::vector<kafka::TopicPartition> partitions{{"in", 0}};
        auto offsets = (*consumer)->committed(partitions, kPatience);
        EXPECT_TRUE(offsets) << offsets.error().message;
        return offsets ? offsets->front() : kafka::PartitionOffset();
    }

    /// Runs to the end; the engine is still there afterwards.
    std::unique_ptr<Engine> run()
    {
        auto engine = Engine::create(topology(), options);
        engine->start();
        EXPECT_TRUE(engine->wait(kPatience)) << "state " << toString(engine->snapshot().state);
        if (const auto failure = engine->snapshot().failure) {
            message = failure->message;
        }
        return engine;
    }

    std::filesystem::path directory;
    EngineOptions options;
    std::unique_ptr<kafka::EmbeddedBroker> broker;
    std::string bootstrap;
    std::string message;
};

TEST_F(EngineTest, RunsAFedFlowOnTheEmbeddedBrokerToItsEnd)
{
    useEmbedded();
    numberingPlan();
    std::ofstream(directory / "feed.txt") << "a\nb\nc\n";
    options.feeds = {{"in", directory / "feed.txt", 0, false}};
    options.untilEnd = true;

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 0) << message;
    EXPECT_EQ(engine->stoppedBy(), StoppedBy::UntilEnd);
    EXPECT_EQ(engine->snapshot().state, EngineState::Stopped);
    bootstrap = engine->embeddedBootstrap();
    EXPECT_EQ(read("out"), (Texts{"1 a", "2 b", "3 c"}));
    const EngineSnapshot snapshot = engine->snapshot();
    EXPECT_EQ(snapshot.nodes[1].counters.recordsIn, 3U);
    ASSERT_EQ(snapshot.partitions.size(), 1U);
    EXPECT_EQ(snapshot.partitions[0].next, 3);
    EXPECT_EQ(snapshot.partitions[0].end, 3);
}

TEST_F(EngineTest, NumbersOnAfterARestartWithoutAGap)
{
    startBroker();
    numberingPlan();
    options.untilEnd = true;
    send("in", {"a", "b"});
    ASSERT_EQ(run()->exitCode(), 0) << message;
    send("in", {"c", "d"});

    ASSERT_EQ(run()->exitCode(), 0) << message;

    EXPECT_EQ(read("out"), (Texts{"1 a", "2 b", "3 c", "4 d"}));
    EXPECT_EQ(committed().offset, 4);
    EXPECT_EQ(committed().metadata, R"({"v":1,"nodes":{"number":{"count":4}}})");
}

TEST_F(EngineTest, CommitsWhereItBeginsWithTheInitialState)
{
    startBroker();
    numberingPlan();
    options.untilEnd = true;

    ASSERT_EQ(run()->exitCode(), 0) << message;

    EXPECT_EQ(committed().offset, 0);
    EXPECT_EQ(committed().metadata, R"({"v":1,"nodes":{"number":{"count":0}}})");
}

TEST_F(EngineTest, NoticesThatACommitWithoutStateHasLostTheCounter)
{
    startBroker();
    numberingPlan();
    options.untilEnd = true;
    {
        kafka::ConsumerSettings settings;
        settings.groupId = "test-group";
        auto consumer = kafka::Consumer::create(connection(), settings);
        const std::vector<kafka::PartitionOffset> offsets{{{"in", 0}, 0, "", {}}};
        ASSERT_TRUE((*consumer)->commit(offsets, kPatience));
    }

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 1);
    EXPECT_EQ(engine->snapshot().failure->code, Errc::LostState) << message;
}

TEST_F(EngineTest, NoticesThatAGroupIsNewWhereTheOutputIsNot)
{
    startBroker();
    numberingPlan();
    options.untilEnd = true;
    send("out", {"1 earlier"});

    const auto engine = run();

    EXPECT_EQ(engine->snapshot().failure->code, Errc::LostState) << message;
    EXPECT_NE(message.find("\"out\""), std::string::npos) << message;
}

TEST_F(EngineTest, StopsAtARecordThatFailsBeforeItsOffsetIsCommitted)
{
    startBroker();
    numberingPlan();
    send("in", {"a", "poison", "b"});

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 5);
    EXPECT_EQ(engine->stoppedBy(), StoppedBy::Record);
    EXPECT_NE(message.find("in[0]@1"), std::string::npos) << message;
    EXPECT_LE(committed().offset, 1);
}

TEST_F(EngineTest, CountsRecordsTakenFromSources)
{
    startBroker();
    numberingPlan();
    send("in", {"a", "b", "c", "d"});
    options.count = 3;

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 0) << message;
    EXPECT_EQ(engine->stoppedBy(), StoppedBy::Count);
    EXPECT_EQ(read("out"), (Texts{"1 a", "2 b", "3 c"}));
    EXPECT_EQ(committed().offset, 3);
}

TEST_F(EngineTest, DrainsAndCommitsWhenItIsAskedToStop)
{
    startBroker();
    numberingPlan();
    send("in", {"a", "b"});
    auto engine = Engine::create(topology(), options);
    engine->start();
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (engine->snapshot().nodes[2].counters.recordsOut < 2 &&
           std::chrono::steady_clock::now() < deadline) {
        ASSERT_FALSE(engine->wait(Millis{5})) << engine->snapshot().failure->message;
    }

    engine->requestStop(StoppedBy::Signal);

    ASSERT_TRUE(engine->wait(kPatience));
    EXPECT_EQ(engine->exitCode(), 0);
    EXPECT_EQ(engine->stoppedBy(), StoppedBy::Signal);
    EXPECT_EQ(committed().offset, 2);
}

TEST_F(EngineTest, NamesAMissingTopicAndEndsWithTheBrokersCode)
{
    startBroker();
    numberingPlan();
    KafkaSinkBinding to;
    to.connection = "kafka";
    to.topic = "nowhere";
    plan.nodes[2].type = &sink(to);

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 3);
    EXPECT_NE(message.find("nowhere"), std::string::npos) << message;
}

TEST_F(EngineTest, GoesOnAfterADeliveryErrorByReadingAgain)
{
    startBroker();
    numberingPlan();
    options.untilEnd = true;
    send("in", {"a", "b"});
    constexpr std::int16_t kProduceKey = 0;
    constexpr std::int32_t kTopicAuthorizationFailed = 29;
    broker->failRequests(kProduceKey, kTopicAuthorizationFailed, 1);

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 0) << message;
    EXPECT_EQ(read("out"), (Texts{"1 a", "2 b"}));
    EXPECT_EQ(committed().metadata, R"({"v":1,"nodes":{"number":{"count":2}}})");
}

TEST_F(EngineTest, EndsWithItsFiniteSourceAndKeepsTheState)
{
    Collected collected;
    const auto lines = add("lines", localSource([] { return std::make_unique<CountingSource>(1500); }));
    const auto number = add("number", transform(
                                          "number", [] { return std::make_unique<Numbering>(); }, true));
    const auto out =
        add("out", localSink([&collected] { return std::make_unique<CollectingSink>(collected); }));
    wire(lines, "out", number);
    wire(number, "out", out);
    flow();

    const auto engine = run();

    EXPECT_EQ(engine->exitCode(), 0) << message;
    EXPECT_EQ(engine->stoppedBy(), StoppedBy::Finished);
    ASSERT_EQ(collected.values.size(), 1500U);
    EXPECT_EQ(collected.values.back(), "1500 line 1500");
    EXPECT_EQ(collected.flushed, 1500U);
    ASSERT_EQ(run()->exitCode(), 0) << message;
    ASSERT_EQ(collected.values.size(), 3000U);
    EXPECT_EQ(collected.values.back(), "3000 line 1500") << "numbers go on, the file is read anew";
}

TEST_F(EngineTest, RefusesUntilEndWhereASourceNeverEnds)
{
    Collected collected;
    const auto lines = add("lines", localSource([] { return std::make_unique<CountingSource>(1); }));
    const auto out =
        add("out", localSink([&collected] { return std::make_unique<CollectingSink>(collected); }));
    wire(lines, "out", out);
    flow().endless = true;
    options.untilEnd = true;

    EXPECT_EQ(run()->exitCode(), 2);
}

TEST(EngineState, AllowsOnlyWhatItsTableSays)
{
    EXPECT_TRUE(isAllowed(EngineState::Created, EngineState::Starting));
    EXPECT_TRUE(isAllowed(EngineState::Starting, EngineState::Draining));
    EXPECT_FALSE(isAllowed(EngineState::Stopped, EngineState::Starting));
    EXPECT_FALSE(isAllowed(EngineState::Running, EngineState::Stopped));
}

} // namespace
} // namespace streamwright
