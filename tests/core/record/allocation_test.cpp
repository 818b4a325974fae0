#include "core/record/json_value.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

namespace {
/// Calls of operator new in this executable; the tests run on one thread.
std::size_t allocations = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
} // namespace

void* operator new(std::size_t size)
{
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) { // NOLINT(cppcoreguidelines-no-malloc)
        return memory;
    }
    throw std::bad_alloc();
}

void* operator new[](std::size_t size)
{
    return operator new(size);
}

void operator delete(void* memory) noexcept
{
    std::free(memory); // NOLINT(cppcoreguidelines-no-malloc)
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory); // NOLINT(cppcoreguidelines-no-malloc)
}

void operator delete[](void* memory) noexcept
{
    std::free(memory); // NOLINT(cppcoreguidelines-no-malloc)
}

void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory); // NOLINT(cppcoreguidelines-no-malloc)
}

namespace streamwright {
namespace {

/// Records of several shapes, with duplicates, escaped keys, nesting and bad ones among them.
[[nodiscard]] std::vector<std::string> records()
{
    std::vector<std::string> texts;
    for (int i = 0; i < 500; ++i) {
        const std::string id = std::to_string(i);
        switch (i % 5) {
        case 0:
            texts.push_back(R"({"id": )" + id +
                            R"(, "name": "Zo\u00eb \ud83d\ude80", "content": "dock 12", "n": {"a": [1]}})");
            break;
        case 1:
            texts.push_back(R"({"id":)" + id +
                            R"(,"name":"Иван","content":"x","extra":[1,{"z":null}],"big":1e999})");
            break;
        case 2:
            texts.push_back(R"({"id":)" + id +
                            R"(,"\u006eame":"x","name":"y","content":1,"n":{"a":1,"a":2}})");
            break;
        case 3: texts.push_back(R"({"id":)" + id + R"(,"name":NaN})"); break;
        default: {
            std::string many = "{";
            for (int k = 0; k < 100; ++k) {
                many += "\"k" + std::to_string(k) + "\":" + id + ",";
            }
            texts.push_back(many + R"("content":1})");
        }
        }
    }
    return texts;
}

TEST(Allocation, IsZeroPerRecordOnceABatchWentThrough)
{
    const std::vector<std::string> texts = records();
    const JsonPath number = JsonPath::ofName("app_number");
    const JsonPath nested = JsonPath::parse("n.deeper.field").value();
    const JsonPath content = JsonPath::ofName("content");
    Arena arena;
    JsonIndexer indexer;
    std::string out;
    std::size_t taken = 0;
    const auto runBatch = [&] {
        arena.reset();
        out.clear();
        for (const std::string& text : texts) {
            JsonError error;
            const JsonValue* const value = indexer.index(text, arena, error);
            if (value == nullptr) {
                continue;
            }
            JsonEditor editor(*value, arena);
            editor.remove(content);
            if (!editor.set(number, makeJsonInt(1, arena)) ||
                !editor.set(nested, makeJsonString("a\nb", arena))) {
                continue;
            }
            appendJson(out, *editor.finish());
            ++taken;
        }
    };
    runBatch(); // the arena, the shape and the output find their size
    runBatch();

    const std::size_t before = allocations;
    taken = 0;
    runBatch();
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_EQ(taken, 400U);
}

} // namespace
} // namespace streamwright
