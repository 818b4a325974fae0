#include "core/nodes/builtin.h"
#include "core/record/dead_letter.h"
#include "tests/core/nodes/sink_driver.h"
#include "tests/core/nodes/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace streamwright {
namespace {

constexpr const char* kJsonLines = R"({"path": "out.jsonl"})";
const RecordError kTooFew{.code = RecordErrorCode::NotEnoughParts,
                          .message = "Это не заявка на покупку",
                          .detail = "The text has 1 of 2 parts.",
                          .node = "parse"};

class FileSinkTest : public testing::Test {
protected:
    [[nodiscard]] mode_t modeOf(const std::string& name) const
    {
        struct stat status {};
        EXPECT_EQ(::stat((folder.path() / name).c_str(), &status), 0);
        return status.st_mode & 0777U;
    }
    TemporaryFolder folder;
};

TEST_F(FileSinkTest, AppendsALineForEachValue)
{
    SinkDriver sink(fileSinkNodeType(), kJsonLines, folder.path());
    ASSERT_TRUE(sink.sink().open());
    ASSERT_TRUE(sink.write({R"({"a": 1.0})", "[\n1]"}));
    ASSERT_TRUE(sink.write({R"("text")"}));
    ASSERT_TRUE(sink.sink().flush());

    EXPECT_EQ(folder.read("out.jsonl"), "{\"a\": 1.0}\n[ 1]\n\"text\"\n");
}

TEST_F(FileSinkTest, WritesWhyARecordFailedAndLetsOnlyTheOwnerReadIt)
{
    SinkDriver sink(fileSinkNodeType(), kJsonLines, folder.path(), true);
    ASSERT_TRUE(sink.sink().open());
    ASSERT_TRUE(sink.write({R"({"content": "help"})"}, &kTooFew));

    const auto letter = parseDeadLetterLine(folder.read("out.jsonl"));
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->message, kTooFew.message);
    EXPECT_EQ(letter->pipeline, "test");
    EXPECT_EQ(letter->value, R"({"content": "help"})");
    EXPECT_EQ(modeOf("out.jsonl"), 0600U);
}

TEST_F(FileSinkTest, WritesTextByATemplate)
{
    SinkDriver sink(fileSinkNodeType(),
                    R"({"path": "out.txt", "format": "text",
                        "template": "Ошибка: {error.message}, Сообщение: {value} {{{value.a.b}}} {key} {topic}/{partition}/{offset}"})",
                    folder.path());
    ASSERT_TRUE(sink.sink().open());
    ASSERT_TRUE(sink.write({R"({"a": {"b": "x\ny"}})"}, &kTooFew));
    ASSERT_TRUE(sink.write({"5"}));

    EXPECT_EQ(
        folder.read("out.txt"),
        "Ошибка: Это не заявка на покупку, Сообщение: {\"a\": {\"b\": \"x\\ny\"}} {x\\ny} k orders/1/0\n"
        "Ошибка: , Сообщение: 5 {} k orders/1/1\n");
}

TEST_F(FileSinkTest, ClosesATornLastLine)
{
    folder.write("out.jsonl", "{\"torn\": tr");
    SinkDriver sink(fileSinkNodeType(), kJsonLines, folder.path());
    ASSERT_TRUE(sink.sink().open());
    ASSERT_TRUE(sink.write({"1"}));

    EXPECT_EQ(folder.read("out.jsonl"), "{\"torn\": tr\n1\n");
}

TEST_F(FileSinkTest, PutsAnOlderFileAsideWhereToldTo)
{
    folder.write("out.jsonl", "old\n");
    folder.write("out.jsonl.1", "older\n");
    SinkDriver sink(fileSinkNodeType(), R"({"path": "out.jsonl", "mode": "new"})", folder.path());
    ASSERT_TRUE(sink.sink().open());
    ASSERT_TRUE(sink.write({"1"}));

    EXPECT_EQ(folder.read("out.jsonl"), "1\n");
    EXPECT_EQ(folder.read("out.jsonl.1"), "older\n");
    EXPECT_EQ(folder.read("out.jsonl.2"), "old\n");
}

TEST_F(FileSinkTest, BeginsANewFileWhenOneIsFull)
{
    SinkDriver sink(fileSinkNodeType(), R"({"path": "out.jsonl", "rotate_mb": 1})", folder.path());
    ASSERT_TRUE(sink.sink().open());
    const std::string value = '"' + std::string(400'000, 'x') + '"';
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(sink.write({value}));
    }

    EXPECT_EQ(folder.read("out.jsonl.1"), value + '\n' + value + '\n');
    EXPECT_EQ(folder.read("out.jsonl"), value + '\n' + value + '\n');
}

TEST_F(FileSinkTest, TurnsToTheNextDaysFile)
{
    SinkDriver sink(fileSinkNodeType(), R"({"path": "out-{date}.jsonl"})", folder.path());
    ASSERT_TRUE(sink.sink().open());
    ASSERT_TRUE(sink.write({"1"}));
    sink.manualClock().advance(Millis{2 * 3'600'000});
    ASSERT_TRUE(sink.write({"2"}));

    EXPECT_EQ(folder.read("out-2023-11-14.jsonl"), "1\n");
    EXPECT_EQ(folder.read("out-2023-11-15.jsonl"), "2\n");
}

TEST_F(FileSinkTest, SaysThatItsFolderIsMissing)
{
    SinkDriver sink(fileSinkNodeType(), R"({"path": "no/such/out.jsonl"})", folder.path());
    const auto opened = sink.sink().open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::NotFound);
    EXPECT_NE(opened.error().message.find("no/such"), std::string::npos) << opened.error().message;
}

TEST_F(FileSinkTest, SaysThatTheDiskIsFull)
{
    SinkDriver sink(fileSinkNodeType(), R"({"path": "/dev/full"})", folder.path());
    ASSERT_TRUE(sink.sink().open());
    const auto written = sink.write({"1"});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::Io);
    EXPECT_NE(written.error().message.find("/dev/full"), std::string::npos) << written.error().message;
}

TEST_F(FileSinkTest, KeepsLinesWholeWhenManyThreadsAndInstancesWrite)
{
    SinkDriver first(fileSinkNodeType(), kJsonLines, folder.path());
    SinkDriver second(fileSinkNodeType(), kJsonLines, folder.path());
    ASSERT_TRUE(first.sink().open());
    ASSERT_TRUE(second.sink().open());
    std::atomic<bool> ok{true};
    const auto writeMany = [&ok](Sink& sink, char letter) {
        Arena arena;
        const std::string value = '"' + std::string(1'000, letter) + '"';
        const Origin origin{.topic = "t", .value = value, .format = ValueFormat::Text};
        std::vector<Record> records(10, restoredFrom(origin, nullptr));
        for (int i = 0; i < 50; ++i) {
            ok = sink.write(Batch::all(arena, records)).hasValue() && ok;
        }
    };
    std::vector<std::thread> threads;
    for (const char letter : {'a', 'b', 'c', 'd'}) {
        threads.emplace_back(writeMany, std::ref(letter < 'c' ? first.sink() : second.sink()), letter);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }

    EXPECT_TRUE(ok);
    const std::string text = folder.read("out.jsonl");
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        const std::size_t end = text.find('\n', at);
        ASSERT_EQ(end - at, 1'002U);
        EXPECT_EQ(text.find_first_not_of(text[at + 1], at + 1), end - 1);
        at = end + 1;
    }
    EXPECT_EQ(lines, 2'000U);
}

TEST(FileSinkLint, FindsAnUnknownPlaceholder)
{
    const auto lint = [](const char* lineTemplate) {
        return fileSinkNodeType().lint(Json{{"path", "o"}, {"format", "text"}, {"template", lineTemplate}},
                                       {});
    };
    EXPECT_TRUE(lint("{value} {headers.x} {{}}").empty());
    ASSERT_EQ(lint("{vaule}").size(), 1U);
    EXPECT_NE(lint("{vaule}")[0].message.find("{value}"), std::string::npos);
    EXPECT_EQ(lint("{value").size(), 1U);
    EXPECT_EQ(lint("{value.a[}").size(), 1U);
}

} // namespace
} // namespace streamwright
