#pragma once

#include <cstddef>
#include <cstdint>

/// libFuzzer's entry; also called by the test over a seeded corpus. Ends the process where our JSON disagrees
/// with the oracle.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);
