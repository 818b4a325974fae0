#include "tests/support/seed_records.h"

#include <array>
#include <string_view>

namespace streamwright::testing {
namespace {

constexpr std::array<std::string_view, 8> kNames{"Иван Петров", "Anna Schmidt", "Мария Кузнецова",
                                                 "O'Brien",     "Олег Сидоров", "Jean Dupont",
                                                 "Zoë Martin",  "Пётр Ильин"};
constexpr std::array<std::string_view, 8> kProducts{"ноутбук Lenovo", "office chair", "бумага A4",
                                                    "USB-C dock",     "монитор 27",   "desk lamp LED",
                                                    "наушники JBL",   "keyboard"};
constexpr std::uint64_t kMalformedEvery = 50;

} // namespace

SeedRecord seedRecord(std::uint64_t n)
{
    SeedRecord record;
    record.key = "k" + std::to_string(n % 100'000);
    record.isRequest = n % kMalformedEvery != kMalformedEvery - 1;
    record.product = std::string(kProducts[(n * 7) % kProducts.size()]) + " " + std::to_string(n % 1'000);
    record.quantity = static_cast<std::int64_t>(n % 97) + 1;
    const std::string content =
        record.isRequest ? record.product + ' ' + std::to_string(record.quantity) : "Когда придёт мой заказ?";
    record.value = R"({"id": )" + std::to_string(n) + R"(, "name": ")" +
                   std::string(kNames[n % kNames.size()]) + R"(", "subject": "Заявка", "content": ")" +
                   content + R"(", "channel": "web", "created": "2026-11-23T12:00:00Z", "priority": )" +
                   std::to_string(n % 5) + R"(, "score": 0.75})";
    return record;
}

std::uint64_t contentHash(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    return hash;
}

} // namespace streamwright::testing
