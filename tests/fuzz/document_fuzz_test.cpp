#include "tests/core/pipeline/sample_document.h"
#include "tests/fuzz/document_fuzz.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace streamwright {
namespace {

/// Documents that hold one of everything: the one of the tests and the samples.
std::vector<std::string> seeds()
{
    std::vector<std::string> texts{std::string(kSampleDocument), "{}", "[]",
                                   R"({"streamwright": 1, "nodes": [{}]})"};
    std::error_code absent;
    for (const auto& entry :
         std::filesystem::directory_iterator(SW_SOURCE_DIR "/resources/samples", absent)) {
        if (entry.path().string().ends_with(".pipeline.json")) {
            std::ostringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            texts.push_back(text.str());
        }
    }
    return texts;
}

std::string mutated(std::string text, std::mt19937& random)
{
    static const std::vector<std::string> kPieces{"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "\\u0061",
                                                  "null",
                                                  "true",
                                                  "0",
                                                  "1e400",
                                                  "-",
                                                  "\n",
                                                  "\x80",
                                                  "\xC3\xA9",
                                                  "\"id\": \"a\"",
                                                  "\"nodes\": [",
                                                  "\"edges\"",
                                                  "\"config\": {",
                                                  "\"connections\"",
                                                  "\"from\": \"parse\"",
                                                  "\"to\": \"parse\"",
                                                  "${A}",
                                                  "$${",
                                                  "${secret:",
                                                  "\"mode\": \"off\"",
                                                  "\"layout\": {",
                                                  "\"x-\": 1",
                                                  "embedded",
                                                  "\"on_error\": \"dead_letter\"",
                                                  "\"type\": \"number\"",
                                                  "\"type\": \"route\""};
    for (std::size_t count = 1 + random() % 4; count > 0; --count) {
        const std::size_t at = random() % (text.size() + 1);
        const std::size_t length = std::min<std::size_t>(random() % 12, text.size() - at);
        switch (random() % 4) {
        case 0: text.insert(at, kPieces[random() % kPieces.size()]); break;
        case 1: text.erase(at, length); break;
        case 2: text.replace(at, length, kPieces[random() % kPieces.size()]); break;
        default: text.insert(random() % (text.size() + 1), text.substr(at, random() % 80)); break;
        }
    }
    return text;
}

/// A few seconds of what document_fuzz does for longer: a fault ends the process with its reason.
TEST(DocumentFuzz, LoadsCompilesAndSavesMutatedDocuments)
{
    std::mt19937 random(20'261'124);
    const std::vector<std::string> documents = seeds();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    constexpr int kAtLeast = 500;
    int runs = 0;
    std::string text;
    while (runs < kAtLeast || std::chrono::steady_clock::now() < end) {
        // Mutations pile up on one text for a while, then another seed is taken.
        text = mutated(runs % 6 == 0 ? documents[random() % documents.size()] : std::move(text), random);
        checkDocument(text);
        ++runs;
    }
    std::cout << runs << " documents\n";
}

} // namespace
} // namespace streamwright
