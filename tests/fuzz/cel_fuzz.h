#pragma once

#include <cstddef>
#include <cstdint>

/// libFuzzer's entry; also called by the test over a seeded corpus. The bytes are options, an expression and,
/// after a unit separator (0x1F), a record. Ends the process where a promise of the language is broken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);
