#include "core/engine/chain_executor.h"
#include "tests/core/engine/plan_fixture.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

thread_local bool countAllocations = false; // NOLINT: read by the replaced operator new
thread_local std::size_t allocations = 0;   // NOLINT

} // namespace

// Not inlined: GCC would take new and free, seen side by side, for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    if (countAllocations) {
        ++allocations;
    }
    if (void* const memory = std::malloc(size)) { // NOLINT: this is what new is made of
        return memory;
    }
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept
{
    std::free(memory);
} // NOLINT
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
} // NOLINT

namespace streamwright {
namespace {

constexpr Port kOut{0, "out"};
constexpr Port kSecond{1, "second"};

/// Does to each batch what the test says.
class FunctionOperator final : public Operator {
public:
    using Function = std::function<void(const Batch&, Emitter&)>;
    explicit FunctionOperator(Function function) : m_function(std::move(function)) {}
    void process(const Batch& batch, Emitter& out) override { m_function(batch, out); }

private:
    Function m_function;
};

/// Keeps the values that reached it as text, and why they failed.
class RecordingSink final : public ChainSink {
public:
    Result<std::size_t> write(const Batch& batch, Emitter& out) override
    {
        ++batches;
        for (const RecordIndex index : batch.selection()) {
            const Record& record = batch.record(index);
            if (refused != nullptr && *refused == record.value.bytes) {
                out.fail(record,
                         {.code = RecordErrorCode::TooLarge, .message = "no", .stage = Stage::Produce});
                continue;
            }
            if (keep) {
                values.emplace_back(record.value.bytes);
                errors.push_back(record.error == nullptr ? ""
                                                         : std::string(record.error->node) + ':' +
                                                               std::string(toString(record.error->code)));
            }
        }
        return fails ? Result<std::size_t>(Error{Errc::Io, "disk full"})
                     : Result<std::size_t>(bytesOf(batch));
    }

    std::vector<std::string> values;
    std::vector<std::string> errors;
    std::size_t batches = 0;
    const std::string* refused = nullptr;
    bool fails = false;
    bool keep = true;
};

class ChainExecutorTest : public ::testing::Test, protected PlanFixture {
protected:
    PlanFixture::MakeOperator operatorOf(FunctionOperator::Function function)
    {
        return [function = std::move(function)] { return std::make_unique<FunctionOperator>(function); };
    }
    const NodeType& passOn()
    {
        return transform("pass", operatorOf([](const Batch& batch, Emitter& out) { out.emit(kOut, batch); }));
    }
    /// Fails the records whose value is `poison`, passes the others on.
    const NodeType& picky(const std::string& poison)
    {
        return transform("picky", operatorOf([poison](const Batch& batch, Emitter& out) {
                             std::vector<RecordIndex> good;
                             for (const RecordIndex index : batch.selection()) {
                                 if (batch.record(index).value.bytes == poison) {
                                     out.fail(batch.record(index),
                                              {.code = RecordErrorCode::NoMatch, .message = "poison"});
                                 } else {
                                     good.push_back(index);
                                 }
                             }
                             out.emit(kOut, batch.select(good));
                         }));
    }

    void build(ValueFormat format = ValueFormat::Text)
    {
        flow();
        topologyOfChain = topology();
        probes = std::make_unique<ThreadProbes>(plan.nodes.size(), plan.edgeCount);
        taps = std::make_unique<TapBoard>(plan.edgeCount);
        std::vector<ChainNode> nodes(plan.nodes.size());
        MakeContext context;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            nodes[i].sourceFormat = format;
            if (plan.nodes[i].spec().category == NodeCategory::Sink) {
                nodes[i].sink = &sinks[plan.nodes[i].id];
            } else if (plan.nodes[i].spec().category == NodeCategory::Transform) {
                auto made = plan.nodes[i].type->make(plan.nodes[i].config, context);
                nodes[i].transform = std::move(std::get<std::unique_ptr<Operator>>(*made));
            }
        }
        chain = std::make_unique<ChainExecutor>(
            ChainEnvironment{
                .topology = *topologyOfChain, .probes = *probes, .taps = taps.get(), .log = &log},
            std::move(nodes));
        ASSERT_TRUE(chain->open());
    }

    Result<void> run(const std::vector<std::string_view>& values)
    {
        arena.reset();
        origins.clear();
        for (std::size_t i = 0; i < values.size(); ++i) {
            origins.push_back({.topic = "orders",
                               .partition = 0,
                               .offset = static_cast<std::int64_t>(i),
                               .key = "key",
                               .value = values[i],
                               .timestampMs = 1});
        }
        return chain->run(0, origins, arena, 0);
    }
    NodeCounters counters(std::size_t node) const
    {
        NodeSnapshot snapshot;
        probes->node(node).addTo(snapshot);
        return snapshot.counters;
    }

    std::shared_ptr<const Topology> topologyOfChain;
    std::unique_ptr<ThreadProbes> probes;
    std::unique_ptr<TapBoard> taps;
    RunLog log;
    std::map<std::string, RecordingSink> sinks;
    std::unique_ptr<ChainExecutor> chain;
    Arena arena;
    std::vector<Origin> origins;
};

using Texts = std::vector<std::string>;

TEST_F(ChainExecutorTest, DrivesRecordsInOrderToTheSinkAndCountsThem)
{
    const auto in = add("in", source({}));
    const auto pass = add("pass", passOn());
    const auto end = add("end", sink({}));
    wire(in, "out", pass);
    wire(pass, "out", end);
    build();

    ASSERT_TRUE(run({"a", "b", "c"}));

    EXPECT_EQ(sinks["end"].values, (Texts{"a", "b", "c"}));
    EXPECT_EQ(counters(in).recordsIn, 3U);
    EXPECT_EQ(counters(pass).recordsIn, 3U);
    EXPECT_EQ(counters(pass).recordsOut, 3U);
    EXPECT_EQ(counters(end).recordsOut, 3U);
    EXPECT_EQ(counters(in).bytesIn, 12U);
    EXPECT_EQ(probes->edge(1).records.value(), 3U);
}

TEST_F(ChainExecutorTest, SendsAFailedRecordAsConsumedToTheErrorPort)
{
    const auto in = add("in", source({}));
    const auto check = add("check", picky("b"));
    const auto end = add("end", sink({}));
    const auto dead = add("dead", sink({}));
    wire(in, "out", check);
    wire(check, "out", end);
    wire(check, "error", dead);
    build();

    ASSERT_TRUE(run({"a", "b", "c"}));

    EXPECT_EQ(sinks["end"].values, (Texts{"a", "c"}));
    EXPECT_EQ(sinks["dead"].values, Texts{"b"});
    EXPECT_EQ(sinks["dead"].errors, Texts{"check:no_match"});
    EXPECT_EQ(counters(check).errors, 1U);
    EngineSnapshot snapshot;
    log.copyTo(snapshot);
    ASSERT_EQ(snapshot.rejects.size(), 1U);
    EXPECT_EQ(snapshot.rejects[0].offset, 1);
}

TEST_F(ChainExecutorTest, SendsWhatIsNotJsonToTheSourcesErrorPort)
{
    const auto in = add("in", source({}));
    const auto end = add("end", sink({}));
    const auto dead = add("dead", sink({}));
    wire(in, "out", end);
    wire(in, "error", dead);
    build(ValueFormat::Json);

    ASSERT_TRUE(run({R"({"a":1})", "{nope", ""}));

    EXPECT_EQ(sinks["end"].values, (Texts{R"({"a":1})", ""}));
    EXPECT_EQ(sinks["dead"].values, Texts{"{nope"});
    EXPECT_EQ(sinks["dead"].errors, Texts{"in:bad_json"});
}

TEST_F(ChainExecutorTest, StopsAtTheFirstFailureWhenNothingTakesIt)
{
    const auto in = add("in", source({}));
    const auto check = add("check", picky("b"));
    const auto end = add("end", sink({}));
    wire(in, "out", check);
    wire(check, "out", end);
    build();

    const auto done = run({"a", "b"});

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::RecordFailed);
    EXPECT_NE(done.error().message.find("orders[0]@1"), std::string::npos) << done.error().message;
    EXPECT_NE(done.error().message.find("on_error"), std::string::npos);
}

TEST_F(ChainExecutorTest, DropsAndCountsFailuresWhereTheDocumentSaysSo)
{
    plan.settings.onError = OnError::Drop;
    const auto in = add("in", source({}));
    const auto check = add("check", picky("b"));
    const auto end = add("end", sink({}));
    wire(in, "out", check);
    wire(check, "out", end);
    build();

    ASSERT_TRUE(run({"a", "b"}));

    EXPECT_EQ(counters(check).errors, 1U);
    EXPECT_EQ(counters(check).dropped, 1U);
}

TEST_F(ChainExecutorTest, SendsUnwiredFailuresToTheDeadLetterSinkOfTheSettings)
{
    plan.settings.onError = OnError::DeadLetter;
    const auto in = add("in", source({}));
    const auto check = add("check", picky("b"));
    const auto end = add("end", sink({}));
    wire(in, "out", check);
    wire(check, "out", end);
    plan.deadLetterNode = add("dead", sink({}));
    build();

    ASSERT_TRUE(run({"a", "b"}));

    EXPECT_EQ(sinks["dead"].values, Texts{"b"});
}

TEST_F(ChainExecutorTest, SendsWhatASinkRefusesToTheSinksErrorPort)
{
    const auto in = add("in", source({}));
    const auto end = add("end", sink({}));
    const auto dead = add("dead", sink({}));
    wire(in, "out", end);
    wire(end, "error", dead);
    build();
    const std::string tooLarge = "b";
    sinks["end"].refused = &tooLarge;

    ASSERT_TRUE(run({"a", "b"}));

    EXPECT_EQ(sinks["dead"].errors, Texts{"end:too_large"});
    EXPECT_EQ(counters(end).recordsOut, 1U);
    EXPECT_EQ(counters(end).errors, 1U);
}

TEST_F(ChainExecutorTest, FailsWithTheSinkSoThatNothingIsCommitted)
{
    const auto in = add("in", source({}));
    const auto end = add("end", sink({}));
    wire(in, "out", end);
    build();
    sinks["end"].fails = true;

    const auto done = run({"a"});

    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Io);
}

TEST_F(ChainExecutorTest, TurnsAnExceptionIntoAnErrorThatNamesTheNode)
{
    const auto in = add("in", source({}));
    const auto bad = add("bad", transform("bad", operatorOf([](const Batch&, Emitter&) {
                                              throw std::runtime_error("surprise");
                                          })));
    wire(in, "out", bad);
    build();

    const auto done = run({"a"});

    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("\"bad\""), std::string::npos) << done.error().message;
}

TEST_F(ChainExecutorTest, GivesEachBranchOfAFanOutTheRecordsUnchangedByTheOthers)
{
    const auto in = add("in", source({}));
    const auto edit = add("edit", transform("edit", operatorOf([](const Batch& batch, Emitter& out) {
                                                Batch mine = batch.writable();
                                                for (const RecordIndex index : mine.selection()) {
                                                    mine.mutableRecord(index).value.bytes = "edited";
                                                }
                                                out.emit(kOut, mine);
                                            })));
    const auto edited = add("edited", sink({}));
    const auto plain = add("plain", sink({}));
    wire(in, "out", edit);
    wire(in, "out", plain);
    wire(edit, "out", edited);
    build();

    ASSERT_TRUE(run({"a", "b"}));

    EXPECT_EQ(sinks["edited"].values, (Texts{"edited", "edited"}));
    EXPECT_EQ(sinks["plain"].values, (Texts{"a", "b"}));
}

TEST_F(ChainExecutorTest, CountsWhatLeavesAnUnwiredOptionalPortAsDropped)
{
    const auto in = add("in", source({}));
    const auto split =
        add("split", transform("split", operatorOf([](const Batch& batch, Emitter& out) {
                                   const std::vector<RecordIndex> first{batch.selection()[0]};
                                   out.emit(kOut, batch.select(first));
                                   out.emit(kSecond, batch.select(batch.selection().subspan(1)));
                               }),
                               false, {{"out", PortRole::Main, ""}, {"second", PortRole::Optional, ""}}));
    const auto end = add("end", sink({}));
    wire(in, "out", split);
    wire(split, "out", end);
    build();

    ASSERT_TRUE(run({"a", "b", "c"}));

    EXPECT_EQ(counters(split).recordsOut, 1U);
    EXPECT_EQ(counters(split).dropped, 2U);
}

TEST_F(ChainExecutorTest, PassesRecordsByABypassedNodeAndNoneIntoOneThatIsOff)
{
    const auto in = add("in", source({}));
    const auto check = add("check", picky("a"));
    const auto end = add("end", sink({}));
    const auto off = add("off", sink({}));
    wire(in, "out", check);
    wire(check, "out", end);
    wire(in, "out", off);
    plan.nodes[check].mode = NodeMode::Bypass;
    plan.nodes[off].mode = NodeMode::Off;
    build();

    ASSERT_TRUE(run({"a"}));

    EXPECT_EQ(sinks["end"].values, Texts{"a"});
    EXPECT_TRUE(sinks["off"].values.empty());
}

TEST_F(ChainExecutorTest, CopiesRecordsToATapAsLongAsItIsOpen)
{
    const auto in = add("in", source({}));
    const auto end = add("end", sink({}));
    wire(in, "out", end);
    build();
    ASSERT_TRUE(run({"before"}));

    auto tap = taps->open(0, TapLimits{.valueBytes = 2});
    ASSERT_TRUE(run({"seen"}));
    const std::vector<TapSample> samples = tap->drain(10);
    tap.reset();
    ASSERT_TRUE(run({"after"}));

    ASSERT_EQ(samples.size(), 1U);
    EXPECT_EQ(samples[0].value, "se");
    EXPECT_EQ(samples[0].valueSize, 4U);
    EXPECT_EQ(samples[0].key, "ke");
    EXPECT_EQ(samples[0].topic, "orders");
    EXPECT_EQ(taps->open(7, {}), nullptr);
}

TEST_F(ChainExecutorTest, AllocatesNothingPerRecordOnceItIsWarm)
{
    const auto in = add("in", source({}));
    const auto edit = add("edit", transform("edit", operatorOf([](const Batch& batch, Emitter& out) {
                                                Batch mine = batch.writable();
                                                for (const RecordIndex index : mine.selection()) {
                                                    Record& record = mine.mutableRecord(index);
                                                    JsonEditor editor(*record.value.json, batch.arena());
                                                    editor.append("n", false, makeJsonInt(7, batch.arena()));
                                                    record.value.json = editor.finish();
                                                }
                                                out.emit(kOut, mine);
                                            })));
    const auto end = add("end", sink({}));
    const auto dead = add("dead", sink({}));
    wire(in, "out", edit);
    wire(in, "error", dead);
    wire(edit, "out", end);
    build(ValueFormat::Json);
    sinks["end"].keep = false;
    sinks["dead"].keep = false;
    std::vector<std::string_view> values(1000, R"({"id":1,"name":"somebody","nested":{"a":[1,2,3]}})");
    values[500] = "{broken";
    for (int i = 0; i < 400; ++i) { // the ring of rejects is full, arenas and vectors have their size
        ASSERT_TRUE(run(values));
    }

    allocations = 0;
    countAllocations = true;
    const bool done = run(values).hasValue();
    countAllocations = false;

    EXPECT_TRUE(done);
    EXPECT_EQ(sinks["end"].batches, 401U);
    EXPECT_EQ(allocations, 0U) << "for a batch of 1,000 records";
}

} // namespace
} // namespace streamwright
