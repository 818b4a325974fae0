#include "core/cel/functions.h"
#include "tests/fuzz/cel_fuzz.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace streamwright::cel {
namespace {

/// The examples of all functions, and expressions with one of everything else.
std::vector<std::string> seeds()
{
    std::vector<std::string> texts{
        "value.a > 5 && value.b.c == \"x\" || !has(value.d)",
        "value.items.filter(i, i.price > 10.0).map(i, i.price * 2)[0]",
        "{'a': 1, 2: [b'\\x01', r\"\\d\", 0x1Fu], true: -1.5e3}.?a.orValue(null)",
        "value.a in ['x', 'y'] ? timestamp.getHours('Europe/Berlin') : int(key) % 3",
        "value.all(k, value[k] != null) && headers.size() == 0 && error.code == 'x'",
        "\"\"\"over\nlines\"\"\" + 'caf\\u00e9' // comment",
        "[?value.?a, 1, [2, [3]]] == value.list",
    };
    for (const Overload& overload : allOverloads()) {
        if (!overload.example.empty()) {
            texts.emplace_back(overload.example);
        }
    }
    for (std::string& text : texts) {
        text = std::string(1, '\x02') + text + "\x1F" +
               R"({"a":1,"b":{"c":"x"},"items":[{"price":12.5},{"price":1}],"list":[1,[2,[3]]]})";
    }
    return texts;
}

std::string mutated(std::string text, const std::vector<std::string>& all, std::mt19937& random)
{
    static const std::vector<std::string> kPieces{"(",
                                                  ")",
                                                  "[",
                                                  "]",
                                                  "{",
                                                  "}",
                                                  ",",
                                                  ":",
                                                  ".",
                                                  "?",
                                                  "!",
                                                  "-",
                                                  "+",
                                                  "*",
                                                  "/",
                                                  "%",
                                                  "<",
                                                  "==",
                                                  "&&",
                                                  "||",
                                                  " in ",
                                                  "\"",
                                                  "'",
                                                  "\\",
                                                  "b'",
                                                  "r\"",
                                                  "0",
                                                  "1",
                                                  "9223372036854775807",
                                                  "1e308",
                                                  "5u",
                                                  "null",
                                                  "true",
                                                  "value",
                                                  "value.a",
                                                  ".map(x, ",
                                                  ".exists(x, ",
                                                  "x",
                                                  "has(",
                                                  "\x1F",
                                                  "\n",
                                                  "//",
                                                  "`",
                                                  "\xC3\xA9",
                                                  "\xFF",
                                                  ".?",
                                                  "[?",
                                                  "duration('1s')",
                                                  "string(",
                                                  ".size()",
                                                  ".matches('",
                                                  ".replace('a', 'bb')",
                                                  "((((((((",
                                                  "[[[[[[[[",
                                                  "timestamp(0)"};
    for (std::size_t count = 1 + random() % 4; count > 0; --count) {
        const std::size_t at = random() % (text.size() + 1);
        const std::size_t length = std::min<std::size_t>(random() % 6, text.size() - at);
        const std::string& other = all[random() % all.size()];
        switch (random() % 5) {
        case 0: text.insert(at, kPieces[random() % kPieces.size()]); break;
        case 1: text.erase(at, length); break;
        case 2: text.replace(at, length, kPieces[random() % kPieces.size()]); break;
        case 3: text.insert(at, other.substr(random() % other.size(), random() % 40)); break;
        default: text.insert(random() % (text.size() + 1), text.substr(at, random() % 40)); break;
        }
    }
    return text.substr(0, 4096);
}

/// A few seconds of what cel_fuzz does for longer: a fault ends the process with its reason.
TEST(CelFuzz, KeepsItsPromisesOnMutatedExpressions)
{
    const std::vector<std::string> all = seeds();
    std::mt19937 random(20'261'123);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    constexpr int kAtLeast = 2'000;
    int runs = 0;
    std::string text;
    while (runs < kAtLeast || std::chrono::steady_clock::now() < end) {
        text = runs % 6 == 0 ? all[random() % all.size()] : mutated(std::move(text), all, random);
        ASSERT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
        ++runs;
    }
    std::cout << runs << " expressions\n";
}

} // namespace
} // namespace streamwright::cel
