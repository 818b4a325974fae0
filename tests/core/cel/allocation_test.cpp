#include "tests/core/cel/expression_driver.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

namespace {
/// Calls of operator new in this thread.
thread_local std::size_t allocations = 0; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
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

namespace streamwright::cel {
namespace {

struct Memory {
    std::size_t allocations;
    std::size_t arenaBytes;
};

/// What 1,000 evaluations take, after one that warms up.
Memory taken(const char* expression)
{
    const SampleRecords records(
        {R"({"q": 7, "price": 2.5, "subject": "x", "a": {"b": [1, 2]}, "t": true, "s": "a b"})"});
    const Program program = *Program::compile(expression);
    Arena arena;
    EvalContext context{.arena = arena};
    EXPECT_FALSE(program.evaluate(records.all().front(), context).isError()) << expression;
    const auto evaluateOften = [&] {
        for (int i = 0; i < 1000; ++i) {
            static_cast<void>(program.evaluate(records.all().front(), context));
        }
    };
    arena.reset();
    const char* const before = static_cast<const char*>(arena.allocate(1, 1));
    const std::size_t allocationsBefore = allocations;
    evaluateOften();
    const std::size_t made = allocations - allocationsBefore;
    const char* const after = static_cast<const char*>(arena.allocate(1, 1));
    return {made, static_cast<std::size_t>(after - before) - 1};
}

TEST(CelAllocation, ComparisonsArithmeticAndFieldsTakeNoMemoryAtAll)
{
    for (const char* const expression :
         {"value.q > 5 && value.subject == 'x'", "value.price * value.q + 1 < 100.0",
          "-value.q % 3 == -1 || value.t", "value.a.b[1] == 2", "value.subject in ['x', 'y']",
          "has(value.a.b) ? value.q : 0", "'q' in value",
          "value.s.startsWith('a') && value.s.contains(' ') && value.s.size() == 3",
          "timestamp > timestamp('2020-01-01T00:00:00Z') && offset >= 0", "value.a['b'][0] != null",
          "timestamp.getHours('Europe/Berlin') < 24", "value.s.matches('^a')"}) {
        const Memory memory = taken(expression);
        EXPECT_EQ(memory.allocations, 0U) << expression;
        EXPECT_EQ(memory.arenaBytes, 0U) << expression;
    }
}

TEST(CelAllocation, WhatMakesTextOrListsTakesTheArenaOnly)
{
    for (const char* const expression : {"value.s + '!'", "value.s.split(' ')", "value.a.b.map(x, x * 2)",
                                         "value.s.replace('a', 'b').upper()", "[value.q, value.price]"}) {
        // A block of the arena may come; 1,000 evaluations must not mean 1,000 allocations.
        EXPECT_LE(taken(expression).allocations, 5U) << expression;
    }
}

} // namespace
} // namespace streamwright::cel
