#include "tests/fuzz/json_fuzz.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace streamwright {
namespace {

/// Seeds that hold one of everything; the mutations go on from them.
const std::vector<std::string>& seeds()
{
    static const std::vector<std::string> kSeeds{
        R"({"id": 0, "name": "Zo\u00eb \ud83d\ude80", "subject": "Вопрос", "content": "\u0661 4\n"})",
        R"({"id":7,"name":"Иван","extra":{"nested":[1,2.5,{"z":null}],"big":123456789012345678901234567890}})",
        R"({"a":1,"\u0061":2,"b":{"x":1,"x":2},"a":{"n":1}})",
        " [ true , false , null , -0.5e+10 , \"\" , [ ] , { } ] ",
        "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n",
        R"("\"\\\/\b\f\n\r\t\u0000\uFFFF")",
        "{\"\xF0\x9F\x98\x80\":\"\xE2\x82\xAC\",\"n\":{\"n\":{}}}",
        std::string(130, '[') + std::string(130, ']'),
        "-1e400",
    };
    return kSeeds;
}

[[nodiscard]] std::string mutated(std::string text, std::mt19937& random)
{
    static const std::vector<std::string> kPieces{"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "\\u",
                                                  "\\ud83d",
                                                  "\\ude80",
                                                  "\\u0061",
                                                  "null",
                                                  "true",
                                                  "0",
                                                  "1",
                                                  "-",
                                                  ".",
                                                  "e",
                                                  " ",
                                                  "\n",
                                                  "\x80",
                                                  "\xC3",
                                                  "\xC3\xA9",
                                                  "\xED\xA0\x80",
                                                  "\xF0\x9F\x98\x80",
                                                  "\xFF",
                                                  std::string(1, '\0'),
                                                  "\"a\":1",
                                                  ",\"a\":{}",
                                                  "1e400",
                                                  "                ",
                                                  "xxxxxxxxxxxxxxxx"};
    for (std::size_t count = random() % 4; count > 0; --count) {
        const std::size_t at = random() % (text.size() + 1);
        const std::size_t length = std::min<std::size_t>(random() % 5, text.size() - at);
        switch (random() % 4) {
        case 0: text.insert(at, kPieces[random() % kPieces.size()]); break;
        case 1: text.erase(at, length); break;
        case 2: text.replace(at, length, kPieces[random() % kPieces.size()]); break;
        default: text.insert(random() % (text.size() + 1), text.substr(at, random() % 40)); break;
        }
    }
    return text;
}

/// A few seconds of what json_fuzz does for longer: a fault ends the process with its reason.
TEST(JsonFuzz, AgreesWithTheOracleOnMutatedRecords)
{
    std::mt19937 random(20'261'123);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    constexpr int kAtLeast = 20'000;
    int runs = 0;
    std::string text;
    while (runs < kAtLeast || std::chrono::steady_clock::now() < end) {
        // Mutations pile up on one text for a while, then another seed is taken.
        text = runs % 8 == 0 ? mutated(seeds()[random() % seeds().size()], random)
                             : mutated(std::move(text), random);
        ASSERT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
        ++runs;
    }
    std::cout << runs << " texts\n";
}

} // namespace
} // namespace streamwright
