#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamwright::testing {

/// The n-th input of the seed pipeline: about 200 bytes of JSON; every 50th is no purchase request.
struct SeedRecord {
    std::string key;
    std::string value;
    bool isRequest = true;
    std::string product;
    std::int64_t quantity = 0;
};

[[nodiscard]] SeedRecord seedRecord(std::uint64_t n);

/// FNV-1a, to compare contents without keeping them.
[[nodiscard]] std::uint64_t contentHash(std::string_view text);

} // namespace streamwright::testing
